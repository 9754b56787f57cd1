/**
 * What a run of the corpus found: a table, and the failures in groups of one
 * cause.
 *
 * @module
 */

import {
  explain,
  type ItemProof,
  type ItemResult,
} from "../../tests/support/corpus.ts";

/** The results of one target. */
export interface TargetResults {
  readonly target: string;
  readonly results: readonly ItemResult[];
  readonly seconds: number;
}

/** A failure, and where. */
interface Failure {
  readonly target: string;
  readonly item: string;
  readonly proof: ItemProof;
}

/**
 * The table of a run: one line a target and source of items.
 *
 * @param runs The results.
 */
export function summary(runs: readonly TargetResults[]): string {
  const header = [
    "on",
    "what",
    "items",
    "proofs",
    "failed",
    "passed",
    "with rows",
    "rows in the way",
    "not loaded",
    "seconds",
  ];
  const rows = runs.flatMap(({ target, results, seconds }) =>
    [...Map.groupBy(results, setOf)].map(([set, some]) => {
      const proofs = some.flatMap((result) => result.proofs);
      const failed = proofs.filter((proof) => proof.problems.length > 0).length;
      const percent = 100 * (proofs.length - failed) / proofs.length;
      return [
        target,
        set,
        some.length,
        proofs.length,
        failed,
        proofs.length === 0 ? "-" : `${percent.toFixed(1)} %`,
        proofs.filter((proof) => proof.filled > 0).length,
        proofs.filter((proof) => proof.withoutRows).length,
        some.filter((result) => result.unloaded !== undefined).length,
        seconds.toFixed(0),
      ].map(String);
    })
  );
  const all = [header, ...rows];
  const widths = header.map((_, i) =>
    Math.max(...all.map((row) => (row[i] ?? "").length))
  );
  return all.map((row) =>
    row.map((cell, i) =>
      i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)
    ).join("  ").trimEnd()
  ).join("\n");
}

/** `pair`, `history` or `random`. */
function setOf({ item }: ItemResult): string {
  return item.split(":")[0] ?? item;
}

/** How many proofs failed. */
export function failureCount(runs: readonly TargetResults[]): number {
  return failuresOf(runs).length;
}

function failuresOf(runs: readonly TargetResults[]): Failure[] {
  return runs.flatMap(({ target, results }) =>
    results.flatMap(({ item, proofs }) =>
      proofs.filter(({ problems }) => problems.length > 0)
        .map((proof) => ({ target, item, proof }))
    )
  );
}

/** What is the same for failures of one cause: no names and numbers. */
function causeOf({ problems }: ItemProof): string {
  const [first] = problems;
  const text = (first?.summary ?? "").split("\n")[0] ?? "";
  return `${first?.stage}: ${
    text.replaceAll(/"[^"]*"|'[^']*'/g, "…")
      .replaceAll(/\b[\w$-]+(?:\.[\w$-]+)+/g, "…").replaceAll(/\d+/g, "#")
      .slice(0, 120)
  }`;
}

/**
 * The failures of a run in groups, the largest first.
 *
 * @param runs The results.
 * @param detail `brief` for the groups and names, `full` with SQL and differences of each.
 */
export function failures(
  runs: readonly TargetResults[],
  detail: "brief" | "full",
): string {
  const groups = [
    ...Map.groupBy(failuresOf(runs), ({ proof }) => causeOf(proof)),
  ].sort(([, a], [, b]) => b.length - a.length);
  const parts = groups.map(([cause, group]) => {
    const names = [...Map.groupBy(group, ({ item }) => item)].map((
      [item, some],
    ) =>
      `    ${item}: ${
        some.map(({ target, proof }) =>
          `${target} ${proof.direction} ${proof.mode}`
        ).join(", ")
      }`
    );
    const shown = detail === "full" ? names : names.slice(0, 5);
    const more = names.length > shown.length
      ? [`    and ${names.length - shown.length} more`]
      : [];
    return [
      `${group.length} × ${cause}`,
      ...shown,
      ...more,
      ...(detail === "full" ? group.slice(0, 12).map(described) : []),
    ].join("\n");
  });
  return parts.join("\n\n");
}

function described({ target, item, proof }: Failure): string {
  const text = explain({ item, unloaded: undefined, proofs: [proof] });
  const lines = text.split("\n");
  const cut = lines.length > 60
    ? [...lines.slice(0, 60), `… ${lines.length - 60} lines more`]
    : lines;
  return `\n  on ${target}: ${cut.join("\n  ")}`;
}

/** What could not be loaded, one line each. */
export function unloadedItems(runs: readonly TargetResults[]): string {
  return runs.flatMap(({ target, results }) =>
    results.filter(({ unloaded }) => unloaded !== undefined)
      .map(({ item, unloaded }) => `${target} ${item}: ${unloaded}`)
  ).join("\n");
}
