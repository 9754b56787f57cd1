/**
 * `generate --scaffold`: what the rows that are there may not fit, as three
 * migrations: expand (a new column beside, kept up to date), backfill in
 * batches, contract (the new column takes the old one's place).
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { diff, prepareForms } from "../diff.ts";
import { PawlError } from "../errors.ts";
import { hazardReason } from "../kinds/hazard.ts";
import { kindOf } from "../kinds/registry.ts";
import type { MigrationText } from "../migrate/new_migration.ts";
import { touchedHashes } from "../migrate/touched.ts";
import {
  type Blocked,
  type PlannedStatement,
  type PlanOptions,
  stepsOf,
} from "../plan/mod.ts";
import { ddlScript } from "../render/ddl_script.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { loadDdl, readOptions } from "../sources/mod.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { dollarQuote, quoteIdentifier, quoteQualified } from "../sql/quote.ts";
import {
  type ChangePlan,
  planBothWays,
  statementsOf,
  type Way,
} from "./change_plan.ts";
import { migrationText } from "./migration_text.ts";
import { notReached, runOnShadow } from "./prove.ts";
import { renameOne } from "./rename.ts";

/** One of the three migrations. */
export interface ScaffoldFile {
  /** What it is called, before what the change is called. */
  readonly step: "expand" | "backfill" | "contract";
  /** The file's SQL. */
  readonly text: MigrationText;
}

/** What is scaffolded. */
export interface ScaffoldRequest {
  readonly from: Schema;
  readonly to: Schema;
  /** What wants leave. */
  readonly blocked: readonly Blocked[];
  readonly options: PlanOptions;
}

/** A column that the rows may not fit. */
interface Case {
  /** As it is to be. */
  readonly to: SchemaObject;
  /** As it is; undefined for a new one. */
  readonly from: SchemaObject | undefined;
  /** The column that holds the values meanwhile. */
  readonly beside: SchemaObject;
}

/** How many rows are written between two commits. */
const BATCH = 10000;

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
  const { from, to, options } = request;
  const cases = casesOf(request);
  const expanded = makeSchema(
    [...from.objects.values(), ...cases.map(({ beside }) => beside)],
    from,
  );
  const expand = await planBothWays(from, expanded, options);
  const copies = cases.filter((one) => one.from !== undefined);
  const withSync: ChangePlan = {
    ...expand,
    up: extended(expand.up, [], copies.flatMap(syncStatements)),
    down: extended(expand.down, copies.flatMap(unsyncStatements), []),
  };
  const contract = await contractOf(expanded, to, { cases, options, context });
  const backfill = cases.map((one) => backfillText(one)).join("\n");
  await proveThree({ from, to }, [withSync, contract], context);
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
        down: "-- The values stay until the column goes.\n",
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

