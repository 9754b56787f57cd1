/**
 * Definitions that PostgreSQL would pass over or overwrite without a word: IF
 * NOT EXISTS and OR REPLACE in two places. It knows tokens; it must not know
 * databases.
 *
 * @module
 */

import { Cursor, tokensOf } from "../sql/cursor.ts";
import { readHead } from "../sql/head.ts";
import { tokenHash } from "../sql/token_hash.ts";
import { definedTwice } from "./ddl_failures.ts";
import type { DdlStatement, SettingStatement } from "./ddl_script.ts";

/** What two files hardly ever define alike, unlike a schema or an extension. */
const WATCHED: ReadonlySet<string> = new Set([
  "table",
  "foreign table",
  "view",
  "materialized view",
  "sequence",
  "function",
  "procedure",
  "aggregate",
  "index",
]);

/** These share one name space. */
const RELATIONS: ReadonlySet<string> = new Set([
  "table",
  "foreign table",
  "view",
  "materialized view",
  "sequence",
  "index",
]);

interface Definition {
  readonly key: string;
  readonly name: string;
  /** Whether the server says nothing of a second one. */
  readonly silent: "if-not-exists" | "or-replace" | undefined;
}

/**
 * Refuses two different definitions of one object of which PostgreSQL would
 * keep one without a word. One file may replace its own.
 *
 * @param statements Every statement of the source, in the order of the files.
 * @throws {PawlError} `statement-failed`, naming both.
 */
export function refuseSilentDuplicates(
  statements: readonly DdlStatement[],
): void {
  const seen = new Map<string, DdlStatement>();
  for (const ddl of statements) {
    const definition = definitionOf(ddl);
    if (definition === undefined) continue;
    const earlier = seen.get(definition.key);
    if (earlier === undefined) {
      seen.set(definition.key, ddl);
      continue;
    }
    const mayReplace = definition.silent === "or-replace" &&
      earlier.file === ddl.file;
    if (definition.silent === undefined || mayReplace) continue;
    if (
      tokenHash(earlier.statement.text) === tokenHash(ddl.statement.text)
    ) continue;
    throw definedTwice(ddl, earlier, definition.name);
  }
}

function definitionOf(
  { file, statement, state }: DdlStatement,
): Definition | undefined {
  if (statement.words[0] !== "create") return undefined;
  const cursor = new Cursor(tokensOf(statement.text));
  const head = readHead(cursor);
  if (!WATCHED.has(head.object)) return undefined;
  cursor.accept("concurrently");
  const ifNotExists = cursor.accept("if", "not", "exists");
  const written = cursor.name();
  if (written === undefined || cursor.isNext("on")) return undefined;
  // An index is in its table's schema, which is not known here.
  if (head.object === "index" && cursor.word() !== "on") return undefined;
  const schema = written.schema ?? schemaOf(file.path, state.statements);
  const signature = RELATIONS.has(head.object)
    ? ""
    : `(${cursor.skipParentheses().map((token) => token.value).join(" ")})`;
  const space = RELATIONS.has(head.object) ? "relation" : head.object;
  return {
    key: `${space} ${schema}.${written.name}${signature}`,
    name: `${head.object} ${
      written.schema === undefined ? "" : `${written.schema}.`
    }${written.name}${signature === "" ? "" : "(…)"}`,
    silent: ifNotExists
      ? "if-not-exists"
      : head.orReplace
      ? "or-replace"
      : undefined,
  };
}

/** Where an unqualified name goes: public, unless the file has set something. */
function schemaOf(
  path: string,
  settings: readonly SettingStatement[],
): string {
  const texts = settings.map(({ sql }) => sql);
  return texts.length === 0 ? "public" : `${path} ${texts.join(";")}`;
}
