/**
 * What default privileges give when something is created: to an object, and to
 * the sequence of an identity column, which comes with it. Pure.
 *
 * @module
 */

import {
  type AclClass,
  allPrivilegeNames,
  publicPrivilegeNames,
} from "./acl.ts";
import { collapseNames, expandNames, minus } from "./acl_change.ts";
import {
  type DefaultPrivilegePayload,
  defaultsInForce,
} from "./default_privilege_change.ts";
import { identitySequence } from "./identity_sequence.ts";
import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import type { ChangeTarget } from "./kind.ts";
import { ownedAs, ownerRole } from "./owner_role.ts";
import { privilegeAddress } from "./privilege_address.ts";
import {
  grantTarget,
  type Privilege,
  type PrivilegePayload,
} from "./privilege_payload.ts";

/** What ALTER DEFAULT PRIVILEGES calls what is created. */
const OBJECTS: Partial<Record<AclClass, DefaultPrivilegePayload["on"]>> = {
  table: "tables",
  sequence: "sequences",
  function: "functions",
  type: "types",
  schema: "schemas",
};

/** What one grantee gets. */
interface Share {
  readonly to: PrivilegePayload["to"];
  readonly role: string | undefined;
  /** What they had without default privileges. */
  readonly initial: readonly string[];
  readonly has: Set<string>;
  readonly grantable: Set<string>;
}

/**
 * The privileges that come with an object when it is created, once it has its
 * owner.
 *
 * @param subject The object.
 * @param target What it is written for.
 */
export function arisingPrivileges(
  subject: SchemaObject,
  target: ChangeTarget,
): Privilege[] {
  const defaults = defaultsInForce(target);
  if (defaults.length === 0) return [];
  const sequence = identitySequence(subject);
  const name = sequence ?? subject.name;
  const about = sequence === undefined
    ? subject.address
    : address("sequence", sequence);
  const on = sequence === undefined
    ? grantTarget(target.phrase(subject.address) ?? "")?.on
    : "sequence";
  const objects = on === undefined ? undefined : OBJECTS[on];
  if (on === undefined || objects === undefined) return [];
  const all = allPrivilegeNames(on, target.version);
  const shares = sharesOf(
    defaults.filter((one) =>
      one.on === objects &&
      (one.schema === undefined || one.schema === name[0])
    ),
    { all, public: publicPrivilegeNames(on) },
  );
  giveToOwner(
    shares,
    ownerRole(ownedAs(subject.address, target), name, target),
  );
  return [...shares.values()].flatMap((share): Privilege[] => {
    const list = (names: readonly string[]) => collapseNames(names, all);
    const privileges = list(minus([...share.has], share.initial));
    const revoked = list(minus(share.initial, [...share.has]));
    if (privileges === undefined && revoked === undefined) return [];
    return [{
      kind: "privilege",
      address: privilegeAddress(about, share),
      name,
      parent: subject.address,
      depends: [subject.address],
      position: 0,
      payload: {
        to: share.to,
        role: share.role,
        privileges,
        // The owner may grant everything.
        grantable: share.to === "OWNER"
          ? undefined
          : list([...share.grantable]),
        revoked,
      },
    }];
  });
}

/** Those of a schema are added to the others; the others replace the server's. */
function sharesOf(
  defaults: readonly DefaultPrivilegePayload[],
  of: { readonly all: readonly string[]; readonly public: readonly string[] },
): Map<string, Share> {
  const shares = new Map<string, Share>();
  const shareOf = (to: Share["to"], role: string | undefined) => {
    const key = `${to} ${role ?? ""}`;
    let share = shares.get(key);
    if (share === undefined) {
      const initial = to === "OWNER"
        ? of.all
        : to === "PUBLIC"
        ? of.public
        : [];
      share = {
        to,
        role,
        initial,
        has: new Set(initial),
        grantable: new Set(),
      };
      shares.set(key, share);
    }
    return share;
  };
  // What is revoked everywhere may be given again in a schema.
  const widest = [...defaults].sort((a, b) =>
    Number(a.schema !== undefined) - Number(b.schema !== undefined)
  );
  for (const { grants } of widest) {
    for (const grant of grants) {
      const { has, grantable } = shareOf(grant.to, grant.role);
      for (const lost of expandNames(grant.revoked, of.all)) has.delete(lost);
      for (const got of expandNames(grant.privileges, of.all)) has.add(got);
      for (const may of expandNames(grant.grantable, of.all)) {
        grantable.add(may);
      }
    }
  }
  return shares;
}

/** ALTER … OWNER adds what the new owner had to what the old one had. */
function giveToOwner(
  shares: Map<string, Share>,
  role: string | undefined,
): void {
  const share = role === undefined ? undefined : shares.get(`role ${role}`);
  if (share === undefined) return;
  for (const name of share.has) shares.get("OWNER ")?.has.add(name);
  shares.delete(`role ${role}`);
}
