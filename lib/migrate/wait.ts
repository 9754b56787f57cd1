/**
 * Waits for a project's database, whichever kind it is.
 *
 * @module
 */

import { requireDatabase } from "../config/settings.ts";
import type { DatabaseInfo } from "../pg/session.ts";
import { embeddedDirectory, openSession, type Project } from "./project.ts";

/** How to wait for a database. */
export interface WaitForOptions {
  /** Milliseconds at most; 0 tries once, however long that takes. */
  readonly timeoutMs: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Told why a try failed that will be repeated. */
  readonly onAttempt?: ((message: string) => void) | undefined;
  /** Told what the user should know while connecting. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** What answered. */
export interface WaitReport {
  /** Where it is, without secrets. */
  readonly database: string;
  /** `server_version`. */
  readonly server: string;
  /** Whether it is a standby. */
  readonly standby: boolean;
  /** Whole milliseconds. */
  readonly waitedMs: number;
}

/**
 * Waits until a project's database accepts a login and answers a statement.
 *
 * @param project The project.
 * @param options How long, and who is told.
 * @returns What answered.
 * @throws {PawlError} The error of the last try when the time is over, or one
 * that waiting does not mend.
 */
export async function waitForDatabase(
  project: Project,
  options: WaitForOptions,
): Promise<WaitReport> {
  const started = performance.now();
  const info = await answer(project, options);
  return {
    database: info.place,
    server: info.versionText,
    standby: info.standby,
    waitedMs: Math.round(performance.now() - started),
  };
}

async function answer(
  project: Project,
  options: WaitForOptions,
): Promise<DatabaseInfo> {
  const { settings } = project;
  const { source } = requireDatabase(settings);
  const { signal, onAttempt, onWarning } = options;
  // A single try takes the time that a connection takes.
  if (embeddedDirectory(source) !== undefined || options.timeoutMs === 0) {
    const timeouts = { ...settings.timeouts, lockWait: options.timeoutMs };
    const session = await openSession({ ...settings, timeouts }, {
      signal,
      onWarning,
      onWait: onAttempt,
    });
    await session.close();
    return session.info;
  }
  const { waitForServer } = await import("../pg/wait.ts");
  return await waitForServer(source, {
    timeoutMs: options.timeoutMs,
    env: Object.fromEntries(
      [...settings.variables].map(([name, { value }]) => [name, value]),
    ),
    signal,
    onWarning,
    onAttempt: ({ error }) => onAttempt?.(error.message),
  });
}
