/**
 * Makes a module of a JavaScript or TypeScript migration, and checks it. Types
 * are stripped by Node's own stripper and the rest is imported from memory, so
 * that the compiled binary runs TypeScript too; a program may import types
 * and `node:` modules, not its neighbours. It must not run any of it.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { PawlError } from "../errors.ts";
import { moduleUrl } from "../guest/module_url.ts";
import type { ProgramBody } from "./model.ts";

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
 * Makes the module of a program.
 *
 * @param body Its source.
 * @returns The URL to import it by.
 * @throws {PawlError} `migration-invalid` where its types cannot be stripped.
 */
export async function programUrl(body: ProgramBody): Promise<string> {
  return moduleUrl(
    body.language === "ts" ? await stripTypes(body) : body.source,
  );
}

/**
 * Checks programs before any migration runs: their syntax, their imports, and
 * that they export what would run. Nothing of them is executed.
 *
 * @param bodies The programs that would run; others are passed over.
 * @param direction Which way.
 * @throws {PawlError} `migration-invalid` with file and, where it is known,
 * line; `irreversible` where there is no way back.
 */
export async function checkPrograms(
  bodies: readonly ({ readonly kind: "sql" } | ProgramBody)[],
  direction: "up" | "down",
): Promise<void> {
  for (const body of bodies) {
    if (body.kind === "program") await checkProgram(body, direction);
  }
}

async function checkProgram(
  body: ProgramBody,
  direction: "up" | "down",
): Promise<void> {
  const url = await programUrl(body);
  try {
    await link(`import "${url}";`);
  } catch (error) {
    throw unlinked(body, error);
  }
  try {
    await link(`import { ${direction} } from "${url}";`);
  } catch (cause) {
    if (direction === "up") {
      throw invalid(body, "it exports no function up", {
        hint: "export async function up(db) { await db.execute(…); }",
        cause,
      });
    }
    throw new PawlError(
      "irreversible",
      `Cannot roll back ${body.path}: it exports no function down`,
      {
        location: { file: body.path },
        hint: "Write a new migration that undoes it, or restore a backup",
      },
    );
  }
}

const LINKED = "pawl: linked";
const STOP = moduleUrl(`throw ${JSON.stringify(LINKED)};`);

/**
 * Loads and links modules without running them: all of them are linked before
 * the first one runs, and the first one throws.
 */
async function link(imports: string): Promise<void> {
  try {
    await import(moduleUrl(`import "${STOP}"; ${imports}`));
  } catch (error) {
    if (error !== LINKED) throw error;
  }
}

/** What Deno says of a module, without the module's own long address. */
function unlinked(body: ProgramBody, error: unknown): PawlError {
  const message = stripVTControlCharacters(
    error instanceof Error ? error.message : String(error),
  );
  const line = /data:text\/javascript[^\s:]*:(\d+):\d+/.exec(message)?.[1];
  const what = message.split(/\s+(?:at|from) "?data:|\n/)[0] ?? message;
  const said = line === undefined
    ? ""
    : body.source.split("\n")[Number(line) - 1] ?? "";
  const importing = /import map/.test(message) ||
    /\b(?:import|from)\b/.test(said);
  return invalid(body, what, {
    cause: error,
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(importing
      ? {
        hint:
          "A migration may import types and node: modules only; put what it needs into the file",
      }
      : {}),
  });
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
