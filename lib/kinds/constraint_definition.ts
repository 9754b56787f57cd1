/**
 * The text of a constraint's definition, taken apart: it knows how
 * pg_get_constraintdef writes, and what ALTER can say of it. Pure.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { clauseAt } from "./index_definition.ts";
import { storageParameters } from "./storage_parameters.ts";

/** What stands at the end of a definition. */
export interface ConstraintTiming {
  /** The definition without it. */
  readonly base: string;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly enforced: boolean;
}

/**
 * Takes the end off a definition.
 *
 * @param definition As behind `ADD CONSTRAINT name`.
 */
export function timingOf(definition: string): ConstraintTiming {
  const found = /^(.*?)( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?$/s
    .exec(
      definition,
    );
  return {
    base: found?.[1] ?? definition,
    deferrable: found?.[2] !== undefined,
    deferred: found?.[3] !== undefined,
    enforced: found?.[4] === undefined,
  };
}

/** What ALTER CONSTRAINT says of a foreign key's timing. */
export function timingClause(timing: ConstraintTiming): string {
  return timing.deferrable
    ? `DEFERRABLE INITIALLY ${timing.deferred ? "DEFERRED" : "IMMEDIATE"}`
    : "NOT DEFERRABLE";
}

/** A key as the index behind it. */
export interface KeyIndex {
  /** As behind `USING`. */
  readonly tail: string;
  /** As before `USING INDEX`. */
  readonly type: "PRIMARY KEY" | "UNIQUE";
  /** As behind the index's name; with the space before it, or empty. */
  readonly timing: string;
}

/**
 * The index behind a primary key or a unique constraint.
 *
 * @param definition As behind `ADD CONSTRAINT name`.
 * @returns Undefined for what ADD CONSTRAINT … USING INDEX cannot make:
 * exclusions, and keys with WITHOUT OVERLAPS, which are some.
 */
export function keyIndexOf(definition: string): KeyIndex | undefined {
  const { base } = timingOf(definition);
  const found = /^(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (.*)$/s.exec(base);
  if (found === null || / WITHOUT OVERLAPS\)/.test(base)) return undefined;
  return {
    tail: `btree ${found[3] ?? ""}${found[2] ?? ""}`,
    type: found[1] === "UNIQUE" ? "UNIQUE" : "PRIMARY KEY",
    timing: definition.slice(base.length),
  };
}

/** What of a constraint's payload ADD CONSTRAINT says. */
export interface ConstraintText {
  readonly definition: string;
  /** Of the index behind it. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly tablespace?: string | undefined;
}

/**
 * A definition with what is said of the index behind it, which stands before
 * WHERE and DEFERRABLE.
 */
export function withIndexClause(
  { definition, parameters, tablespace }: ConstraintText,
): string {
  const { base } = timingOf(definition);
  const options = storageParameters(parameters);
  const clause = `${options === "" ? "" : ` WITH (${options})`}${
    tablespace === undefined
      ? ""
      : ` USING INDEX TABLESPACE ${quoteIdentifier(tablespace)}`
  }`;
  if (clause === "") return definition;
  const at = base.startsWith("EXCLUDE ")
    ? clauseAt(base, "where") ?? base.length
    : base.length;
  return definition.slice(0, at) + clause + definition.slice(at);
}
