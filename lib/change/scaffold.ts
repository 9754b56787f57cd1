/**
 * `generate --scaffold`: what the rows that are there may not fit, as three
 * migrations: expand (a new column beside, kept up to date), backfill in
 * batches, contract (the new column takes the old one's place). Renames that
 * were told come before, in a migration of their own.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { hazardReason } from "../kinds/hazard.ts";
import type { MigrationText } from "../migrate/new_migration.ts";
import {
  type Blocked,
  type PlannedStatement,
  type PlanOptions,
  stepsOf,
  withAbsences,
} from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { dollarQuote, quoteIdentifier, quoteQualified } from "../sql/quote.ts";
import type { ToldRenames, Way } from "./change_plan.ts";
import { type ChangeOver, changeOver } from "./change_over.ts";
import { withLocks } from "./locks.ts";
import { wayText } from "./migration_text.ts";
import { renameBack } from "./rename_told.ts";
import {
  type Carried,
  firedTriggers,
  freeName,
  lastTriggerName,
  tablesToSync,
  unsyncStatements,
  valueOf,
} from "./scaffold_sync.ts";
import { expectReached, planStage, withStage } from "./stage.ts";
import { comment } from "./step_text.ts";

/** One of the migrations. */
export interface ScaffoldFile {
  /** What it is called, before what the change is called. */
  readonly step: "rename" | "expand" | "backfill" | "contract";
  /** The file's SQL. */
  readonly text: MigrationText;
  /** What it runs. */
  readonly up: Way;
  /** What takes it back. */
  readonly down: Way;
}

/** What is scaffolded. */
export interface ScaffoldRequest {
  readonly from: Schema;
  readonly to: Schema;
  /** What wants leave. */
  readonly blocked: readonly Blocked[];
  /** What was told to have another name. */
  readonly renames: ToldRenames | undefined;
  readonly options: PlanOptions;
}

/** What rows may not fit. */
interface Cases {
  /** Columns of another type: on the way there, and on the way back. */
  readonly up: readonly Carried[];
  readonly down: readonly Carried[];
  /** Columns that are new and required. */
  readonly required: readonly SchemaObject[];
}

/**
 * Writes a change as three migrations, with one before them where something
 * has another name.
 *
 * @param request The schemas, and what wants leave.
 * @param context The project, the shadow, listeners.
 * @returns The migrations, in order; proved to lead to the goal and back.
 * @throws {PawlError} `change-blocked` for what cannot be scaffolded;
 * `proof-failed`.
 */
export async function scaffold(
  request: ScaffoldRequest,
  context: SourceContext,
): Promise<readonly ScaffoldFile[]> {
  const { from, to, options, renames } = request;
  const start = renames?.up.schema ?? from;
  const cases = casesOf(request, start);
  const { up, required } = cases;
  const hidden = new Set(up.flatMap(({ from: { name }, sync, tables }) => [
    address("function", [name[0] ?? "", sync.function], ""),
    ...tables.map((table) => address("trigger", [...table, sync.trigger])),
  ]));
  const renaming = await renamingOf(request, context);
  return await withStage(from, { context, options, hidden }, async (stage) => {
    const renamed = await stage.run(renaming.up, "up");
    const there = await changeOver(stage, {
      from: renamed,
      to,
      columns: up,
      added: required.map(unrequired),
      kept: [],
      way: "up",
    });
    await expectReached("up", there.reached, to);
    const back = await changeOver(stage, {
      from: there.reached,
      to: there.expanded,
      columns: cases.down,
      added: [],
      kept: up,
      way: "down",
    });
    await expectReached("down", back.reached, there.expanded);
    const narrowed = [
      ...up.flatMap(unsyncStatements),
      ...await planStage(there.expanded, start, options),
    ];
    await stage.run(narrowed, "down");
    const end = await stage.run(renaming.down, "down");
    await expectReached("down", end, from);
    const file = (
      step: ScaffoldFile["step"],
      [a, ups]: readonly [Schema, readonly PlannedStatement[]],
      [b, downs]: readonly [Schema, readonly PlannedStatement[]],
    ): ScaffoldFile => {
      const up = wayOf(ups, [a, b]);
      const down = wayOf(downs, [b, a]);
      return {
        step,
        // The triggers that keep columns alike are in no schema that was compared.
        text: { header: [], up: wayText(up, b), down: wayText(down, a) },
        up,
        down,
      };
    };
    return [
      ...(renaming.up.length === 0 ? [] : [
        file("rename", [from, renaming.up], [start, renaming.down]),
      ]),
      file("expand", [start, there.expand], [there.expanded, narrowed]),
      backfillFile(cases, there, start),
      file("contract", [there.expanded, there.contract], [
        to,
        [
          ...back.expand,
          ...backWithHazards(cases, back, to),
          ...back.contract,
        ],
      ]),
    ];
  });
}

