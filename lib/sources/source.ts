/**
 * Reads the schema of any source. Sources that are no database are loaded into
 * a shadow, and its catalog is read: nothing here parses SQL to understand a
 * schema.
 *
 * @module
 */

import { type ReadOptions, readSchema } from "../catalog/read.ts";
import { environmentDatabase } from "../config/database.ts";
import { shadowSettings } from "../config/late_settings.ts";
import type { Settings } from "../config/settings_type.ts";
import { didYouMean } from "../config/suggest.ts";
import { PawlError } from "../errors.ts";
import { readDirectory } from "../migrate/directory.ts";
import { displayFrom, type Project } from "../migrate/project.ts";
import { searchPathOf } from "../migrate/run_session.ts";
import { openEmbedded } from "../pg/embedded.ts";
import { connectServer } from "../pg/server.ts";
import type { Session } from "../pg/session.ts";
import type { Schema } from "../schema/schema.ts";
import { imageKey } from "../shadow/image_cache.ts";
import type { ShadowOptions } from "../shadow/options.ts";
import { type ShadowImage, withShadow } from "../shadow/shadow.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { loadDdl } from "./ddl_load.ts";
import type { DdlFile } from "./ddl_script.ts";
import { decodeText, isDirectory, readDdlFiles } from "./files.ts";
import { parseSource, type Source } from "./parse_source.ts";
import { runProgramSource } from "./program.ts";
import { replayed, replayKeys, replayMigrations } from "./replay.ts";
import { readSnapshotFile } from "./snapshot_file.ts";

/** What a source is read with. */
export interface SourceContext {
  /** The project: its settings, and the directory that paths are relative to. */
  readonly project: Project;
  /** `--shadow`: `embedded` or a server; `[shadow] url` by default. */
  readonly shadow?: string | undefined;
  /** Whether dependencies are wanted: for an order, not for a hash. */
  readonly dependencies?: boolean;
  /** The directory of the image cache; the user's own by default. */
  readonly cache?: string | undefined;
  /** Reads standard input; the process's by default. */
  readonly stdin?: (() => Promise<Uint8Array>) | undefined;
  /** Cancels what runs. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the user should know. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** An image is kept when it took longer than this to make. */
const WORTH_KEEPING_MS = 3000;

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
      return await withSession(() => connect(parsed.url, context), work);
    case "embedded":
      if (parsed.directory === undefined) {
        return await withShadow({ url: "embedded" }, work);
      }
      return await withSession(
        () => openDirectory(parsed.directory ?? "", context),
        work,
      );
    case "environment":
      return await withSource(environment(parsed.name, context), context, work);
    case "files": {
      const files = readDdlFiles(parsed.paths, context.project.cwd);
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
  const { managedSchemas, history } = context.project.settings;
  return {
    managedSchemas,
    historySchema: history.schema,
    dependencies: context.dependencies ?? true,
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
): Promise<T> {
  const session = await open();
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

function environmentVariables({ project }: SourceContext) {
  return Object.fromEntries(
    [...project.settings.variables].map(([name, { value }]) => [name, value]),
  );
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

function shadowOptions(context: SourceContext): ShadowOptions {
  const settings = shadowSettings(context.project.settings);
  return {
    url: context.shadow ?? settings.url,
    extensions: settings.extensions,
    cache: context.cache,
    env: environmentVariables(context),
    signal: context.signal,
    onWarning: context.onWarning,
  };
}

async function withDdl<T>(
  files: readonly DdlFile[],
  context: SourceContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { searchPath } = context.project.settings;
  const options = shadowOptions(context);
  const key = imageKey([
    "ddl/1",
    searchPath ?? "",
    ...options.extensions ?? [],
    ...files.map((file) => file.text),
  ]);
  return await withShadow(
    { ...options, images: [key] },
    async (session, image) => {
      if (image.startedFrom === undefined) {
        const started = performance.now();
        await makeSearchPath(session, searchPath);
        await loadDdl(session, files, {
          searchPath: searchPathOf(searchPath),
          onWarning: context.onWarning,
        });
        await keepIfSlow(image, key, started);
      }
      return await work(session);
    },
  );
}

/** Where unqualified names go must be there before anything is created. */
async function makeSearchPath(
  session: Session,
  searchPath: string | undefined,
): Promise<void> {
  for (const name of searchPath?.split(",") ?? []) {
    await session.script(
      `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name.trim())}`,
    );
  }
}

async function withMigrations<T>(
  source: Extract<Source, { readonly kind: "migrations" }>,
  context: SourceContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { project, signal } = context;
  const { migrations, layout } = project.settings;
  const directory = readDirectory({
    path: source.directory,
    display: displayFrom(project.cwd, source.directory),
    layout: source.directory === migrations ? layout : "auto",
  });
  for (const warning of directory.warnings) context.onWarning?.(warning);
  const replay = { project, directory, target: source.target, signal };
  const order = replayed(replay);
  const options = shadowOptions(context);
  const keys = replayKeys(project, order, options.extensions ?? []);
  // The longest beginning that somebody has replayed before.
  const images = keys.toReversed();
  return await withShadow({ ...options, images }, async (session, image) => {
    const started = performance.now();
    await replayMigrations(session, replay);
    const key = keys[order.length - 1];
    if (key !== undefined && key !== image.startedFrom) {
      await keepIfSlow(image, key, started);
    }
    return await work(session);
  });
}

async function keepIfSlow(
  image: ShadowImage,
  key: string,
  started: number,
): Promise<void> {
  if (performance.now() - started < WORTH_KEEPING_MS) return;
  await image.keep(key);
}

async function readStdin(): Promise<Uint8Array> {
  return new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
}
