/**
 * pawl as a library: everything that the command line does, as plain
 * functions with typed results.
 *
 * Open a project with {@linkcode openProject}, then call {@linkcode upgrade},
 * {@linkcode status}, {@linkcode verify} and the others with it. What goes
 * wrong is a {@linkcode PawlError} with a stable code.
 *
 * @example Apply what is pending, and stop a run that takes too long
 * ```ts ignore
 * import { openProject, upgrade } from "@pawl/pawl";
 *
 * const project = openProject({ environment: "staging" });
 * const report = await upgrade(project, {
 *   signal: AbortSignal.timeout(60_000),
 *   onProgress: (name, status, index, total) =>
 *     console.log(`${index}/${total} ${name}: ${status}`),
 * });
 * if (!report.success) throw report.error;
 * ```
 *
 * @module
 */

export * from "./lib/errors.ts";
export * from "./lib/config/mod.ts";
export * from "./lib/migrate/mod.ts";
export * from "./lib/models/mod.ts";
export * from "./lib/pg/mod.ts";
export type { Statement } from "./lib/sql/split.ts";
