/**
 * What SQL calls a user mapping, and how one is dropped: by itself, or before
 * its server, whose DROP is refused while it has some.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { type OptionsPayload, withheldOptions } from "./foreign_options.ts";
import { create, type KindStatement } from "./kind.ts";

/** No role can be called so: the reserved word stands for PUBLIC. */
export const PUBLIC_USER = "public";

/**
 * What CREATE, ALTER and DROP call a user mapping.
 *
 * @param name Its server and its role.
 */
export function userMapping(name: readonly string[]): string {
  const [server = "", role = ""] = name;
  return `USER MAPPING FOR ${
    role === PUBLIC_USER ? "PUBLIC" : quoteIdentifier(role)
  } SERVER ${quoteIdentifier(server)}`;
}

/**
 * The statement that drops a user mapping.
 *
 * @param object The user mapping.
 */
export function dropUserMapping(
  object: {
    readonly name: readonly string[];
    readonly payload: OptionsPayload & {
      readonly unreadable?: boolean | undefined;
    };
  },
): KindStatement {
  const secrets = object.payload.unreadable
    ? ["options that may not be read"]
    : withheldOptions(object.payload);
  const phrase = userMapping(object.name);
  return create(
    `DROP ${phrase}`,
    secrets.length === 0 ? {} : {
      hazards: [{
        kind: "irreversible",
        allow: "drop-user-mapping",
        reason: `${phrase} cannot be made again without its secrets (${
          secrets.join(", ")
        })`,
      }],
    },
  );
}
