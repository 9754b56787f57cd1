/**
 * What the commands that read a schema have in common: which source, how it is
 * announced, what could not be read.
 *
 * @module
 */

import { PawlError } from "../../errors.ts";
import { chooseSource, type ReadRequest } from "../../inspect/read.ts";
import type { Project } from "../../migrate/project.ts";
import type { SchemaNotice } from "../../schema/schema.ts";
import type { Diagnostic } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional } from "../option.ts";
import { project } from "./shared.ts";

/** The positional for a source. */
export const sourcePositional = positional.optional({
  name: "SOURCE",
  description:
    "postgres://…, pglite:DIR, a directory or .sql file of DDL, a .ts or .js file of models (docs/models.md), a .json snapshot, migrations:DIR[@VERSION], env:NAME, or - for DDL on standard input; the project's database by default",
});

/** Options of every command that reads a schema. */
export const sourceOptions = {
  shadow: option.string({
    value: "URL",
    description:
      "Where a source that is no database is loaded: embedded, or a server for throw-away databases",
    variable: "PAWL_SHADOW_URL",
    variableIsConfiguration: true,
  }),
  strict: option.flag({
    description:
      "What is not part of the model, or may not be read, is an error (exit 6)",
  }),
};

/** What the options above were given. */
export interface SourceOptions {
  /** SOURCE. */
  readonly source: string | undefined;
  /** `--shadow`. */
  readonly shadow: string | undefined;
  /** `--strict`. */
  readonly strict: boolean;
}

/**
 * Opens the project and says which source is about to be read.
 *
 * @throws {PawlError} `usage` where two are named.
 */
export function openSource(
  io: Io,
  options: SourceOptions,
): {
  readonly opened: Project;
  readonly shown: string;
  readonly request: ReadRequest;
} {
  const { source } = options;
  if (source !== undefined && io.globals.db !== undefined) {
    throw new PawlError(
      "usage",
      "Cannot use --db with SOURCE: each names what is read",
    );
  }
  io.secrets.addFrom(source ?? "");
  const opened = project(io);
  const { live, shown } = chooseSource(opened, source);
  io.note(`${live ? "Database" : "Source"}: ${shown}`);
  return {
    opened,
    shown,
    request: {
      source,
      shadow: options.shadow,
      strict: options.strict,
      stdin: async () => new TextEncoder().encode(await io.readStdin()),
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    },
  };
}

/** What could not be read, as diagnostics. */
export function noticeDiagnostics(
  notices: readonly SchemaNotice[],
): Diagnostic[] {
  return notices.map(({ code, message }) => ({
    severity: "warning",
    code,
    message,
  }));
}

/** Objects that DDL has as comments only, as diagnostics. */
export function leftOutDiagnostics(
  leftOut: ReadonlyMap<string, string>,
): Diagnostic[] {
  return [...leftOut].map(([address, reason]) => ({
    severity: "warning",
    code: "left-out",
    message: `${address} is a comment in the SQL: ${reason}`,
  }));
}
