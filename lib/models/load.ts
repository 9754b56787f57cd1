/**
 * Loads a models file: types are stripped and the rest is imported from
 * memory, so that the compiled binary does it too. A file may import types
 * and `node:` modules, not its neighbours. What is wrong is one error with
 * file and line.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type SchemaBuilder, schemaBuilder } from "./builder.ts";
import { modelsDdl, type ModelsOptions } from "./ddl.ts";
import { Field } from "./field.ts";
import type { Model } from "./model.ts";

/** A models file. */
export interface ModelsFile {
  /** The path as the user would type it. */
  readonly path: string;
  /** What is in it: JavaScript, or TypeScript whose types can be taken away. */
  readonly source: string;
}

/**
 * The DDL of a models file.
 *
 * @param file The file.
 * @param options The environment.
 * @returns Statements in an order that a server takes; "" for no models.
 * @throws {PawlError} `model-invalid` with the file and, where it is known,
 * line and column.
 */
export async function modelsFileDdl(
  file: ModelsFile,
  options: ModelsOptions = {},
): Promise<string> {
  const models = await loadModels(file);
  try {
    return modelsDdl(models, options);
  } catch (error) {
    throw invalid(file, error);
  }
}

/**
 * The models of a models file.
 *
 * @param file The file.
 * @throws {PawlError} As {@linkcode modelsFileDdl}.
 */
export async function loadModels(file: ModelsFile): Promise<readonly Model[]> {
  const code = await withoutTypes(file);
  let returned: unknown;
  try {
    const exported: unknown = await import(
      `data:text/javascript;base64,${base64(code)}`
    );
    const define = typeof exported === "object" && exported !== null &&
        "default" in exported
      ? exported.default
      : undefined;
    if (!isFunction(define)) {
      throw invalid(file, "it exports no function by default", {
        hint: "export default (s) => [s.table(…), …]",
      });
    }
    returned = await define(schemaBuilder());
  } catch (error) {
    throw error instanceof PawlError ? error : invalid(file, error);
  }
  if (!Array.isArray(returned)) {
    throw invalid(file, "its function returns no list of models");
  }
  return returned.map((model: unknown, i) => {
    if (isModel(model)) return model;
    throw invalid(file, `item ${i + 1} of its list is no model`, {
      hint:
        "Each is what s.table(), s.enum(), s.view(), s.sql() or the like returned",
    });
  });
}

const MODELS: ReadonlySet<unknown> = new Set([
  "schema",
  "enum",
  "table",
  "view",
  "materialized view",
  "sql",
]);

/** JavaScript is not checked by a compiler; what only the builder makes is believed. */
function isModel(value: unknown): value is Model {
  if (typeof value !== "object" || value === null || !("model" in value)) {
    return false;
  }
  if (!MODELS.has(value.model)) return false;
  return !("fields" in value) ||
    typeof value.fields === "object" && value.fields !== null &&
      Object.values(value.fields).every((field) => field instanceof Field);
}

function isFunction(value: unknown): value is (s: SchemaBuilder) => unknown {
  return typeof value === "function";
}

/** The stripper leaves every line and column where it was. */
async function withoutTypes(file: ModelsFile): Promise<string> {
  const { transformSync } = await import("amaro");
  try {
    return transformSync(file.source, { mode: "strip-only" }).code;
  } catch (error) {
    throw invalid(file, error, {
      hint:
        "Only types are taken away: no enum, no namespace, no parameter properties",
    });
  }
}

function invalid(
  file: ModelsFile,
  what: unknown,
  options: { readonly hint?: string } = {},
): PawlError {
  const message = messageOf(what);
  const place = placeOf(what) ?? importPlace(file.source, message);
  const imports = /relative URL|not a dependency|cannot-be-a-base/.test(
    message,
  );
  const hint = imports
    ? "A models file may import types and node: modules only; put what it needs into the file"
    : options.hint;
  return new PawlError(
    "model-invalid",
    `Cannot load ${file.path}: ${message}`,
    {
      location: {
        file: file.path,
        ...(place === undefined ? {} : {
          ...place,
          text: (file.source.split("\n")[place.line - 1] ?? "").slice(0, 200),
        }),
      },
      ...(hint === undefined ? {} : { hint }),
      ...(typeof what === "string" ? {} : { cause: what }),
    },
  );
}

/** The stripper throws plain objects with `message` and `startLine`. */
function messageOf(what: unknown): string {
  const text = typeof what === "object" && what !== null && "message" in what
    ? String(what.message)
    : String(what);
  const first = plain(text).split("\n").find((line) => line.trim() !== "");
  return (first ?? text).trim().replace(
    / (?:at|from) "?data:\S+$/,
    "",
  );
}

/** Where in the file: the innermost frame that is not ours. */
function placeOf(
  what: unknown,
): { readonly line: number; readonly column?: number } | undefined {
  if (typeof what !== "object" || what === null) return undefined;
  if ("startLine" in what && typeof what.startLine === "number") {
    return { line: what.startLine };
  }
  if (!(what instanceof Error)) return undefined;
  const frame = /data:text\/javascript;base64,[^:\s]*:(\d+):(\d+)/.exec(
    plain(`${what.message}\n${what.stack ?? ""}`),
  );
  return frame === null
    ? undefined
    : { line: Number(frame[1]), column: Number(frame[2]) };
}

/** An import that cannot be resolved is named without its place. */
function importPlace(
  source: string,
  message: string,
): { readonly line: number } | undefined {
  const specifier = /^Import "([^"]+)"/.exec(message)?.[1];
  if (specifier === undefined) return undefined;
  const line = source.split("\n").findIndex((text) => text.includes(specifier));
  return line < 0 ? undefined : { line: line + 1 };
}

/** Without the colours that the runtime puts into some messages. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
}

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}
