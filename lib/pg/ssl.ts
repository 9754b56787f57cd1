/**
 * TLS as libpq's parameters describe it: which mode, which root certificates,
 * which certificate of our own. Reads files through the context; opens no
 * sockets (`socket.ts` does).
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  type ConninfoContext,
  type FileContent,
  userFile,
} from "./conninfo_context.ts";

/** Libpq's modes, from never to with certificate and host name checked. */
export type SslMode =
  | "disable"
  | "allow"
  | "prefer"
  | "require"
  | "verify-ca"
  | "verify-full";

/** A TLS protocol version. */
export type TlsVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

/** How to negotiate TLS with a server, every file read. */
export interface SslSettings {
  /** The mode, after the rules on root certificates are applied. */
  readonly mode: SslMode;
  /** Whether the handshake comes at once, without asking first (17). */
  readonly direct: boolean;
  /** Whether the host's name is sent in the handshake. */
  readonly sni: boolean;
  /** Root certificates (PEM); undefined for those of the runtime. */
  readonly roots: string | undefined;
  /** Where the root certificates came from, for messages. */
  readonly rootsFrom: string;
  /** Our certificate chain (PEM). */
  readonly certificate: string | undefined;
  /** The key of our certificate (PEM). */
  readonly key: string | undefined;
  /** The passphrase of the key. */
  readonly passphrase: string | undefined;
  /** The lowest protocol version that is accepted. */
  readonly minVersion: TlsVersion;
  /** The highest, undefined for no bound. */
  readonly maxVersion: TlsVersion | undefined;
}

/** No TLS at all. */
export const NO_SSL: SslSettings = {
  mode: "disable",
  direct: false,
  sni: true,
  roots: undefined,
  rootsFrom: "",
  certificate: undefined,
  key: undefined,
  passphrase: undefined,
  minVersion: "TLSv1.2",
  maxVersion: undefined,
};

/** Where systems keep the root certificates that they trust. */
const SYSTEM_ROOTS = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;

/**
 * Reads the TLS parameters and the files that they name.
 *
 * @param get The value of a parameter, undefined or empty when it is not set.
 * @param context Environment and file reader.
 * @param warn Called with what the user should know.
 * @returns The settings.
 * @throws {PawlError} `conninfo-invalid` for contradictions and missing files.
 */
export function resolveSsl(
  get: (name: string) => string | undefined,
  context: ConninfoContext,
  warn: (text: string) => void,
): SslSettings {
  const given = sslMode(get("sslmode"));
  const fromSystem = get("sslrootcert") === "system";
  // Trusting every public authority makes sense only with the name checked.
  if (fromSystem && given !== undefined && given !== "verify-full") {
    throw invalid(
      `sslmode=${given} is too weak for sslrootcert=system`,
      "use sslmode=verify-full",
    );
  }
  const asked = given ?? (fromSystem ? "verify-full" : "prefer");
  const direct = get("sslnegotiation") === "direct";
  if (direct && rank(asked) < rank("require")) {
    throw invalid(
      `sslmode=${asked} is too weak for sslnegotiation=direct`,
      "use sslmode=require or stronger",
    );
  }
  const minVersion = tlsVersion(get("ssl_min_protocol_version")) ?? "TLSv1.2";
  const maxVersion = tlsVersion(get("ssl_max_protocol_version"));
  if (maxVersion !== undefined && maxVersion < minVersion) {
    throw invalid(
      `ssl_min_protocol_version ${minVersion} is above ssl_max_protocol_version ${maxVersion}`,
    );
  }
  if (asked === "disable") return NO_SSL;
  const roots = fromSystem ? systemRoots(context) : rootFile(get, context);
  // With a root certificate at hand, require means verify-ca: libpq keeps to
  // what older releases did.
  const mode = asked === "require" && roots.text !== undefined
    ? "verify-ca"
    : asked;
  if (
    rank(mode) >= rank("verify-ca") && roots.text === undefined && !fromSystem
  ) {
    throw invalid(
      `sslmode=${mode} needs a root certificate, and there is no file ${roots.from}`,
      "name one with sslrootcert=FILE, or sslrootcert=system for the system's authorities",
    );
  }
  const revoked = userFile(context, ".postgresql/root.crl", "root.crl");
  if (
    rank(mode) >= rank("verify-ca") && revoked !== undefined &&
    context.exists(revoked)
  ) {
    warn(
      `${revoked} is not used: certificate revocation lists cannot be checked here`,
    );
  }
  return {
    mode,
    direct,
    sni: get("sslsni") !== "0",
    roots: rank(mode) >= rank("verify-ca") ? roots.text : undefined,
    rootsFrom: roots.from,
    ...ownCertificate(get, context),
    passphrase: get("sslpassword") || undefined,
    minVersion,
    maxVersion,
  };
}

