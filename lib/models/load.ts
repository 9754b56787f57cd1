/**
 * Loads a models file: types are stripped and the rest is run from memory, in
 * a Worker, so that the compiled binary does it too. A file may import types
 * and `node:` modules, not its neighbours. What is wrong is one error with
 * file and line.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { moduleUrl } from "../guest/module_url.ts";
import type { ModelsOptions } from "./ddl.ts";
import { failureOf, type ModelsFailure } from "./failure.ts";
import type { ModelsOrder, ModelsReport } from "./models_worker.ts";

/** A models file. */
export interface ModelsFile {
  /** The path as the user would type it. */
  readonly path: string;
  /** What is in it: JavaScript, or TypeScript whose types can be taken away. */
  readonly source: string;
}

/** What a models file is loaded for. */
export interface ModelsFileOptions extends ModelsOptions {
  /** Stops waiting for the file when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The DDL of a models file. What the file writes to standard output goes to
 * standard error.
 *
 * @param file The file.
 * @param options The environment, and a signal.
 * @returns Statements in an order that a server takes; "" for no models.
 * @throws {PawlError} `model-invalid` with the file and, where it is known,
 * line and column; `interrupted`.
 */
export async function modelsFileDdl(
  file: ModelsFile,
  options: ModelsFileOptions = {},
): Promise<string> {
  const code = await withoutTypes(file);
  const report = await runModels(file, {
    url: moduleUrl(code),
    environment: options.environment,
  }, options.signal);
  switch (report.kind) {
    case "ddl":
      return report.ddl;
    case "unlinked":
      throw invalid(file, foreignImport(code, report.failure));
    case "failed":
      throw invalid(file, report.failure);
    case "ended":
      throw invalid(file, {
        message: "it called exit before it had returned its models",
        hint: "Its function ends by returning, and fails by throwing",
      });
    default:
      return report satisfies never;
  }
}

/** An interrupt wins at once, whatever the file does. */
async function runModels(
  file: ModelsFile,
  order: ModelsOrder,
  signal: AbortSignal | undefined,
): Promise<ModelsReport> {
  const { promise, resolve, reject } = Promise.withResolvers<ModelsReport>();
  const abort = () =>
    reject(
      new PawlError("interrupted", `Stopped: ${file.path} was interrupted`),
    );
  if (signal?.aborted) {
    abort();
    return await promise;
  }
  const worker = new Worker(new URL("./models_worker.ts", import.meta.url), {
    type: "module",
    name: "models",
  });
  worker.onmessage = ({ data }: MessageEvent<ModelsReport>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ kind: "failed", failure: { message: event.message } });
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    worker.postMessage(order);
    return await promise;
  } finally {
    signal?.removeEventListener("abort", abort);
    // A busy Worker may go on; the process ends it with itself.
    worker.terminate();
  }
}

/** The stripper leaves every line and column where it was. */
async function withoutTypes(file: ModelsFile): Promise<string> {
  const { transformSync } = await import("amaro");
  try {
    return transformSync(file.source, { mode: "strip-only" }).code;
  } catch (error) {
    throw invalid(file, {
      ...failureOf(error),
      hint:
        "Only types are taken away: no enum, no namespace, no parameter properties",
    });
  }
}

function invalid(
  file: ModelsFile,
  { message, line, column, hint }: ModelsFailure,
): PawlError {
  return new PawlError(
    "model-invalid",
    `Cannot load ${file.path}: ${message}`,
    {
      location: {
        file: file.path,
        ...(line === undefined ? {} : {
          line,
          ...(column === undefined ? {} : { column }),
          text: (file.source.split("\n")[line - 1] ?? "").slice(0, 200),
        }),
      },
      ...(hint === undefined ? {} : { hint }),
    },
  );
}

/**
 * Of a module that could not be loaded: which of its imports is to blame. The
 * runtime says that in many ways, some of which name neither import nor line.
 */
function foreignImport(code: string, failure: ModelsFailure): ModelsFailure {
  const imports =
    /^[ \t]*(?:import|export)\b(?:[^;"'`]*?\bfrom)?\s*(["'])(?!node:)([^"'\n]+)\1/gm;
  for (const match of code.matchAll(imports)) {
    const first = code.slice(0, match.index).split("\n").length;
    const last = first + match[0].split("\n").length - 1;
    const { line = last } = failure;
    if (line < first || line > last) continue;
    return {
      message: `it imports ${match[1]}${match[2]}${match[1]}`,
      line,
      column: failure.column,
      hint:
        "A models file may import types and node: modules only; put what it needs into the file",
    };
  }
  return failure;
}
