/**
 * What commands that work on a project have in common: opening it as the
 * global options say, naming the database first, and asking where it is
 * protected.
 *
 * @module
 */

import { describeDatabase } from "../../config/database.ts";
import { requireDatabase } from "../../config/settings.ts";
import { PawlError } from "../../errors.ts";
import {
  allEnvironments,
  openProject,
  type Project,
  type ProjectOptions,
} from "../../migrate/project.ts";
import type { Diagnostic } from "../command.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";

/** The option for how long the lock is waited for. */
export const lockWait = option.string({
  value: "TIME",
  description:
    "How long to wait for another run's lock; 0 fails at once (default 30s)",
  variable: "PAWL_TIMEOUTS_LOCK_WAIT",
  variableIsConfiguration: true,
});

/** The option that confirms what `-y` does not, on a protected environment. */
export const confirmOption = option.string({
  value: "DATABASE",
  description:
    "Confirm by the database's name what a protected environment asks for",
});

/** Opens the project that the global options name. */
export function project(
  io: Io,
  more: Pick<ProjectOptions, "flags"> = {},
  env?: string,
): Project {
  const opened = openProject({
    cwd: io.cwd,
    config: io.globals.config,
    envFile: io.globals.envFile,
    project: io.globals.project,
    environment: env ?? io.globals.envs[0],
    db: io.globals.db,
    ...more,
  });
  for (const variable of opened.settings.variables.values()) {
    if (/PASSWORD|SECRET/.test(variable.origin)) io.secrets.add(variable.value);
  }
  io.secrets.addFrom(opened.settings.database?.source ?? "");
  for (const warning of opened.settings.warnings) io.warn(warning);
  return opened;
}

/** The value of `--lock-wait` as a flag for the settings. */
export function lockWaitFlag(
  value: string | undefined,
): Pick<ProjectOptions, "flags"> {
  return value === undefined ? {} : {
    flags: [{ key: "timeouts.lock_wait", flag: "--lock-wait", text: value }],
  };
}

/** Says which database is about to be opened, and what named it. */
export function announce(io: Io, opened: Project): void {
  io.note(`Database: ${describeDatabase(requireDatabase(opened.settings))}`);
}

/** SQL on standard output is what would run: a run itself has none to show. */
export function requireDryRunForSql(io: Io, dryRun: boolean): void {
  if (io.globals.format !== "sql" || dryRun) return;
  throw new PawlError(
    "usage",
    "Cannot write SQL: --format sql goes with --dry-run",
    {
      hint: "pawl sql FROM:TO writes a script to run by hand",
    },
  );
}

/**
 * The environments of a command that takes several.
 *
 * @returns Undefined for one database, however it is named.
 */
export function severalNames(
  io: Io,
  all: boolean,
): readonly string[] | undefined {
  const { envs, db } = io.globals;
  if (all && (envs.length > 0 || db !== undefined)) {
    throw new PawlError(
      "usage",
      "Cannot use --all with -e or --db: it means every environment",
    );
  }
  if (envs.length > 1 && db !== undefined) {
    throw new PawlError(
      "usage",
      "Cannot use --db with -e: each names a database",
    );
  }
  if (!all) return envs.length > 1 ? envs : undefined;
  const names = allEnvironments({ cwd: io.cwd, config: io.globals.config });
  if (names.length === 0) {
    throw new PawlError(
      "database-missing",
      "Cannot use --all: there is no environment and no profile",
      {
        hint: "Write [env.NAME] into pawl.toml, or pawl profiles save NAME URL",
      },
    );
  }
  return names;
}

/** The same Io with a name before every line of talk, for several databases. */
export function named(io: Io, name: string): Io {
  return {
    ...io,
    note: (text) => io.note(`${name}: ${text}`),
    detail: (text, level) => io.detail(`${name}: ${text}`, level),
    warn: (text, hint) => io.warn(`${name}: ${text}`, hint),
    progress: (text) => {
      const progress = io.progress(`${name}: ${text}`);
      return {
        update: (more) => progress.update(`${name}: ${more}`),
        done: progress.done,
      };
    },
  };
}

/** Asks for the database's name where the environment is protected. */
export async function confirmProtected(
  io: Io,
  opened: Project,
  asked: {
    readonly what: string;
    readonly database: string;
    readonly confirm: string | undefined;
  },
): Promise<void> {
  if (!opened.settings.protected) {
    if (asked.confirm !== undefined && asked.confirm !== asked.database) {
      throw new PawlError(
        "confirmation-needed",
        `Cannot ${asked.what}: --confirm names ${asked.confirm}, the database is ${asked.database}`,
      );
    }
    return;
  }
  await io.confirmTyped(
    `${
      opened.settings.environment ?? "This environment"
    } is protected. To ${asked.what}, type the database's name (${asked.database})`,
    asked.database,
    { flag: "--confirm DATABASE", given: asked.confirm },
  );
}

/** Warnings as diagnostics. */
export function warningDiagnostics(warnings: readonly string[]): Diagnostic[] {
  return warnings.map((message) => ({ severity: "warning", message }));
}

/** `1 migration`, `2 migrations`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
