/**
 * Loads a JavaScript or TypeScript migration from its source. Types are
 * stripped by Node's own stripper and the rest is imported from memory, so
 * that the compiled binary runs TypeScript too; a program may import types
 * and `node:` modules, not its neighbours.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { ProgramBody } from "./model.ts";
import type { MigrationDatabase } from "./program_database.ts";

/** What a migration program exports. */
export interface MigrationProgram {
  readonly up: (db: MigrationDatabase) => unknown;
  readonly down: ((db: MigrationDatabase) => unknown) | undefined;
}

function invalid(body: ProgramBody, what: string, options: {
  readonly hint?: string;
  readonly cause?: unknown;
  readonly line?: number;
} = {}): PawlError {
  return new PawlError(
    "migration-invalid",
    `Cannot load ${body.path}: ${what}`,
    {
      location: {
        file: body.path,
        ...(options.line === undefined ? {} : {
          line: options.line,
          text: body.source.split("\n")[options.line - 1]?.slice(0, 200) ?? "",
        }),
      },
      ...(options.hint === undefined ? {} : { hint: options.hint }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    },
  );
}

/**
 * Loads a program.
 *
 * @param body Its source.
 * @returns Its functions.
 * @throws {PawlError} `migration-invalid` with file and, where it is known, line.
 */
export async function loadProgram(
  body: ProgramBody,
): Promise<MigrationProgram> {
  const code = body.language === "ts" ? await stripTypes(body) : body.source;
  let exported: unknown;
  try {
    exported = await import(`data:text/javascript;base64,${base64(code)}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const relativeImport =
      /relative|not a dependency|invalid url|data:/i.test(message) &&
      /import/.test(code);
    throw invalid(body, message.split("\n")[0] ?? message, {
      cause: error,
      ...(relativeImport
        ? {
          hint:
            "A migration may import types and node: modules only; put what it needs into the file",
        }
        : {}),
    });
  }
  return readExports(body, exported);
}

function readExports(body: ProgramBody, exported: unknown): MigrationProgram {
  if (typeof exported !== "object" || exported === null) {
    throw invalid(body, "it exports nothing");
  }
  const up = "up" in exported ? exported.up : undefined;
  const down = "down" in exported ? exported.down : undefined;
  if (!isFunction(up)) {
    throw invalid(body, "it exports no function up", {
      hint: "export async function up(db) { await db.execute(…); }",
    });
  }
  if (down !== undefined && !isFunction(down)) {
    throw invalid(body, "its export down is no function");
  }
  return { up, down };
}

function isFunction(
  value: unknown,
): value is (db: MigrationDatabase) => unknown {
  return typeof value === "function";
}

async function stripTypes(body: ProgramBody): Promise<string> {
  const { transformSync } = await import("amaro");
  try {
    return transformSync(body.source, { mode: "strip-only" }).code;
  } catch (error) {
    const message = stripMessage(error);
    throw invalid(
      body,
      message.split("\n").find((l) => l.trim() !== "") ?? message,
      {
        cause: error,
        hint:
          "Only types are taken away: no enum, no namespace, no parameter properties",
        ...lineOf(error),
      },
    );
  }
}

/** The stripper throws plain objects with `message` and `startLine`. */
function stripMessage(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message);
  }
  return String(error);
}

function lineOf(error: unknown): { readonly line?: number } {
  if (typeof error !== "object" || error === null || !("startLine" in error)) {
    return {};
  }
  return typeof error.startLine === "number" ? { line: error.startLine } : {};
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}