function casesOf({ from, to, blocked }: ScaffoldRequest): Case[] {
  const others = blocked.filter(({ hazard, statement }) =>
    !["change-type", "add-required-column"].includes(hazard.allow ?? "") ||
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
  const addresses = new Set(blocked.map(({ statement }) => statement.address));
  return [...addresses].flatMap((at) => {
    const column = to.objects.get(at);
    if (column === undefined) return [];
    const was = from.objects.get(at);
    const name = was === undefined
      ? column.name
      : [...column.name.slice(0, 2), freeName(column, "new", [from, to])];
    return [{
      to: column,
      from: was,
      beside: {
        ...column,
        name,
        address: address("column", name),
        payload: {
          ...column.payload,
          notNull: false,
          ...(was === undefined ? {} : {
            default: undefined,
            identity: undefined,
            sequence: undefined,
            generated: undefined,
          }),
        },
        position: Number.MAX_SAFE_INTEGER,
      },
    }];
  });
}

function freeName(
  column: SchemaObject,
  suffix: "new" | "old",
  schemas: readonly Schema[],
): string {
  const [schema = "", table = "", name = ""] = column.name;
  for (let i = 1;; i++) {
    const free = `${name.slice(0, 50)}_${suffix}${i === 1 ? "" : i}`;
    const at = address("column", [schema, table, free]);
    if (!schemas.some(({ objects }) => objects.has(at))) return free;
  }
}

/** The schema after expanding becomes the goal: the columns change places. */
async function contractOf(
  expanded: Schema,
  to: Schema,
  how: {
    readonly cases: readonly Case[];
    readonly options: PlanOptions;
    readonly context: SourceContext;
  },
): Promise<ChangePlan> {
  const { cases, options, context } = how;
  let schema = expanded;
  const forth: PlannedStatement[] = [];
  const back: PlannedStatement[] = [];
  for (const { from, to: column, beside } of cases) {
    if (from === undefined) continue;
    const aside = [
      ...from.name.slice(0, 2),
      freeName(from, "old", [expanded, to]),
    ];
    for (
      const [object, name] of [[from, aside], [beside, column.name]] as const
    ) {
      const current = schema.objects.get(object.address) ?? object;
      const renamed = await renameOne(
        schema,
        { object: current, part: undefined, name },
        context,
      );
      schema = renamed.schema;
      forth.push(...renamed.statements);
      const taken = kindOf(object.kind)?.rename(
        { ...current, name },
        object.name,
      );
      back.unshift(
        ...(taken ?? []).map((statement) => ({
          ...statement,
          address: object.address,
          action: "rename" as const,
        })),
      );
    }
  }
  const plan = await planBothWays(schema, to, options);
  const copies = cases.filter((one) => one.from !== undefined);
  return {
    ...plan,
    up: extended(plan.up, [...copies.flatMap(unsyncStatements), ...forth], []),
    down: extended(plan.down, [], [...back, ...copies.flatMap(syncStatements)]),
  };
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

function syncName(
  { to }: Case,
): { readonly own: string; readonly full: string } {
  const [schema = "", table = "", column = ""] = to.name;
  const own = `${table.slice(0, 25)}_${column.slice(0, 25)}_sync`;
  return { own, full: quoteQualified(schema, own) };
}

function planned(one: Case, sql: string): PlannedStatement {
  return { sql, phase: "create", address: one.to.address, action: "alter" };
}

/** What keeps the new column up to date while the old one is written. */
function syncStatements(one: Case): PlannedStatement[] {
  const { own, full } = syncName(one);
  const [schema, table] = one.to.name;
  return [
    planned(
      one,
      `CREATE FUNCTION ${full}() RETURNS trigger\nLANGUAGE plpgsql SET search_path TO ''\nAS ${
        dollarQuote(
          `\nBEGIN\n  NEW.${quoteIdentifier(one.beside.name[2] ?? "")} := ${
            converted(one, "NEW.")
          };\n  RETURN NEW;\nEND\n`,
        )
      }`,
    ),
    planned(
      one,
      `CREATE TRIGGER ${quoteIdentifier(own)} BEFORE INSERT OR UPDATE ON ${
        quoteQualified(schema, table)
      } FOR EACH ROW EXECUTE FUNCTION ${full}()`,
    ),
  ];
}

function unsyncStatements(one: Case): PlannedStatement[] {
  const { own, full } = syncName(one);
  const [schema, table] = one.to.name;
  return [
    planned(
      one,
      `DROP TRIGGER ${quoteIdentifier(own)} ON ${
        quoteQualified(schema, table)
      }`,
    ),
    planned(one, `DROP FUNCTION ${full}()`),
  ];
}

/** The old value as the new type, by its text: every type can be read from one. */
function converted({ to }: Case, prefix: string): string {
  const type = to.payload["type"];
  return `${prefix}${quoteIdentifier(to.name[2] ?? "")}::pg_catalog.text::${
    typeof type === "string" ? type : "text"
  }`;
}

function backfillText(one: Case): string {
  const { to, from, beside } = one;
  const table = quoteQualified(...to.name.slice(0, 2));
  const column = quoteIdentifier(beside.name[2] ?? "");
  if (from === undefined) {
    return `-- ${to.address} has no default: say what the rows that are there get.
DO ${
      dollarQuote(
        `\nBEGIN\n  RAISE EXCEPTION 'fill in the value of ${
          to.name.join(".").replaceAll("'", "''")
        }, then take this line out';\nEND\n`,
      )
    };
-- UPDATE ${table} SET ${column} = … WHERE ${column} IS NULL;
`;
  }
  const value = converted(one, "");
  return `-- ${BATCH} rows at a time, each lot committed by itself. The conversion is yours to check.
DO ${
    dollarQuote(
      `
DECLARE
  done bigint;
BEGIN
  LOOP
    UPDATE ${table} SET ${column} = ${value}
    WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table}
      WHERE ${column} IS DISTINCT FROM ${value}
      LIMIT ${BATCH}
    ));
    GET DIAGNOSTICS done = ROW_COUNT;
    EXIT WHEN done = 0;
    COMMIT;
  END LOOP;
END
`,
    )
  };
`;
}

/** Both ends must be reached; what is between them holds no rows here. */
async function proveThree(
  ends: { readonly from: Schema; readonly to: Schema },
  plans: readonly ChangePlan[],
  context: SourceContext,
): Promise<void> {
  await withShadow(shadowOptions(context), async (session) => {
    const text = ddlScript(ends.from).sql;
    await loadDdl(session, [{ path: "the starting schema", text }], {
      signal: context.signal,
    });
    for (const plan of plans) await runOnShadow(session, plan.up, "up");
    await compare("up", ends.to);
    for (const plan of plans.toReversed()) {
      await runOnShadow(session, plan.down, "down");
    }
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
