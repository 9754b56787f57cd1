/**
 * Reads the schema of any source. Sources that are no database are loaded into
 * a shadow, and its catalog is read: nothing here parses SQL to understand a
 * schema.
 *
 * @module
 */

import { type ReadOptions, readSchema } from "../catalog/read.ts";
import { environmentDatabase } from "../config/database.ts";
import type { Settings } from "../config/settings_type.ts";
import { didYouMean } from "../config/suggest.ts";
import { PawlError } from "../errors.ts";
import { displayFrom } from "../migrate/project.ts";
import { cancelOnAbort } from "../pg/cancel_on_abort.ts";
import { openEmbedded } from "../pg/embedded.ts";
import { connectServer } from "../pg/server.ts";
import type { Session } from "../pg/session.ts";
import type { Schema } from "../schema/schema.ts";
import { EMBEDDED } from "../shadow/options.ts";
import { sessionError } from "../shadow/session_error.ts";
import { withShadow } from "../shadow/shadow.ts";
import { environmentVariables, type SourceContext } from "./context.ts";
import { decodeText, isDirectory } from "./files.ts";
import { readSchemaFiles } from "./model_files.ts";
import { parseSource, type Source } from "./parse_source.ts";
import { runProgramSource } from "./program.ts";
import { withDdl, withMigrations } from "./shadow_source.ts";
import { readSnapshotFile } from "./snapshot_file.ts";

/**
 * Reads the schema of a source.
 *
 * @param source Its name, or what `parseSource()` or {@linkcode declaredSource}
 * made of it.
 * @param context The project, the shadow, listeners.
 * @returns The schema.
 * @throws {PawlError} For whatever is wrong with the source, naming file and
 * line where there are any.
 *
 * @example What the files declare
 * ```ts ignore
 * const project = openProject();
 * const schema = await readSource("schema", { project });
 * ```
 */
export async function readSource(
  source: string | Source,
  context: SourceContext,
): Promise<Schema> {
  const parsed = parsedSource(source, context);
  if (parsed.kind === "snapshot") {
    return await readSnapshotFile(
      parsed.path,
      displayFrom(context.project.cwd, parsed.path),
    );
  }
  return await withSource(
    parsed,
    context,
    (session) => readSchema(session, readOptions(context)),
  );
}

/**
 * Gives the database of a source to some work: the live one, or a shadow that
 * the source was loaded into.
 *
 * @param source Any source but a snapshot, which has no database.
 * @param context The project, the shadow, listeners.
 * @param work What to do.
 * @returns What `work` returns.
 * @throws {PawlError} As {@linkcode readSource}.
 */
export async function withSource<T>(
  source: string | Source,
  context: SourceContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const parsed = parsedSource(source, context);
  switch (parsed.kind) {
    case "server":
      return await withSession(
        () => connect(parsed.url, context),
        work,
        context.signal,
      );
    case "embedded":
      if (parsed.directory === undefined) {
        return await withShadow(
          { url: EMBEDDED, signal: context.signal },
          work,
        );
      }
      return await withSession(
        () => openDirectory(parsed.directory ?? "", context),
        work,
        context.signal,
      );
    case "environment":
      return await withSource(environment(parsed.name, context), context, work);
    case "files": {
      const files = await readSchemaFiles(parsed.paths, context);
      return await withDdl(files, context, work);
    }
    case "stdin": {
      const bytes = await (context.stdin ?? readStdin)();
      const path = "standard input";
      return await withDdl(
        [{ path, text: decodeText(bytes, path) }],
        context,
        work,
      );
    }
    case "program": {
      const output = await runProgramSource(parsed.program, {
        cwd: context.project.settings.root,
        signal: context.signal,
      });
      return await withDdl([output], context, work);
    }
    case "migrations":
      return await withMigrations(parsed, context, work);
    case "snapshot":
      throw new PawlError(
        "usage",
        "Cannot open a snapshot as a database: it has none",
      );
    default:
      return parsed satisfies never;
  }
}

/**
 * The source of the declared schema: `[project] schema`.
 *
 * @param settings The project's settings.
 */
export function declaredSource(settings: Settings): Source {
  const { schemaSource } = settings;
  return schemaSource.kind === "program"
    ? { kind: "program", program: schemaSource.program }
    : { kind: "files", paths: schemaSource.paths };
}

/**
 * What of a database is read, by the project's settings.
 *
 * @param context The project.
 */
export function readOptions(context: SourceContext): ReadOptions {
  const { managedSchemas, history, ignore } = context.project.settings;
  return {
    managedSchemas,
    historySchema: history.schema,
    dependencies: context.dependencies ?? true,
    ignore,
  };
}

function parsedSource(source: string | Source, context: SourceContext): Source {
  return typeof source === "string"
    ? parseSource(source, context.project.cwd)
    : source;
}

async function withSession<T>(
  open: () => Promise<Session>,
  work: (session: Session) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const session = await open();
  const { place } = session.info;
  try {
    return await cancelOnAbort(session, signal, () => work(session));
  } catch (error) {
    if (signal?.aborted && !(error instanceof PawlError)) {
      throw new PawlError(
        "interrupted",
        `Stopped: interrupted while ${place} was read`,
        { hint: "Nothing was changed", cause: error },
      );
    }
    throw sessionError(error, `read ${place}`);
  } finally {
    await session.close();
  }
}

async function connect(url: string, context: SourceContext): Promise<Session> {
  return await connectServer(url, {
    env: environmentVariables(context),
    signal: context.signal,
    onWarning: context.onWarning,
  });
}

/** A directory to read from must be there: reading makes none. */
async function openDirectory(
  directory: string,
  context: SourceContext,
): Promise<Session> {
  isDirectory(directory, displayFrom(context.project.cwd, directory));
  return await openEmbedded({ directory }, {
    lockWaitMs: context.project.settings.timeouts.lockWait,
    signal: context.signal,
    onWait: context.onWarning,
  });
}

/** The database of an environment, as a source of its own. */
function environment(name: string, context: SourceContext): Source {
  const { cwd, settings } = context.project;
  const table = settings.config?.environments.get(name);
  if (table === undefined) {
    const names = [...settings.config?.environments.keys() ?? []];
    const hint = didYouMean(name, names);
    throw new PawlError(
      "usage",
      `Cannot read env:${name}: ${
        settings.config === undefined
          ? "there is no pawl.toml"
          : `${settings.config.file} has no [env.${name}]`
      }`,
      hint === undefined ? {} : { hint },
    );
  }
  const { root, variables } = settings;
  const found = environmentDatabase(name, table, { root, cwd, variables });
  if (!found.ok) throw found.problem;
  const { source } = found.value;
  if (source === "none") {
    throw new PawlError(
      "database-disabled",
      `Cannot read env:${name}: its database is disabled by "none"`,
    );
  }
  return parseSource(source, root);
}

async function readStdin(): Promise<Uint8Array> {
  return new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
}
