/**
 * The addresses of privileges, such as `privilege:table:public.users to app`.
 * Pure.
 *
 * @module
 */

import type { Grantee } from "./acl.ts";
import { address, splitAddress } from "../schema/address.ts";

/**
 * The address of what somebody has on something. `PUBLIC` and `OWNER` are no
 * roles: one of that name would be in quotes.
 *
 * @param subject The address of what the privilege is on.
 * @param grantee Who has it.
 */
export function privilegeAddress(
  subject: string,
  grantee: Pick<Grantee, "to" | "role">,
): string {
  const role = grantee.to === "role"
    ? splitAddress(address("role", [grantee.role ?? ""])).name
    : grantee.to;
  return `privilege:${subject} to ${role}`;
}

/**
 * The address of what a privilege is on.
 *
 * @param privilege The address of the privilege.
 */
export function privilegeSubject(privilege: string): string {
  return privilege.slice("privilege:".length).replace(
    / to (?:[^" ]+|"(?:[^"]|"")*")$/,
    "",
  );
}
