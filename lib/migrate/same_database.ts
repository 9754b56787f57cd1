/**
 * Whether two addresses may lead to one database, so that a protected one
 * stays protected however it is spelt. It compares what libpq's rules make of
 * them, and asks no name server: another DNS name is another server to it.
 *
 * @module
 */

import { hostname } from "node:os";
import type { Variables } from "../config/variables.ts";
import { PawlError } from "../errors.ts";
import { parseConninfo, resolveConninfo } from "../pg/conninfo.ts";
import type { ConninfoContext } from "../pg/conninfo_context.ts";
import { systemContext } from "../pg/system_context.ts";

/** A database as far as its address tells. */
interface Place {
  readonly servers: ReadonlySet<string>;
  readonly database: string;
}

/** What a host of this machine is compared as; no host has such a name. */
const HERE = "(this machine)";

/**
 * Compares two addresses. User, password and other parameters do not matter;
 * every way to this machine on one port counts as one server, sockets too.
 *
 * @param one A source, such as `postgres://…`, `key=value` or `pglite:DIR`.
 * @param other Another one.
 * @param variables What fills their gaps: `PG*`, and the service file's place.
 * @returns Whether they share a server and a database's name.
 */
export function sameDatabase(
  one: string,
  other: string,
  variables: Variables,
): boolean {
  if (one.startsWith("pglite:") || other.startsWith("pglite:")) {
    return sameDirectory(one, other);
  }
  const context = systemContext({
    env: Object.fromEntries([...variables].map(([name, v]) => [name, v.value])),
  });
  const left = placeOf(one, context);
  const right = placeOf(other, context);
  return left !== undefined && right !== undefined &&
    left.database === right.database &&
    [...left.servers].some((server) => right.servers.has(server));
}

function sameDirectory(one: string, other: string): boolean {
  const [left, right] = [one, other].map((source) => {
    const directory = /^pglite:(.+)$/s.exec(source)?.[1];
    // Without a directory each is a throw-away database of its own.
    return directory === undefined ? undefined : realPath(directory);
  });
  return left !== undefined && left === right;
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

/** Undefined for an address that nobody can connect to, and for `none`. */
function placeOf(source: string, context: ConninfoContext): Place | undefined {
  if (source === "none") return undefined;
  try {
    const { endpoints, database } = resolveConninfo(
      parseConninfo(source),
      context,
    );
    const servers = endpoints.flatMap((endpoint) =>
      endpoint.kind === "unix"
        ? [`${HERE}:${endpoint.port}`]
        : [endpoint.host, endpoint.address ?? endpoint.host].map((host) =>
          `${canonicalHost(host)}:${endpoint.port}`
        )
    );
    return { servers: new Set(servers), database };
  } catch (error) {
    if (error instanceof PawlError) return undefined;
    throw error;
  }
}

/** One spelling for a host: `127.1`, `::1`, `LOCALHOST` and `localhost.` are one. */
function canonicalHost(host: string): string {
  const plain = host.toLowerCase().replace(/\.$/, "");
  const url = `http://${plain.includes(":") ? `[${plain}]` : plain}/`;
  const name = URL.canParse(url) ? new URL(url).hostname : plain;
  const here = name === "localhost" || name.endsWith(".localhost") ||
    /^127(?:\.\d+){3}$/.test(name) || name === "0.0.0.0" || name === "[::]" ||
    name === "[::1]" || name.startsWith("[::ffff:7f") ||
    name === ownName();
  return here ? HERE : name;
}

function ownName(): string | undefined {
  try {
    return hostname().toLowerCase();
  } catch {
    return undefined;
  }
}
