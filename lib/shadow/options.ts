/**
 * How a shadow is asked for. Data only.
 *
 * @module
 */

/** The shadow that is in pawl itself. */
export const EMBEDDED = "embedded";

/** How to make a shadow. */
export interface ShadowOptions {
  /**
   * `embedded`, or the server for throw-away databases as a URL or libpq's
   * `key=value`. Never the target's by itself.
   */
  readonly url: string;
  /** Extensions to create before anything else. */
  readonly extensions?: readonly string[];
  /**
   * Keys of images that the embedded database may start from, the best first;
   * see `imageKey()`. Undefined: it starts empty.
   */
  readonly images?: readonly string[];
  /** The directory of the cache; the user's own by default. */
  readonly cache?: string | undefined;
  /** The environment variables that libpq would read; the process's by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Cancels what runs and drops the database. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the user should know. */
  readonly onWarning?: ((text: string) => void) | undefined;
}
