/**
 * The part of npm:pg that pawl uses, with types, and a connection of it that
 * speaks over a socket of ours and watches the authentication. Loaded when the
 * first connection is made. The driver reads PG* variables and password files
 * by itself, wrongly: everything here is there to keep it from doing so.
 *
 * @module
 */

import type { Socket } from "node:net";
import type { AuthMethod, AuthPolicy } from "./auth_policy.ts";
import type { OpenSocket } from "./socket.ts";
import { peerCertificate } from "./socket.ts";

/** A message from the server, as the driver parses it. */
export interface DriverMessage {
  readonly name?: string;
  readonly [field: string]: unknown;
}

/** What the driver does with one query. */
export interface DriverQuery {
  submit(connection: DriverConnection): Error | null;
  handleRowDescription(
    message: { readonly fields: readonly DriverField[] },
  ): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleEmptyQuery(): void;
  handlePortalSuspended(): void;
  handleCopyInResponse(connection: DriverConnection): void;
  handleCopyData(): void;
  handleError(error: unknown): void;
  handleReadyForQuery(): void;
}

/** A column as the driver describes it. */
export interface DriverField {
  readonly name: string;
  readonly dataTypeID: number;
}

/** Where the driver's parser gets its bytes from. */
interface ByteSource {
  on(event: string, listener: (data: Uint8Array) => void): unknown;
}

/** The driver's protocol layer. */
export interface DriverConnection {
  _connecting: boolean;
  _ending: boolean;
  connect(): void;
  attachListeners(stream: ByteSource): void;
  emit(event: string, ...values: unknown[]): boolean;
  on(event: string, listener: (message: DriverMessage) => void): unknown;
  query(sql: string): void;
  parse(
    statement: { text: string; name: string; types: readonly number[] },
  ): void;
  bind(portal: {
    portal: string;
    statement: string;
    values: readonly (string | null)[];
    binary: boolean;
  }): void;
  describe(what: { type: "P"; name: string }): void;
  execute(portal: { portal: string; rows: number }): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}

/** The driver's client: one connection. */
export interface DriverClient {
  readonly processID: number | null;
  readonly secretKey: number | null;
  getStartupConf: () => Readonly<Record<string, string>>;
  connect(): Promise<unknown>;
  query(query: DriverQuery): unknown;
  end(): Promise<unknown>;
  on(event: string, listener: (message: DriverMessage) => void): unknown;
}

interface Driver {
  readonly Client: new (
    config: Readonly<Record<string, unknown>>,
  ) => DriverClient;
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

/** Authentication failed on our side of the connection. */
export class AuthenticationRefused extends Error {
  override readonly name = "AuthenticationRefused";
}

/** The bytes on the wire are not PostgreSQL's. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** A client of the driver that is about to log in. */
export interface LoginAttempt {
  readonly client: DriverClient;
  readonly connection: DriverConnection;
  /** Whether the server has asked for, or waived, authentication by now. */
  reachedAuthentication(): boolean;
}

/**
 * Makes a client of the driver over an open socket.
 *
 * @param open The socket.
 * @param login Whom to log in as.
 * @returns The client, on which `connect()` is to be called.
 */
export async function makeClient(
  open: OpenSocket,
  login: Login,
): Promise<LoginAttempt> {
  const driver: Driver = await import("@db/postgres");
  const { socket } = open;
  const connection = new driver.Connection({ stream: socket, ssl: false });
  const bindable = login.auth.channelBinding !== "disable" &&
    peerCertificate(open.tls) !== undefined;
  const watch = watchAuthentication(login, bindable);
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
    on: (event, listener) =>
      socket.on(event, (data: Uint8Array) => {
        if (event !== "data") return listener(data);
        if (broken) return;
        // Authentication request, error, or protocol version: nothing else
        // may come first. Anything else might announce a message of 1 GB.
        if (first && !FIRST_BYTES.includes(data[0] ?? 0)) {
          return fail("what answers is not a PostgreSQL server");
        }
        first = false;
        try {
          listener(data);
        } catch (error) {
          fail(error instanceof Error ? error.message : String(error));
        }
      }),
  };
}

const FIRST_BYTES: readonly number[] = ["R", "E", "v"].map((each) =>
  each.charCodeAt(0)
);

interface Watch {
  refusal(event: string, message: unknown): Error | undefined;
  reached(): boolean;
}

/** Libpq's `require_auth` and `channel_binding`, message by message. */
function watchAuthentication(login: Login, bindable: boolean): Watch {
  const { methods, channelBinding } = login.auth;
  let asked: AuthMethod | undefined;
  let proved = false;
  let bound = false;
  let done = false;
  const method = (name: AuthMethod): string | undefined => {
    asked = name;
    if (!methods.includes(name)) {
      return name === "none"
        ? "the server asked for no authentication, which require_auth excludes"
        : `the server asked for ${name} authentication, which require_auth excludes`;
    }
    if (channelBinding === "require" && !bound) {
      return "channel binding is required, and the server or this runtime does not offer it";
    }
    return name !== "none" && !login.password
      ? "the server asks for a password, and none was given"
      : undefined;
  };
  const judge = (event: string, message: unknown): string | undefined => {
    switch (event) {
      case "authenticationCleartextPassword":
        return method("password");
      case "authenticationMD5Password":
        return method("md5");
      case "authenticationSASL": {
        const offered = mechanisms(message);
        bound = bindable && offered.includes("SCRAM-SHA-256-PLUS");
        return offered.some((each) => each.startsWith("SCRAM-SHA-256"))
          ? method("scram-sha-256")
          : `the server wants ${offered.join(", ")}, which is not supported`;
      }
      case "authenticationSASLFinal":
        proved = true;
        return undefined;
      case "authenticationOk":
        if (asked === undefined) return method("none");
        // A server that cannot prove that it knows the password may be another.
        return asked === "scram-sha-256" && !proved
          ? "the server did not prove that it knows the password"
          : undefined;
      default:
        return undefined;
    }
  };
  return {
    refusal: (event, message) => {
      if (done || !event.startsWith("authentication")) return undefined;
      const reason = judge(event, message);
      if (reason !== undefined) return new AuthenticationRefused(reason);
      if (event === "authenticationOk") done = true;
      return undefined;
    },
    reached: () => asked !== undefined,
  };
}

function mechanisms(message: unknown): readonly string[] {
  if (typeof message !== "object" || message === null) return [];
  const list: unknown = "mechanisms" in message
    ? message.mechanisms
    : undefined;
  return Array.isArray(list) ? list.map(String) : [];
}
