/**
 * `plan` and `apply`: a live database straight to a schema, without files.
 * The plan is shown, made again under the lock, run, and what is there
 * afterwards is read back and compared.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { PawlError } from "../errors.ts";
import { relationSizes } from "../inspect/sizes.ts";
import { differences } from "../kinds/forms.ts";
import { ownedBy } from "../kinds/owned_by.ts";
import { type Execution, withCancel } from "../migrate/execution.ts";
import type { Project } from "../migrate/project.ts";
import { driftBefore, recordLeftState } from "../migrate/record_state.ts";
import { noteEnd, noteEvent } from "../migrate/run_events.ts";
import {
  type RunOptions,
  underLock,
  withExecution,
} from "../migrate/run_session.ts";
import { blockedBy } from "../plan/mod.ts";
import type { RelationSize } from "../render/text.ts";
import type { Schema } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import type { ToldRename } from "../sources/mod.ts";
import { readOptions } from "../sources/source.ts";
import {
  type RefusedRoles,
  refusedRoles,
  requireRoles,
  withRefusals,
} from "./acting_roles.ts";
import {
  type ChangePlan,
  isEmpty,
  planBothWays,
  statementsOf,
  toldRenames,
} from "./change_plan.ts";
import { changeBlocked } from "./generate.ts";
import { proveInShadow } from "./prove.ts";
import { type AskRename, askRenames } from "./rename.ts";
import { movedSince } from "./moved.ts";
import { runWay } from "./run_way.ts";
import type { SavedPlan } from "./saved_plan.ts";
import { isWithheld } from "./step_text.ts";
import { keepUndeclared } from "./undeclared.ts";
import { type Goal, readGoal } from "./goal.ts";

/** What to apply, and how. */
export interface ApplyRequest
  extends RunOptions, Omit<SourceContext, "project" | "signal" | "onWarning"> {
  /** The source of the schema to go to. */
  readonly to: string;
  /** Codes of hazards that are allowed. */
  readonly allow?: readonly string[];
  /** Renames that were told. */
  readonly renames?: readonly ToldRename[];
  /** Asked about what may have another name now. */
  readonly askRename?: AskRename | undefined;
  /** Whether plain DDL may block those who use what is there. */
  readonly locking?: boolean;
  /** Whether the change is tried in a shadow; yes by default. */
  readonly prove?: boolean;
  /** A plan that was saved: it must be what would be done now. */
  readonly saved?: SavedPlan | undefined;
}

/** A change of a live database. */
export interface LivePlan {
  /** The change, there and back. */
  readonly plan: ChangePlan;
  /** The schema as it is. */
  readonly from: Schema;
  /** The schema as it is to be. */
  readonly to: Schema;
  /** Where the database is, and what the goal is; without secrets. */
  readonly shown: { readonly from: string; readonly to: string };
  /** The database's name. */
  readonly database: string;
  /** Sizes by address. */
  readonly sizes: ReadonlyMap<string, RelationSize> | undefined;
  /** Whether it was proved. */
  readonly proved: boolean;
}

