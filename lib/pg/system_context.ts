/**
 * The surroundings of a connection string as they really are: environment,
 * files, home directory and user of this process.
 *
 * @module
 */

import { homedir, userInfo } from "node:os";
import type { ConninfoContext, FileContent } from "./conninfo_context.ts";

/** What may stand in for the real surroundings. */
export interface SystemContextOptions {
  /** The environment variables; those of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Reads a file; from the disk by default. */
  readonly readFile?:
    | ((path: string) => FileContent | undefined)
    | undefined;
}

/**
 * The surroundings of this process.
 *
 * @param options What stands in for the real ones.
 * @returns A context for `resolveConninfo`.
 */
export function systemContext(
  options: SystemContextOptions = {},
): ConninfoContext {
  const env = options.env ?? Deno.env.toObject();
  const windows = Deno.build.os === "windows";
  return {
    env,
    readFile: options.readFile ?? readFile,
    exists,
    homeDir: env.HOME ||
      (options.env === undefined ? quietly(homedir) : undefined),
    osUser: quietly(() => userInfo().username) || env.USER || env.LOGNAME ||
      env.USERNAME || undefined,
    windows,
    random: Math.random,
  };
}

function readFile(path: string): FileContent | undefined {
  try {
    const info = Deno.statSync(path);
    if (!info.isFile) return undefined;
    return {
      text: Deno.readTextFileSync(path),
      mode: info.mode,
      uid: info.uid,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
}

/** A container's user may have no entry in the user database. */
function quietly<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
