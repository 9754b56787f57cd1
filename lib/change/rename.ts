/**
 * Renames that somebody has told: `--rename OLD=NEW`, or what was answered
 * where something may have another name now.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { kindOf } from "../kinds/registry.ts";
import { canonicalJson } from "../schema/data.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { dottedName, type ToldRename } from "../sources/mod.ts";
import { Cursor, tokensOf } from "../sql/cursor.ts";
import { endsWith } from "./find_rename.ts";

/**
 * Reads what `--rename` was given.
 *
 * @param text Such as `users.mail=email`; names as in SQL.
 * @throws {PawlError} `usage`.
 */
export function parseRename(text: string): ToldRename {
  const cursor = new Cursor(tokensOf(text));
  const from = dottedName(cursor);
  const equals = cursor.acceptSymbol("=");
  const to = dottedName(cursor);
  if (from === undefined || !equals || to === undefined || !cursor.done) {
    throw new PawlError(
      "usage",
      `Cannot read --rename ${text}: it is not OLD=NEW`,
      {
        hint:
          "Such as --rename people=users, --rename users.mail=email, --rename mood.sad=unhappy",
      },
    );
  }
  return { from, to, shown: text, mayBeDone: false };
}

/** Asks whether something has another name now; answers for itself where nobody can be asked. */
export type AskRename = (
  from: SchemaObject,
  to: SchemaObject,
) => Promise<boolean>;

/** More than these are no longer a question but a list. */
const MOST_QUESTIONS = 12;

/**
 * Asks about what is gone and what is new of the same kind, place and
 * payload: whether that is one thing with another name.
 *
 * @param schemas The schema as it is, and as it is to be.
 * @param told What was told already: not asked about.
 * @param ask Who is asked; undefined asks nobody.
 * @returns What was told, and the answers.
 */
export async function askRenames(
  schemas: readonly [Schema, Schema],
  told: readonly ToldRename[],
  ask: AskRename | undefined,
): Promise<readonly ToldRename[]> {
  if (ask === undefined) return told;
  const [from, to] = schemas;
  const answered: ToldRename[] = [...told];
  const taken = new Set<string>();
  const pairs = [...from.objects.values()].flatMap((was) =>
    to.objects.has(was.address)
      ? []
      : newOnes(was, schemas).map((is) => ({ was, is }))
  );
  if (pairs.length > MOST_QUESTIONS) return told;
  for (const { was, is } of pairs) {
    const known = told.some(({ from: old }) => endsWith(was.name, old));
    if (known || taken.has(was.address) || taken.has(is.address)) continue;
    if (!(await ask(was, is))) continue;
    taken.add(was.address);
    taken.add(is.address);
    answered.push({
      from: was.name,
      to: is.name,
      shown: `${was.name.join(".")}=${is.name.join(".")}`,
      mayBeDone: false,
    });
  }
  return answered;
}

/** What is new and could be something that is gone. */
function newOnes(
  was: SchemaObject,
  [from, to]: readonly [Schema, Schema],
): SchemaObject[] {
  const kind = kindOf(was.kind);
  // Parts of what is gone as a whole are asked about with it.
  const whole = was.parent === undefined || to.objects.has(was.parent);
  if (kind === undefined || !whole || kind.structure(was) !== undefined) {
    return [];
  }
  return [...to.objects.values()].filter((is) =>
    is.kind === was.kind && is.parent === was.parent &&
    !from.objects.has(is.address) &&
    is.name.length === was.name.length && is.name[0] === was.name[0] &&
    (kind.rename(was, is.name)?.length ?? 0) > 0 &&
    canonicalJson(is.payload) === canonicalJson(was.payload)
  );
}
