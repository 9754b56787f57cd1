/**
 * A plan for people: grouped by what stands by itself, each change with its
 * mark, what differs, and what it may do. Knows no terminal. Pure.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import { hazardReason } from "../kinds/hazard.ts";
import { kindOf } from "../kinds/registry.ts";
import { partsOf, type PlannedStatement, type PlanStep } from "../plan/mod.ts";
import type { Schema } from "../schema/schema.ts";
import { lockLines } from "./lock_lines.ts";
import type { Paint, RelationSize } from "./text.ts";

/** How text is dressed. */
export interface PlanPaint extends Paint {
  readonly green: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** What is shown. */
export interface PlanTextOptions {
  readonly changes: readonly Change[];
  readonly steps: readonly PlanStep[];
  /** The schema as it is, and as it is to be. */
  readonly schemas: readonly [Schema, Schema];
  readonly paint: PlanPaint;
  /** Sizes by address, where a live database was read. */
  readonly sizes: ReadonlyMap<string, RelationSize> | undefined;
}

const MARKS = { created: "+", dropped: "-", altered: "~" } as const;

/**
 * Shows a plan.
 *
 * @param options The plan, and how text is dressed.
 * @returns Lines; none for an empty plan.
 */
export function planLines(options: PlanTextOptions): string[] {
  const { changes, steps, paint, sizes } = options;
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const root = rootOf(change.address, options.schemas);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [change]);
    else group.push(change);
  }
  const written = new Set(
    steps.flatMap(({ statements }) =>
      statements.flatMap(partsOf).map(({ address }) => address)
    ),
  );
  const lines: string[] = [];
  for (const [root, group] of [...groups].sort(([a], [b]) => a < b ? -1 : 1)) {
    const whole = group.find(({ address }) => address === root);
    const rows = sizes?.get(root)?.rows;
    lines.push(
      `${whole === undefined ? "~" : MARKS[whole.kind]} ${paint.bold(root)}${
        rows === undefined ? "" : paint.dim(
          ` (about ${rows.toLocaleString("en-US")} ${
            rows === 1 ? "row" : "rows"
          })`,
        )
      }`,
    );
    for (const change of group) {
      if (change === whole) {
        if (change.kind === "altered") {
          lines.push(...attributeLines(change, "    ", paint));
        }
        continue;
      }
      // What comes or goes with the whole by itself, such as its owner, is no news.
      if (
        whole !== undefined && whole.kind === change.kind && steps.length > 0 &&
        !written.has(change.address) && !isPart(change, options.schemas)
      ) continue;
      const color = COLOURS[change.kind];
      lines.push(
        `    ${paint[color](`${MARKS[change.kind]} ${change.address}`)}`,
      );
      if (change.kind === "altered") {
        lines.push(...attributeLines(change, "        ", paint));
      }
    }
  }
  for (const { action, sql } of steps.flatMap((step) => step.statements)) {
    if (action === "rename") lines.push(`→ ${sql};`);
  }
  if (steps.length > 0) {
    lines.push("", paint.bold("Steps"));
    for (const [i, step] of steps.entries()) {
      lines.push(
        `  ${i + 1}. ${
          step.transactional ? "in one transaction" : "each statement by itself"
        }`,
        ...(step.transactional
          ? lockLines(step.statements).map((line) => `     ${paint.dim(line)}`)
          : []),
      );
      for (const statement of step.statements) {
        const { hazards = [], withheld = [] } = statement;
        lines.push(
          ...sqlLines(statement).map((line) => `     ${line}`),
          ...(step.transactional ? [] : lockLines([statement])
            .map((line) => `       ${paint.dim(line)}`)),
          ...hazards.map((hazard) => {
            const { kind, allow } = hazard;
            const code = allow === undefined ? "" : ` (${allow})`;
            const said = `! ${kind}${code}: ${hazardReason(hazard)}`;
            return `       ${paint.yellow(said)}`;
          }),
          ...(withheld.length === 0 ? [] : [
            `       ${
              paint.yellow(`! not run: it needs ${withheld.join(", ")}`)
            }`,
          ]),
        );
      }
    }
  }
  return lines;
}

/** A definition by its first line; each clause of what was joined. */
function sqlLines({ sql, parts }: PlannedStatement): string[] {
  const [first = "", ...rest] = sql.split("\n");
  if (parts !== undefined) return `${sql};`.split("\n");
  return [`${first}${rest.length === 0 ? ";" : " …"}`];
}

/** Whether something is written with its whole: a table's column. */
function isPart(
  { address }: Change,
  [from, to]: readonly [Schema, Schema],
): boolean {
  const object = to.objects.get(address) ?? from.objects.get(address);
  return object !== undefined && kindOf(object.kind)?.foldsInto === true;
}

const COLOURS = {
  created: "green",
  dropped: "red",
  altered: "yellow",
} as const;

function attributeLines(
  change: Extract<Change, { readonly kind: "altered" }>,
  indent: string,
  paint: PlanPaint,
): string[] {
  return change.attributes.map(({ key, from, to }) =>
    `${indent}${paint.dim(`${key}: ${valueText(from)} → ${valueText(to)}`)}`
  );
}

/** The most characters that a value takes in a line. */
const VALUE_WIDTH = 100;

function valueText(value: unknown): string {
  if (value === undefined) return "none";
  const text = (typeof value === "string" ? value : JSON.stringify(value))
    .replaceAll(/\s+/g, " ").trim();
  return text.length > VALUE_WIDTH
    ? `${text.slice(0, VALUE_WIDTH - 1)}…`
    : text;
}

/** The object that something is a part of and that is no part itself. */
function rootOf(address: string, schemas: readonly [Schema, Schema]): string {
  const [from, to] = schemas;
  let at = address;
  for (let i = 0; i < 10; i++) {
    const object = to.objects.get(at) ?? from.objects.get(at);
    if (object?.parent === undefined || object.parent === at) return at;
    at = object.parent;
  }
  return at;
}
