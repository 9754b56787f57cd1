/**
 * The comments at the head of an offline script: what it does, from which
 * files, which rights it needs, which locks it takes. Pure.
 *
 * @module
 */

import type { Entry, ScriptOptions } from "./script_options.ts";

/** What the head of a script says beside its files. */
export interface HeaderFacts {
  readonly options: ScriptOptions;
  readonly direction: "up" | "down";
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The comments at the head of a script, with an empty line behind them. */
export function headerLines(
  entries: readonly Entry[],
  facts: HeaderFacts,
): string[] {
  const { options } = facts;
  const comment = (text: string) => `-- ${text.replaceAll(/[\r\n]+/g, " ")}`;
  const lines = [
    comment(
      `${
        facts.direction === "up" ? "Upgrade" : "Downgrade"
      } of project ${options.scope.project}, from ${facts.from ?? "base"} to ${
        facts.to ?? "base"
      }, written by pawl ${options.toolVersion}.`,
    ),
    options.target === "psql"
      ? comment("Run it with: psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE")
      : comment("Run it in one session that stops at the first error."),
    comment(
      "It raises, and changes nothing, unless the history stands at the version it starts from.",
    ),
    "--",
    comment("Files (SHA-256 of this direction):"),
    ...entries.map(({ migration, prepared }) => {
      const raw = facts.direction === "up"
        ? prepared.run.recorded.upRaw
        : prepared.run.recorded.downRaw;
      return comment(`  ${raw ?? ""} ${migration.file}`);
    }),
  ];
  const rights = new Set<string>();
  if (facts.from === undefined) {
    rights.add(
      `CREATE on the database, where schema ${options.scope.schema} does not exist yet`,
    );
  } else {
    rights.add(
      `INSERT, UPDATE and DELETE on the tables of schema ${options.scope.schema}`,
    );
  }
  if (options.role !== undefined) {
    rights.add(`membership in role ${options.role}`);
  }
  rights.add(
    "what the statements below need, as a rule ownership of the tables that they alter",
  );
  lines.push(
    "--",
    comment("Rights needed:"),
    ...[...rights].map((r) => comment(`  ${r}`)),
  );
  const locks = lockLines(entries);
  lines.push(
    "--",
    comment(
      locks.length === 0
        ? "Locks: no SHARE or stronger lock on a table that exists."
        : "SHARE or stronger locks are taken by:",
    ),
    ...locks.map((l) => comment(`  ${l}`)),
  );
  const warnings = entries.flatMap((e) => e.prepared.warnings);
  if (warnings.length > 0) {
    lines.push(
      "--",
      comment("Data is lost:"),
      ...warnings.map((w) => comment(`  ${w}`)),
    );
  }
  return [...lines, ""];
}

function lockLines(entries: readonly Entry[]): string[] {
  return entries.filter((e) => !e.recordOnly).flatMap((entry) =>
    entry.prepared.run.units.flatMap((unit) => unit.statements).filter((s) =>
      s.class.strongLock
    ).map((s) => {
      const on = s.class.relations.length === 0
        ? ""
        : ` on ${s.class.relations.join(", ")}`;
      return `${s.class.verb}${on} (${entry.migration.file})`;
    })
  );
}
