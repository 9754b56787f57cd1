/**
 * What a migration touches, told from its SQL: the objects that its statements
 * name, with their parts. The hash over these is what `before` and `after` in
 * a file's header say, so that `upgrade` can tell whether they are as they
 * were when it was written.
 *
 * @module
 */

import { prepareCanonical } from "../schema/canonical.ts";
import { objectHash, schemaHash } from "../schema/hash.ts";
import { kindOf } from "../kinds/registry.ts";
import type { Schema } from "../schema/schema.ts";
import { type SqlToken, tokensOf } from "../sql/cursor.ts";

/** Whose they are and who may use them is not the migration's affair. */
const OUTSIDE: ReadonlySet<string> = new Set([
  "owner",
  "privilege",
  "default_privilege",
]);

/**
 * The qualified names in some statements, as `schema\0name`. Names in strings
 * and bodies do not count.
 *
 * @param statements The statements.
 */
export function touchedNames(
  statements: readonly { readonly sql: string }[],
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { sql } of statements) {
    const tokens = tokensOf(sql);
    const isDot = (at: number) =>
      tokens[at]?.value === "." &&
      tokens[at]?.kind !== "quoted_identifier";
    for (const [at, token] of tokens.entries()) {
      const second = tokens[at + 2];
      if (
        isName(token) && isDot(at + 1) && !isDot(at - 1) &&
        second !== undefined && isName(second)
      ) names.add(`${token.value}\0${second.value}`);
    }
  }
  return names;
}

/**
 * Every word in some statements that could be a name, qualified or not.
 *
 * @param statements The statements.
 */
export function mentionedWords(
  statements: readonly { readonly sql: string }[],
): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { sql } of statements) {
    for (const token of tokensOf(sql)) {
      if (isName(token)) words.add(token.value);
    }
  }
  return words;
}

function isName({ kind }: SqlToken): boolean {
  return kind === "word" || kind === "quoted_identifier";
}

/**
 * The hash of what some statements touch, before and after them.
 *
 * @param statements The statements.
 * @param from The schema before.
 * @param to The schema after.
 */
export async function touchedHashes(
  statements: readonly { readonly sql: string }[],
  from: Schema,
  to: Schema,
): Promise<{ readonly before: string; readonly after: string }> {
  const names = touchedNames(statements);
  return {
    before: await touchedHash(from, names),
    after: await touchedHash(to, names),
  };
}

/**
 * The hash of what is touched in a schema, without owners, privileges, and
 * what no application notices.
 *
 * @param schema The schema.
 * @param names From {@linkcode touchedNames}.
 */
export async function touchedHash(
  schema: Schema,
  names: ReadonlySet<string>,
): Promise<string> {
  const essential = await prepareCanonical([schema], {
    shapeOf: (kind) => kindOf(kind)?.shape,
    minor: false,
  });
  const hashes = new Map<string, string>();
  for (const [address, object] of schema.objects) {
    if (OUTSIDE.has(object.kind) || !isTouched(address, schema, names)) {
      continue;
    }
    if (Object.keys(essential(object)).length === 0) continue;
    hashes.set(address, objectHash(object, essential));
  }
  return schemaHash(hashes);
}

function isTouched(
  address: string,
  schema: Schema,
  names: ReadonlySet<string>,
): boolean {
  for (
    let object = schema.objects.get(address), i = 0;
    object !== undefined && i < 10;
    object = schema.objects.get(object.parent ?? ""), i++
  ) {
    if (names.has(object.name.slice(0, 2).join("\0"))) return true;
  }
  return false;
}
