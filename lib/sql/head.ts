/**
 * What a statement begins with: its verb, and for CREATE, ALTER and DROP the
 * kind of object. It knows PostgreSQL's object types by name; it must not
 * know what any of them is.
 *
 * @module
 */

import type { Cursor } from "./cursor.ts";

/** A statement's beginning. */
export interface Head {
  /** What the statement is, by PostgreSQL's command tags. */
  readonly verb: string;
  /** The first word, in lower case. */
  readonly action: string;
  /** The object type of CREATE, ALTER and DROP, in lower case; else "". */
  readonly object: string;
  /** Whether CREATE says OR REPLACE. */
  readonly orReplace: boolean;
}

/** What may stand between CREATE and the object type. */
const MODIFIERS: ReadonlySet<string> = new Set([
  "temp",
  "temporary",
  "local",
  "global",
  "unlogged",
  "unique",
  "recursive",
  "trusted",
  "procedural",
  "constraint",
]);

/** The object types of more than one word, the longest first. */
const LONG_TYPES: readonly (readonly string[])[] = [
  ["foreign", "data", "wrapper"],
  ["text", "search", "configuration"],
  ["text", "search", "dictionary"],
  ["text", "search", "parser"],
  ["text", "search", "template"],
  ["materialized", "view"],
  ["foreign", "table"],
  ["event", "trigger"],
  ["user", "mapping"],
  ["operator", "class"],
  ["operator", "family"],
  ["access", "method"],
  ["default", "privileges"],
  ["large", "object"],
];

/** Command tags of the other statements that are more than a first word. */
const TAGS: readonly (readonly [readonly string[], string])[] = [
  [["commit", "prepared"], "COMMIT PREPARED"],
  [["rollback", "prepared"], "ROLLBACK PREPARED"],
  [["prepare", "transaction"], "PREPARE TRANSACTION"],
  [["start"], "START TRANSACTION"],
  [["end"], "COMMIT"],
  [["abort"], "ROLLBACK"],
  [["truncate"], "TRUNCATE TABLE"],
  [["lock"], "LOCK TABLE"],
  [["refresh"], "REFRESH MATERIALIZED VIEW"],
  [["reassign"], "REASSIGN OWNED"],
  [["import"], "IMPORT FOREIGN SCHEMA"],
  [["security"], "SECURITY LABEL"],
  [["set", "constraints"], "SET CONSTRAINTS"],
  [["discard", "all"], "DISCARD ALL"],
  [["declare"], "DECLARE CURSOR"],
];

/**
 * Reads a statement's beginning.
 *
 * @param cursor Before the first token; then behind what was read.
 * @returns The verb, and the kind of object.
 */
export function readHead(cursor: Cursor): Head {
  const action = cursor.word();
  if (action !== "create" && action !== "alter" && action !== "drop") {
    for (const [words, verb] of TAGS) {
      if (cursor.accept(...words)) {
        return { verb, action, object: "", orReplace: false };
      }
    }
    cursor.at++;
    return { verb: action.toUpperCase(), action, object: "", orReplace: false };
  }
  cursor.at++;
  let orReplace = false;
  if (action === "create") {
    orReplace = cursor.accept("or", "replace");
    while (cursor.acceptAny(MODIFIERS));
    // CREATE DEFAULT CONVERSION is no default privileges.
    if (cursor.isNext("default", "conversion")) cursor.at++;
  } else if (cursor.isNext("procedural", "language")) cursor.at++;
  const object = readObjectType(cursor);
  const verb = `${action} ${object}`.toUpperCase().trimEnd();
  return { verb, action, object, orReplace };
}

function readObjectType(cursor: Cursor): string {
  for (const words of LONG_TYPES) {
    if (cursor.accept(...words)) return words.join(" ");
  }
  const word = cursor.word();
  if (word !== "") cursor.at++;
  return word;
}
