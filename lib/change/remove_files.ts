/**
 * Takes migrations' files away again, with their lines in `pawl.sum`.
 *
 * @module
 */

import type { Project } from "../migrate/project.ts";
import { readProjectFiles, sumBefore, updateSum } from "../migrate/sum_file.ts";

/**
 * Removes the files of migrations.
 *
 * @param project The project.
 * @param versions Which migrations.
 * @returns The names of the files, within the directory.
 */
export function removeFiles(
  project: Project,
  versions: readonly string[],
): string[] {
  const gone = new Set(versions);
  const { migrations } = project.settings;
  const files = readProjectFiles(project);
  const names = files.migrations.filter(({ version }) => gone.has(version))
    .map(({ file }) => file.slice(file.lastIndexOf("/") + 1));
  const before = sumBefore(project, files);
  for (const name of names) Deno.removeSync(`${migrations}/${name}`);
  updateSum(project, before);
  return names;
}
