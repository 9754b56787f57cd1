/**
 * Starts psql on a project's database: with the very server, user, role and
 * search_path that pawl uses, and no password where other users see it.
 *
 * @module
 */

import { requireDatabase } from "../config/settings.ts";
import { PawlError } from "../errors.ts";
import { parseConninfo } from "../pg/conninfo.ts";
import { isSecretParameter } from "../pg/conninfo_parameters.ts";
import { findService } from "../pg/service_file.ts";
import { systemContext } from "../pg/system_context.ts";
import type { Project } from "./project.ts";
import { searchPathOf } from "./run_session.ts";

/** What psql is started with. */
export interface PsqlInvocation {
  /** Its arguments; no secret is among them. */
  readonly args: readonly string[];
  /** All of its environment; the password, if any, is `PGPASSWORD`. */
  readonly env: Readonly<Record<string, string>>;
}

/** What psql is to be started for. */
export interface PsqlRequest {
  /** A URL or `key=value` pairs, as libpq reads them. */
  readonly source: string;
  /** The environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** The role to set first. */
  readonly role?: string | undefined;
  /** The `search_path`, as PostgreSQL takes it. */
  readonly searchPath?: string | undefined;
  /** What to pass on to psql. */
  readonly args?: readonly string[];
}

/**
 * Works out how to start psql.
 *
 * The parameters of a service come from its file and travel as if they had
 * been in the connection string, so that nothing can override this string.
 *
 * @param request The connection, the environment, what to pass on.
 * @returns Arguments and environment.
 * @throws {PawlError} `conninfo-invalid`.
 */
export function psqlInvocation(request: PsqlRequest): PsqlInvocation {
  const { PGSERVICE, ...env } = request.env;
  const parameters = new Map(parseConninfo(request.source).parameters);
  const service = parameters.get("service") || PGSERVICE;
  if (service !== undefined && service !== "") {
    const context = systemContext({ env: request.env });
    for (const [name, value] of findService(service, context).parameters) {
      if (!parameters.has(name)) parameters.set(name, value);
    }
  }
  parameters.delete("service");
  const password = parameters.get("password");
  parameters.delete("password");
  const secret = [...parameters].find(([name, value]) =>
    value !== "" && isSecretParameter(name)
  );
  if (secret !== undefined) {
    throw new PawlError(
      "conninfo-invalid",
      `Cannot start psql: ${
        secret[0]
      } could be given to it only where other users see it`,
      { hint: "Leave it out of the connection string for pawl shell" },
    );
  }
  const options = [
    parameters.get("options") || env.PGOPTIONS,
    request.role === undefined ? undefined : option("role", request.role),
    request.searchPath === undefined
      ? undefined
      : option("search_path", request.searchPath),
  ].filter((each) => each !== undefined && each !== "");
  if (options.length > 0) parameters.set("options", options.join(" "));
  const conninfo = [...parameters].filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}='${value.replace(/['\\]/g, "\\$&")}'`)
    .join(" ");
  return {
    args: [
      ...(conninfo === "" ? [] : ["-d", conninfo]),
      ...request.args ?? [],
    ],
    env: password === undefined || password === ""
      ? env
      : { ...env, PGPASSWORD: password },
  };
}

/** A setting of the session; the server takes spaces for ends. */
function option(name: string, value: string): string {
  return `-c ${name}=${value.replace(/[\s\\]/g, "\\$&")}`;
}

/** How to run psql. */
export interface PsqlOptions {
  /** What to pass on to psql. */
  readonly args: readonly string[];
  /** Ends psql when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs psql on a project's database, on the terminal or streams of this process.
 *
 * @param project The project.
 * @param options Arguments and signal.
 * @returns The exit code of psql.
 * @throws {PawlError} `program-failed` where psql cannot be started,
 * `conninfo-invalid`.
 */
export async function runPsql(
  project: Project,
  options: PsqlOptions,
): Promise<number> {
  const { settings } = project;
  const { args, env } = psqlInvocation({
    source: requireDatabase(settings).source,
    env: Object.fromEntries(
      [...settings.variables].map(([name, { value }]) => [name, value]),
    ),
    role: settings.role,
    searchPath: searchPathOf(settings.searchPath),
    args: options.args,
  });
  const { state } = await Deno.permissions.query({
    name: "run",
    command: "psql",
  });
  if (state !== "granted") {
    throw new PawlError(
      "program-failed",
      "Cannot start psql: this pawl was built to start no other programs",
      { hint: "Use the full pawl, or start psql yourself" },
    );
  }
  const child = start([...args], { ...env });
  const stop = () => child.kill("SIGTERM");
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    const { code } = await child.status;
    return code;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

function start(args: string[], env: Record<string, string>): Deno.ChildProcess {
  try {
    return new Deno.Command("psql", {
      args,
      env,
      clearEnv: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound;
    throw new PawlError(
      "program-failed",
      missing
        ? "Cannot start psql: there is none in PATH"
        : `Cannot start psql: ${
          cause instanceof Error ? cause.message : String(cause)
        }`,
      {
        ...(missing
          ? {
            hint:
              "Install PostgreSQL's client programs, such as the package postgresql-client",
          }
          : {}),
        cause,
      },
    );
  }
}
