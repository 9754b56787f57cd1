/**
 * The shadow: a throw-away PostgreSQL that schemas are loaded into and changes
 * are tried on. Embedded, or a scratch database on a server that was named for
 * it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { cancelOnAbort } from "../pg/cancel_on_abort.ts";
import { ServerError, type Session } from "../pg/session.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { openEmbeddedShadow } from "./embedded_shadow.ts";
import { lackOf, SERVER_SHADOW_HINT } from "./lacks.ts";
import { EMBEDDED, type ShadowOptions } from "./options.ts";
import { createServerShadow } from "./server_shadow.ts";
import { sessionError } from "./session_error.ts";

/** What may be known of a shadow beside its session. */
export interface ShadowImage {
  /** The key of the image that it started from; undefined where it was empty. */
  readonly startedFrom: string | undefined;
  /**
   * Keeps the database as it is now for the next time. Nothing happens on a
   * server, or where the cache cannot be written.
   *
   * @param key From `imageKey()`.
   */
  keep(key: string): Promise<void>;
}

/**
 * Makes a shadow, does some work in it, and drops it whatever happens.
 *
 * @param options Which one, and what it begins with.
 * @param work What to do. The extensions that were asked for exist.
 * @returns What `work` returns.
 * @throws {PawlError} What opening throws, `shadow-lacks` where an
 * extension is not to be had, `interrupted`, or what `work` throws.
 *
 * @example
 * ```ts ignore
 * const tables = await withShadow({ url: "embedded" }, async (session) => {
 *   await session.script("CREATE TABLE t (a int)");
 *   return await readSchema(session, options);
 * });
 * ```
 */
export async function withShadow<T>(
  options: ShadowOptions,
  work: (session: Session, image: ShadowImage) => Promise<T>,
): Promise<T> {
  return await workIn(await open(options), options, work);
}

/** A shadow that opens while something else goes on. */
export interface ShadowAhead {
  /**
   * As {@linkcode withShadow}; once.
   *
   * @param work What to do.
   */
  use<T>(
    work: (session: Session, image: ShadowImage) => Promise<T>,
  ): Promise<T>;
  /** Drops it where nobody has used it; it may still be opening. */
  drop(): Promise<void>;
}

/**
 * Begins to open a shadow.
 *
 * @param options Which one.
 * @param warmUp What makes it ready for what it will be asked; if that fails,
 * what comes takes longer.
 */
export function shadowAhead(
  options: ShadowOptions,
  warmUp?: (session: Session) => Promise<unknown>,
): ShadowAhead {
  const unwanted = new AbortController();
  const signals = [unwanted.signal, ...options.signal ? [options.signal] : []];
  const opened = open({ ...options, signal: AbortSignal.any(signals) })
    .then(async (shadow) => {
      await warmUp?.(shadow.session).catch(() => {});
      return shadow;
    });
  // Whoever uses it is told.
  opened.catch(() => {});
  let used = false;
  return {
    use: async (work) => {
      used = true;
      return await workIn(await opened, options, work);
    },
    drop: async () => {
      if (used) return;
      unwanted.abort();
      await opened.then((shadow) => shadow.drop(), () => {});
    },
  };
}

/** A shadow that was opened. */
interface OpenShadow {
  readonly session: Session;
  readonly image: string | undefined;
  readonly keep: (key: string) => Promise<void>;
  readonly drop: () => Promise<void>;
}

async function open(options: ShadowOptions): Promise<OpenShadow> {
  return options.url === EMBEDDED ? await openEmbeddedShadow(options) : {
    ...await createServerShadow(options.url, options),
    image: undefined,
    keep: () => Promise.resolve(),
  };
}

async function workIn<T>(
  { session, image, keep, drop }: OpenShadow,
  options: ShadowOptions,
  work: (session: Session, image: ShadowImage) => Promise<T>,
): Promise<T> {
  const { signal } = options;
  try {
    return await cancelOnAbort(session, signal, async () => {
      if (image === undefined) {
        await createExtensions(session, options.extensions ?? []);
      }
      return await work(session, { startedFrom: image, keep });
    });
  } catch (error) {
    if (signal?.aborted && !(error instanceof PawlError)) {
      throw new PawlError(
        "interrupted",
        "Stopped: interrupted while a shadow was at work",
        { hint: "Nothing was changed", cause: error },
      );
    }
    throw sessionError(error, "work in the shadow");
  } finally {
    await drop();
  }
}

async function createExtensions(
  session: Session,
  extensions: readonly string[],
): Promise<void> {
  for (const name of extensions) {
    try {
      await session.script(
        `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} CASCADE`,
      );
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const embedded = session.info.backend === "embedded";
      const { sqlstate, message } = error.fields;
      throw new PawlError(
        embedded && lackOf(error.fields) !== undefined
          ? "shadow-lacks"
          : "statement-failed",
        `Cannot prepare the shadow: ${
          embedded ? "the embedded database has no" : "it cannot have the"
        } extension ${name}`,
        {
          server: { sqlstate, message },
          hint: embedded
            ? SERVER_SHADOW_HINT
            : "Install it on that server, or take it out of extensions in [shadow]",
          cause: error,
        },
      );
    }
  }
}
