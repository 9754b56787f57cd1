/**
 * The part of npm:pg that pawl uses, with types, and a connection of it that
 * speaks over a socket of ours and watches the authentication. Loaded when the
 * first connection is made. The driver reads PG* variables and password files
 * by itself, wrongly: everything here is there to keep it from doing so.
 *
 * @module
 */

import type { Socket } from "node:net";
import type { AuthPolicy } from "./auth_policy.ts";
import { watchAuthentication } from "./auth_watch.ts";
import { DataRowSplitter } from "./data_rows.ts";
import type { OpenSocket } from "./socket.ts";
import { peerCertificate } from "./socket.ts";

/** A message from the server, as the driver parses it. */
export interface DriverMessage {
  /** Its fields. */
  readonly [field: string]: unknown;
}

/** What the driver does with one query. */
export interface DriverQuery {
  /** Sends it; an error would be reported instead of sending. */
  submit(connection: DriverConnection): Error | null;
  /** RowDescription. */
  handleRowDescription(
    message: { readonly fields: readonly DriverField[] },
  ): void;
  /** DataRow, every value in text format. */
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  /** CommandComplete. */
  handleCommandComplete(message: { readonly text: string }): void;
  /** EmptyQueryResponse. */
  handleEmptyQuery(): void;
  /** PortalSuspended. */
  handlePortalSuspended(): void;
  /** CopyInResponse. */
  handleCopyInResponse(connection: DriverConnection): void;
  /** CopyData. */
  handleCopyData(): void;
  /** ErrorResponse, or an error of the connection. */
  handleError(error: unknown): void;
  /** ReadyForQuery, unless there was an error. */
  handleReadyForQuery(): void;
}

/** A column as the driver describes it. */
export interface DriverField {
  /** The column's name. */
  readonly name: string;
  /** The OID of its type. */
  readonly dataTypeID: number;
}

/** Where the driver's parser gets its bytes from. */
export interface ByteSource {
  /** As of an event emitter: `data` with bytes, `end`. */
  on(event: string, listener: (data: Uint8Array) => void): unknown;
}

/** The driver's protocol layer. */
export interface DriverConnection {
  /** Whether `connect` was called. */
  _connecting: boolean;
  /** Whether it says goodbye. */
  _ending: boolean;
  /** Called by the client to open the socket. */
  connect(): void;
  /** Parses what a source gives, and emits it. */
  attachListeners(stream: ByteSource): void;
  /** Every message goes through here. */
  emit(event: string, ...values: unknown[]): boolean;
  /** Adds a listener for a message. */
  on(event: string, listener: (message: DriverMessage) => void): unknown;
  /** Sends Query. */
  query(sql: string): void;
  /** Sends Parse. */
  parse(
    statement: { text: string; name: string; types: readonly number[] },
  ): void;
  /** Sends Bind. */
  bind(portal: {
    portal: string;
    statement: string;
    values: readonly (string | null)[];
    binary: boolean;
  }): void;
  /** Sends Describe. */
  describe(what: { type: "P"; name: string }): void;
  /** Sends Execute. */
  execute(portal: { portal: string; rows: number }): void;
  /** Sends Sync. */
  sync(): void;
  /** Sends CopyFail. */
  sendCopyFail(reason: string): void;
}

/** The driver's client: one connection. */
export interface DriverClient {
  /** The pid of BackendKeyData. */
  readonly processID: number | null;
  /** The key of BackendKeyData. */
  readonly secretKey: number | null;
  /** What the startup message says. */
  getStartupConf: () => Readonly<Record<string, string>>;
  /** Logs in. */
  connect(): Promise<unknown>;
  /** Runs a query. */
  query(query: DriverQuery): unknown;
  /** Says goodbye. */
  end(): Promise<unknown>;
  /** Adds a listener for `error` or `notice`. */
  on(event: string, listener: (message: DriverMessage) => void): unknown;
}

/** The driver's two classes. */
export interface Driver {
  /** One connection. */
  readonly Client: new (
    config: Readonly<Record<string, unknown>>,
  ) => DriverClient;
  /** Its protocol layer. */
  readonly Connection: new (
    config: Readonly<Record<string, unknown>>,
  ) => DriverConnection;
}

