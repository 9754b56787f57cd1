/**
 * `generate --scaffold`: what the rows that are there may not fit, as three
 * migrations: expand (a new column beside, kept up to date), backfill in
 * batches, contract (the new column takes the old one's place).
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { diff, prepareForms } from "../diff.ts";
import { kindOf } from "../kinds/registry.ts";
import type { MigrationText } from "../migrate/new_migration.ts";
import { touchedHashes } from "../migrate/touched.ts";
import { type PlannedStatement, stepsOf } from "../plan/mod.ts";
import { ddlScript } from "../render/ddl_script.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { loadDdl, readOptions } from "../sources/mod.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { splitStatements } from "../sql/split.ts";
import {
  type ChangePlan,
  planBothWays,
  statementsOf,
  type Way,
} from "./change_plan.ts";
import { migrationText } from "./migration_text.ts";
import { notReached, runOnShadow } from "./prove.ts";
import { casesOf, isCopy, type ScaffoldRequest } from "./scaffold_case.ts";
import { contractOf } from "./scaffold_contract.ts";
import {
  backfillText,
  syncStatements,
  unsyncStatements,
} from "./scaffold_sync.ts";

export type { ScaffoldRequest } from "./scaffold_case.ts";

/** One of the three migrations. */
export interface ScaffoldFile {
  /** What it is called, before what the change is called. */
  readonly step: "expand" | "backfill" | "contract";
  /** The file's SQL. */
  readonly text: MigrationText;
}

/**
 * Writes a change as three migrations.
 *
 * @param request The schemas, and what wants leave.
 * @param context The project, the shadow, listeners.
 * @returns The three, in order; proved to lead to the goal and back.
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
  const expanded = makeSchema(
    [...start.objects.values(), ...cases.map(({ beside }) => beside)],
    start,
  );
  const expand = await planBothWays(start, expanded, options);
  const copies = cases.filter(isCopy);
  const withSync: ChangePlan = {
    ...expand,
    up: extended(
      expand.up,
      renames?.up.statements ?? [],
      copies.flatMap(syncStatements),
    ),
    down: extended(
      expand.down,
      copies.flatMap(unsyncStatements),
      renames?.down.statements ?? [],
    ),
  };
  const contract = await contractOf(expanded, { cases, request }, context);
  const backfill = backfillText(cases, start);
  await proveThree(
    { from, to },
    { plans: [withSync, contract], backfill: backfillText(copies, start) },
    context,
  );
  const textOf = async (plan: ChangePlan, a: Schema, b: Schema) =>
    migrationText(plan, {
      schemas: [a, b],
      allowed: [],
      touched: await touchedHashes(statementsOf(plan.up), a, b),
    });
  return [
    {
      step: "expand",
      text: await withoutHashes(textOf(withSync, from, expanded)),
    },
    {
      step: "backfill",
      text: {
        // Each lot is committed by itself.
        header: ["-- pawl:transaction none"],
        up: backfill,
        // A way back without a statement is none.
        down: "-- The values stay until the column goes.\nSELECT 1;\n",
      },
    },
    {
      step: "contract",
      text: await withoutHashes(textOf(contract, expanded, to)),
    },
  ];
}

/** The trigger that keeps both columns alike is not in any schema that was compared. */
async function withoutHashes(
  text: Promise<MigrationText>,
): Promise<MigrationText> {
  return { ...await text, header: [] };
}

function extended(
  way: Way,
  before: readonly PlannedStatement[],
  after: readonly PlannedStatement[],
): Way {
  return {
    ...way,
    steps: stepsOf([...before, ...statementsOf(way), ...after]),
  };
}

/** Both ends must be reached; what is between them holds no rows here. */
async function proveThree(
  ends: { readonly from: Schema; readonly to: Schema },
  { plans, backfill }: {
    readonly plans: readonly [ChangePlan, ChangePlan];
    readonly backfill: string;
  },
  context: SourceContext,
): Promise<void> {
  const [expand, contract] = plans;
  await withShadow(shadowOptions(context), async (session) => {
    const text = ddlScript(ends.from).sql;
    await loadDdl(session, [{ path: "the starting schema", text }], {
      signal: context.signal,
    });
    await runOnShadow(session, expand.up, "up");
    // Each by itself: it commits.
    for (const { text } of splitStatements(backfill).statements) {
      await session.script(text);
    }
    await runOnShadow(session, contract.up, "up");
    await compare("up", ends.to);
    await runOnShadow(session, contract.down, "down");
    await runOnShadow(session, expand.down, "down");
    await compare("down", ends.from);

    async function compare(way: "up" | "down", end: Schema): Promise<void> {
      const reached = await readSchema(session, readOptions(context));
      const forms = await prepareForms(
        [reached, end],
        (kind) => kindOf(kind)?.shape,
      );
      const left = diff(reached, end, forms);
      if (left.length > 0) throw notReached(way, left);
    }
  });
}