/**
 * Whether a mode checks the server's certificate.
 *
 * @param mode The mode.
 * @returns True for verify-ca and verify-full.
 */
export function verifies(mode: SslMode): boolean {
  return rank(mode) >= rank("verify-ca");
}

const MODES: readonly SslMode[] = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
];

function rank(mode: SslMode): number {
  return MODES.indexOf(mode);
}

function sslMode(text: string | undefined): SslMode | undefined {
  return MODES.find((mode) => mode === text?.toLowerCase());
}

function tlsVersion(text: string | undefined): TlsVersion | undefined {
  const versions: readonly TlsVersion[] = [
    "TLSv1",
    "TLSv1.1",
    "TLSv1.2",
    "TLSv1.3",
  ];
  return versions.find((each) => each.toLowerCase() === text?.toLowerCase());
}

interface Roots {
  readonly text: string | undefined;
  readonly from: string;
}

function rootFile(
  get: (name: string) => string | undefined,
  context: ConninfoContext,
): Roots {
  const from = get("sslrootcert") ||
    userFile(context, ".postgresql/root.crt", "root.crt");
  if (from === undefined) {
    return { text: undefined, from: "~/.postgresql/root.crt" };
  }
  return { text: read(from, context, "root certificate")?.text, from };
}

function systemRoots(context: ConninfoContext): Roots {
  const named = context.env.SSL_CERT_FILE;
  for (const from of named ? [named] : SYSTEM_ROOTS) {
    const text = read(from, context, "root certificate")?.text;
    if (text !== undefined) return { text, from };
  }
  // The runtime brings the authorities that browsers trust.
  return { text: undefined, from: "the runtime's root certificates" };
}

function ownCertificate(
  get: (name: string) => string | undefined,
  context: ConninfoContext,
): Pick<SslSettings, "certificate" | "key"> {
  const none = { certificate: undefined, key: undefined };
  if (get("sslcertmode")?.toLowerCase() === "disable") return none;
  const named = get("sslcert");
  const path = named ||
    userFile(context, ".postgresql/postgresql.crt", "postgresql.crt");
  const file = path === undefined
    ? undefined
    : read(path, context, "certificate");
  if (file === undefined) {
    // Libpq goes on without a certificate; the server says whether it needs one.
    if (named) throw invalid(`there is no certificate file ${named} (sslcert)`);
    return none;
  }
  const keyPath = get("sslkey") ||
    userFile(context, ".postgresql/postgresql.key", "postgresql.key");
  const key = keyPath === undefined
    ? undefined
    : read(keyPath, context, "private key");
  if (keyPath === undefined || key === undefined) {
    throw invalid(
      `the certificate ${path} has no private key: there is no file ${keyPath}`,
      "name it with sslkey=FILE",
    );
  }
  // A key of root may be readable for its group, as packages install it.
  const forbidden = key.uid === 0 ? 0o037 : 0o077;
  if (key.mode !== null && (key.mode & forbidden) !== 0) {
    throw invalid(
      `others have access to the private key ${keyPath}`,
      `chmod 0600 ${keyPath}`,
    );
  }
  return { certificate: file.text, key: key.text };
}

function read(
  path: string,
  context: ConninfoContext,
  what: string,
): FileContent | undefined {
  try {
    return context.readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PawlError(
      "conninfo-invalid",
      `Cannot read the ${what} ${path}: ${reason}`,
      { cause },
    );
  }
}

function invalid(state: string, hint?: string): PawlError {
  return new PawlError(
    "conninfo-invalid",
    `Cannot connect: ${state}`,
    hint === undefined ? {} : { hint },
  );
}
