/**
 * Watches from a second connection what the working session waits for: who
 * blocks it, and how far a concurrent index build has come. Watching is a
 * courtesy: where it fails, the work goes on unwatched.
 *
 * @module
 */

import { records, type Session } from "./session.ts";

/** A session that another one waits for. */
export interface Blocker {
  /** The backend's process id. */
  readonly pid: number;
  /** Its `application_name`. */
  readonly applicationName: string;
  /** Its role. */
  readonly user: string;
  /** Its state, such as `idle in transaction`. */
  readonly state: string;
  /** What it runs or has run last, at most 200 characters. */
  readonly query: string;
}

/** How far an index build has come. */
export interface BuildProgress {
  /** The phase in PostgreSQL's words, such as `building index: scanning table`. */
  readonly phase: string;
  /** From 0 to 100; undefined where the phase counts nothing. */
  readonly percent: number | undefined;
}

/** What was seen at one look. */
export interface Observation {
  readonly blockers: readonly Blocker[];
  readonly build: BuildProgress | undefined;
}

/** Looks at one backend about twice a second until it is stopped. */
export class Watcher {
  readonly #open: () => Promise<Session>;
  readonly #onLook: (observation: Observation) => void;
  #session: Session | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> = Promise.resolve();
  #failed = false;
  #last: readonly Blocker[] = [];

  /**
   * Makes a watcher; nothing is opened before the first look.
   *
   * @param open Opens the second connection.
   * @param onLook Told what each look saw.
   */
  constructor(
    open: () => Promise<Session>,
    onLook: (observation: Observation) => void,
  ) {
    this.#open = open;
    this.#onLook = onLook;
  }

  /**
   * Runs `work` and watches a backend meanwhile.
   *
   * @param pid The backend.
   * @param work What it does.
   * @param options After how many milliseconds to look first.
   */
  async during<T>(
    pid: number,
    work: () => Promise<T>,
    options: { readonly afterMs: number },
  ): Promise<T> {
    if (this.#failed) return await work();
    this.#last = [];
    let running = true;
    const next = (ms: number) => {
      this.#timer = setTimeout(() => {
        this.#looking = this.#looking.then(async () => {
          if (running) await this.#look(pid);
          if (running && !this.#failed) next(500);
        });
      }, ms);
    };
    next(options.afterMs);
    try {
      return await work();
    } finally {
      // A look that is under way is not waited for; the next one is chained.
      running = false;
      clearTimeout(this.#timer);
    }
  }

  /** Who blocked the backend when it was last seen waiting. */
  get lastBlockers(): readonly Blocker[] {
    return this.#last;
  }

  /** Closes the second connection. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#session?.close();
  }

  async #look(pid: number): Promise<void> {
    try {
      this.#session ??= await this.#open();
      const [blockers, build] = await this.#session.script(lookAt(pid));
      const seen = blockers === undefined
        ? []
        : records(blockers).map((row) => ({
          pid: Number(row["pid"]),
          applicationName: row["application_name"] ?? "",
          user: row["user"] ?? "",
          state: row["state"] ?? "",
          query: row["query"] ?? "",
        }));
      const [progress] = build === undefined ? [] : records(build);
      if (seen.length > 0) this.#last = seen;
      this.#onLook({
        blockers: seen,
        build: progress === undefined ? undefined : {
          phase: progress["phase"] ?? "",
          percent:
            progress["percent"] === null || progress["percent"] === undefined
              ? undefined
              : Number(progress["percent"]),
        },
      });
    } catch {
      this.#failed = true;
    }
  }
}

function lookAt(pid: number): string {
  return [
    `SELECT b.pid, coalesce(a.application_name, '') AS application_name, coalesce(a.usename, '') AS "user", coalesce(a.state, '') AS state, pg_catalog.left(coalesce(a.query, ''), 200) AS query FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(${pid})) AS b(pid) LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid`,
    `SELECT phase, CASE WHEN blocks_total > 0 THEN blocks_done * 100 / blocks_total WHEN tuples_total > 0 THEN tuples_done * 100 / tuples_total WHEN lockers_total > 0 THEN lockers_done * 100 / lockers_total END AS percent FROM pg_catalog.pg_stat_progress_create_index WHERE pid = ${pid}`,
  ].join(";\n");
}

/** One line that names a blocker. */
export function describeBlocker(blocker: Blocker): string {
  const name = blocker.applicationName === ""
    ? "a session"
    : blocker.applicationName;
  const query = blocker.query === ""
    ? ""
    : `: ${blocker.query.replaceAll(/\s+/g, " ")}`;
  return `pid ${blocker.pid} (${name} of ${
    blocker.user === "" ? "another role" : blocker.user
  }, ${blocker.state === "" ? "unknown state" : blocker.state})${query}`;
}
