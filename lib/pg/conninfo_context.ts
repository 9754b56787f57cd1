/**
 * What resolving a connection string asks of its surroundings, as data and
 * functions that are passed in. The one that reads the real system is in
 * `system_context.ts`.
 *
 * @module
 */

/** A file as the resolver sees it. */
export interface FileContent {
  /** Its text. */
  readonly text: string;
  /** Its permission bits, null where the system has none. */
  readonly mode: number | null;
  /** The owner's user id, null where the system has none. */
  readonly uid?: number | null;
}

/** The surroundings of a connection string. */
export interface ConninfoContext {
  /** The environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Reads a regular file.
   *
   * @returns Undefined when there is none.
   * @throws {Error} When it is there and cannot be read.
   */
  readonly readFile: (path: string) => FileContent | undefined;
  /** Whether something is at that path: asked of sockets and their directories. */
  readonly exists: (path: string) => boolean;
  /** The user's home directory, undefined where there is none. */
  readonly homeDir: string | undefined;
  /** The operating system's name of the user. */
  readonly osUser: string | undefined;
  /** Whether this is Windows, where libpq keeps its files elsewhere. */
  readonly windows?: boolean;
  /** Numbers from 0 up to 1, for `load_balance_hosts=random`. */
  readonly random?: () => number;
}

/**
 * Where libpq keeps a user's own file.
 *
 * @param context The surroundings.
 * @param unixName The name below the home directory, such as `.pgpass`.
 * @param windowsName The name below `%APPDATA%\postgresql`.
 * @returns The path, undefined without a home directory.
 */
export function userFile(
  context: ConninfoContext,
  unixName: string,
  windowsName: string,
): string | undefined {
  if (context.windows === true) {
    const data = context.env.APPDATA;
    return data === undefined
      ? undefined
      : `${data}\\postgresql\\${windowsName}`;
  }
  return context.homeDir === undefined
    ? undefined
    : `${context.homeDir.replace(/\/$/, "")}/${unixName}`;
}
