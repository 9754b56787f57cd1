/**
 * Runs a JavaScript or TypeScript migration: in one transaction with its
 * history row, or under `// pawl:transaction none` with the intent recorded
 * first, since nobody can tell afterwards how far a program came.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { ConnectionLostError, ServerError } from "../pg/session.ts";
import {
  connectionLost,
  type Execution,
  interrupted,
  rollback,
  send,
} from "./execution.ts";
import { programUrl } from "./load_program.ts";
import type { ProgramBody } from "./model.ts";
import type { PreparedMigration } from "./prepare.ts";
import { ProgramFailedError, runInWorker } from "./program_host.ts";
import { redactMessage, redactReport } from "./redact_sql.ts";
import { refusePooled } from "./run_units.ts";
import type { Unfinished } from "./resume.ts";
import { ScriptBuilder } from "./script_text.ts";
import {
  afterOutside,
  endStatements,
  finalText,
  intentText,
} from "./unit_text.ts";
import { backendAfterProgram } from "./session_changes.ts";
import { beginStatements } from "./session_text.ts";

/** A migration that is a program. */
export type PreparedProgram = PreparedMigration & {
  readonly program: ProgramBody;
};

/**
 * Runs a program in one direction.
 *
 * @param execution The run.
 * @param prepared The program and how it is recorded.
 * @param resume Set where an earlier run was cut off in the middle of it.
 * @throws {PawlError} `migration-failed`, `outcome-unknown`, `interrupted`.
 */
export async function runProgram(
  execution: Execution,
  prepared: PreparedProgram,
  resume: Unfinished | undefined,
): Promise<void> {
  const { run, program } = prepared;
  const [unit] = run.units;
  if (unit === undefined) throw new TypeError("a program has one unit");
  const transactional = unit.kind === "transaction";
  if (resume?.progress.some((p) => p.version === run.version && !p.finished)) {
    refuseUnknown(prepared);
  }
  const begun = resume !== undefined;
  refusePooled(execution, run, resume?.done ?? 0);
  if (resume !== undefined && resume.done >= 1) {
    await send(execution, finalText(execution, run, true));
    return;
  }
  const work = {
    url: await programUrl(program),
    direction: run.direction,
    transactional,
  };
  const place = { unit, begun, fresh: true, done: 1 };
  try {
    if (transactional) {
      const begin = new ScriptBuilder().addAll(
        beginStatements(execution, true),
      );
      await send(execution, begin.texts());
      await runInWorker(execution, work);
      const end = new ScriptBuilder().addAll(
        endStatements(execution, run, place),
      ).addAll(backendAfterProgram(execution)).add("COMMIT");
      await send(execution, end.texts());
    } else {
      await send(execution, intentText(execution, run, place));
      await runInWorker(execution, work);
      await send(
        execution,
        afterOutside(execution, run, { ...place, begun: true }),
      );
    }
  } catch (error) {
    await rollback(execution.session).catch(() => {});
    throw explain(execution, prepared, error);
  }
}

function refuseUnknown(prepared: PreparedProgram): never {
  const { version } = prepared.run;
  throw new PawlError(
    "outcome-unknown",
    `Cannot go on with ${prepared.program.path}: an earlier run ended in the middle of it, and how far it came is not known`,
    {
      hint:
        `Look at what it changes; then pawl repair --step-again ${version} runs it once more, pawl repair --step-done ${version} takes it as done`,
    },
  );
}

function explain(
  execution: Execution,
  prepared: PreparedProgram,
  error: unknown,
): unknown {
  if (execution.signal?.aborted) return interrupted(execution);
  if (error instanceof PawlError) return error;
  if (error instanceof ConnectionLostError) return connectionLost(error);
  const { run, program } = prepared;
  const told = error instanceof ProgramFailedError ? error : undefined;
  const server = error instanceof ServerError ? error.fields : told?.server;
  const message = error instanceof Error ? error.message : String(error);
  const line = told?.line;
  return new PawlError(
    "migration-failed",
    `Cannot ${
      run.direction === "up" ? "apply" : "roll back"
    } ${program.path}: ${message}`,
    {
      location: {
        file: program.path,
        ...(line === undefined ? {} : {
          line,
          text: redactMessage(
            program.source.split("\n")[line - 1]?.slice(0, 200) ?? "",
            "",
          ),
        }),
      },
      ...(server === undefined ? {} : {
        server: redactReport(server, ""),
      }),
      details: [
        run.units[0]?.kind === "transaction"
          ? "rolled back: nothing of this file is in force"
          : "it ran outside a transaction: what it had committed is in force",
      ],
      hint: told?.hint ?? "Mend the program, then run the same command again",
      cause: error,
    },
  );
}
