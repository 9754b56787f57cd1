/**
 * Which ways of authentication a connection accepts: libpq's `require_auth` and
 * `channel_binding`. Pure; the watching is done in `auth_watch.ts`.
 *
 * @module
 */

import { PawlError } from "../errors.ts";

/** A way of authentication, by libpq's names. */
export type AuthMethod = "none" | "password" | "md5" | "scram-sha-256";

/** What is acceptable. */
export interface AuthPolicy {
  /** The acceptable methods. */
  readonly methods: readonly AuthMethod[];
  /** Whether SCRAM is bound to the TLS channel. */
  readonly channelBinding: "disable" | "prefer" | "require";
}

/** Those that pawl can do; libpq knows further ones. */
const SUPPORTED: readonly AuthMethod[] = [
  "none",
  "password",
  "md5",
  "scram-sha-256",
];
const KNOWN: readonly string[] = [...SUPPORTED, "gss", "sspi", "oauth"];

/**
 * Reads `require_auth` and `channel_binding`.
 *
 * @param requireAuth A list of methods, all or none of them with a `!`.
 * @param channelBinding disable, prefer or require.
 * @returns The policy.
 * @throws {PawlError} `conninfo-invalid` for a list that makes no sense.
 */
export function resolveAuthPolicy(
  requireAuth: string | undefined,
  channelBinding: string | undefined,
): AuthPolicy {
  const binding = channelBinding?.toLowerCase();
  return {
    methods: requireAuth === undefined ? SUPPORTED : methods(requireAuth),
    channelBinding: binding === "require" || binding === "disable"
      ? binding
      : "prefer",
  };
}

function methods(list: string): readonly AuthMethod[] {
  const items = list.split(",").map((item) => item.trim());
  const negated = items.filter((item) => item.startsWith("!")).length;
  if (negated !== 0 && negated !== items.length) {
    throw invalid(`"${list}" mixes methods with and without !`);
  }
  const names = items.map((item) => item.replace(/^!/, ""));
  for (const name of names) {
    if (!KNOWN.includes(name)) {
      throw invalid(`"${name}" is none of ${KNOWN.join(", ")}`);
    }
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw invalid(`"${name}" is named twice`);
    }
  }
  const accepted = SUPPORTED.filter((method) =>
    names.includes(method) === (negated === 0)
  );
  if (accepted.length === 0) {
    throw invalid(`"${list}" leaves no method that pawl supports`);
  }
  return accepted;
}

function invalid(state: string): PawlError {
  return new PawlError(
    "conninfo-invalid",
    `Cannot connect with require_auth: ${state}`,
  );
}
