/**
 * From a connection string to what a connection needs, by libpq's documented
 * rules: the string first, then the service file, then PG* variables, then
 * defaults. Pure: environment and files come from the context. The whole
 * conninfo layer can be imported from here.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { ConninfoContext } from "./conninfo_context.ts";
import {
  checkParameter,
  isSecretParameter,
  parameterRule,
  PARAMETERS,
  SETTING_VARIABLES,
} from "./conninfo_parameters.ts";
import type { Conninfo } from "./conninfo_parse.ts";
import { type Endpoint, resolveEndpoints } from "./endpoints.ts";
import { type AuthPolicy, resolveAuthPolicy } from "./auth_policy.ts";
import { findService } from "./service_file.ts";
import { NO_SSL, resolveSsl, type SslSettings } from "./ssl.ts";

export { type Conninfo, parseConninfo } from "./conninfo_parse.ts";
export type { ConninfoContext, FileContent } from "./conninfo_context.ts";
export { describeEndpoint, type Endpoint } from "./endpoints.ts";
export { redact, redactConninfo, REDACTED } from "./redact.ts";

/** The `application_name` of a connection whose user named none. */
export const APPLICATION_NAME = "pawl";

/** Which kind of server will do. */
export type TargetSessionAttrs =
  | "any"
  | "read-write"
  | "read-only"
  | "primary"
  | "standby"
  | "prefer-standby";

/** Everything that a connection needs. */
export interface ResolvedConninfo {
  /** Where to try, in this order. Never empty. */
  readonly endpoints: readonly Endpoint[];
  /** The user. */
  readonly user: string;
  /** The database. */
  readonly database: string;
  /** TLS over TCP; sockets in the file system never use it. */
  readonly ssl: SslSettings;
  /** Which ways of authentication are acceptable. */
  readonly auth: AuthPolicy;
  /** Milliseconds for each address, undefined for no bound. */
  readonly connectTimeoutMs: number | undefined;
  /** Which kind of server will do. */
  readonly targetSessionAttrs: TargetSessionAttrs;
  /** Whether hosts and their addresses are tried in random order. */
  readonly randomOrder: boolean;
  /** The user's own `application_name`, or fallback; undefined when none. */
  readonly applicationName: string | undefined;
  /** Settings that travel in the startup message: only what the user gave. */
  readonly settings: Readonly<Record<string, string>>;
  /** TCP keepalives: milliseconds until the first (0: the system's), null for none. */
  readonly keepaliveIdleMs: number | null;
  /** What the user should know, such as a password file that is ignored. */
  readonly warnings: readonly string[];
  /** Every secret among the above, for {@linkcode redact}. */
  readonly secrets: readonly string[];
}

/**
 * Applies service files, environment, password files and defaults.
 *
 * @param conninfo What the connection string says.
 * @param context Environment, file reader, home directory, user.
 * @returns Everything that a connection needs.
 * @throws {PawlError} `conninfo-invalid` for values that make no sense or
 * cannot be honoured.
 *
 * @example The environment fills what the string leaves open
 * ```ts
 * import { parseConninfo, resolveConninfo } from "./conninfo.ts";
 * import assert from "node:assert/strict";
 *
 * const resolved = resolveConninfo(parseConninfo("postgres://db1/app"), {
 *   env: { PGPORT: "5433", PGUSER: "ann" },
 *   readFile: () => undefined,
 *   exists: () => false,
 *   homeDir: undefined,
 *   osUser: "root",
 * });
 * assert.equal(resolved.user, "ann");
 * assert.equal(resolved.endpoints[0]?.port, 5433);
 * ```
 */
