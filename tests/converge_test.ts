/**
 * Every case of `tests/cases/<kind>/<case>/{from,to}.sql` converges: the SQL
 * that pawl plans, run as text, makes one schema into the other, both ways,
 * online and locking, on every server under test.
 *
 * A case says in the first lines of either file where it can be: `-- since: 15`,
 * `-- not embedded`, `-- needs: extension` (a kind of the registry); from.sql
 * also what is renamed, as `-- rename: users.mail=email`.
 * `PAWL_CASES=index/` runs those whose names match.
 *
 * With all six servers under test (`deno task test:matrix`), or some cases
 * chosen, every case runs on each in both modes. Else there is no time for that:
 * the newest server has every second case, the others fewer, and the modes take
 * turns.
 *
 * @module
 */

import assert from "@std/assert";
import { existsSync } from "node:fs";
import { kindOf } from "../lib/kinds/registry.ts";
import { type BenchTarget, openBench } from "./support/bench.ts";
import {
  type DdlPair,
  explain,
  type ProofMode,
  proveBothWays,
} from "./support/corpus.ts";
import { targetsUnderTest } from "./support/servers.ts";

const ROOT = new URL("cases/", import.meta.url);

/** Roles that cases name, which stay when the bench is emptied. */
const ROLES = Deno.readTextFileSync(new URL("roles.sql", ROOT));

function cases(): DdlPair[] {
  const only = new RegExp(Deno.env.get("PAWL_CASES") ?? "");
  return folders(ROOT).flatMap((kind) =>
    folders(new URL(`${kind}/`, ROOT)).flatMap((name) => {
      const folder = new URL(`${kind}/${name}/`, ROOT);
      const item = `${kind}/${name}`;
      if (!only.test(item) || !existsSync(new URL("to.sql", folder))) return [];
      const read = (file: string) =>
        Deno.readTextFileSync(new URL(file, folder));
      const [a, b] = [read("from.sql"), read("to.sql")];
      const renames = [...a.matchAll(/^-- rename: (.+)$/gm)]
        .map(([, rename = ""]) => rename);
      return [{ item, a, b, renames }];
    })
  );
}

function folders(url: URL): string[] {
  return [...Deno.readDirSync(url)].filter((entry) => entry.isDirectory)
    .map(({ name }) => name).sort();
}

/** Whether a case can be on a target. */
function fits({ a, b }: DdlPair, target: BenchTarget): boolean {
  const heads = `${a}\n${b}`;
  const since = [...heads.matchAll(/^-- since: (\d+)/gm)].map(([, n]) =>
    Number(n)
  );
  const needs = [...heads.matchAll(/^-- needs: (\w+)/gm)].map(([, kind]) =>
    kind ?? ""
  );
  // Nobody can make anew what needs a secret.
  if (/^-- withheld/m.test(heads)) return false;
  if (needs.some((kind) => kindOf(kind) === undefined)) return false;
  return target === "embedded"
    ? !/^-- not embedded/m.test(heads)
    : Math.max(14, ...since) <= target;
}

const TARGETS = targetsUnderTest();

const WHOLE = TARGETS.length > 3 || Deno.env.get("PAWL_CASES") !== undefined;

/** On which of the targets, and how, a case runs; undefined: not there. */
function modesOf(
  target: BenchTarget,
  index: number,
): readonly ProofMode[] | undefined {
  if (WHOLE) return ["online", "locking"];
  const newest = target === Math.max(...TARGETS.filter(isServer));
  const every = newest ? 2 : isServer(target) ? 4 : 8;
  // Each target begins elsewhere, so that together they have most of them.
  const first = newest ? 0 : isServer(target) ? 1 : 3;
  if (index % every !== first) return undefined;
  return [Math.floor(index / every) % 2 === 0 ? "online" : "locking"];
}

function isServer(target: BenchTarget): target is Exclude<
  BenchTarget,
  "embedded"
> {
  return target !== "embedded";
}

for (const target of TARGETS) {
  Deno.test(`each case's SQL converges both ways, online and locking (${target})`, async (t) => {
    const bench = await openBench(target, ROLES);
    try {
      let proved = 0;
      for (const [i, pair] of cases().entries()) {
        const modes = modesOf(target, i);
        if (modes === undefined) continue;
        const name = `${pair.item} (${target})`;
        const ignore = !fits(pair, target);
        if (!ignore) proved++;
        await t.step({
          name,
          ignore,
          fn: async () => {
            const text = explain(await proveBothWays(bench, pair, modes));
            assert.equal(text, "", `\n${text}`);
          },
        });
      }
      assert.ok(proved > 0, "there is no case");
    } finally {
      await bench.close();
    }
  });
}
