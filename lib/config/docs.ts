/**
 * The configuration as Markdown, from the table of keys. It knows how to lay
 * out a page, and nothing of any key.
 *
 * @module
 */
import { ALL_KEYS, SELECTORS, type TableName, TABLES } from "./keys.ts";

/** What stands above the keys of a table. */
const HEADINGS: Readonly<Record<TableName, string>> = {
  project: "`[project]`",
  projects: "`[projects.NAME]`",
  env: "`[env.NAME]`",
  timeouts: "`[timeouts]`",
  history: "`[history]`",
  drift: "`[drift]`",
  converge: "`[converge]`",
  lint: "`[lint]`",
  shadow: "`[shadow]`",
  hooks: "`[hooks]`",
};

/** What is to be known of a table beside its keys. */
const NOTES: Readonly<Partial<Record<TableName, string>>> = {
  projects:
    "Every key of `[project]` but `env_file` may stand here too. What it leaves out comes from `[project]`, except the name and the directories.",
  env:
    "Every key of `[project]` but `schema` and `env_file` may stand here too and wins over `[project]` and `[projects.NAME]`. `[env.NAME.timeouts]` does the same for `[timeouts]`.",
};

/**
 * Writes the reference of all keys and variables.
 *
 * @returns Markdown: one table of keys for each table of `pawl.toml`, and one of the variables that choose.
 */
export function renderConfigDocs(): string {
  const sections = TABLES.map((table) =>
    [
      `### ${HEADINGS[table]}`,
      ...(NOTES[table] === undefined ? [] : [NOTES[table]]),
      markdownTable(
        ["key", "variable", "type", "default", "meaning"],
        ALL_KEYS.filter((key) => key.table === table).map((key) => [
          `\`${key.name}\``,
          key.variable === undefined ? "" : `\`${key.variable}\``,
          key.kind.type,
          key.shown,
          key.description,
        ]),
      ),
    ].join("\n\n")
  );
  const selectors = [
    "### Variables that choose",
    markdownTable(
      ["variable", "flag that wins over it", "meaning"],
      SELECTORS.map((selector) => [
        `\`${selector.variable}\``,
        selector.flag === undefined ? "" : `\`${selector.flag}\``,
        selector.description,
      ]),
    ),
  ].join("\n\n");
  return [...sections, selectors].join("\n\n") + "\n";
}

function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.join(" | ")} |`).join("\n");
}
