/**
 * Connects to a PostgreSQL server: hosts and addresses in turn, TLS as
 * `sslmode` has it, and the kind of server that is wanted. What comes out is a
 * `Session`. The protocol itself is npm:pg's.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { requestCancel } from "./cancel.ts";
import {
  connectionError,
  type FailedAttempt,
  mayTryNextHost,
  socketReason,
} from "./connect_errors.ts";
import {
  APPLICATION_NAME,
  describeConninfo,
  describeEndpoint,
  type Endpoint,
  parseConninfo,
  resolveConninfo,
  type ResolvedConninfo,
  type TargetSessionAttrs,
} from "./conninfo.ts";
import { AuthenticationRefused } from "./auth_watch.ts";
import { loadDriver, makeClient } from "./driver.ts";
import { endpointName } from "./endpoints.ts";
import { findTargets } from "./targets.ts";
import { ServerConnection } from "./server_connection.ts";
import { sessionOver } from "./server_session.ts";
import { readServerInfo, targetObjection } from "./server_info.ts";
import { errorFields } from "./server_query.ts";
import { ConnectionLostError, ServerError, type Session } from "./session.ts";
import {
  type Encryption,
  openSocket,
  type SocketOptions,
  type SocketTarget,
} from "./socket.ts";
import { explainTls, isTlsFailure, nameInCertificate } from "./tls_errors.ts";
import { systemContext, type SystemContextOptions } from "./system_context.ts";

/** How to connect. */
export interface ConnectOptions extends SystemContextOptions {
  /** The `application_name` where the user gave none; `pawl` by default. */
  readonly applicationName?: string;
  /** Gives up when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Called with what the user should know, such as an ignored password file. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * Connects to a server.
 *
 * @param conninfo A URL or `key=value` pairs as libpq reads them, or what
 * `resolveConninfo` made of them.
 * @param options Name, signal, and what stands in for environment and files.
 * @returns A session; the caller closes it.
 * @throws {PawlError} `conninfo-invalid`, `connection-failed`,
 * `authentication-failed`, `permission-denied`, `server-unsupported`, or
 * `interrupted` when the signal aborts.
 *
 * @example Connect and ask
 * ```ts ignore
 * const session = await connectServer("postgres://localhost/app");
 * const { rows } = await session.query("SELECT $1::int + 1", ["1"]);
 * await session.close();
 * ```
 */
export async function connectServer(
  conninfo: string | ResolvedConninfo,
  options: ConnectOptions = {},
): Promise<Session> {
  const resolved = typeof conninfo === "string"
    ? resolveConninfo(parseConninfo(conninfo), systemContext(options))
    : conninfo;
  for (const warning of resolved.warnings) options.onWarning?.(warning);
  const failed: FailedAttempt[] = [];
  for (const wanted of passes(resolved.targetSessionAttrs)) {
    for (const endpoint of resolved.endpoints) {
      const attempt: Attempt = { resolved, endpoint, wanted, options };
      const session = await tryEndpoint(attempt, failed);
      if (session !== undefined) return session;
      const last = failed.at(-1);
      if (last !== undefined && !mayTryNextHost(last)) {
        throw failure(resolved, failed);
      }
    }
  }
  throw failure(resolved, failed);
}

interface Attempt {
  readonly resolved: ResolvedConninfo;
  readonly endpoint: Endpoint;
  readonly wanted: TargetSessionAttrs;
  readonly options: ConnectOptions;
}

/** Libpq goes through the hosts once for a standby, then takes any. */
function passes(wanted: TargetSessionAttrs): readonly TargetSessionAttrs[] {
  return wanted === "prefer-standby" ? ["standby", "any"] : [wanted];
}

/** Every address of an endpoint, and every encryption that the mode allows. */
async function tryEndpoint(
  attempt: Attempt,
  failed: FailedAttempt[],
): Promise<Session | undefined> {
  const { endpoint, resolved } = attempt;
  const targets = await findTargets(endpoint, {
    random: resolved.randomOrder ? Math.random : undefined,
    signal: attempt.options.signal,
  }).catch((error) => {
    throwIfInterrupted(attempt);
    failed.push({
      host: endpointName(endpoint),
      reason: socketReason(error),
      cause: error,
    });
    return [];
  });
  for (const target of targets) {
    for (const encryption of encryptions(resolved, endpoint)) {
      let outcome = await tryOnce(attempt, target, { encryption });
      const certificateName =
        "failed" in outcome && resolved.ssl.mode === "verify-ca"
          ? nameInCertificate(outcome.failed.cause)
          : undefined;
      if (certificateName !== undefined) {
        outcome = await tryOnce(attempt, target, {
          encryption,
          certificateName,
        });
      }
      if ("session" in outcome) return outcome.session;
      failed.push(outcome.failed);
      if (!outcome.otherEncryption) break;
    }
    const last = failed.at(-1);
    if (last !== undefined && !mayTryNextHost(last)) return undefined;
  }
  return undefined;
}

type Outcome =
  | { readonly session: Session }
  | { readonly failed: FailedAttempt; readonly otherEncryption: boolean };

/** One address, one encryption, within `connect_timeout`. */
async function tryOnce(
  attempt: Attempt,
  target: SocketTarget,
  how: Pick<SocketOptions, "encryption" | "certificateName">,
): Promise<Outcome> {
  const { resolved, options } = attempt;
  const deadline = new AbortController();
  const stop = () => deadline.abort(new Error("interrupted"));
  options.signal?.addEventListener("abort", stop, { once: true });
  throwIfInterrupted(attempt);
  const timer = resolved.connectTimeoutMs === undefined
    ? undefined
    : setTimeout(
      () => deadline.abort(new Error("no answer in time (connect_timeout)")),
      resolved.connectTimeoutMs,
    );
  const progress: Progress = { reached: false, encrypted: false };
  try {
    return await logIn(attempt, target, {
      ...how,
      signal: deadline.signal,
      progress,
    });
  } catch (error) {
    throwIfInterrupted(attempt);
    if (error instanceof PawlError) throw error;
    const cause = deadline.signal.aborted ? deadline.signal.reason : error;
    return {
      failed: failedAttempt(attempt, target, cause),
      // Only a server that turned the encryption down, and has not seen a
      // password yet, is asked again with the other one.
      otherEncryption: !progress.reached && !deadline.signal.aborted &&
        (isTlsFailure(error) || progress.encrypted ||
          (how.encryption === "never" && errorFields(error) !== undefined)),
    };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
  }
}

interface Progress {
  /** Whether the server asked for, or waived, authentication. */
  reached: boolean;
  /** Whether TLS was being spoken. */
  encrypted: boolean;
}

async function logIn(
  attempt: Attempt,
  target: SocketTarget,
  how:
    & Pick<SocketOptions, "encryption" | "certificateName" | "signal">
    & { readonly progress: Progress },
): Promise<Outcome> {
  const { resolved, endpoint, options, wanted } = attempt;
  const { signal, progress } = how;
  const driver = await loadDriver();
  const open = await openSocket(target, {
    encryption: how.encryption,
    certificateName: how.certificateName,
    ssl: resolved.ssl,
    keepaliveIdleMs: resolved.keepaliveIdleMs,
    signal,
  });
  progress.encrypted = open.tls !== undefined;
  const kill = () => open.socket.destroy(new Error("interrupted"));
  signal.addEventListener("abort", kill, { once: true });
  try {
    signal.throwIfAborted();
    const login = makeClient(driver, open, {
      user: resolved.user,
      database: resolved.database,
      password: endpoint.password,
      auth: resolved.auth,
      settings: {
        ...resolved.settings,
        application_name: resolved.applicationName ?? options.applicationName ??
          APPLICATION_NAME,
      },
    });
    const { client } = login;
    const connection = new ServerConnection(
      client,
      login.connection,
      open.socket,
    );
    await client.connect().finally(() => {
      progress.reached = login.reachedAuthentication();
    });
    const place = describeEndpoint(endpoint, resolved.database);
    const info = await readServerInfo(connection, place, client.processID);
    const objection = targetObjection(wanted, info);
    if (objection !== undefined) {
      await connection.close();
      return {
        failed: { host: endpointName(endpoint), reason: objection },
        otherEncryption: false,
      };
    }
    const cancel = () =>
      requestCancel({
        target,
        encrypted: open.tls !== undefined,
        ssl: resolved.ssl,
        certificateName: how.certificateName,
        processId: client.processID ?? 0,
        secretKey: client.secretKey ?? 0,
      });
    return { session: sessionOver(connection, info, cancel) };
  } catch (error) {
    open.socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

function encryptions(
  resolved: ResolvedConninfo,
  endpoint: Endpoint,
): readonly Encryption[] {
  if (endpoint.kind === "unix") return ["never"];
  switch (resolved.ssl.mode) {
    case "disable":
      return ["never"];
    case "allow":
      return ["never", "must"];
    case "prefer":
      return ["try", "never"];
    case "require":
    case "verify-ca":
    case "verify-full":
      return ["must"];
    default:
      return resolved.ssl.mode satisfies never;
  }
}

function failedAttempt(
  { endpoint, resolved }: Attempt,
  target: SocketTarget,
  error: unknown,
): FailedAttempt {
  const { rootsFrom } = resolved.ssl;
  const server =
    error instanceof ServerError || error instanceof ConnectionLostError
      ? error.fields
      : errorFields(error);
  return {
    host: endpointName(endpoint),
    ...(target.kind === "tcp" && target.address !== target.host
      ? { address: target.address }
      : {}),
    ...(server !== undefined
      ? { reason: server.message }
      : isTlsFailure(error)
      ? explainTls(error, rootsFrom)
      : { reason: socketReason(error) }),
    server,
    // The driver reports its own refusals of SCRAM by their text only.
    authentication: error instanceof AuthenticationRefused ||
      (error instanceof Error && error.message.startsWith("SASL:")),
    cause: error,
  };
}

function failure(
  resolved: ResolvedConninfo,
  failed: readonly FailedAttempt[],
): PawlError {
  return connectionError(describeConninfo(resolved), failed, resolved);
}

function throwIfInterrupted(attempt: Attempt): void {
  if (!attempt.options.signal?.aborted) return;
  throw new PawlError(
    "interrupted",
    `Cannot connect to ${describeConninfo(attempt.resolved)}: interrupted`,
  );
}
