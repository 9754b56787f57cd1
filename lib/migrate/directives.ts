/**
 * The `-- pawl:` lines of a migration file: found, told apart, and read into
 * a header. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Dependency, FileText, Header, TimeoutOverride } from "./model.ts";
import { parseDuration } from "../config/duration.ts";
import { locationIn, redactMessage } from "./redact_sql.ts";

/** One `-- pawl:NAME ARGUMENTS` line. */
export interface Directive {
  readonly name: string;
  readonly argument: string;
  /** The offset of the line's first character in the file's text. */
  readonly start: number;
  /** The offset behind the line, without its line end. */
  readonly end: number;
}

/** The directives that start a part of the file. */
export const SECTIONS = ["up", "verify", "down"] as const;

const HEADER_NAMES = [
  "message",
  "depends",
  "replaces",
  "transaction",
  "timeout",
  "irreversible",
  "allow",
  "before",
  "after",
  "only",
  "out-of-order",
] as const;

/** An error about a place in a file. */
export function invalidAt(
  file: FileText,
  offset: number,
  what: { readonly message: string; readonly hint?: string },
): PawlError {
  return new PawlError(
    "migration-invalid",
    `Cannot read ${file.path}: ${redactMessage(what.message, file.text)}`,
    {
      location: locationIn(file, offset),
      ...(what.hint === undefined ? {} : { hint: what.hint }),
    },
  );
}

/** A header that says nothing. */
export const EMPTY_HEADER: Header = {
  message: "",
  depends: undefined,
  replaces: [],
  irreversible: undefined,
  only: undefined,
  outOfOrder: false,
  transaction: "auto",
  timeouts: {},
  allow: [],
  before: undefined,
  after: undefined,
};

/**
 * Reads the header directives of a file.
 *
 * @param file The file, for messages.
 * @param directives The directives before the first statement.
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function readHeader(
  file: FileText,
  directives: readonly Directive[],
): Header {
  let header = EMPTY_HEADER;
  const seen = new Set<string>();
  for (const directive of directives) {
    if (seen.has(directive.name) && directive.name !== "allow") {
      throw invalidAt(file, directive.start, {
        message: `a second pawl:${directive.name} line`,
        hint: "Put everything into one line",
      });
    }
    seen.add(directive.name);
    header = { ...header, ...readDirective(file, directive, header) };
  }
  return header;
}

function readDirective(
  file: FileText,
  directive: Directive,
  header: Header,
): Partial<Header> {
  const { name, argument } = directive;
  const refuse = (message: string, hint: string) =>
    invalidAt(file, directive.start, { message, hint });
  if (!HEADER_NAMES.some((known) => known === name)) {
    throw unknownDirective(file, directive);
  }
  if (argument === "" && name !== "out-of-order") {
    throw refuse(
      `pawl:${name} says nothing`,
      `Write it as in -- pawl:${name} ${EXAMPLES[name] ?? "…"}`,
    );
  }
  switch (name) {
    case "message":
      return { message: argument };
    case "depends":
      return {
        depends: words(argument, refuse).map((word) =>
          readDependency(word, refuse)
        ),
      };
    case "replaces":
      return { replaces: words(argument, refuse) };
    case "transaction":
      return { transaction: readTransaction(argument, refuse) };
    case "timeout":
      return { timeouts: readTimeout(argument, refuse) };
    case "irreversible":
      return { irreversible: argument };
    case "allow": {
      const match = /^([\w-]+(?:\s*,\s*[\w-]+)*)\s*:\s*(\S.*)$/.exec(argument);
      if (match?.[1] === undefined || match[2] === undefined) {
        throw refuse(
          "pawl:allow needs codes and a reason",
          "Write -- pawl:allow CODE[,CODE]: REASON",
        );
      }
      const entry = { codes: match[1].split(/\s*,\s*/), reason: match[2] };
      return { allow: [...header.allow, entry] };
    }
    case "before":
    case "after":
      if (!/^h1:[0-9a-f]{64}$/.test(argument)) {
        throw refuse(
          `pawl:${name} needs a schema hash`,
          "A schema hash is h1: and 64 hex digits",
        );
      }
      return name === "before" ? { before: argument } : { after: argument };
    case "only":
      return { only: words(argument, refuse) };
    case "out-of-order":
      if (argument !== "") {
        throw refuse("pawl:out-of-order takes nothing behind it", "Remove it");
      }
      return { outOfOrder: true };
    default:
      throw unknownDirective(file, directive);
  }
}

