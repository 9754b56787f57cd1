/**
 * Sources that are no database, in a shadow that they were loaded into; from
 * an image of the cache where somebody has done that before.
 *
 * @module
 */

import { shadowSettings } from "../config/late_settings.ts";
import { readDirectory } from "../migrate/directory.ts";
import { displayFrom } from "../migrate/project.ts";
import { searchPathOf } from "../migrate/run_session.ts";
import type { Session } from "../pg/session.ts";
import { imageKey } from "../shadow/image_cache.ts";
import type { ShadowOptions } from "../shadow/options.ts";
import { type ShadowImage, withShadow } from "../shadow/shadow.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { environmentVariables, type SourceContext } from "./context.ts";
import { loadDdl } from "./ddl_load.ts";
import type { DdlFile } from "./ddl_script.ts";
import type { Source } from "./parse_source.ts";
import { replayed, replayKeys, replayMigrations } from "./replay.ts";

/** An image is kept when it took longer than this to make: to pack one takes about as long. */
const WORTH_KEEPING_MS = 500;

/** The shadow that a context asks for. */
export function shadowOptions(context: SourceContext): ShadowOptions {
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

/**
 * Loads DDL into a shadow and gives it to some work.
 *
 * @param files The DDL, in any order.
 * @param context The project, the shadow, listeners.
 * @param work What to do.
 * @throws {PawlError} What making the shadow and `loadDdl()` throw.
 */
export async function withDdl<T>(
  files: readonly DdlFile[],
  context: SourceContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { searchPath } = context.project.settings;
  context.onDdl?.(files);
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
          signal: context.signal,
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

/**
 * Replays migrations in a shadow and gives it to some work.
 *
 * @param source The directory, and the last version.
 * @param context The project, the shadow, listeners.
 * @param work What to do.
 * @throws {PawlError} What making the shadow, reading the directory and
 * `replayMigrations()` throw.
 */
export async function withMigrations<T>(
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
