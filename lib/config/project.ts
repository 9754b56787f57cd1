/**
 * Which project of the file is meant. It reads names only.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import { type ConfigFile, projectNames } from "./config_file.ts";
import { didYouMean } from "./suggest.ts";
import type { Variables } from "./variables.ts";

/**
 * Chooses a project: `-p`, then `PAWL_PROJECT`, then `[project]`.
 *
 * @param config The configuration file, where there is one.
 * @param flag The value of `-p`.
 * @param variables The variables of the process.
 * @returns NAME of `[projects.NAME]`, or undefined for `[project]`.
 * @throws {PawlError} `usage` for an unknown name, or where the file has several
 * projects, no `[project]`, and none was named.
 */
export function selectProject(
  config: ConfigFile | undefined,
  flag: string | undefined,
  variables: Variables,
): string | undefined {
  const variable = variables.get("PAWL_PROJECT");
  const name = flag ?? variable?.value;
  const sections = [...config?.projects.keys() ?? []];
  if (name === undefined) {
    if (config === undefined || config.hasProject || sections.length === 0) {
      return undefined;
    }
    throw new PawlError(
      "usage",
      `Cannot choose a project: ${config.file} has ${
        sections.map((each) => `[projects.${each}]`).join(", ")
      } and no [project]`,
      { hint: "Name one by -p NAME or PAWL_PROJECT" },
    );
  }
  if (config?.projects.has(name)) return name;
  const main = config === undefined
    ? "default"
    : projectNames(config).get(undefined);
  if (name === main) return undefined;
  const setting = flag === undefined ? variable?.origin ?? "" : "-p";
  const known = main === undefined ? sections : [main, ...sections];
  const hint = didYouMean(name, known);
  throw new PawlError(
    "usage",
    `Cannot use ${setting} ${JSON.stringify(name)}: ${
      config?.file ?? "without a pawl.toml there is"
    } ${config === undefined ? "no such project" : "has no such project"}`,
    hint === undefined ? {} : { hint },
  );
}