const EXAMPLES: Readonly<Record<string, string>> = {
  message: "Add email to users",
  depends: "20260101_120000",
  replaces: "20260101_120000 20260102_120000",
  transaction: "none",
  timeout: "lock=5s statement=1min",
  irreversible: "the old values are gone",
  allow: "drop-table: nobody reads it",
  before: "h1:…",
  after: "h1:…",
  only: "dev staging",
};

/** The error for a directive that does not exist. */
export function unknownDirective(
  file: FileText,
  directive: Directive,
): PawlError {
  return invalidAt(file, directive.start, {
    message: directive.name === "renamed-from"
      ? "pawl:renamed-from belongs in schema files, not in migrations"
      : `there is no directive pawl:${directive.name}`,
    hint: `Directives are ${[...SECTIONS, "step", ...HEADER_NAMES].join(", ")}`,
  });
}

type Refuse = (message: string, hint: string) => PawlError;

/** A list of one word or more: commas alone would silently mean none. */
function words(argument: string, refuse: Refuse): string[] {
  const found = argument.split(/[\s,]+/).filter(Boolean);
  if (found.length === 0) {
    throw refuse("a list without a word", "Name one, or take the line out");
  }
  return found;
}

function readDependency(word: string, refuse: Refuse): Dependency {
  const [project, version, more] = word.split(":");
  if (version === undefined) return { version: word };
  if (
    project === undefined || project === "" || version === "" ||
    more !== undefined
  ) {
    throw refuse(
      `${word} is neither VERSION nor PROJECT:VERSION`,
      "Correct it",
    );
  }
  return { project, version };
}

function readTransaction(argument: string, refuse: Refuse): "auto" | "none" {
  if (argument === "auto" || argument === "none") return argument;
  throw refuse(`pawl:transaction ${argument} is unknown`, "It is auto or none");
}

function readTimeout(argument: string, refuse: Refuse): TimeoutOverride {
  if (argument === "off") return { lock: 0, statement: 0 };
  let timeouts: TimeoutOverride = {};
  for (const word of argument.split(/\s+/)) {
    const [, name, value] = /^(lock|statement)=(.+)$/.exec(word) ?? [];
    const ms = value === undefined
      ? undefined
      : value === "off"
      ? 0
      : parseDuration(value);
    const twice = name === "lock" ? timeouts.lock : timeouts.statement;
    if (name === undefined || ms === undefined || twice !== undefined) {
      throw refuse(
        `pawl:timeout ${word} is no time-out`,
        "Write lock=3s, statement=1min or off; units are us, ms, s, min, h, d",
      );
    }
    timeouts = name === "lock"
      ? { ...timeouts, lock: ms }
      : { ...timeouts, statement: ms };
  }
  return timeouts;
}

/** Reads the words behind `pawl:step`. */
export function readStep(
  file: FileText,
  directive: Directive,
  header: Header,
): {
  readonly transaction: "auto" | "none";
  readonly timeouts: TimeoutOverride;
} {
  const refuse = (message: string, hint: string) =>
    invalidAt(file, directive.start, { message, hint });
  let transaction = header.transaction;
  let timeouts = header.timeouts;
  const argument = directive.argument;
  const transactionWord = /(?:^|\s)transaction=(\S+)/.exec(argument);
  if (transactionWord?.[1] !== undefined) {
    transaction = readTransaction(transactionWord[1], refuse);
  }
  const rest = argument.replace(/(?:^|\s)transaction=\S+/, " ").trim();
  if (rest === "") return { transaction, timeouts };
  const [, words] = /^timeout\s+(.+)$/.exec(rest) ?? [];
  if (words === undefined) {
    throw refuse(
      `pawl:step ${rest} is unknown`,
      "Write -- pawl:step [transaction=none] [timeout lock=… statement=…]",
    );
  }
  timeouts = { ...timeouts, ...readTimeout(words, refuse) };
  return { transaction, timeouts };
}
