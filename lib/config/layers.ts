/**
 * Which of flag, variable, file and default gives a key its value. It knows the
 * order of precedence and no key by name but those with a table of their own.
 *
 * @module
 */
import type { ConfigFile, Entries, EnvironmentTable } from "./config_file.ts";
import { type AnyKey, type Key, PROJECT } from "./keys.ts";
import {
  type FlagValue,
  keyAddress,
  readEntry,
  readFlag,
  readVariable,
} from "./read_value.ts";
import type { Variables } from "./variables.ts";

/** Everything that a key's value may come from. */
export interface Layers {
  /** The configuration file, where there is one. */
  readonly config: ConfigFile | undefined;
  /** NAME of `[projects.NAME]`, where one was chosen. */
  readonly section: string | undefined;
  /** `[env.NAME]`, where one was chosen. */
  readonly environment: EnvironmentTable | undefined;
  /** Flags that set a key. */
  readonly flags: readonly FlagValue[];
  /** The variables of the process. */
  readonly variables: Variables;
  /** The directory that paths of the file and of variables are relative to. */
  readonly root: string;
  /** The current directory, which paths of flags are relative to. */
  readonly cwd: string;
}

/** A value and where it came from. */
export interface Found<V> {
  /** The value. */
  readonly value: V;
  /** What it came from. */
  readonly from: "flag" | "variable" | "file" | "default";
  /** The absolute directory that a path in it is relative to. */
  readonly base: string;
}

/**
 * Finds the value of a key: a flag, then its variable, then the file
 * (`[env.NAME]`, `[projects.NAME]`, the key's own table), then the default.
 *
 * @param key The key.
 * @param layers What its value may come from.
 * @returns The value of the first that says something.
 * @throws {PawlError} Where that one says something that is not accepted.
 */
export function lookUp<T, D>(key: Key<T, D>, layers: Layers): Found<T | D> {
  const { variables, root, section } = layers;
  const flag = layers.flags.findLast((each) => each.key === keyAddress(key));
  if (flag !== undefined) {
    return { value: readFlag(key, flag), from: "flag", base: layers.cwd };
  }
  const variable = key.variable === undefined
    ? undefined
    : variables.get(key.variable);
  if (variable !== undefined) {
    const value = readVariable(key, variable);
    return { value, from: "variable", base: root };
  }
  for (const entries of tablesOf(key, layers)) {
    const entry = entries?.get(key.name);
    if (entry === undefined) continue;
    const value = readEntry(key, entry, variables);
    return { value, from: "file", base: root };
  }
  const value = section === undefined || key.inSection === undefined
    ? key.initial
    : key.inSection(section);
  return { value, from: "default", base: root };
}

/** The tables of the file that may hold a key, the strongest first. */
function tablesOf(
  key: AnyKey,
  layers: Layers,
): readonly (Entries | undefined)[] {
  const { config, section, environment } = layers;
  const own = section === undefined
    ? undefined
    : config?.projects.get(section)?.entries;
  switch (key.table) {
    case "project":
      return [
        // [env.NAME] schema is the search_path's, not the declared one.
        key === PROJECT.schema ? undefined : environment?.entries,
        own,
        section !== undefined && key.ownToProject
          ? undefined
          : config?.tables.project,
      ];
    case "projects":
      return [own];
    case "env":
      return [environment?.entries];
    case "timeouts":
      return [environment?.timeouts, config?.tables.timeouts];
    case "history":
    case "drift":
    case "converge":
    case "lint":
    case "shadow":
    case "hooks":
      return [config?.tables[key.table]];
    default:
      return key.table satisfies never;
  }
}
