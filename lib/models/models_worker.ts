/**
 * The Worker in which a models file runs, so that what it does - an exit, an
 * error in a timer, a loop or a promise without end, output - is the file's
 * and not pawl's. It makes the DDL here as well: models hold functions, which
 * cannot be sent.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { guardWorker, turnEnds } from "../guest/guard_worker.ts";
import { type SchemaBuilder, schemaBuilder } from "./builder.ts";
import { modelsDdl } from "./ddl.ts";
import { failureOf, type ModelsFailure } from "./failure.ts";
import { Field } from "./field.ts";
import type { Model } from "./model.ts";

/** What the Worker is told. */
export interface ModelsOrder {
  /** The file as a module. */
  readonly url: string;
  /** The environment that the DDL is for. */
  readonly environment: string | undefined;
}

/** What the Worker says. */
export type ModelsReport =
  | { readonly kind: "ddl"; readonly ddl: string }
  | { readonly kind: "unlinked"; readonly failure: ModelsFailure }
  | { readonly kind: "failed"; readonly failure: ModelsFailure }
  /** The file ends the Worker in the middle of itself. */
  | { readonly kind: "ended" };

const post = self.postMessage.bind(self);

function report(message: ModelsReport): void {
  post(message);
}

function fail(thrown: unknown): void {
  report({ kind: "failed", failure: failureOf(thrown) });
}

self.addEventListener(
  "message",
  ({ data }: MessageEvent<ModelsOrder>) => void run(data),
);

async function run({ url, environment }: ModelsOrder): Promise<void> {
  let exported: unknown;
  try {
    exported = await import(url);
  } catch (error) {
    return report({ kind: "unlinked", failure: failureOf(error) });
  }
  try {
    const models = await modelsOf(exported);
    if (!Array.isArray(models)) return report({ kind: "failed", ...models });
    const ddl = modelsDdl(models, { environment });
    await turnEnds();
    report({ kind: "ddl", ddl });
  } catch (error) {
    fail(error);
  }
}

/** Calls the file's function; JavaScript is not checked by a compiler. */
async function modelsOf(
  exported: unknown,
): Promise<Model[] | { readonly failure: ModelsFailure }> {
  const define = typeof exported === "object" && exported !== null &&
      "default" in exported
    ? exported.default
    : undefined;
  if (!isFunction(define)) {
    return {
      failure: {
        message: "it exports no function by default",
        hint: "export default (s) => [s.table(…), …]",
      },
    };
  }
  const returned = await define(schemaBuilder());
  if (!Array.isArray(returned)) {
    return { failure: { message: "its function returns no list of models" } };
  }
  const list: readonly unknown[] = returned;
  const models = list.filter(isModel);
  if (models.length === list.length) return models;
  const wrong = list.findIndex((model) => !isModel(model));
  return {
    failure: {
      message: `item ${wrong + 1} of its list is no model`,
      hint:
        "Each is what s.table(), s.enum(), s.view(), s.sql() or the like returned",
    },
  };
}

const MODELS: ReadonlySet<unknown> = new Set([
  "schema",
  "enum",
  "table",
  "view",
  "materialized view",
  "sql",
]);

/** What only the builder makes is believed. */
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

guardWorker({
  onError: fail,
  onEnd: () => report({ kind: "ended" }),
  onOutput: (chunk) =>
    tell(typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk),
});

const { stderr } = Deno;

/** At once: what is only begun ends with the Worker. */
function tell(bytes: Uint8Array): void {
  try {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(stderr.writeSync(rest));
    }
  } catch (error) {
    // Nobody reads it, or not fast enough: no fault of the file.
    const unread = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.WouldBlock;
    if (!unread) throw error;
  }
}
