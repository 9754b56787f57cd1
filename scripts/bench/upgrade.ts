/**
 * How long 1,000 migrations of one statement take: pawl, dbmate, and psql,
 * which keeps no history at all.
 *
 * @module
 */

import { join } from "node:path";
import { type Bench, type BenchContext, withFresh } from "./bench_context.ts";
import { inTurn, type Row, type Subject } from "./compare.ts";
import { smallTable, writeMigrations } from "./fixtures.ts";
import { installDbmate } from "./peers.ts";
import { run } from "./process.ts";

const FILES = 1000;

/** A subject that is given a fresh database each time, which does not count. */
function onFresh(
  context: BenchContext,
  command: (url: string) => readonly string[],
  cwd: string,
): Subject {
  return async () =>
    await withFresh(
      await context.server(),
      async (url) => (await run(command(url), { cwd })).seconds,
    );
}

/** `upgrade` of 1,000 one-statement migrations. */
export const upgradeBench: Bench = {
  name: "upgrade",
  title:
    "pawl upgrade of 1,000 one-statement migrations (fsync = on: a commit costs what it costs)",
  run: async (context) => {
    const directory = join(context.scratch, "upgrade");
    await writeMigrations(join(directory, "migrations"), {
      files: FILES,
      sql: smallTable,
    });
    await Deno.writeTextFile(join(directory, "pawl.toml"), "[project]\n");
    const subjects: Record<string, Subject> = {
      pawl: onFresh(
        context,
        (url) => [context.pawl, "upgrade", "--db", url],
        directory,
      ),
    };
    const dbmate = await installDbmate(join(context.scratch, "dbmate"));
    if ("missing" in dbmate) context.say(`  skipped: ${dbmate.missing}`);
    else {
      const migrations = join(context.scratch, "dbmate-migrations");
      await writeMigrations(migrations, {
        files: FILES,
        sql: smallTable,
        dbmate: true,
      });
      subjects["dbmate"] = onFresh(context, (url) => [
        dbmate.program,
        "--no-dump-schema",
        "--migrations-dir",
        migrations,
        "--url",
        `${url}?sslmode=disable`,
        "migrate",
      ], directory);
    }
    const psql = await context.psql();
    if (psql === undefined) context.say("  skipped: there is no psql on PATH");
    else {
      const numbers = Array.from({ length: FILES }, (_, i) => i + 1);
      const scripts = {
        autocommit: numbers.map((n) => `${smallTable(n)}\n`).join(""),
        blocks: numbers.map((n) => `BEGIN;\n${smallTable(n)}\nCOMMIT;\n`).join(
          "",
        ),
      };
      for (const [name, text] of Object.entries(scripts)) {
        const file = join(context.scratch, `${name}.sql`);
        await Deno.writeTextFile(file, text);
        subjects[name] = onFresh(context, (url) => [
          psql.command,
          "-X",
          "-q",
          "-v",
          "ON_ERROR_STOP=1",
          "-f",
          file,
          url,
        ], directory);
      }
    }
    const times = await inTurn(context.rounds, subjects);
    return rowsOf(times);
  },
};

function rowsOf(times: Readonly<Record<string, number>>): Row[] {
  const peers = [
    { key: "dbmate", peer: "dbmate migrate", bar: 0.8 },
    {
      key: "blocks",
      peer: "psql, BEGIN; …; COMMIT; each",
      bar: 1.5,
      note: "one psql process, three round trips a migration, no history",
    },
    {
      key: "autocommit",
      peer: "psql, autocommit",
      bar: undefined,
      note: "one psql process, one round trip a migration, no history",
    },
  ];
  const ours = times["pawl"] ?? NaN;
  return peers.flatMap(({ key, ...peer }) => {
    const theirs = times[key];
    return theirs === undefined
      ? []
      : [{ name: "pawl upgrade", ours, theirs, ...peer }];
  });
}
