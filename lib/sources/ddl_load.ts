/**
 * Loads DDL files, in whatever order they define things, into a throw-away
 * database: first as they stand, then behind what they mention, then by trying
 * for as long as that gets on. Bodies of functions are checked when everything
 * is there.
 *
 * @module
 */

import { ServerError, type Session } from "../pg/session.ts";
import { loadFacts } from "./ddl_facts.ts";
import { explainFailures } from "./ddl_failures.ts";
import { refuseSilentDuplicates } from "./ddl_duplicates.ts";
import { orderStatements } from "./ddl_order.ts";
import { DdlRunner, type FailedStatement } from "./ddl_runner.ts";
import {
  ddlError,
  type DdlFile,
  type DdlStatement,
  placeOf,
  readDdlScript,
} from "./ddl_script.ts";
import { foreignKeysApart } from "./foreign_keys_apart.ts";

/** How to load. */
export interface DdlOptions {
  /** The `search_path` of files that set none, as PostgreSQL takes it. */
  readonly searchPath?: string | undefined;
  /** Stops it between two messages; whoever has the session cancels it. */
  readonly signal?: AbortSignal | undefined;
  /** Told what was passed over. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * Loads files.
 *
 * @param session A throw-away database: each statement is committed.
 * @param files The files, in the order that counts where nothing else decides.
 * @param options The `search_path`, and who is told of warnings.
 * @throws {PawlError} `schema-invalid` with file, line and caret;
 * `shadow-lacks` naming what the embedded database has not.
 */
export async function loadDdl(
  session: Session,
  files: readonly DdlFile[],
  options: DdlOptions = {},
): Promise<void> {
  const scripts = files.map(readDdlScript);
  const inFiles = scripts.map(({ statements, warnings }) => {
    for (const warning of warnings) options.onWarning?.(warning);
    return statements.filter((ddl) => isWanted(ddl, session, options));
  });
  // They are about what is created later on, by others than these files.
  const [last, first] = [true, false].map((wanted) =>
    inFiles.filter((file) => file.every(setsDefaults) === wanted).flat()
  );
  // An event trigger fires on what comes behind it, and may refuse that.
  const [watching, others] = [true, false].map((wanted) =>
    (first ?? []).filter((ddl) => isOfEventTrigger(ddl) === wanted)
  );
  const groups = last === undefined || last.length === 0
    ? [first ?? []]
    : [others ?? [], last, watching ?? []];
  const all = groups.flat();
  refuseSilentDuplicates(all);
  const runner = new DdlRunner(session, options);
  for (const statements of groups) {
    await loadInSomeOrder(runner, statements, all);
  }
  await checkBodies(runner, all);
  // Nothing that a file has set is left to whoever reads.
  await session.script(
    "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL",
  );
}

/** Runs statements as they stand, and what is left from the first failure on in an order that goes. */
async function loadInSomeOrder(
  runner: DdlRunner,
  statements: readonly DdlStatement[],
  all: readonly DdlStatement[],
): Promise<void> {
  const [failed] = await runner.run(statements, { stopAtFailure: true });
  if (failed === undefined) return;
  const rest = await inOrder(statements.slice(failed.index));
  let failures = await runner.run(rest);
  let apart = false;
  for (let before = Infinity; failures.length > 0;) {
    const stuck = failures.length >= before;
    if (stuck && apart) throw await explainFailures(failures, all);
    before = stuck ? Infinity : failures.length;
    const left = failures.map(({ ddl }) => ddl);
    apart ||= stuck;
    failures = await runner.run(stuck ? withKeysLast(left) : left);
  }
}

/** Tables that refer to one another in a circle are made first, their foreign keys then. */
function withKeysLast(statements: readonly DdlStatement[]): DdlStatement[] {
  const parts = statements.map((ddl) => ({
    ddl,
    apart: foreignKeysApart(ddl),
  }));
  return [
    ...parts.map(({ ddl, apart }) => apart?.create ?? ddl),
    ...parts.flatMap(({ apart }) => apart?.foreignKeys ?? []),
  ];
}

function setsDefaults({ statement }: DdlStatement): boolean {
  return statement.words.slice(0, 3).join(" ") === "alter default privileges";
}

function isOfEventTrigger({ statement }: DdlStatement): boolean {
  return /^(?:create|alter|drop|comment on) event trigger\b/
    .test(statement.words.slice(0, 4).join(" "));
}

async function inOrder(
  statements: readonly DdlStatement[],
): Promise<DdlStatement[]> {
  const readFacts = await loadFacts();
  return orderStatements(
    statements.map((ddl) => ({ ddl, facts: readFacts(ddl.statement.text) })),
  );
}

/** Roles are the whole server's: a shadow on a server leaves them alone. */
function isWanted(
  ddl: DdlStatement,
  session: Session,
  options: DdlOptions,
): boolean {
  if (session.info.backend === "embedded") return true;
  const { file, statement } = ddl;
  const [action = "", object = ""] = statement.words;
  if (
    action === "create" && object === "subscription" &&
    !/\bconnect\s*=\s*'?(false|off|0)\b/i.test(statement.text)
  ) {
    throw ddlError(file, statement.start, {
      message:
        "CREATE SUBSCRIPTION would connect to the publisher, from a throw-away database",
      hint: "Write it with (connect = false)",
    });
  }
  const ofRoles = ["create", "alter", "drop"].includes(action) &&
      ["role", "user", "group"].includes(object) &&
      statement.words[2] !== "mapping" ||
    isRoleGrant(statement.text, action);
  if (ofRoles) {
    options.onWarning?.(
      `${file.path}: ${
        statement.text.slice(0, 60).replaceAll(/\s+/g, " ")
      } was passed over: a shadow on a server changes no roles`,
    );
  }
  return !ofRoles;
}

/** GRANT role TO role has no ON. */
function isRoleGrant(text: string, action: string): boolean {
  return (action === "grant" || action === "revoke") && !/\bon\b/i.test(text);
}

const ROUTINE = /^create\s+(?:or\s+replace\s+)?(?=(?:function|procedure)\b)/i;

/**
 * Checks the bodies of functions that were created without a look at them, by
 * replacing each by itself in a transaction that is rolled back.
 */
async function checkBodies(
  runner: DdlRunner,
  statements: readonly DdlStatement[],
): Promise<void> {
  const routines = statements
    .filter(({ state, statement }) =>
      state.checksBodies && ROUTINE.test(statement.text)
    )
    .map((ddl) => ({
      ddl,
      sql: ddl.statement.text.replace(ROUTINE, OR_REPLACE),
    }));
  const failures = (await runner.check(routines)).filter(isOfBody);
  const [first, ...others] = failures;
  if (first === undefined) return;
  const { ddl, error } = first;
  throw ddlError(ddl.file, offsetIn(first), {
    message: error.message,
    details: others.slice(0, 5).map((other) =>
      `${placeOf(other.ddl)}: ${other.error.message}`
    ),
    ...(error.fields.hint === undefined ? {} : { hint: error.fields.hint }),
  });
}

const OR_REPLACE = "CREATE OR REPLACE ";

/**
 * A later statement may have changed what the function returns, or dropped what
 * it takes; and an event trigger may refuse it by RAISE.
 */
function isOfBody({ error }: FailedStatement): boolean {
  return !["42P13", "42P07", "42809", "42501", "P0001"]
    .includes(error.sqlstate);
}

/** The offset of an error in the file: the text that ran had other first words. */
function offsetIn({ ddl, error, offset }: FailedStatement): number {
  if (!(error instanceof ServerError) || error.fields.position === undefined) {
    return ddl.statement.start;
  }
  const written = ROUTINE.exec(ddl.statement.text)?.[0].length ?? 0;
  return Math.max(
    ddl.statement.start,
    offset + written - OR_REPLACE.length,
  );
}
