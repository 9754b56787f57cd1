/**
 * Which migrations a squash stands for, and what keeps them from being one.
 * Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Graph } from "../migrate/graph.ts";
import { requireOneHead } from "../migrate/graph.ts";
import type { Migration } from "../migrate/model.ts";
import {
  compareVersions,
  findVersion,
  nextVersion,
} from "../migrate/version.ts";

/** The migrations that a squash stands for. */
export interface SquashRange {
  /** In order; at least two. */
  readonly migrations: readonly Migration[];
  /** The one before them. */
  readonly before: Migration | undefined;
  /** The one after them. */
  readonly after: Migration | undefined;
}

/**
 * Finds the migrations between two versions.
 *
 * @param graph The project's migrations.
 * @param ends Versions or unique prefixes; the first and the last by default.
 * @throws {PawlError} `target-unknown`, `several-heads`, `squash-impossible`
 * with what is in the way.
 */
export function squashRange(
  graph: Graph,
  ends: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
): SquashRange {
  requireOneHead(graph);
  const { order } = graph;
  const hint = "pawl list shows the versions";
  const first = ends.from === undefined
    ? order[0]
    : findVersion(order, ends.from, hint);
  const last = ends.to === undefined
    ? order.at(-1)
    : findVersion(order, ends.to, hint);
  if (first === undefined || last === undefined) {
    throw impossible("there are no migrations");
  }
  const start = order.indexOf(first);
  const end = order.indexOf(last);
  if (end < start) {
    throw new PawlError(
      "usage",
      `Cannot squash from ${first.version} to ${last.version}: the first comes after the last`,
    );
  }
  const migrations = order.slice(start, end + 1);
  if (migrations.length < 2) {
    throw impossible("it takes two migrations at least", {
      details: migrations.map(({ file }) => file),
    });
  }
  refuse(
    migrations.filter(({ header }) => header.replaces.length > 0),
    "a squash cannot be squashed again before pawl prune has taken away what it replaces",
  );
  refuse(
    migrations.filter(({ language }) => language !== "sql"),
    "programs do not fit into a file of SQL: squash up to them, or from behind them",
  );
  refuse(
    migrations.filter(({ header }) => header.only !== undefined),
    "some are for certain environments only",
  );
  refuseHoles(graph, migrations);
  return { migrations, before: order[start - 1], after: order[end + 1] };
}

/** Nothing outside may hang on the middle of the range, nor the range on several. */
function refuseHoles(graph: Graph, migrations: readonly Migration[]): void {
  const inside = new Set(migrations.map(({ version }) => version));
  const last = migrations.at(-1)?.version;
  const parentsOf = (version: string) => graph.parents.get(version) ?? [];
  const hanging = graph.order.filter(({ version }) =>
    !inside.has(version) &&
    parentsOf(version).some((parent) => inside.has(parent) && parent !== last)
  );
  refuse(hanging, "they follow one in the middle of the range");
  const outside = new Set(
    migrations.flatMap(({ version }) => parentsOf(version))
      .filter((parent) => !inside.has(parent)),
  );
  if (outside.size > 1) {
    throw impossible("the range joins branches that begin outside of it", {
      details: [...outside].map((version) =>
        graph.byVersion.get(version)?.file ?? version
      ),
      hint: "Take all of the branches into the range, or none",
    });
  }
}

function refuse(migrations: readonly Migration[], why: string): void {
  if (migrations.length === 0) return;
  throw impossible(why, { details: migrations.map(({ file }) => file) });
}

/** The error of what cannot be squashed. */
export function impossible(
  why: string,
  options: { readonly details?: readonly string[]; readonly hint?: string } =
    {},
): PawlError {
  return new PawlError("squash-impossible", `Cannot squash: ${why}`, {
    ...(options.details === undefined ? {} : { details: options.details }),
    hint: options.hint ?? "--from V and --to V name another range",
  });
}

/**
 * A version between those of two files.
 *
 * @param range The migrations, and the one after them.
 * @returns Undefined where the squash is the newest file: it gets a new one.
 * @throws {PawlError} `squash-impossible` where there is none between.
 */
export function versionOf(range: SquashRange): string | undefined {
  const { after, migrations } = range;
  if (after === undefined) return undefined;
  const last = migrations.at(-1)?.version ?? "";
  // One second later, where it is a timestamp.
  const next = nextVersion([last], { format: "timestamp", now: new Date(0) });
  if (
    compareVersions(next, last) > 0 && compareVersions(next, after.version) < 0
  ) return next;
  throw impossible(
    `no version is free between ${last} and ${after.version}`,
    { hint: "Squash up to the newest migration" },
  );
}
