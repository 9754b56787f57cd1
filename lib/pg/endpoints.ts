/**
 * The servers that a connection string names, in the order to try them: hosts,
 * addresses and ports paired up, each with its password from the password file.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type ConninfoContext, userFile } from "./conninfo_context.ts";
import { passfileObjection, passfilePassword } from "./passfile.ts";

/** A server over TCP. */
export interface TcpEndpoint {
  /** What it is. */
  readonly kind: "tcp";
  /** The host as it was named; the address where only that was given. */
  readonly host: string;
  /** The address to use instead of looking up the host. */
  readonly address: string | undefined;
  /** The port. */
  readonly port: number;
  /** The password, where one is known. */
  readonly password: string | undefined;
}

/** A server's socket in the file system. */
export interface UnixEndpoint {
  /** What it is. */
  readonly kind: "unix";
  /** The directory that the socket is in. */
  readonly directory: string;
  /** The port, which names the socket. */
  readonly port: number;
  /** The password, where one is known. */
  readonly password: string | undefined;
}

/** Where a server may be. */
export type Endpoint = TcpEndpoint | UnixEndpoint;

/** Directories that some build of libpq has as its default. */
const SOCKET_DIRECTORIES = ["/var/run/postgresql", "/tmp"] as const;

/** What the endpoints are made of. */
export interface EndpointInput {
  /** The value of a parameter, undefined when it is not set. */
  readonly get: (name: string) => string | undefined;
  /** The user, for the password file. */
  readonly user: string;
  /** The database, for the password file. */
  readonly database: string;
}

/**
 * Pairs hosts, addresses and ports, and finds the passwords.
 *
 * @param input The parameters.
 * @param context Environment and file reader.
 * @param warn Called with what the user should know.
 * @returns The endpoints in the order to try; shuffled with
 * `load_balance_hosts=random`.
 * @throws {PawlError} `conninfo-invalid` when the lists do not pair up.
 */
export function resolveEndpoints(
  input: EndpointInput,
  context: ConninfoContext,
  warn: (text: string) => void,
): readonly Endpoint[] {
  const hosts = input.get("host")?.split(",");
  const addresses = input.get("hostaddr")?.split(",");
  const ports = input.get("port")?.split(",") ?? [""];
  const count = addresses?.length ?? hosts?.length ?? 1;
  if (hosts !== undefined && hosts.length !== count) {
    throw invalid(`there are ${hosts.length} hosts for ${count} hostaddr`);
  }
  if (ports.length !== 1 && ports.length !== count) {
    throw invalid(`there are ${ports.length} ports for ${count} hosts`);
  }
  const passfile = lazyPassfile(input, context, warn);
  const endpoints = Array.from({ length: count }, (_, i): Endpoint => {
    const port = portNumber(ports[ports.length === 1 ? 0 : i] ?? "");
    const address = addresses?.[i]?.trim() || undefined;
    const named = hosts?.[i]?.trim() || undefined;
    if (address !== undefined && !isAddress(address)) {
      throw invalid(`hostaddr "${address}" is no IP address`);
    }
    const host = named ?? address ?? defaultHost(port, context);
    if (host.startsWith("@")) {
      throw invalid("sockets in the abstract namespace (@) are not supported");
    }
    // Libpq: with hostaddr, host only names the server.
    const unix = address === undefined && isSocketDirectory(host, context);
    const password = input.get("password") ??
      passfile({ host: passfileHost(host, unix), port });
    return unix
      ? { kind: "unix", directory: host, port, password }
      : { kind: "tcp", host, address, port, password };
  });
  return input.get("load_balance_hosts")?.toLowerCase() === "random"
    ? shuffle(endpoints, context.random)
    : endpoints;
}

/**
 * Names a place without any secret.
 *
 * @param endpoint A server.
 * @param database The database on it.
 * @returns Such as `db1:5432/app`, `[::1]:5432/app`, `/tmp:5432/app`.
 */
export function describeEndpoint(endpoint: Endpoint, database: string): string {
  return `${endpointName(endpoint)}/${database}`;
}

/**
 * Names a server without a database.
 *
 * @param endpoint A server.
 * @returns Such as `db1:5432`.
 */
export function endpointName(endpoint: Endpoint): string {
  const host = endpoint.kind === "unix"
    ? endpoint.directory
    : endpoint.host.includes(":")
    ? `[${endpoint.host}]`
    : endpoint.host;
  return `${host}:${endpoint.port}`;
}

/**
 * A random order (Fisher and Yates).
 *
 * @param items The items.
 * @param random Numbers from 0 up to 1.
 * @returns The same items in another order.
 */
export function shuffle<T>(
  items: readonly T[],
  random: (() => number) | undefined,
): T[] {
  const left = [...items];
  if (random === undefined) return left;
  const out: T[] = [];
  while (left.length > 0) {
    out.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return out;
}

function portNumber(text: string): number {
  const trimmed = text.trim();
  if (trimmed === "") return 5432;
  const port = /^\d{1,5}$/.test(trimmed) ? Number(trimmed) : 0;
  if (port < 1 || port > 65535) {
    throw invalid(`port "${trimmed}" is no number from 1 to 65535`);
  }
  return port;
}

function isAddress(text: string): boolean {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (four) return four.slice(1).every((part) => Number(part) <= 255);
  return text.includes(":") && /^[0-9A-Fa-f:.]+(?:%[\w.-]+)?$/.test(text);
}

function isSocketDirectory(host: string, context: ConninfoContext): boolean {
  return host.startsWith("/") ||
    (context.windows === true && /^[A-Za-z]:[\\/]/.test(host));
}

function defaultHost(port: number, context: ConninfoContext): string {
  if (context.windows === true) return "localhost";
  // Builds of libpq differ in their one default; where a socket is, there it is.
  const live = SOCKET_DIRECTORIES.find((directory) =>
    context.exists(`${directory}/.s.PGSQL.${port}`)
  );
  if (live !== undefined) return live;
  return context.exists(SOCKET_DIRECTORIES[0]) ? SOCKET_DIRECTORIES[0] : "/tmp";
}

function passfileHost(host: string, unix: boolean): string {
  return unix && SOCKET_DIRECTORIES.some((each) => each === host)
    ? "localhost"
    : host;
}

/** Reads the password file once, and only if a password is missing. */
function lazyPassfile(
  input: EndpointInput,
  context: ConninfoContext,
  warn: (text: string) => void,
): (key: { host: string; port: number }) => string | undefined {
  let text: string | undefined;
  let read = false;
  return ({ host, port }) => {
    if (!read) {
      read = true;
      text = readPassfile(input, context, warn);
    }
    if (text === undefined) return undefined;
    const { user, database } = input;
    return passfilePassword(text, { host, port, database, user });
  };
}

function readPassfile(
  input: EndpointInput,
  context: ConninfoContext,
  warn: (text: string) => void,
): string | undefined {
  const path = input.get("passfile") ??
    userFile(context, ".pgpass", "pgpass.conf");
  if (path === undefined) return undefined;
  try {
    const file = context.readFile(path);
    const objection = file && passfileObjection(path, file);
    if (objection === undefined) return file?.text;
    warn(objection);
  } catch (error) {
    warn(
      `password file "${path}" is ignored: ${
        error instanceof Error ? error.message : String(error)
      }`,
    );
  }
  return undefined;
}

function invalid(state: string): PawlError {
  return new PawlError("conninfo-invalid", `Cannot connect: ${state}`);
}
