/**
 * Runs one way of a change on a live database: each transaction with its
 * time-outs, tried again after lock time-outs and deadlocks.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  type Execution,
  rollback,
  send,
  StatementFailed,
} from "../migrate/execution.ts";
import { retrying } from "../migrate/retry.ts";
import { ScriptBuilder } from "../migrate/script_text.ts";
import { beginStatements, cleanSession } from "../migrate/session_text.ts";
import {
  timedStatements,
  timeoutsAround,
} from "../migrate/statement_timeouts.ts";
import type { Unit } from "../migrate/units.ts";
import { serverReport } from "../pg/server_report.ts";
import { describeBlocker } from "../pg/watch.ts";
import { partsOf } from "../plan/mod.ts";
import type { Way } from "./change_plan.ts";
import { type PlanTimeouts, unitsOfWay, type WayUnits } from "./way_units.ts";

/**
 * Runs a way.
 *
 * @param execution The run, under its lock.
 * @param way What to run.
 * @param timeouts Time-outs for what blocks others.
 * @throws {PawlError} `statement-failed` with what was committed before and how
 * to go on; `interrupted`, `connection-lost`.
 */
export async function runWay(
  execution: Execution,
  way: Way,
  timeouts: PlanTimeouts,
): Promise<void> {
  const cut = unitsOfWay(way, timeouts);
  const refused = cut.units.find((unit) => unit.kind === "outside");
  if (execution.session.info.pooled && refused !== undefined) {
    throw new PawlError(
      "pooled-connection",
      "Cannot apply the change: a part of it does not run in a transaction, and this connection goes through a transaction pooler",
      {
        details: refused.statements.map(({ sql }) => sql),
        hint:
          "Set management_url of the environment (PAWL_MANAGEMENT_URL) to an address that leads straight to the server, or use --locking",
      },
    );
  }
  for (const [i, unit] of cut.units.entries()) {
    try {
      await retrying(execution, {
        name: `step ${i + 1}`,
        send: () => sendUnit(execution, unit),
        explain: (error) =>
          error instanceof StatementFailed
            ? failed(execution, cut, { unit, done: i, error })
            : error,
      });
    } catch (error) {
      if (!(error instanceof PawlError) || error.code !== "interrupted") {
        throw error;
      }
      throw stopped({ unit, done: i }, { total: cut.units.length, error });
    }
  }
}

/** What an interrupt leaves: there is no migration that the history tells of. */
function stopped(
  { unit, done }: Place,
  run: { readonly total: number; readonly error: PawlError },
): PawlError {
  return new PawlError("interrupted", run.error.message, {
    details: [
      `step ${
        done + 1
      } of ${run.total} was cancelled, and the lock is released`,
      ...(unit.kind === "transaction" ? ["the step was rolled back"] : [
        ...unit.statements.map(({ sql }) => sql),
        "the statement runs outside a transaction: what it had begun may be left, such as an invalid index, and the next plan mends it",
      ]),
      inForce(done),
    ],
    hint: "Run the same command again to go on: it plans from what is there",
    cause: run.error,
  });
}

function inForce(done: number): string {
  return done === 0
    ? "nothing was changed before it"
    : `${done === 1 ? "the step" : `the ${done} steps`} before it ${
      done === 1 ? "is" : "are"
    } in force`;
}

interface Place {
  readonly unit: Unit;
  /** Units that have been committed. */
  readonly done: number;
}

async function sendUnit(execution: Execution, unit: Unit): Promise<void> {
  const { watcher, session } = execution;
  const work = async () => {
    if (unit.kind === "outside") await outside(execution, unit);
    else await send(execution, transactionTexts(execution, unit));
  };
  if (watcher === undefined) {
    await work();
    return;
  }
  await watcher.during(session.info.pid, work, { afterMs: 1000 });
}

function transactionTexts(execution: Execution, unit: Unit) {
  const builder = new ScriptBuilder()
    .addAll(beginStatements(execution, true))
    // Bodies may name what comes later.
    .add("SET LOCAL check_function_bodies = off");
  for (const { sql, source } of timedStatements(unit.statements)) {
    builder.add(sql, source);
  }
  return builder.add("COMMIT").texts();
}

async function outside(execution: Execution, unit: Unit): Promise<void> {
  await send(
    execution,
    new ScriptBuilder().addAll(cleanSession(execution)).texts(),
  );
  for (const statement of unit.statements) {
    const texts = new ScriptBuilder().addAll(timeoutsAround(statement).set)
      .texts();
    if (texts.length > 0) await send(execution, texts);
    // By itself: several statements in one message would be a transaction.
    await send(
      execution,
      new ScriptBuilder().add(statement.sql, statement).texts(),
    );
  }
  if (!execution.session.open) return;
  await rollback(execution.session);
  await send(
    execution,
    new ScriptBuilder().addAll(cleanSession(execution)).texts(),
  );
}

function failed(
  execution: Execution,
  cut: WayUnits,
  at: Place & { readonly error: StatementFailed },
): PawlError {
  const { done, unit, error: { error, part } } = at;
  const { severity, message } = error.fields;
  const total = cut.units.length;
  const known = part.source === undefined
    ? undefined
    : cut.planned.get(part.source.parsed);
  const blockers = execution.watcher?.lastBlockers ?? [];
  return new PawlError(
    "statement-failed",
    `Cannot apply step ${done + 1} of ${total}${
      known === undefined
        ? ""
        : ` (${partsOf(known).map(({ address }) => address).join(", ")})`
    }: ${message}`,
    {
      server: serverReport(error.fields),
      details: [
        ...(part.source?.sql.split("\n") ?? []),
        `${severity}: ${message}`,
        ...blockers.map(describeBlocker),
        unit.kind === "transaction"
          ? "the step was rolled back"
          : "the statement runs outside a transaction: what it had begun may be left, such as an invalid index, and the next plan mends it",
        inForce(done),
      ],
      hint:
        "Mend what it says, then run the same command again: it plans from what is there",
      cause: error,
    },
  );
}