function wayOf(
  statements: readonly PlannedStatement[],
  schemas: readonly [Schema, Schema],
): Way {
  const steps = stepsOf(withLocks(statements, schemas));
  return { changes: [], steps: withAbsences(steps, schemas) };
}

/** Renames by themselves, there and back. */
async function renamingOf(
  { from, renames }: ScaffoldRequest,
  context: SourceContext,
): Promise<{
  readonly up: readonly PlannedStatement[];
  readonly down: readonly PlannedStatement[];
}> {
  if (renames === undefined) return { up: [], down: [] };
  const { schema, statements, back } = renames.up;
  const down = await renameBack([schema, from], back, context);
  return { up: statements, down: down.statements };
}

function casesOf(
  { to, blocked, from: before }: ScaffoldRequest,
  from: Schema,
): Cases {
  const others = blocked.filter(({ hazard, statement }) =>
    !["change-type", "add-required-column"].includes(hazard.allow ?? "") ||
    isComputed(statement.address, from) || isComputed(statement.address, to) ||
    to.objects.get(statement.address)?.kind !== "column"
  );
  const [other] = others;
  if (other !== undefined) {
    throw new PawlError(
      "change-blocked",
      "Cannot scaffold the change: a part of it is no column that rows may not fit",
      {
        details: others.map(({ statement, hazard }) =>
          `${statement.address}: ${hazardReason(hazard)} (${hazard.allow})`
        ),
        hint: `--allow ${other.hazard.allow} writes that part as it stands`,
      },
    );
  }
  const schemas = [before, from, to];
  const addresses = new Set(schemas.flatMap(({ objects }) => [
    ...objects.keys(),
  ]));
  const functions = new Set(
    schemas.flatMap(({ objects }) =>
      [...objects.values()].filter(({ kind }) => kind === "function")
        .map(({ name }) => name.slice(0, 2).join("\0"))
    ),
  );
  const up: Carried[] = [];
  const down: Carried[] = [];
  const required: SchemaObject[] = [];
  for (const at of new Set(blocked.map(({ statement }) => statement.address))) {
    const is = to.objects.get(at);
    const was = from.objects.get(at);
    if (is === undefined) continue;
    if (was === undefined) {
      required.push(is);
      continue;
    }
    const [schema = "", table = "", column = ""] = is.name;
    const free = (suffix: string) => {
      const name = freeName(
        column,
        suffix,
        (name) => addresses.has(address("column", [schema, table, name])),
      );
      addresses.add(address("column", [schema, table, name]));
      return name;
    };
    const [beside, aside] = [free("new"), free("old")];
    const called = freeName(
      `${table.slice(0, 25)}_${column.slice(0, 25)}`,
      "sync",
      (name) => functions.has(`${schema}\0${name}`),
    );
    functions.add(`${schema}\0${called}`);
    const sync = {
      function: called,
      trigger: lastTriggerName(column, schemas),
    };
    const tables = tablesToSync(was, [from, to]);
    const ends = [
      { column: was, schema: from },
      { column: is, schema: to },
    ] as const;
    up.push({
      from: was,
      to: is,
      beside,
      aside,
      sync,
      tables,
      value: valueOf(ends[0], ends[1]),
    });
    down.push({
      from: is,
      to: was,
      beside: aside,
      aside: beside,
      sync,
      tables,
      value: valueOf(ends[1], ends[0]),
    });
  }
  return { up, down, required };
}

