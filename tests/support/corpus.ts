/**
 * What convergence is tried on beside this project's own cases: the pairs and
 * histories of other projects in `../shared/data`, and generated schemas. Each
 * item is proved both ways, online and locking.
 *
 * An item is a text: `pair:migra/rls`, `history:crates_io@12` (from the 12th
 * migration to the 13th), `random:4711` (a seed).
 *
 * @module
 */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readSchema } from "../../lib/catalog/read.ts";
import { ddlScript } from "../../lib/render/ddl_script.ts";
import type { Bench } from "./bench.ts";
import { type Goal, loadGoal, type Problem, proveChange } from "./converge.ts";
import { RESET, statementByStatement } from "./empty_database.ts";
import { randomNumbers } from "./random_numbers.ts";
import { randomPair } from "./random_schema.ts";

/** Without blocking those who use what is there, or by plain DDL. */
export type ProofMode = "online" | "locking";

const MODES: readonly ProofMode[] = ["online", "locking"];

/** One proof of an item. */
export interface ItemProof {
  /** `a→b` or `b→a`. */
  readonly direction: "a→b" | "b→a";
  readonly mode: ProofMode;
  /** Nothing where it holds. */
  readonly problems: readonly Problem[];
  /** The SQL, where something is wrong with it. */
  readonly script: string | undefined;
  /** How many tables had rows. */
  readonly filled: number;
  /** Whether the rows were in the way, as the plan had said. */
  readonly withoutRows: boolean;
}

/** What became of an item. */
export interface ItemResult {
  readonly item: string;
  /** Why its DDL cannot be loaded; undefined where it was. */
  readonly unloaded: string | undefined;
  readonly proofs: readonly ItemProof[];
}

/** The data of other projects; it need not be there. */
const DATA = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** Whether the pairs and histories are missing, as in a user's clone. */
export const corpusMissing: boolean = !existsSync(`${DATA}pairs`);
if (corpusMissing) {
  console.error(`No ${DATA}: the corpus of pairs and histories is skipped.`);
}

/** The roles that pairs name, as SQL. */
export function corpusRoles(): string {
  return corpusMissing ? "" : Deno.readTextFileSync(`${DATA}pairs/roles.sql`);
}

/** Every pair, sorted. */
export function pairItems(): string[] {
  if (corpusMissing) return [];
  return folders(`${DATA}pairs`).flatMap((project) =>
    folders(`${DATA}pairs/${project}`).map((name) => `pair:${project}/${name}`)
  );
}

/** Every step of every history, in order. */
export function historyItems(): string[] {
  if (corpusMissing) return [];
  return folders(`${DATA}migrations`).flatMap((project) =>
    migrationsOf(project).slice(1).map((_, i) => `history:${project}@${i + 1}`)
  );
}

function folders(path: string): string[] {
  return [...Deno.readDirSync(path)].filter((entry) => entry.isDirectory)
    .map(({ name }) => name).sort();
}

/** The paths of a history's up migrations, in order. */
function migrationsOf(project: string): string[] {
  const root = `${DATA}migrations/${project}`;
  const manifest: unknown = JSON.parse(
    Deno.readTextFileSync(`${root}/manifest.json`),
  );
  const list = typeof manifest === "object" && manifest !== null &&
      "migrations" in manifest && Array.isArray(manifest.migrations)
    ? manifest.migrations
    : [];
  return list.flatMap((entry: unknown) =>
    typeof entry === "object" && entry !== null && "up" in entry &&
      typeof entry.up === "string"
      ? [`${root}/${entry.up}`]
      : []
  );
}

/** A bench with what is kept from one item to the next. */
export class Corpus {
  readonly #bench: Bench;
  readonly #states = new Map<string, Map<number, string>>();

  /** Works on a bench, which stays the caller's to close. */
  constructor(bench: Bench) {
    this.#bench = bench;
  }

