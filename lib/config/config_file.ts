/**
 * What a `pawl.toml` is once it has been read and checked: plain data, each
 * value with the place it stands at. It reads nothing and chooses nothing.
 *
 * @module
 */
import type { SourceLocation } from "../errors.ts";
import type { TableName } from "./keys.ts";

/** A value of the file that is of its key's kind, unless variables decide that. */
export interface Entry {
  /** The value as the parser gave it, variables unexpanded. */
  readonly value: unknown;
  /** What a message calls it, such as `url in [env.prod]`. */
  readonly what: string;
  /** Where its key stands. */
  readonly location: SourceLocation;
}

/** The entries of a table by key name. */
export type Entries = ReadonlyMap<string, Entry>;

/** One `[env.NAME]`. */
export interface EnvironmentTable {
  /** Its own keys and its overrides of project keys. */
  readonly entries: Entries;
  /** `[env.NAME.timeouts]`. */
  readonly timeouts: Entries;
  /** Where the table starts. */
  readonly location: SourceLocation;
}

/** One `[projects.NAME]`. */
export interface ProjectTable {
  /** Its keys. */
  readonly entries: Entries;
  /** Where the table starts. */
  readonly location: SourceLocation;
}

/** A configuration file. */
export interface ConfigFile {
  /** Its path as a user would type it. */
  readonly file: string;
  /** The absolute directory that its paths are relative to. */
  readonly directory: string;
  /** Whether there is a `[project]` table. */
  readonly hasProject: boolean;
  /** The entries of the tables that stand once; empty where a table is absent. */
  readonly tables: Readonly<
    Record<Exclude<TableName, "env" | "projects">, Entries>
  >;
  /** `[env.NAME]` by name, in the order of the file. */
  readonly environments: ReadonlyMap<string, EnvironmentTable>;
  /** `[projects.NAME]` by name, in the order of the file. */
  readonly projects: ReadonlyMap<string, ProjectTable>;
}

/** The names that environments, projects and profiles may have. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/;

/**
 * Whether a text may name an environment, a project or a profile.
 *
 * @param name The text.
 * @returns True for letters, digits, `_`, `-` and `.`, at most 63, not starting with `-` or `.`.
 */
export function isSectionName(name: string): boolean {
  return NAME.test(name);
}

/**
 * The recorded names of a file's projects, as far as no variable decides them.
 *
 * @param config The file.
 * @returns Names by section; `[project]` itself is the section `undefined`.
 */
export function projectNames(
  config: ConfigFile,
): ReadonlyMap<string | undefined, string> {
  const names = new Map<string | undefined, string>();
  const own = config.tables.project.get("name")?.value;
  if (config.hasProject || config.projects.size === 0) {
    names.set(undefined, typeof own === "string" ? own : "default");
  }
  for (const [section, table] of config.projects) {
    const name = table.entries.get("name")?.value;
    names.set(section, typeof name === "string" ? name : section);
  }
  return names;
}
