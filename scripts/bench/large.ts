/**
 * What very large work takes: a file of 100 MB, and 10,000 files. No bar; the
 * peer is psql, which keeps no history.
 *
 * @module
 */

import { join } from "node:path";
import { type Bench, withFresh } from "./bench_context.ts";
import type { Row } from "./compare.ts";
import { smallTable, writeMigrations } from "./fixtures.ts";
import { runWatched } from "./process.ts";

const MEGABYTES = 100;

/** A megabyte of INSERT statements, each of about 1 kB. */
function megabyte(): string {
  const value = "x".repeat(960);
  return `INSERT INTO bulk (note) VALUES ('${value}');\n`.repeat(1000);
}

/** `upgrade` of very much. */
export const largeBench: Bench = {
  name: "large",
  title:
    "pawl upgrade of a file of 100 MB, and of 10,000 files: time and peak memory, once each",
  run: async (context) => {
    const psql = await context.psql();
    if (psql === undefined) {
      context.say("  skipped: there is no psql on PATH");
      return [];
    }
    const server = await context.server();
    const rows: Row[] = [];
    const compare = async (
      name: string,
      directory: string,
      scripts: readonly string[],
    ) => {
      await Deno.writeTextFile(join(directory, "pawl.toml"), "[project]\n");
      const ours = await withFresh(
        server,
        (url) =>
          runWatched([context.pawl, "upgrade", "--db", url], {
            cwd: directory,
          }),
      );
      const theirs = await withFresh(server, (url) =>
        runWatched([
          psql.program,
          "-X",
          "-q",
          "-v",
          "ON_ERROR_STOP=1",
          ...scripts,
          url,
        ], { cwd: directory }));
      rows.push({
        name,
        ours: ours.seconds,
        peer: "psql",
        theirs: theirs.seconds,
        bar: undefined,
        note: `peak memory ${ours.peakMb.toFixed(0)} MB, psql ${
          theirs.peakMb.toFixed(0)
        } MB`,
      });
    };

    const one = join(context.scratch, "one-large");
    await Deno.mkdir(join(one, "migrations"), { recursive: true });
    const file = "migrations/20250101000001_bulk.sql";
    using open = await Deno.open(join(one, file), {
      create: true,
      write: true,
    });
    const writer = open.writable.getWriter();
    const text = new TextEncoder();
    await writer.write(text.encode("CREATE TABLE bulk (note text);\n"));
    const part = text.encode(megabyte());
    for (let i = 0; i < MEGABYTES; i++) await writer.write(part);
    writer.releaseLock();
    await compare(`one file of ${MEGABYTES} MB`, one, ["-1", "-f", file]);

    const many = join(context.scratch, "many");
    await writeMigrations(join(many, "migrations"), {
      files: 10_000,
      sql: smallTable,
    });
    const all = Array.from(
      { length: 10_000 },
      (_, i) => `${smallTable(i + 1)}\n`,
    ).join("");
    await Deno.writeTextFile(join(many, "all.sql"), all);
    await compare("10,000 files", many, ["-f", "all.sql"]);
    return rows;
  },
};
