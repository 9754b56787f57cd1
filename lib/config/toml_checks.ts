/**
 * What must hold between the keys of a `pawl.toml`, beyond what each key's kind
 * says. It reads the checked data only.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import { withHint } from "./config_errors.ts";
import { type ConfigFile, projectNames } from "./config_file.ts";
import { didYouMean } from "./suggest.ts";
import { refersToVariable } from "./variables.ts";

/**
 * Checks that no two projects share a name and that `depends` leads somewhere.
 *
 * @param config The file.
 * @throws {PawlError} `config-invalid`.
 */
export function checkProjects(config: ConfigFile): void {
  const names = projectNames(config);
  const owners = new Map<string, string | undefined>();
  for (const [section, name] of names) {
    const entry = section === undefined
      ? config.tables.project.get("name")
      : config.projects.get(section)?.entries.get("name");
    if (refersToVariable(entry?.value)) continue;
    if (owners.has(name)) {
      throw new PawlError(
        "config-invalid",
        `Cannot read ${config.file}: two projects have the name ${
          JSON.stringify(name)
        }, so they would share one history`,
        {
          location: entry?.location ??
            config.projects.get(section ?? "")?.location ??
            { file: config.file },
          hint: "Give each its own `name`",
        },
      );
    }
    owners.set(name, section);
  }
  for (const section of config.projects.keys()) {
    checkDepends(config, section, []);
  }
}

/** The projects that a project depends on: every one exists, none depends on itself. */
function checkDepends(
  config: ConfigFile,
  section: string,
  trail: readonly string[],
): void {
  const entry = config.projects.get(section)?.entries.get("depends");
  if (entry === undefined || refersToVariable(entry.value)) return;
  const known = [...config.projects.keys()];
  const main = projectNames(config).get(undefined);
  for (const name of [entry.value].flat().map(String)) {
    if (name === main && !config.projects.has(name)) continue;
    if (!config.projects.has(name)) {
      throw new PawlError(
        "config-invalid",
        `Cannot read ${config.file}: ${entry.what} names the project ${
          JSON.stringify(name)
        }, which is not there`,
        withHint(entry.location, didYouMean(name, known)),
      );
    }
    const path = [...trail, section];
    if (path.includes(name)) {
      throw new PawlError(
        "config-invalid",
        `Cannot read ${config.file}: projects depend on one another in a circle: ${
          [...path.slice(path.indexOf(name)), name].join(" → ")
        }`,
        { location: entry.location, hint: "Remove one `depends`" },
      );
    }
    checkDepends(config, name, path);
  }
}

/**
 * Checks that a lint rule's code stands in one list only: two would contradict each other.
 *
 * @param config The file.
 * @throws {PawlError} `config-invalid`.
 */
export function checkLintCodes(config: ConfigFile): void {
  const seen = new Map<string, string>();
  for (const list of ["ignore", "error", "warn"]) {
    const entry = config.tables.lint.get(list);
    if (entry === undefined) continue;
    for (const code of [entry.value].flat().map(String)) {
      const other = seen.get(code);
      if (other !== undefined && other !== list) {
        throw new PawlError(
          "config-invalid",
          `Cannot read ${config.file}: [lint] has ${
            JSON.stringify(code)
          } both in ${other} and in ${list}`,
          { location: entry.location, hint: "Leave it in one of them" },
        );
      }
      seen.set(code, list);
    }
  }
}
