/**
 * Watches what a server asks for while logging in, and stops where the
 * connection's parameters exclude it, before a password is sent.
 *
 * @module
 */

import type { AuthMethod, AuthPolicy } from "./auth_policy.ts";

/** Authentication failed on our side of the connection. */
export class AuthenticationRefused extends Error {
  /** The error's class. */
  override readonly name = "AuthenticationRefused";
}

/** Watches one login. */
export interface AuthWatch {
  /** Why to stop at a message of the server, undefined to go on. */
  refusal(event: string, message: unknown): AuthenticationRefused | undefined;
  /** Whether the server has asked for, or waived, authentication by now. */
  reached(): boolean;
}

/** What a login can offer. */
export interface AuthMeans {
  /** Whether SCRAM can be bound to the TLS channel. */
  readonly bindable: boolean;
  /** Whether a password is known. */
  readonly hasPassword: boolean;
}

/**
 * Holds a server to libpq's `require_auth` and `channel_binding`, message by
 * message.
 *
 * @param policy What is acceptable.
 * @param means What we can offer.
 * @returns The watch over one login.
 */
export function watchAuthentication(
  policy: AuthPolicy,
  means: AuthMeans,
): AuthWatch {
  const { methods, channelBinding } = policy;
  let asked: AuthMethod | undefined;
  let proved = false;
  let bound = false;
  let done = false;
  const method = (name: AuthMethod): string | undefined => {
    asked = name;
    if (!methods.includes(name)) {
      return name === "none"
        ? "the server asked for no authentication, which require_auth excludes"
        : `the server asked for ${name} authentication, which require_auth excludes`;
    }
    if (channelBinding === "require" && !bound) {
      return "channel binding is required, and the server or this runtime does not offer it";
    }
    return name !== "none" && !means.hasPassword
      ? "the server asks for a password, and none was given"
      : undefined;
  };
  const judge = (event: string, message: unknown): string | undefined => {
    switch (event) {
      case "authenticationCleartextPassword":
        return method("password");
      case "authenticationMD5Password":
        return method("md5");
      case "authenticationSASL": {
        const offered = mechanisms(message);
        bound = means.bindable && offered.includes("SCRAM-SHA-256-PLUS");
        return offered.some((each) => each.startsWith("SCRAM-SHA-256"))
          ? method("scram-sha-256")
          : `the server wants ${offered.join(", ")}, which is not supported`;
      }
      case "authenticationSASLFinal":
        proved = true;
        return undefined;
      case "authenticationOk":
        if (asked === undefined) return method("none");
        // A server that cannot prove that it knows the password may be another.
        return asked === "scram-sha-256" && !proved
          ? "the server did not prove that it knows the password"
          : undefined;
      default:
        return undefined;
    }
  };
  return {
    refusal: (event, message) => {
      if (done || !event.startsWith("authentication")) return undefined;
      const reason = judge(event, message);
      if (reason !== undefined) return new AuthenticationRefused(reason);
      if (event === "authenticationOk") done = true;
      return undefined;
    },
    reached: () => asked !== undefined,
  };
}

function mechanisms(message: unknown): readonly string[] {
  if (typeof message !== "object" || message === null) return [];
  const list: unknown = "mechanisms" in message
    ? message.mechanisms
    : undefined;
  return Array.isArray(list) ? list.map(String) : [];
}
