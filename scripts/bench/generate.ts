/**
 * What `generate` takes on a project of 100 migrations: with what a run before
 * has left in the cache of images, and without.
 *
 * @module
 */

import { join } from "node:path";
import type { Bench } from "./bench_context.ts";
import { inTurn, type Row } from "./compare.ts";
import { ddlText, writeMigrations } from "./fixtures.ts";
import { run } from "./process.ts";

const FILES = 100;

/** A migration's length: two tables with an index and a function each. */
const BYTES = 1000;

/** How long it may take, in seconds. */
const ALLOWED = { warm: 2.5, cold: 10 };

/** `generate` on 100 migrations. */
export const generateBench: Bench = {
  name: "generate",
  title: `pawl generate on ${FILES} migrations, the cache warm and cold`,
  run: async (context) => {
    const directory = join(context.scratch, "generate");
    const sql = (number: number) => ddlText(number, BYTES);
    await writeMigrations(join(directory, "migrations"), { files: FILES, sql });
    const declared = Array.from({ length: FILES }, (_, i) => sql(i + 1));
    await Deno.writeTextFile(
      join(directory, "schema.sql"),
      `${declared.join("")}ALTER TABLE item_50_1 ADD COLUMN note text;\n`,
    );
    await Deno.writeTextFile(
      join(directory, "pawl.toml"),
      '[project]\nschema = "schema.sql"\n',
    );
    const cache = join(context.scratch, "cache");
    const generate = async () =>
      (await run([context.pawl, "generate", "--dry-run"], {
        cwd: directory,
        env: { XDG_CACHE_HOME: cache },
      })).seconds;
    const times = await inTurn(context.rounds, {
      cold: async () => {
        await Deno.remove(cache, { recursive: true }).catch(() => {});
        return await generate();
      },
      warm: generate,
    });
    return (["warm", "cold"] as const).map((how): Row => ({
      name: `generate, ${how}`,
      ours: times[how],
      peer: "allowed",
      theirs: ALLOWED[how],
      bar: 1,
    }));
  },
};
