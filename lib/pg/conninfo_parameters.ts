/**
 * Every connection parameter that libpq documents (PostgreSQL 14 to 18): the
 * environment variable that stands in for it, which values it takes, and what
 * pawl does with it. Knows no connection strings, files or sockets.
 *
 * @module
 */

import { PawlError } from "../errors.ts";

/** What pawl does with one parameter of libpq. */
export interface ParameterRule {
  /** The environment variable that is used where the parameter is not given. */
  readonly env?: string;
  /** Whether its value must never be shown. */
  readonly secret?: true;
  /** The values that it takes, where they can be listed. */
  readonly values?: readonly string[];
  /** Whether it is a whole number. */
  readonly integer?: true;
  /** Why a value other than those in `harmless` cannot be honoured. */
  readonly refused?: string;
  /** The values that are accepted although the parameter is refused. */
  readonly harmless?: readonly string[];
}

const TLS_VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
const SWITCH = ["0", "1"] as const;
const NO_OAUTH = "OAuth authentication is not supported";
const NO_KEYS =
  "authentication by stored SCRAM keys is not supported; use a password";

/** The parameters by name. */
export const PARAMETERS: Readonly<Record<string, ParameterRule>> = {
  service: { env: "PGSERVICE" },
  user: { env: "PGUSER" },
  password: { env: "PGPASSWORD", secret: true },
  passfile: { env: "PGPASSFILE" },
  channel_binding: {
    env: "PGCHANNELBINDING",
    values: ["disable", "prefer", "require"],
  },
  connect_timeout: { env: "PGCONNECT_TIMEOUT", integer: true },
  dbname: { env: "PGDATABASE" },
  host: { env: "PGHOST" },
  hostaddr: { env: "PGHOSTADDR" },
  port: { env: "PGPORT" },
  // PGCLIENTENCODING is about programs that show text: the server converts.
  client_encoding: {
    refused: "pawl always speaks UTF-8 to the server",
    harmless: ["auto", "utf8", "utf-8", "unicode"],
  },
  options: { env: "PGOPTIONS" },
  application_name: { env: "PGAPPNAME" },
  fallback_application_name: {},
  keepalives: { integer: true },
  keepalives_idle: { integer: true },
  keepalives_interval: { integer: true },
  keepalives_count: { integer: true },
  tcp_user_timeout: { integer: true },
  sslmode: {
    env: "PGSSLMODE",
    values: [
      "disable",
      "allow",
      "prefer",
      "require",
      "verify-ca",
      "verify-full",
    ],
  },
  sslnegotiation: { env: "PGSSLNEGOTIATION", values: ["postgres", "direct"] },
  // Ignored by libpq itself since 14.
  sslcompression: { env: "PGSSLCOMPRESSION", values: SWITCH },
  sslcert: { env: "PGSSLCERT" },
  sslkey: { env: "PGSSLKEY" },
  sslcertmode: {
    env: "PGSSLCERTMODE",
    values: ["disable", "allow", "require"],
    refused:
      "whether the server asked for the client's certificate cannot be seen here",
    harmless: ["disable", "allow"],
  },
  sslpassword: { secret: true },
  sslrootcert: { env: "PGSSLROOTCERT" },
  sslcrl: {
    env: "PGSSLCRL",
    refused: "certificate revocation lists cannot be checked here",
  },
  sslcrldir: {
    env: "PGSSLCRLDIR",
    refused: "certificate revocation lists cannot be checked here",
  },
  sslsni: { env: "PGSSLSNI", values: SWITCH },
  sslkeylogfile: { refused: "the keys of a connection are never written" },
  requirepeer: { env: "PGREQUIREPEER" },
  require_auth: { env: "PGREQUIREAUTH" },
  ssl_min_protocol_version: {
    env: "PGSSLMINPROTOCOLVERSION",
    values: TLS_VERSIONS,
  },
  ssl_max_protocol_version: {
    env: "PGSSLMAXPROTOCOLVERSION",
    values: TLS_VERSIONS,
    refused: "TLS before 1.2 is not supported",
    harmless: ["TLSv1.2", "TLSv1.3"],
  },
  gssencmode: {
    env: "PGGSSENCMODE",
    values: ["disable", "prefer", "require"],
    refused: "GSSAPI encryption is not supported; use TLS (sslmode=require)",
    harmless: ["disable", "prefer"],
  },
  // Those three only shape a GSSAPI exchange, which is refused when it is asked for.
  krbsrvname: { env: "PGKRBSRVNAME" },
  gsslib: { env: "PGGSSLIB" },
  gssdelegation: { env: "PGGSSDELEGATION", values: SWITCH },
  replication: {
    refused: "pawl does not speak the replication protocol",
    harmless: ["false", "off", "no", "0"],
  },
  target_session_attrs: {
    env: "PGTARGETSESSIONATTRS",
    values: [
      "any",
      "read-write",
      "read-only",
      "primary",
      "standby",
      "prefer-standby",
    ],
  },
  load_balance_hosts: {
    env: "PGLOADBALANCEHOSTS",
    values: ["disable", "random"],
  },
  min_protocol_version: {
    env: "PGMINPROTOCOLVERSION",
    values: ["3.0", "3.2", "latest"],
    refused: "pawl speaks protocol 3.0",
    harmless: ["3.0"],
  },
  // A maximum above what we speak allows what we speak.
  max_protocol_version: {
    env: "PGMAXPROTOCOLVERSION",
    values: ["3.0", "3.2", "latest"],
  },
  scram_client_key: { secret: true, refused: NO_KEYS },
  scram_server_key: { secret: true, refused: NO_KEYS },
  oauth_issuer: { refused: NO_OAUTH },
  oauth_client_id: { refused: NO_OAUTH },
  oauth_client_secret: { secret: true, refused: NO_OAUTH },
  oauth_scope: { refused: NO_OAUTH },
};

