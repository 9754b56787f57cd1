/**
 * The proof: a change is made on a throw-away database that holds the schema
 * it starts from; what is there afterwards must be the goal, and what is there
 * after the way back must be the start.
 *
 * @module
 */

import { type ReadOptions, readSchema } from "../catalog/read.ts";
import { type Change, diff } from "../diff.ts";
import { PawlError } from "../errors.ts";
import { formsOf } from "../kinds/forms.ts";
import { ServerError, type Session } from "../pg/session.ts";
import { type PlannedStatement, sliceOf } from "../plan/mod.ts";
import { ddlScript } from "../render/ddl_script.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { EMBEDDED } from "../shadow/options.ts";
import { lackOf, SERVER_SHADOW_HINT } from "../shadow/lacks.ts";
import { type ShadowAhead, shadowAhead } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { loadDdl, readOptions, roleRemedy } from "../sources/mod.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { dollarQuote, quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import {
  type ChangePlan,
  statementsOf,
  touchedBy,
  type Way,
} from "./change_plan.ts";
import { isWithheld } from "./step_text.ts";
import { unmodelledReason } from "./unmodelled_reason.ts";

/** What a plan is proved against. */
export interface ProofGoal {
  readonly plan: ChangePlan;
  /** The schema that it starts from. */
  readonly from: Schema;
  /** The schema that it ends at. */
  readonly to: Schema;
}

/** How a plan is proved. */
export interface ProofOptions {
  /** What of the database is read. */
  readonly read: ReadOptions;
  /** The parts of both schemas that the database has; all by default. */
  readonly within?: readonly [Schema, Schema];
}

/**
 * Begins to open the shadow for a proof, while servers are at work elsewhere.
 *
 * @param context The project, the shadow, listeners.
 * @returns Undefined for a shadow on a server, which has it at once.
 */
export function proofAhead(context: SourceContext): ShadowAhead | undefined {
  const options = shadowOptions(context);
  if (options.url !== EMBEDDED) return undefined;
  // The first reading fills PostgreSQL's caches, which takes longer than a proof.
  return shadowAhead(
    options,
    (session) => readSchema(session, reading(context)),
  );
}

/** How a proof reads: what is compared says nothing of dependencies. */
function reading(context: SourceContext): ReadOptions {
  return { ...readOptions(context), dependencies: false };
}

/**
 * Proves a plan in a shadow that holds what of the starting schema the change
 * is about.
 *
 * @param goal The plan, and both schemas with their dependencies.
 * @param context The project, the shadow, listeners; and the shadow itself where
 * it opens already.
 * @throws {PawlError} `proof-failed` with what differs; `shadow-lacks` where
 * the shadow cannot host the schema.
 */
export async function proveInShadow(
  goal: ProofGoal,
  context: SourceContext & { readonly ahead?: ShadowAhead | undefined },
): Promise<void> {
  const { plan } = goal;
  const { databaseOwner } = plan;
  // What is said to be nobody's in particular is the database's owner's then.
  const goesAlong = ({ kind }: SchemaObject) =>
    databaseOwner !== undefined && kind === "owner";
  const [from, to] = sliceOf(
    [goal.from, goal.to],
    touchedBy(plan),
    goesAlong,
  );
  const { ahead = shadowAhead(shadowOptions(context)) } = context;
  await ahead.use(async (session) => {
    if (databaseOwner !== undefined) await handOver(session, databaseOwner);
    // With what comes by itself there is more than was asked for.
    const text = ddlScript(from, { databaseOwner }).sql;
    await loadDdl(session, [{ path: "the starting schema", text }], {
      signal: context.signal,
    });
    await prove(session, goal, {
      read: readOptions(context),
      within: [from, to],
    });
  }).catch((error) => {
    throw unmodelledReason(error, [goal.from, goal.to]);
  });
}

/** Makes a throw-away database somebody else's, as the real one is. */
async function handOver(session: Session, owner: string): Promise<void> {
  const role = quoteIdentifier(owner);
  const database = quoteIdentifier(session.info.database);
  try {
    await session.script(
      `DO ${
        dollarQuote(
          `BEGIN IF pg_catalog.to_regrole(${
            quoteLiteral(role)
          }) IS NULL THEN CREATE ROLE ${role}; END IF; END`,
        )
      }`,
    );
    await session.script(`ALTER DATABASE ${database} OWNER TO ${role}`);
  } catch (error) {
    if (!(error instanceof ServerError) || error.sqlstate !== "42501") {
      throw error;
    }
    throw new PawlError(
      "shadow-lacks",
      `Cannot prove the change: the shadow's role may not make a database ${owner}'s`,
      {
        details: [error.message],
        hint:
          "Name a server for throw-away databases with a role that may: --shadow, or url in [shadow] of pawl.toml; --no-prove goes on without the proof",
        cause: error,
      },
    );
  }
}

