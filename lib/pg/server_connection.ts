/**
 * A logged-in connection to a server: one round trip at a time, notices, and
 * what becomes of them when the connection ends. It knows the driver, and
 * nothing of hosts, TLS or what is asked.
 *
 * @module
 */

import type { Socket } from "node:net";
import type { DriverClient, DriverConnection } from "./driver.ts";
import { errorFields, noticeFields, RoundTrip } from "./server_query.ts";
import {
  ConnectionLostError,
  type Notice,
  type Parameter,
  type RowListener,
  ServerError,
  type ServerErrorFields,
} from "./session.ts";

/** Milliseconds that a polite goodbye may take. */
const GOODBYE_MS = 2000;
/** Bind counts its parameters in sixteen bits. */
const MOST_PARAMETERS = 65535;

/** One connection; round trips are made in the order they are asked for. */
export class ServerConnection {
  readonly #client: DriverClient;
  readonly #socket: Socket;
  readonly #listeners = new Set<(notice: Notice) => void>();
  #lost: ConnectionLostError | undefined;
  #closed: Promise<void> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #pending: {
    readonly trip: RoundTrip;
    readonly settle: (lost?: ConnectionLostError) => void;
  } | undefined;

  /**
   * Takes over a client that has logged in.
   *
   * @param client The driver's client.
   * @param connection Its protocol layer.
   * @param socket The socket below, to be closed with it.
   */
  constructor(
    client: DriverClient,
    connection: DriverConnection,
    socket: Socket,
  ) {
    this.#client = client;
    this.#socket = socket;
    connection.on("readyForQuery", () => this.#pending?.settle());
    connection.on("end", () => this.#lose(undefined));
    // Beside a broken socket, this is what the server says to an idle session.
    client.on("error", (error) => {
      this.#lose(errorFields(error), error);
      socket.destroy();
    });
    client.on("notice", (message) => {
      if (this.#listeners.size === 0) return;
      const notice = noticeFields(message);
      if (notice === undefined) return;
      for (const listener of [...this.#listeners]) listener(notice);
    });
  }

  /** False once the connection is closed or lost. */
  get open(): boolean {
    return this.#lost === undefined && this.#closed === undefined;
  }

  /**
   * Makes a round trip, after those that were asked for before.
   *
   * @param sql What to run.
   * @param parameters For the extended protocol; undefined for the simple one.
   * @param onRow Takes the rows, which the results then have not.
   * @returns The results.
   * @throws {ServerError} When the server refuses a statement.
   * @throws {ConnectionLostError} When the connection ends in the middle, or
   * has ended before.
   */
  run(
    sql: string,
    parameters?: readonly Parameter[],
    onRow?: RowListener,
  ): Promise<RoundTrip> {
    const turn = this.#last.then(() => this.#roundTrip(sql, parameters, onRow));
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Calls `listener` for every notice until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void {
    // A function of its own, so that the same listener may be added twice.
    const own = (notice: Notice) => listener(notice);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Ends the connection; a statement that runs is abandoned. */
  close(): Promise<void> {
    this.#closed ??= this.#goodbye();
    return this.#closed;
  }

  async #roundTrip(
    sql: string,
    parameters: readonly Parameter[] | undefined,
    onRow: RowListener | undefined,
  ): Promise<RoundTrip> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#closed !== undefined) {
      throw new ConnectionLostError(
        "Cannot run a statement: the connection is closed",
      );
    }
    refuseUnsendable(sql, parameters);
    const trip = new RoundTrip(sql, parameters, onRow);
    await new Promise<void>((resolve, reject) => {
      this.#pending = {
        trip,
        settle: (lost) => {
          this.#pending = undefined;
          if (lost === undefined) resolve();
          else reject(lost);
        },
      };
      this.#client.query(trip);
    });
    if (trip.error !== undefined) {
      throw new ServerError(trip.error, trip.completed);
    }
    trip.rethrow();
    return trip;
  }

  #lose(fields: ServerErrorFields | undefined, cause?: unknown): void {
    const said = fields ?? this.#pending?.trip.error;
    if (this.#lost === undefined) {
      const reason = said?.message ??
        (cause instanceof Error ? cause.message : "the server closed it");
      this.#lost = new ConnectionLostError(
        this.#closed === undefined
          ? `Cannot go on: the connection to the server was lost (${reason})`
          : "Cannot go on: the connection was closed while a statement ran",
        said,
      );
    }
    this.#pending?.settle(this.#lost);
  }

  async #goodbye(): Promise<void> {
    this.#listeners.clear();
    if (this.#lost !== undefined) {
      this.#socket.destroy();
      return;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GOODBYE_MS);
    });
    await Promise.race([this.#client.end(), patience]);
    clearTimeout(timer);
    this.#socket.destroy();
  }
}

/**
 * What the protocol cannot carry must not be sent: a NUL would end the text
 * there, half a surrogate pair would become another character.
 */
function refuseUnsendable(
  sql: string,
  parameters: readonly Parameter[] | undefined,
): void {
  const values = [sql, ...(parameters ?? [])];
  const message = values.some((value) => value?.includes("\0"))
    ? "a statement or parameter holds a NUL character, which PostgreSQL's text cannot hold"
    : values.some((value) => value !== null && !value.isWellFormed())
    ? "a statement or parameter is not well-formed Unicode (half a surrogate pair)"
    : undefined;
  if (message !== undefined) {
    throw new ServerError({ severity: "ERROR", sqlstate: "22021", message }, 0);
  }
  if (parameters !== undefined && parameters.length > MOST_PARAMETERS) {
    throw new ServerError({
      severity: "ERROR",
      sqlstate: "54023",
      message: `a statement has ${parameters.length} parameters; ` +
        `the protocol carries ${MOST_PARAMETERS}`,
    }, 0);
  }
}