export function resolveConninfo(
  conninfo: Conninfo,
  context: ConninfoContext,
): ResolvedConninfo {
  const warnings: string[] = [];
  const values = collect(conninfo, context);
  const get = (name: string) => values.get(name) || undefined;
  const user = get("user") ?? context.osUser;
  if (user === undefined) {
    throw new PawlError(
      "conninfo-invalid",
      "Cannot connect: no user is named, and the system does not tell its own",
      { hint: "name one in the connection string, or set PGUSER" },
    );
  }
  const database = get("dbname") ?? user;
  const warn = (text: string) => {
    if (!warnings.includes(text)) warnings.push(text);
  };
  const randomOrder = get("load_balance_hosts")?.toLowerCase() === "random";
  const endpoints = resolveEndpoints({ get, user, database }, context, warn);
  const overTcp = endpoints.some((endpoint) => endpoint.kind === "tcp");
  if (
    get("requirepeer") !== undefined &&
    endpoints.some((each) => each.kind === "unix")
  ) {
    throw new PawlError(
      "conninfo-invalid",
      "Cannot connect with requirepeer: who owns a socket's server cannot be seen here",
    );
  }
  for (const name of UNAVAILABLE_TUNING) {
    // Libpq too ignores them where the system lacks the option.
    if (Number(get(name) ?? 0) > 0 && overTcp) {
      warn(`${name} is not available here: the system's own setting holds`);
    }
  }
  const timeout = Number(get("connect_timeout") ?? 0);
  const application = get("application_name") ??
    get("fallback_application_name");
  const settings: Record<string, string> = {};
  for (const [variable, setting] of Object.entries(SETTING_VARIABLES)) {
    const value = context.env[variable];
    if (value) settings[setting] = value;
  }
  const options = get("options");
  if (options !== undefined) settings.options = options;
  return {
    endpoints,
    user,
    database,
    ssl: overTcp ? resolveSsl(get, context, warn) : NO_SSL,
    auth: resolveAuthPolicy(get("require_auth"), get("channel_binding")),
    connectTimeoutMs: timeout > 0 ? timeout * 1000 : undefined,
    targetSessionAttrs: targetSessionAttrs(get("target_session_attrs")),
    randomOrder,
    applicationName: application,
    settings,
    keepaliveIdleMs: Number(get("keepalives") ?? 1) === 0
      ? null
      : Math.max(0, Number(get("keepalives_idle") ?? 0)) * 1000,
    warnings,
    secrets: [
      ...[...values].filter(([name]) => isSecretParameter(name)).map((
        [, value],
      ) => value),
      ...endpoints.map((endpoint) => endpoint.password ?? ""),
    ].filter((secret, i, all) => secret !== "" && all.indexOf(secret) === i),
  };
}

/**
 * Names the place that a connection string means, without any secret.
 *
 * @param resolved A resolved connection string.
 * @returns Such as `db1:5432,db2:5433/app`.
 */
export function describeConninfo(resolved: ResolvedConninfo): string {
  const places = resolved.endpoints.map((endpoint) =>
    endpoint.kind === "unix"
      ? `${endpoint.directory}:${endpoint.port}`
      : `${
        endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host
      }:${endpoint.port}`
  );
  return `${[...new Set(places)].join(",")}/${resolved.database}`;
}

const UNAVAILABLE_TUNING = [
  "keepalives_interval",
  "keepalives_count",
  "tcp_user_timeout",
] as const;

/** The string first, then the service, then the environment. */
function collect(
  conninfo: Conninfo,
  context: ConninfoContext,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of conninfo.parameters) {
    checkParameter(name, value, name);
    values.set(name, value);
  }
  const service = values.get("service") || context.env.PGSERVICE;
  if (service) {
    const { parameters, file } = findService(service, context);
    for (const [name, value] of parameters) {
      if (values.has(name)) continue;
      checkParameter(name, value, file);
      values.set(name, value);
    }
  }
  for (const name of Object.keys(PARAMETERS)) {
    const variable = parameterRule(name)?.env;
    const value = variable === undefined ? undefined : context.env[variable];
    if (variable === undefined || !value || values.has(name)) continue;
    checkParameter(name, value, variable);
    values.set(name, value);
  }
  return values;
}

function targetSessionAttrs(text: string | undefined): TargetSessionAttrs {
  const all: readonly TargetSessionAttrs[] = [
    "any",
    "read-write",
    "read-only",
    "primary",
    "standby",
    "prefer-standby",
  ];
  return all.find((each) => each === text?.toLowerCase()) ?? "any";
}
