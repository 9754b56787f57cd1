/**
 * Holds a run to the hashes in its files' headers: what a migration touches
 * must be as it was when the file was written, and as the file says
 * afterwards. Loaded only where a file has such a hash.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Schema } from "../schema/schema.ts";
import type { Migration } from "./model.ts";
import { mentionedWords, touchedHash, touchedNames } from "./touched.ts";

/** A migration that found, or left, another state than its file says. */
export interface UnexpectedState {
  readonly migration: Migration;
  readonly when: "before" | "after";
  /** What it touches, as `schema.name`. */
  readonly names: readonly string[];
}

/** What was compared before a run. */
export interface StateBefore {
  /** What is not as a file says. */
  readonly found: readonly UnexpectedState[];
  /** Those that found what their files say. */
  readonly fitting: readonly Migration[];
}

/**
 * Compares what there is before a run with what its files say. What an earlier
 * file of the same run touches as well is not compared: that file may have
 * come from another branch.
 *
 * @param migrations What is about to run, in order.
 * @param schema The live schema.
 */
export async function compareBefore(
  migrations: readonly Migration[],
  schema: Schema,
): Promise<StateBefore> {
  const found: UnexpectedState[] = [];
  const fitting: Migration[] = [];
  const earlier = new Set<string>();
  for (const migration of migrations) {
    const touched = touchedBy(migration);
    // What a program does is not known, nor what comes behind it.
    if (touched === undefined) break;
    const { names, words } = touched;
    const { before } = migration.header;
    if (before !== undefined && !mentions(earlier, names)) {
      if (await touchedHash(schema, names) === before) fitting.push(migration);
      else found.push({ migration, when: "before", names: shown(names) });
    }
    for (const word of words) earlier.add(word);
  }
  return { found, fitting };
}

/**
 * Compares what a run has left with what its files say.
 *
 * @param migrations What has run, in order.
 * @param options The live schema, and those of the migrations whose start was
 * compared: what a file leaves is known for what it was written for only.
 */
export async function unexpectedAfter(
  migrations: readonly Migration[],
  options: {
    readonly schema: Schema;
    readonly compared: readonly Migration[];
  },
): Promise<UnexpectedState[]> {
  const { schema, compared } = options;
  const found: UnexpectedState[] = [];
  const later = new Set<string>();
  for (const migration of migrations.toReversed()) {
    const touched = touchedBy(migration);
    if (touched === undefined) break;
    const { names, words } = touched;
    const { after } = migration.header;
    if (
      after !== undefined && compared.includes(migration) &&
      !mentions(later, names) &&
      await touchedHash(schema, names) !== after
    ) found.unshift({ migration, when: "after", names: shown(names) });
    for (const word of words) later.add(word);
  }
  return found;
}

/** What a difference is, in one line. */
function describeUnexpected(
  { migration, names, when }: UnexpectedState,
): string {
  const what = names.length === 0 ? "the schema" : names.join(", ");
  return when === "before"
    ? `${migration.file} was written for another state of ${what}: somebody has changed the schema by hand, or the file's text`
    : `${migration.file} should have left another state of ${what}`;
}

/**
 * The error of a run that must not begin, or warnings.
 *
 * @param found What is not as files say.
 * @param fail Whether that is an error.
 * @throws {PawlError} `schema-drifted`.
 */
export function warnOrFail(
  found: readonly UnexpectedState[],
  fail: boolean,
): string[] {
  const lines = found.map(describeUnexpected);
  const [first] = found;
  if (!fail || first === undefined) {
    return lines.map((line) => `${line}; pawl drift, pawl diff`);
  }
  throw new PawlError(
    "schema-drifted",
    `Cannot go on: the schema is not as ${first.migration.file} says, and [drift] fail is set`,
    {
      details: lines,
      hint:
        "pawl drift and pawl diff show what differs; without before and after in its header the file runs as it is",
    },
  );
}

function touchedBy(
  migration: Migration,
): {
  readonly names: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
} | undefined {
  const body = migration.body();
  if (body.kind !== "sql") return undefined;
  const statements = body.up.steps.flatMap((step) => step.statements);
  return { names: touchedNames(statements), words: mentionedWords(statements) };
}

/** Whether something else has touched what may be one of these. */
function mentions(
  words: ReadonlySet<string>,
  names: ReadonlySet<string>,
): boolean {
  for (const name of names) {
    if (words.has(name.split("\0")[1] ?? "")) return true;
  }
  return false;
}

function shown(names: ReadonlySet<string>): string[] {
  return [...names].map((name) => name.split("\0").join("."));
}