/** Variables that libpq sends to the server as settings of the session. */
export const SETTING_VARIABLES: Readonly<Record<string, string>> = {
  PGDATESTYLE: "datestyle",
  PGTZ: "timezone",
  PGGEQO: "geqo",
};

/**
 * The rule of a parameter.
 *
 * @param name The parameter's name.
 * @returns Its rule, or undefined when libpq knows no such parameter.
 */
export function parameterRule(name: string): ParameterRule | undefined {
  return Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
}

/**
 * Whether a parameter's value must never be shown. Names that are no libpq
 * parameters but usually hold a secret count too.
 *
 * @param name A parameter's name, known or not, in any case.
 * @returns True for a secret.
 */
export function isSecretParameter(name: string): boolean {
  const lower = name.toLowerCase();
  return parameterRule(lower)?.secret === true ||
    /pass(word|phrase|wd)?$|secret|token/.test(lower);
}

/**
 * The error for a parameter that libpq does not know.
 *
 * @param name What was given as a parameter's name.
 * @param where Where it stands, such as `the connection string`.
 * @returns The error, with the nearest known name as its hint.
 */
export function unknownParameter(name: string, where: string): PawlError {
  // What does not look like a name may be a piece of an unquoted password.
  if (!/^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(name)) {
    return new PawlError(
      "conninfo-invalid",
      `Cannot read ${where}: it holds something that is no parameter's name`,
      { hint: "quote values with spaces, and percent-encode them in a URL" },
    );
  }
  const near = nearestParameter(name);
  return new PawlError(
    "conninfo-invalid",
    `Cannot read ${where}: unknown connection parameter "${name}"`,
    near === undefined ? {} : { hint: `did you mean "${near}"?` },
  );
}

/**
 * Checks one value against its parameter's rule.
 *
 * @param name A known parameter.
 * @param value Its value; an empty one means that it is not set.
 * @param origin Where the value came from, such as `PGSSLMODE`.
 * @throws {PawlError} `conninfo-invalid`, never showing a secret.
 */
export function checkParameter(
  name: string,
  value: string,
  origin: string,
): void {
  const rule = parameterRule(name);
  if (rule === undefined || value === "") return;
  const from = origin === name ? name : `${name} (from ${origin})`;
  if (rule.values !== undefined && !includes(rule.values, value)) {
    throw new PawlError(
      "conninfo-invalid",
      `Cannot connect: ${from} is "${value}", which is none of ${
        rule.values.join(", ")
      }`,
    );
  }
  if (rule.integer && !/^\s*[+-]?\d{1,10}\s*$/.test(value)) {
    throw new PawlError(
      "conninfo-invalid",
      `Cannot connect: ${from} is "${value}", which is no whole number`,
    );
  }
  if (rule.refused !== undefined && !includes(rule.harmless ?? [], value)) {
    throw new PawlError(
      "conninfo-invalid",
      rule.secret || rule.values === undefined
        ? `Cannot connect with ${from}: ${rule.refused}`
        : `Cannot connect with ${from} = ${value}: ${rule.refused}`,
    );
  }
}

/** Case matters to libpq in none of these values but to no harm. */
function includes(values: readonly string[], value: string): boolean {
  const lower = value.toLowerCase();
  return values.some((each) => each.toLowerCase() === lower);
}

function nearestParameter(name: string): string | undefined {
  const aliases: Readonly<Record<string, string>> = {
    database: "dbname",
    db: "dbname",
    username: "user",
    pass: "password",
    hostname: "host",
    timeout: "connect_timeout",
    ssl: "sslmode",
    schema: "options",
    search_path: "options",
    currentschema: "options",
  };
  const lower = name.toLowerCase();
  if (Object.hasOwn(aliases, lower)) return aliases[lower];
  let best: { name: string; distance: number } | undefined;
  for (const known of Object.keys(PARAMETERS)) {
    const distance = editDistance(lower.replaceAll("-", "_"), known);
    if (distance <= 2 && distance < (best?.distance ?? 3)) {
      best = { name: known, distance };
    }
  }
  return best?.name;
}

/** Levenshtein's distance; both words are short. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(
        Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1),
      );
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