  /**
   * Proves an item both ways.
   *
   * @param item Its name.
   * @param modes How; both by default.
   */
  async prove(
    item: string,
    modes: readonly ProofMode[] = MODES,
  ): Promise<ItemResult> {
    let pair: { readonly a: string; readonly b: string };
    try {
      pair = await this.#ddl(item);
    } catch (error) {
      const unloaded = error instanceof Error ? error.message : String(error);
      return { item, unloaded, proofs: [] };
    }
    return await proveBothWays(this.#bench, { item, ...pair }, modes);
  }

  async #ddl(
    item: string,
  ): Promise<{ readonly a: string; readonly b: string }> {
    const [, kind = "", rest = ""] = /^(\w+):(.*)$/.exec(item) ?? [];
    if (kind === "pair") {
      const read = (name: string) =>
        Deno.readTextFileSync(`${DATA}pairs/${rest}/${name}.sql`);
      return { a: read("a"), b: read("b") };
    }
    if (kind === "history") {
      const [project = "", k = ""] = rest.split("@");
      const a = await this.#stateOf(project, Number(k));
      const b = await this.#stateOf(project, Number(k) + 1);
      if (a !== undefined && b !== undefined) return { a, b };
    }
    if (kind === "random") {
      return randomPair(Number(rest), {
        version: Math.floor(this.#bench.session.info.version / 10_000),
      });
    }
    throw new Error(`Cannot prove ${item}: there is no such item`);
  }

  /**
   * The schema after the first so many migrations of a history, as DDL: from
   * the last known state before it, so that steps in order cost little.
   */
  async #stateOf(project: string, count: number): Promise<string | undefined> {
    const states = this.#states.get(project) ?? new Map<number, string>();
    this.#states.set(project, states);
    const known = states.get(count);
    const migrations = migrationsOf(project);
    if (known !== undefined || count > migrations.length) return known;
    const last = Math.max(0, ...[...states.keys()].filter((k) => k < count));
    const bench = this.#bench;
    await bench.clear();
    const replay = [
      { path: `${project}@${last}`, sql: states.get(last) ?? "" },
      ...migrations.slice(last, count).map((path) => ({
        path,
        sql: Deno.readTextFileSync(path),
      })),
    ];
    for (const { path, sql } of replay) {
      const failed = await statementByStatement(bench.session, sql);
      if (failed !== undefined) {
        throw new Error(`Cannot replay ${path}: ${failed.message}`);
      }
      await bench.session.script(RESET);
    }
    const schema = await readSchema(bench.session, {
      managedSchemas: undefined,
      historySchema: "pawl",
      dependencies: true,
    });
    const { sql } = ddlScript(schema);
    states.set(count, sql);
    return sql;
  }
}

/** Two schemas, as DDL. */
export interface DdlPair {
  readonly item: string;
  readonly a: string;
  readonly b: string;
  /** What `--rename` is given from a to b. */
  readonly renames?: readonly string[];
}

/**
 * Proves two schemas both ways.
 *
 * @param bench The bench.
 * @param pair The schemas' DDL.
 * @param modes How; both by default.
 */
export async function proveBothWays(
  bench: Bench,
  { item, a, b, renames = [] }: DdlPair,
  modes: readonly ProofMode[] = MODES,
): Promise<ItemResult> {
  const goals: Goal[] = [];
  for (const [name, sql] of [["a", a], ["b", b]] as const) {
    const goal = await loadGoal(bench, sql);
    if ("message" in goal) {
      return { item, unloaded: `${name}: ${goal.message}`, proofs: [] };
    }
    goals.push(goal);
  }
  const [goalA, goalB] = goals;
  if (goalA === undefined || goalB === undefined) throw new TypeError(item);
  const proofs: ItemProof[] = [];
  for (
    const [direction, from, to] of [
      ["a→b", goalA, goalB],
      ["b→a", goalB, goalA],
    ] as const
  ) {
    for (const mode of modes) {
      const proof = await proveChange(bench, { from, to }, {
        locking: mode === "locking",
        renames,
        back: renames.length > 0 && direction === "b→a",
      });
      const { problems, filled, withoutRows } = proof;
      proofs.push({
        direction,
        mode,
        problems,
        script: problems.length === 0 ? undefined : proof.script,
        filled,
        withoutRows,
      });
    }
  }
  return { item, unloaded: undefined, proofs };
}

/**
 * What is wrong with an item, in full.
 *
 * @param result What became of it.
 * @returns A text; empty where nothing is.
 */
export function explain(result: ItemResult): string {
  if (result.unloaded !== undefined) {
    return `${result.item} cannot be loaded: ${result.unloaded}`;
  }
  return result.proofs.flatMap(({ direction, mode, problems, script }) =>
    problems.length === 0 ? [] : [
      `${result.item} ${direction} ${mode}`,
      ...problems.flatMap(({ stage, summary, details }) => [
        `  ${stage}: ${summary}`,
        ...details.map((detail) => indent(detail, "    ")),
      ]),
      "  the SQL:",
      indent(script ?? "none", "    "),
    ]
  ).join("\n");
}

function indent(text: string, by: string): string {
  return text.split("\n").map((line) => by + line).join("\n");
}

/**
 * Some of a list, in its order, by a seed.
 *
 * @param items The list.
 * @param count How many.
 * @param seed The same one chooses the same items.
 */
export function sampled<T>(
  items: readonly T[],
  count: number,
  seed: number,
): T[] {
  const random = randomNumbers(seed);
  const chosen = items.map((item, i) => ({ item, i, by: random() }))
    .sort((a, b) => a.by - b.by).slice(0, count);
  return chosen.sort((a, b) => a.i - b.i).map(({ item }) => item);
}
