/**
 * What statements that nobody can run say to the user: the first cause, and
 * where in which files. It knows files and parse trees; it must not know
 * sessions.
 *
 * @module
 */

import type { PawlError } from "../errors.ts";
import type { ServerErrorFields } from "../pg/session.ts";
import { loadFacts } from "./ddl_facts.ts";
import { Definitions, type KnownStatement } from "./ddl_order.ts";
import type { FailedStatement } from "./ddl_runner.ts";
import { ddlError, type DdlStatement, placeOf } from "./ddl_script.ts";

/** duplicate_table, duplicate_object, duplicate_function, duplicate_schema. */
const DUPLICATE: ReadonlySet<string> = new Set([
  "42P07",
  "42710",
  "42723",
  "42P06",
]);

/** So many further failures are named. */
const MOST_DETAILS = 5;

/**
 * The error for statements that all fail, whatever the order.
 *
 * @param failures What failed; at least one.
 * @param all Every statement of the source.
 */
export async function explainFailures(
  failures: readonly FailedStatement[],
  all: readonly DdlStatement[],
): Promise<PawlError> {
  const readFacts = await loadFacts();
  const known = (ddl: DdlStatement): KnownStatement => ({
    ddl,
    facts: readFacts(ddl.statement.text),
  });
  const failed = failures.map(({ ddl }) => known(ddl));
  const definitions = new Definitions(failed);
  const causes = failed.map(({ facts }, i) =>
    [...new Set(facts.mentions.flatMap((name) => definitions.of(name)))]
      .filter((j) => j !== i)
  );
  const root = causes.findIndex((list) => list.length === 0);
  const [fallback] = failures;
  const first = failures[root] ?? fallback;
  if (first === undefined) throw new TypeError("nothing failed");
  const others = failures.filter((failure) => failure !== first);
  const details = [
    ...others.slice(0, MOST_DETAILS).map(lineOf),
    ...(others.length > MOST_DETAILS
      ? [`and ${others.length - MOST_DETAILS} more`]
      : []),
  ];
  if (DUPLICATE.has(first.error.sqlstate)) {
    return duplicate(first, all.map(known), details);
  }
  if (root < 0) {
    return ddlError(first.ddl.file, first.offset, {
      message:
        `${first.error.message}, and what defines it mentions this in turn`,
      details,
      hint:
        "Break the circle: take what needs the other out of one of the two, into a statement of its own",
    });
  }
  const { hint } = first.error.fields;
  const missing = isMissing(first.error.fields)
    ? "No file of the source defines it; what an extension defines wants CREATE EXTENSION, here or in [shadow] extensions"
    : undefined;
  return ddlError(first.ddl.file, first.offset, {
    message: messageOf(first.error.fields),
    details,
    ...(hint ?? missing) === undefined ? {} : { hint: hint ?? missing ?? "" },
  });
}

/**
 * The error for one object that two statements define.
 *
 * @param second The statement that comes second.
 * @param earlier The one that comes first.
 * @param what What they define.
 */
export function definedTwice(
  second: DdlStatement,
  earlier: DdlStatement,
  what: string,
): PawlError {
  return ddlError(second.file, second.statement.start, {
    message: `${what} is defined twice`,
    details: [`first defined at ${placeOf(earlier)}`],
    hint: "Keep one of the two",
  });
}

function duplicate(
  { ddl, error, offset }: FailedStatement,
  all: readonly KnownStatement[],
  details: readonly string[],
): PawlError {
  const second = all.find((each) => each.ddl === ddl);
  const definitions = new Definitions(all);
  const candidates = (second?.facts.defines ?? []).flatMap((name) =>
    definitions.of(name)
  ).flatMap((i) => all[i] ?? []).filter((each) => each.ddl !== ddl);
  const first =
    candidates.find((each) => each.facts.node === second?.facts.node) ??
      candidates[0];
  return ddlError(ddl.file, offset, {
    message: `${error.message}: it is defined twice`,
    details: [
      ...(first === undefined
        ? []
        : [`the other definition is at ${placeOf(first.ddl)}`]),
      ...details,
    ],
    hint: "Keep one of the two",
  });
}

function lineOf({ ddl, error }: FailedStatement): string {
  return `${placeOf(ddl)}: ${error.message}`;
}

function messageOf({ message, detail }: ServerErrorFields): string {
  return detail === undefined ? message : `${message} (${detail})`;
}

/** undefined_table, undefined_object, undefined_function, invalid_schema_name. */
function isMissing({ sqlstate, message }: ServerErrorFields): boolean {
  return ["42P01", "42704", "42883", "3F000"].includes(sqlstate) &&
    !/configuration parameter/.test(message);
}