function isComputed(at: string, { objects }: Schema): boolean {
  return objects.get(at)?.payload.generated !== undefined;
}

/** A new column until its rows are filled. */
function unrequired(column: SchemaObject): SchemaObject {
  return { ...column, payload: { ...column.payload, notNull: false } };
}

function backfillFile(
  { up, required }: Cases,
  { backfill }: ChangeOver,
  start: Schema,
): ScaffoldFile {
  const missing = required.map(missingValue);
  return {
    step: "backfill",
    text: {
      // Each lot is committed by itself.
      header: ["-- pawl:transaction none"],
      up: [
        ...up.map((one, i) => {
          const fired = firedTriggers(one, start);
          return comment([
            "A few blocks of the table at a time, each lot committed by itself. The",
            `conversion is yours to check: it is in ${
              quoteQualified(one.from.name[0], one.sync.function)
            }, of the migration before.`,
            ...(fired.length === 0 ? [] : [
              `Writing a row fires triggers of ${
                one.from.name.slice(0, 2).join(".")
              }, too: ${fired.join(", ")}.`,
            ]),
          ]) + `${backfill[i]?.sql ?? ""};\n`;
        }),
        ...required.map((column, i) =>
          requiredText(column, missing[i]?.sql ?? "")
        ),
      ].join("\n"),
      down: "-- The values go with the column.\nSELECT 1;\n",
    },
    up: { changes: [], steps: stepsOf([...backfill, ...missing]) },
    down: { changes: [], steps: [] },
  };
}

/** What fails until somebody has said what the rows that are there get. */
function missingValue({ name, address }: SchemaObject): PlannedStatement {
  return {
    sql: `DO ${
      dollarQuote(
        `\nBEGIN\n  RAISE EXCEPTION 'fill in the value of ${
          name.join(".").replaceAll("'", "''").replaceAll("%", "%%")
        }, then take this line out';\nEND\n`,
      )
    }`,
    phase: "create",
    alone: true,
    address,
    action: "alter",
    hazards: [{
      kind: "manual",
      reason: `it fails until the file says what the rows of ${
        name.slice(0, 2).join(".")
      } that are there get`,
    }],
  };
}

function requiredText({ name, address }: SchemaObject, fails: string): string {
  const table = quoteQualified(...name.slice(0, 2));
  const column = quoteIdentifier(name[2] ?? "");
  return `${
    comment([
      `${address} has no default: say what the rows that are there get.`,
    ])
  }${fails};
-- UPDATE ${table} SET ${column} = … WHERE ${column} IS NULL;
`;
}

/** What the way back makes of values. */
function backWithHazards(
  { down }: Cases,
  { backfill }: ChangeOver,
  start: Schema,
): PlannedStatement[] {
  return backfill.map((statement, i) => {
    const one = down[i];
    if (one === undefined) return statement;
    const fired = firedTriggers(one, start);
    return {
      ...statement,
      hazards: [
        {
          kind: "data-loss",
          reason: `the values of ${one.from.name.join(".")} become what ${
            String(one.from.payload.type)
          } turns into as ${
            String(one.to.payload.type)
          }: what the change has lost of them stays lost`,
        },
        ...(fired.length === 0 ? [] : [{
          kind: "data-dependent" as const,
          reason: `writing a row fires triggers of ${
            one.from.name.slice(0, 2).join(".")
          }, too: ${fired.join(", ")}`,
        }]),
      ],
    };
  });
}
