/**
 * What is said when a connection cannot be made: one error out of one or many
 * failed attempts. Pure.
 *
 * @module
 */

import { type ErrorCode, PawlError, type PawlErrorOptions } from "../errors.ts";
import type { ServerErrorFields } from "./session.ts";
import { serverReport } from "./server_report.ts";

/** One failed attempt. */
export interface FailedAttempt {
  /** Such as `db1:5432`. */
  readonly host: string;
  /** The address, where it is not the host itself. */
  readonly address?: string;
  /** Why, without a full stop. */
  readonly reason: string;
  /** What to do about it. */
  readonly hint?: string;
  /** What the server said, where it said something. */
  readonly server?: ServerErrorFields | undefined;
  /** Whether our side or the server refused the login. */
  readonly authentication?: boolean;
  /** The error behind it. */
  readonly cause?: unknown;
}

/**
 * Whether other hosts of the list should be tried after a failure: libpq stops
 * at a server that was reached and said no, unless it is only starting up.
 *
 * @param attempt A failed attempt.
 * @returns True when the next host should be tried.
 */
export function mayTryNextHost(attempt: FailedAttempt): boolean {
  if (attempt.authentication) return false;
  return attempt.server === undefined || isStarting(attempt.server.sqlstate);
}

/**
 * Whether a server that says this will be ready later: starting up, shutting
 * down, or recovering from a crash.
 *
 * @param sqlstate The SQLSTATE of its FATAL error.
 * @returns True for such a state.
 */
export function isStarting(sqlstate: string): boolean {
  return sqlstate === "57P03" || sqlstate === "57P01" || sqlstate === "57P02";
}

/**
 * The error for a connection that could not be made.
 *
 * @param place The place that was wanted, such as `db1:5432,db2:5432/app`.
 * @param attempts The failed attempts, at least one, in order.
 * @param login The user and database that were wanted.
 * @returns The error.
 */
export function connectionError(
  place: string,
  attempts: readonly FailedAttempt[],
  login: { readonly user: string; readonly database: string },
): PawlError {
  // A server's own words say more than the silence of the others.
  const telling = attempts.findLast((attempt) =>
    attempt.server !== undefined || attempt.authentication
  );
  const last = telling ?? attempts[attempts.length - 1];
  const { code, reason, hint } = explain(last, login);
  const options: PawlErrorOptions = {
    ...(hint === undefined ? {} : { hint }),
    ...(last?.server === undefined
      ? {}
      : { server: serverReport(last.server) }),
    ...(last?.cause === undefined ? {} : { cause: last.cause }),
    details: attempts.length > 1
      ? attempts.map(({ host, address, reason }) =>
        address === undefined
          ? `${host}: ${reason}`
          : `${host} (${address}): ${reason}`
      )
      : [],
  };
  const differ = attempts.some((each) => each.reason !== last?.reason);
  // One place tried with and without TLS, or by two addresses, is one place.
  const several = telling === undefined &&
    differ && attempts.some((each) => each.host !== last?.host);
  return new PawlError(
    code,
    several
      ? `Cannot connect to ${place}: none of the ${attempts.length} attempts succeeded`
      : `Cannot connect to ${place}: ${reason}`,
    options,
  );
}

/**
 * What a socket's error means, in words.
 *
 * @param error The error.
 * @returns Such as `connection refused`.
 */
export function socketReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused: no server listens there",
    ENOENT: "there is no such socket",
    EACCES: "permission denied",
    ENOTFOUND: "the host name is unknown",
    EAI_AGAIN: "the host name cannot be looked up now",
    ETIMEDOUT: "no answer in time",
    EHOSTUNREACH: "the host cannot be reached",
    ENETUNREACH: "the network cannot be reached",
    ECONNRESET: "the connection was reset",
    EPIPE: "the server closed the connection",
  };
  return known[code] ?? error.message;
}

interface Explanation {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly hint?: string;
}

function explain(
  attempt: FailedAttempt | undefined,
  login: { readonly user: string; readonly database: string },
): Explanation {
  const fields = attempt?.server;
  if (fields === undefined) {
    return {
      code: attempt?.authentication
        ? "authentication-failed"
        : "connection-failed",
      reason: attempt?.reason ?? "there is nowhere to connect to",
      hint: attempt?.hint ??
        "check host and port, and that the server runs; pawl wait waits until it answers",
    };
  }
  const said = fields.message;
  // PgBouncer reports most of its refusals as protocol violations.
  const pooler = fields.sqlstate === "08P01";
  if (
    fields.sqlstate === "28P01" || fields.sqlstate === "28000" ||
    (pooler && /auth|no such user/i.test(said))
  ) {
    return {
      code: "authentication-failed",
      reason: said,
      hint: authenticationHint(said),
    };
  }
  if (
    fields.sqlstate === "3D000" || (pooler && /no such database/i.test(said))
  ) {
    return {
      code: "connection-failed",
      reason: `the database "${login.database}" does not exist`,
      hint: `create it (createdb ${login.database}), or name another`,
    };
  }
  switch (fields.sqlstate) {
    case "53300":
      return {
        code: "connection-failed",
        reason: `the server has no connection left (${said})`,
        hint:
          "close some, or raise max_connections or the role's CONNECTION LIMIT",
      };
    case "57P03":
      return {
        code: "connection-failed",
        reason: `the server accepts no connections now (${said})`,
        hint: "wait until it is ready: pawl wait",
      };
    case "42501":
      return {
        code: "permission-denied",
        reason: said,
        hint: `GRANT CONNECT ON DATABASE … TO ${login.user}`,
      };
    case "08P01":
    case "42704":
      return {
        code: "connection-failed",
        reason: said,
        ...(/startup parameter/i.test(said)
          ? {
            hint:
              "a pooler takes no such setting: remove it, or set management_url to the server itself",
          }
          : {}),
      };
    default:
      return { code: "connection-failed", reason: said };
  }
}

function authenticationHint(said: string): string {
  if (/client certificate/.test(said)) {
    return "name one with sslcert and sslkey; a pawl that was compiled with a Deno before 2.9 cannot send one";
  }
  return /pg_hba/.test(said)
    ? "the server's pg_hba.conf allows no such connection: ask its administrator, or try another sslmode"
    : "check user and password: the URL, PGPASSWORD, ~/.pgpass and the service file are looked at";
}