/**
 * Proves a plan on a throw-away database that holds the schema it starts from.
 *
 * @param session The database; it is at the start again afterwards.
 * @param goal The plan, and both schemas.
 * @param options What of the database is read, and what of the schemas it has.
 * @throws {PawlError} `proof-failed`.
 */
export async function prove(
  session: Session,
  goal: ProofGoal,
  options: ProofOptions,
): Promise<void> {
  const { plan, from, to } = goal;
  const [start, goals] = options.within ?? [from, to];
  const ways = [
    { name: "up", way: plan.up, whole: to, within: goals },
    { name: "down", way: plan.down, whole: from, within: start },
  ] as const;
  for (const { name, way, whole, within } of ways) {
    // What lacks a secret has not been done, so that nothing can be compared.
    if (statementsOf(way).some(isWithheld)) return;
    await runOnShadow(session, way, name);
    const reached = await readSchema(session, {
      ...options.read,
      // What is compared says nothing of them.
      dependencies: false,
    });
    const end = expected(whole, within, reached);
    const forms = await formsOf([reached, end]);
    const left = diff(reached, end, forms).filter((change) =>
      name === "up" || !isMended(change)
    );
    if (left.length > 0) throw notReached(name, left);
  }
}

/** An index that an interrupted build has left invalid is one that nobody makes again. */
function isMended(change: Change): boolean {
  return change.kind === "altered" && change.from.kind === "index" &&
    change.attributes.every(({ key, to }) => key === "valid" && to === false);
}

/** What is to be there: what was put there, and what of the rest came by itself. */
function expected(whole: Schema, within: Schema, reached: Schema): Schema {
  if (whole === within) return whole;
  // The whole may be a thousand times as large.
  const addresses = new Set([
    ...within.objects.keys(),
    ...reached.objects.keys(),
  ]);
  const objects = [...addresses].flatMap((address) =>
    whole.objects.get(address) ?? []
  );
  return makeSchema(objects, whole);
}

/**
 * Runs one way on a throw-away database; roles that are missing are made.
 *
 * @throws {PawlError} `proof-failed`, `shadow-lacks`.
 */
export async function runOnShadow(
  session: Session,
  way: Way,
  name: "up" | "down",
): Promise<void> {
  await session.script("SET check_function_bodies = off");
  for (const { transactional, statements } of way.steps) {
    for (let made = new Set<string>();;) {
      const failed = await runStep(session, statements, transactional);
      if (failed === undefined) break;
      const remedy = roleRemedy(failed.error, failed.statement.sql);
      if (remedy === undefined || made.has(remedy)) {
        throw doesNotRun(name, failed);
      }
      made = new Set([...made, remedy]);
      await session.script(remedy);
    }
  }
  await session.script("RESET check_function_bodies");
}

interface Failed {
  readonly statement: PlannedStatement;
  readonly error: ServerError;
}

async function runStep(
  session: Session,
  statements: readonly PlannedStatement[],
  transactional: boolean,
): Promise<Failed | undefined> {
  if (transactional) await session.script("BEGIN");
  for (const statement of statements) {
    try {
      await session.script(statement.sql);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (transactional) await session.script("ROLLBACK");
      return { statement, error };
    }
  }
  if (transactional) await session.script("COMMIT");
  return undefined;
}

const REPORT_HINT =
  "This is a defect of pawl: please report it with both schemas (pawl snapshot writes them). --no-prove goes on without the proof";

function doesNotRun(
  way: "up" | "down",
  { statement, error }: Failed,
): PawlError {
  const lack = lackOf(error.fields);
  if (lack !== undefined) {
    return new PawlError(
      "shadow-lacks",
      `Cannot prove the change: the shadow has no ${lack}`,
      { hint: SERVER_SHADOW_HINT, cause: error },
    );
  }
  return new PawlError(
    "proof-failed",
    `Cannot prove the change: a statement of the way ${way} does not run`,
    {
      details: [
        ...statement.sql.split("\n"),
        `${error.fields.severity}: ${error.message}`,
      ],
      hint: REPORT_HINT,
      cause: error,
    },
  );
}

/** The error of a way that ran and led elsewhere. */
export function notReached(
  way: "up" | "down",
  left: readonly Change[],
): PawlError {
  return new PawlError(
    "proof-failed",
    `Cannot prove the change: the way ${way} does not lead to the ${
      way === "up" ? "goal" : "start"
    }`,
    {
      details: left.slice(0, 20).map((change) =>
        change.kind === "altered"
          ? `${change.address}: ${
            change.attributes.map(({ key, from, to }) =>
              `${key} is ${JSON.stringify(from)}, not ${JSON.stringify(to)}`
            ).join("; ")
          }`
          : `${change.address}: ${
            change.kind === "created" ? "is missing" : "is still there"
          }`
      ),
      hint: REPORT_HINT,
    },
  );
}