/** Whom to log in as, and how. */
export interface Login {
  /** The user. */
  readonly user: string;
  /** The database. */
  readonly database: string;
  /** The password, where one is known. */
  readonly password: string | undefined;
  /** Which ways of authentication are acceptable. */
  readonly auth: AuthPolicy;
  /** Further parameters of the startup message. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The bytes on the wire are not PostgreSQL's. */
class ProtocolError extends Error {
  /** The error's class. */
  override readonly name = "ProtocolError";
}

/** A client of the driver that is about to log in. */
export interface LoginAttempt {
  /** The driver's client. */
  readonly client: DriverClient;
  /** Its protocol layer. */
  readonly connection: DriverConnection;
  /** Whether the server has asked for, or waived, authentication by now. */
  reachedAuthentication(): boolean;
}

/**
 * Loads the driver. It must be there before the socket is: what a socket
 * reports while nobody listens is lost.
 *
 * @returns The driver.
 */
export async function loadDriver(): Promise<Driver> {
  return await import("@db/postgres");
}

/**
 * Makes a client of the driver over an open socket.
 *
 * @param driver The driver.
 * @param open The socket.
 * @param login Whom to log in as.
 * @returns The client, on which `connect()` is to be called.
 */
export function makeClient(
  driver: Driver,
  open: OpenSocket,
  login: Login,
): LoginAttempt {
  const { socket } = open;
  const connection = new driver.Connection({ stream: socket, ssl: false });
  const bindable = login.auth.channelBinding !== "disable" &&
    peerCertificate(open.tls) !== undefined;
  const watch = watchAuthentication(login.auth, {
    bindable,
    hasPassword: Boolean(login.password),
  });
  const emit = connection.emit.bind(connection);
  connection.emit = (event, ...values) => {
    const refusal = watch.refusal(event, values[0]);
    if (refusal === undefined) return emit(event, ...values);
    const told = emit("error", refusal);
    socket.destroy();
    return told;
  };
  connection.connect = () => {
    connection._connecting = true;
    socket.on("error", (error) => {
      // A server that has gone already is no news to one who is leaving.
      if (!connection._ending) connection.emit("error", error);
    });
    socket.on("close", () => connection.emit("end"));
    connection.attachListeners(guarded(socket, connection));
    // The client listens only after this call.
    queueMicrotask(() => connection.emit("connect"));
  };
  const client = new driver.Client({
    connection,
    user: login.user,
    database: login.database,
    host: "localhost",
    port: 5432,
    // A function keeps the driver from PGPASSWORD and ~/.pgpass.
    password: () => login.password ?? "",
    ssl: false,
    sslnegotiation: "postgres",
    enableChannelBinding: bindable,
    // Administrators may raise scram_iterations; libpq knows no bound.
    scramMaxIterations: 10_000_000,
  });
  // What the driver would send may come from the environment of the process.
  client.getStartupConf = () => ({
    ...login.settings,
    user: login.user,
    database: login.database,
  });
  return { client, connection, reachedAuthentication: watch.reached };
}

/** Keeps what the driver's parser throws from becoming an uncaught exception. */
function guarded(socket: Socket, connection: DriverConnection): ByteSource {
  let first = true;
  let broken = false;
  const fail = (reason: string) => {
    broken = true;
    connection.emit("error", new ProtocolError(reason));
    socket.destroy();
  };
  return {
    on: (event, listener) => {
      if (event !== "data") return socket.on(event, listener);
      const rows = new DataRowSplitter({
        bytes: listener,
        row: (fields) => connection.emit("dataRow", { fields }),
      });
      return socket.on("data", (data: Uint8Array) => {
        if (broken) return;
        // Authentication request, error, or protocol version: nothing else
        // may come first. Anything else might announce a message of 1 GB.
        if (first && !FIRST_BYTES.includes(data[0] ?? 0)) {
          return fail("what answers is not a PostgreSQL server");
        }
        first = false;
        try {
          rows.take(data);
        } catch (error) {
          fail(error instanceof Error ? error.message : String(error));
        }
      });
    },
  };
}

const FIRST_BYTES: readonly number[] = ["R", "E", "v"].map((each) =>
  each.charCodeAt(0)
);
