/**
 * How an error or a finding is told: as lines for people, as a document for
 * programs. It knows no stream and no command, and writes nothing. Pure.
 *
 * @module
 */

import {
  PawlError,
  type ServerReport,
  type SourceLocation,
} from "../errors.ts";
import { serverReport } from "../pg/server_report.ts";
import { ConnectionLostError, ServerError } from "../pg/session.ts";
import type { Diagnostic, JsonDocument } from "./command.ts";
import { displayWidth, type Style } from "./style.ts";

/** SQLSTATE query_canceled: what an interrupted statement ends with. */
const QUERY_CANCELED = "57014";

/** Lines of a text below the first are moved in by so many columns. */
function indented(text: string, columns: number): string {
  return text.trimEnd().replace(/\r?\n/g, `\n${" ".repeat(columns)}`);
}

function message(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`
    : `a value was thrown: ${String(error)}`;
}

/**
 * Whatever was thrown, as an error that a user can read.
 *
 * @param error What was thrown.
 * @param signal The run's signal: what an interrupt broke is no fault.
 * @returns The error itself, or one that stands for it.
 */
export function asPawlError(error: unknown, signal: AbortSignal): PawlError {
  const known = error instanceof PawlError ? error : undefined;
  if (known !== undefined && known.code === "interrupted") return known;
  const canceled = known?.server?.sqlstate === QUERY_CANCELED;
  if (signal.aborted && (known === undefined || canceled)) {
    const reason: unknown = signal.reason;
    if (error === reason || !(reason instanceof PawlError)) {
      return new PawlError("interrupted", "Cannot go on: interrupted");
    }
    return new PawlError("interrupted", reason.message, {
      details: [known?.message ?? message(error)],
      cause: error,
    });
  }
  if (known !== undefined) return known;
  if (error instanceof ServerError) {
    return new PawlError(
      "statement-failed",
      `Cannot go on: the database refused a statement: ${error.message}`,
      { server: serverReport(error.fields), cause: error },
    );
  }
  if (error instanceof ConnectionLostError) {
    return new PawlError(
      "connection-lost",
      error.message.startsWith("Cannot ")
        ? error.message
        : `Cannot go on: ${error.message}`,
      {
        ...error.fields === undefined
          ? {}
          : { server: serverReport(error.fields) },
        cause: error,
      },
    );
  }
  return new PawlError(
    "internal",
    `Cannot finish: pawl itself is at fault: ${message(error)}`,
    {
      hint: "Please report this with the output of the same command and -v",
      cause: error,
    },
  );
}

/** What caused an error, and where in the code, for `-v`. */
function causes(error: PawlError): string[] {
  const lines: string[] = [];
  let cause: unknown = error.cause;
  // A chain that bites its own tail must end.
  for (let depth = 0; cause !== undefined && depth < 8; depth++) {
    const stack = cause instanceof Error ? cause.stack : undefined;
    const text = error.code === "internal" && stack !== undefined
      ? stack
      : message(cause);
    lines.push(`caused by ${text}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}

/** The line of a file with a caret below the column, cut to the width. */
function sourceLines(location: SourceLocation, style: Style): string[] {
  if (location.text === undefined || location.line === undefined) return [];
  const number = String(location.line);
  const gutter = " ".repeat(number.length);
  const characters = [...location.text.replace(/\r?\n[^]*$/, "")]
    .map((character) => character === "\t" ? " " : character);
  const column = Math.min(location.column ?? 1, characters.length + 1);
  const room = Math.max(20, style.width - number.length - 5);
  // A long line (a one-line dump) is shown around the column.
  const from = characters.length <= room ? 0 : Math.max(
    0,
    Math.min(column - Math.ceil(room / 2), characters.length - room),
  );
  const shown = characters.slice(from, from + room).join("");
  const lines = [`  ${style.dim(`${number} |`)} ${shown}`];
  if (location.column !== undefined) {
    const before = characters.slice(from, column - 1).join("");
    const caret = style.red(`${" ".repeat(displayWidth(before))}^`);
    lines.push(`  ${style.dim(`${gutter} |`)} ${caret}`);
  }
  return lines;
}

/** `file:line:column`, as far as they are known. */
function place(location: SourceLocation): string {
  return [location.file, location.line, location.column]
    .filter((part) => part !== undefined).join(":");
}

function locationLines(
  location: SourceLocation | undefined,
  style: Style,
): string[] {
  return location === undefined
    ? []
    : [`  ${style.bold(place(location))}`, ...sourceLines(location, style)];
}

function serverLines(
  report: ServerReport | undefined,
  error: PawlError,
): string[] {
  if (report === undefined) return [];
  const fields: [string, string | undefined][] = [
    [
      "ERROR",
      error.message.includes(report.message) ? undefined : report.message,
    ],
    ["SQLSTATE", report.sqlstate],
    ["DETAIL", report.detail],
    ["HINT", report.hint],
    ["CONTEXT", report.where],
  ];
  return fields.flatMap(([name, text]) =>
    text === undefined || text === "" ? [] : [`  ${name}: ${indented(text, 4)}`]
  );
}

/**
 * An error as lines for standard error.
 *
 * @param error The error.
 * @param style The style of the stream.
 * @param verbose Whether its causes are told too.
 * @returns The lines: what, where, what the server said, details, the hint.
 */
export function errorLines(
  error: PawlError,
  style: Style,
  verbose: boolean,
): string[] {
  const more = verbose ? causes(error) : [];
  return [
    `${style.red(style.bold("error:"))} ${indented(error.message, 2)}`,
    ...locationLines(error.location, style),
    ...serverLines(error.server, error),
    ...[...error.details, ...more].map((line) => `  ${indented(line, 4)}`),
    ...error.hint === undefined
      ? []
      : [`${style.cyan(style.bold("hint:"))} ${indented(error.hint, 6)}`],
  ];
}

/**
 * An error as the document that `--format json` writes.
 *
 * @param error The error.
 * @param verbose Whether its causes are told too.
 * @returns The document `pawl.error/1`; what is not known is null.
 */
export function errorDocument(
  error: PawlError,
  verbose: boolean,
): JsonDocument<"pawl.error/1"> {
  return {
    format: "pawl.error/1",
    error: {
      code: error.code,
      message: error.message,
      hint: error.hint ?? null,
      details: [...error.details, ...verbose ? causes(error) : []],
      location: error.location ?? null,
      server: error.server ?? null,
    },
  };
}

/**
 * A finding as lines for standard error.
 *
 * @param found The finding.
 * @param style The style of the stream.
 * @returns The lines.
 */
export function diagnosticLines(found: Diagnostic, style: Style): string[] {
  const dress = {
    error: style.red,
    warning: style.yellow,
    note: style.cyan,
  }[found.severity];
  const code = found.code === undefined ? "" : `[${found.code}]`;
  return [
    `${dress(style.bold(`${found.severity}${code}:`))} ${
      indented(found.message, 2)
    }`,
    ...locationLines(found.location, style),
    ...found.hint === undefined
      ? []
      : [`  ${style.cyan("hint:")} ${indented(found.hint, 4)}`],
  ];
}