/** What was applied. */
export interface ApplyResult extends LivePlan {
  /** Whether anything was done. */
  readonly applied: boolean;
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * Plans the way from the project's database to a schema.
 *
 * @param project The project.
 * @param request The goal, and how to go.
 * @throws {PawlError} What reading throws; `proof-failed`, `shadow-lacks`.
 */
export async function planLive(
  project: Project,
  request: ApplyRequest,
): Promise<LivePlan> {
  const goal = await readGoal(project, request);
  return await withExecution(
    project,
    { ...request, readOnly: true },
    async (execution) =>
      (await planOn(project, execution, { request, goal })).planned,
  );
}

/**
 * Takes the project's database to a schema.
 *
 * @param project The project.
 * @param request The goal, how to go, and `confirm`, which is shown the plan.
 * @throws {PawlError} `change-blocked`, `plan-stale` where the database has
 * changed since the plan, `statement-failed`, what `confirm` throws.
 */
export async function apply(
  project: Project,
  request: ApplyRequest & {
    /** Shown what is about to be done; throws where it must not be. */
    readonly confirm: (planned: LivePlan) => Promise<void>;
  },
): Promise<ApplyResult> {
  const goal = await readGoal(project, request);
  return await withExecution(project, request, async (execution) => {
    const { planned, refused } = await planOn(project, execution, {
      request,
      goal,
    });
    await requireSaved(planned, request.saved);
    if (isEmpty(planned.plan.up)) {
      return { ...planned, applied: false, warnings: [] };
    }
    const blocked = blockedBy(
      statementsOf(planned.plan.up),
      new Set(request.allow),
    );
    if (blocked.length > 0) throw changeBlocked(blocked, "apply");
    requireRoles(planned.plan.up, refused);
    await request.confirm(planned);
    return await underLock(project, execution, {
      ...request,
      work: async (locked) => await run(project, locked, { planned }),
    });
  });
}

async function run(
  project: Project,
  execution: Execution,
  what: { readonly planned: LivePlan },
): Promise<ApplyResult> {
  const { planned } = what;
  const { from, to, plan } = planned;
  const options = readOptions({ project, dependencies: true });
  const read = () =>
    withCancel(execution, () => readSchema(execution.session, options));
  const now = await read();
  // Another run has been there, while this one waited for the lock.
  if ((await differences(now, to)).length === 0) {
    return { ...planned, applied: false, warnings: [] };
  }
  await requireUnmoved(from, now);
  const before = await driftBefore(project, execution);
  const { migrationLock, migrationStatement } = project.settings.timeouts;
  await noteEvent(execution, {
    event: "apply-started",
    detail: { from: plan.from, to: plan.to },
  });
  try {
    await runWay(execution, plan.up, {
      lock: migrationLock,
      statement: migrationStatement,
    });
  } catch (error) {
    await noteEvent(execution, {
      event: "apply-failed",
      detail: {
        message: error instanceof Error ? error.message : String(error),
      },
    }).catch(() => {});
    await recordLeftState(project, execution, { changed: true, before });
    throw error;
  }
  const warnings = [
    ...before.warnings,
    ...await recordLeftState(project, execution, { changed: true, before }),
    ...await noteEnd(execution, "apply-finished"),
  ];
  const reached = await read();
  const withheld = statementsOf(plan.up).some(isWithheld);
  const left = await differences(reached, to);
  if (left.length > 0 && !withheld) {
    throw new PawlError(
      "goal-missed",
      "Cannot confirm the change: every statement ran, but the schema is not the goal",
      {
        details: left.map(({ kind, address }) => `${kind}: ${address}`),
        hint:
          "Somebody may have changed it meanwhile: pawl plan shows what is left",
      },
    );
  }
  return { ...planned, applied: true, warnings };
}

async function planOn(
  project: Project,
  execution: Execution,
  what: { readonly request: ApplyRequest; readonly goal: Goal },
): Promise<{
  readonly planned: LivePlan;
  /** The roles that it needs and whoever runs it cannot act as, if any. */
  readonly refused: RefusedRoles | undefined;
}> {
  const { request, goal } = what;
  const { session } = execution;
  const context: SourceContext = {
    ...request,
    project,
    dependencies: true,
  };
  const from = await withCancel(
    execution,
    () => readSchema(session, readOptions(context)),
  );
  const to = keepUndeclared(from, ownedBy(goal.schema, from.owner), {
    others: project.settings.undeclared === "report",
  });
  const sizes = await withCancel(
    execution,
    () => relationSizes(session, from),
  );
  const plan = await planBothWays(from, to, {
    version: session.info.version,
    sizes,
    locking: request.locking,
    databaseOwner: from.databaseOwner,
    renames: await toldRenames(
      [from, to],
      await askRenames([from, to], goal.renames, request.askRename),
      context,
    ),
  });
  const prove = (request.prove ?? true) && !isEmpty(plan.up);
  if (prove) await proveInShadow({ plan, from, to }, context);
  const refused = await withCancel(
    execution,
    () => refusedRoles(session, plan.up),
  );
  const planned: LivePlan = {
    plan: { ...plan, up: withRefusals(plan.up, refused) },
    from,
    to,
    shown: { from: session.info.place, to: goal.name },
    database: session.info.database,
    sizes,
    proved: prove,
  };
  return { planned, refused };
}

/** Nobody may have changed the schema since the plan was shown. */
async function requireUnmoved(planned: Schema, now: Schema): Promise<void> {
  const moved = await differences(planned, now);
  if (moved.length === 0) return;
  throw new PawlError(
    "plan-stale",
    "Cannot apply the plan: the schema has changed since it was made",
    {
      details: moved.map(({ kind, address }) => `${kind}: ${address}`),
      hint: "Run the same command again: it plans anew",
    },
  );
}

/** A saved plan is run only from the schema that it was made for. */
async function requireSaved(
  { plan, from, to }: LivePlan,
  saved: ApplyRequest["saved"],
): Promise<void> {
  if (saved === undefined) return;
  const sql = statementsOf(plan.up).map((statement) => statement.sql);
  const same = sql.length === saved.sql.length &&
    sql.every((text, i) => text === saved.sql[i]);
  if (saved.from === plan.from && saved.to === plan.to && same) return;
  throw new PawlError(
    "plan-stale",
    saved.from !== plan.from
      ? "Cannot apply the saved plan: the schema is not the one that it was made for"
      : saved.to !== plan.to
      ? `Cannot apply the saved plan: ${saved.target} is not what it was`
      : "Cannot apply the saved plan: this pawl would write other SQL",
    {
      details: saved.from !== plan.from
        ? [
          ...await movedSince(saved.objects?.from, from),
          `planned from ${saved.from}`,
          `the schema is ${plan.from}`,
        ]
        : saved.to !== plan.to
        ? [
          ...await movedSince(saved.objects?.to, to),
          `planned for ${saved.to}`,
          `the goal is ${plan.to}`,
        ]
        : [],
      hint: `Make a new one: pawl plan --to ${saved.target} --json`,
    },
  );
}
