/**
 * The files of a source, models among them: their DDL stands for them. It
 * knows which file is which by its name.
 *
 * @module
 */

import { resolve } from "node:path";
import { displayFrom } from "../migrate/project.ts";
import { modelsFileDdl } from "../models/load.ts";
import type { SourceContext } from "./context.ts";
import type { DdlFile } from "./ddl_script.ts";
import { readDdlFiles, readText } from "./files.ts";

/** Files of models, by their names. */
const MODELS = /\.[cm]?[jt]s$/i;

/**
 * Reads the DDL of some paths: `.sql` files, directories of them, and `.ts` or
 * `.js` files that export models.
 *
 * @param paths Files and directories, absolute or below the project's `cwd`.
 * @param context The project, whose environment says which tables are there.
 * @returns The files; for models their DDL, under the file's name.
 * @throws {PawlError} `file-unreadable`; `model-invalid` with file and line;
 * `interrupted`.
 */
export async function readSchemaFiles(
  paths: readonly string[],
  context: SourceContext,
): Promise<DdlFile[]> {
  const { cwd, settings } = context.project;
  const files: DdlFile[] = [];
  const plain = paths.filter((path) => !MODELS.test(path));
  if (plain.length > 0) files.push(...readDdlFiles(plain, cwd));
  for (const path of paths.filter((one) => MODELS.test(one))) {
    const absolute = resolve(cwd, path);
    const shown = displayFrom(cwd, absolute);
    const source = readText(absolute, shown);
    const text = await modelsFileDdl({ path: shown, source }, {
      environment: settings.environment,
      signal: context.signal,
    });
    files.push({ path: `the DDL of ${shown}`, text });
  }
  return files;
}
