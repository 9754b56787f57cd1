/**
 * The policy, in one place: what sort of change something is, and what pawl
 * writes or runs without being told to. Pure.
 *
 * @module
 */

import type { AttributeChange, Change } from "../diff.ts";
import type { Hazard } from "../kinds/hazard.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import { partsOf } from "./join.ts";

/**
 * Who says that a change is right: `converge` is right by itself, `structural`
 * needs a look, `code` is as good as what was declared, `data` needs a person,
 * because only the rows tell whether it fits.
 */
export type Category = "converge" | "structural" | "code" | "data";

const CONVERGED_KINDS: ReadonlySet<string> = new Set(["index", "constraint"]);
const CONVERGED_ATTRIBUTES: ReadonlySet<string> = new Set([
  "notNull",
  "default",
]);
const STRUCTURAL_KINDS: ReadonlySet<string> = new Set([
  "schema",
  "table",
  "column",
  "sequence",
  "foreign_table",
]);

/** Codes of hazards that leave everything as it was when the rows do not fit. */
const REFUSED_BY_ROWS: ReadonlySet<string> = new Set([
  "set-not-null",
  "add-unique",
  "add-check",
  "add-foreign-key",
  "add-exclusion",
  "attach-partition",
]);

/**
 * The sort of a change.
 *
 * @param change The change.
 * @param statements The statements of the plan that are about its object.
 */
export function categoryOf(
  change: Change,
  statements: readonly PlannedStatement[],
): Category {
  // What is lost is lost as it was declared; what may not fit only rows tell.
  const mayNotFit = (hazard: Hazard) =>
    hazard.kind === "data-dependent" && needsLeave(hazard);
  if (statements.some(({ hazards = [] }) => hazards.some(mayNotFit))) {
    return "data";
  }
  const kind = change.kind === "altered" ? change.to.kind : change.object.kind;
  if (isConverged(kind, change)) return "converge";
  return STRUCTURAL_KINDS.has(kind) ? "structural" : "code";
}

/** Whether convergence mends a change. */
export function isConverged(kind: string, change: Change): boolean {
  return CONVERGED_KINDS.has(kind) ||
    kind === "column" && change.kind === "altered" &&
      change.attributes.every(isConvergedAttribute);
}

/** Whether convergence mends a difference of a column. */
export function isConvergedAttribute({ key }: AttributeChange): boolean {
  return CONVERGED_ATTRIBUTES.has(key);
}

/** Whether a hazard wants its `--allow`: rows or values may be lost, or not fit. */
export function needsLeave(hazard: Hazard): boolean {
  return hazard.allow !== undefined &&
    (hazard.kind === "data-loss" || hazard.kind === "data-dependent") &&
    !REFUSED_BY_ROWS.has(hazard.allow);
}

/** A statement that is not written or run without leave. */
export interface Blocked {
  readonly statement: PlannedStatement;
  readonly hazard: Hazard;
  /** The ways out, each a sentence without a full stop. */
  readonly remedies: readonly string[];
}

/**
 * What of a plan wants leave that was not given.
 *
 * @param statements The statements.
 * @param allowed The codes that were.
 */
export function blockedBy(
  statements: readonly PlannedStatement[],
  allowed: ReadonlySet<string>,
): Blocked[] {
  return statements.flatMap(partsOf).flatMap((statement) =>
    (statement.hazards ?? [])
      .filter((hazard) =>
        needsLeave(hazard) && !allowed.has(hazard.allow ?? "")
      )
      .map((hazard) => ({ statement, hazard, remedies: remediesOf(hazard) }))
  );
}

function remediesOf({ allow }: Hazard): string[] {
  const leave = `allow it: --allow ${allow ?? ""}`;
  switch (allow) {
    case "add-required-column":
      return [
        "give the column a default",
        "declare it without NOT NULL, fill it in a migration of your own, then declare NOT NULL",
        `write the three steps: --scaffold`,
        leave,
      ];
    case "change-type":
      return [
        "add a column of the new type, copy the values over in batches, drop the old one: --scaffold",
        leave,
      ];
    case "drop-table":
    case "drop-column":
      return [
        "if it has another name now, say so: --rename OLD=NEW",
        leave,
      ];
    case "rebuild-enum":
      return [
        "if the value has another name now, say so: --rename TYPE.OLD=NEW",
        leave,
      ];
    default:
      return [leave];
  }
}
