/**
 * Loads DDL texts into PostgreSQL 14 to 18 and the embedded database, and
 * prints every field of every object that is not the same in all of them, and
 * a table of how many by kind and field.
 *
 * `deno run -A scripts/canonical_report.ts [--on=14,18,embedded] [--reload] FILE.sql…`:
 * with `--reload`, what each reads is written as DDL and loaded again, into the
 * same and into the last of them.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { splitAddress } from "../lib/schema/address.ts";
import {
  type Difference,
  differences,
  type ReadSchema,
  reloaded,
  schemaOn,
  type Target,
  TARGETS,
} from "../tests/support/six_servers.ts";

const { values: options, positionals: files } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    on: { type: "string", default: TARGETS.join(",") },
    reload: { type: "boolean", default: false },
    limit: { type: "string", default: "10" },
  },
});
const words = options.on.split(",");
const targets = TARGETS.filter((target) => words.includes(String(target)));
const limit = Number(options.limit);

/** How often each kind and field differed. */
const counts = new Map<string, number>();
/** How often a server refused a text, by its message. */
const refusals = new Map<string, number>();

for (const file of files) {
  const schemas = await load(await Deno.readTextFile(file));
  const found = await differences(schemas);
  const objects = schemas[0]?.schema.objects.size ?? 0;
  console.log(
    `${file}: ${objects} objects on ${schemas.length} schemas, ${found.length} differences`,
  );
  for (const [i, difference] of found.entries()) {
    const key = `${splitAddress(difference.address).kind} ${
      difference.field ?? "(object)"
    }`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (i < limit) print(difference);
  }
}
table("differences by kind and field", counts);
table("refused", refusals);

async function load(sql: string): Promise<ReadSchema[]> {
  const all = await Promise.all(targets.map((target) => readOn(target, sql)));
  return all.flat();
}

async function readOn(target: Target, sql: string): Promise<ReadSchema[]> {
  const schemas: ReadSchema[] = [];
  try {
    const schema = await schemaOn(target, sql);
    schemas.push({ name: String(target), schema });
    const last = targets.at(-1);
    for (const to of options.reload ? new Set([target, last ?? target]) : []) {
      schemas.push({
        name: `${target}→${to}`,
        schema: await reloaded(schema, to),
      });
    }
  } catch (error) {
    const message = `${target}: ${
      error instanceof Error ? error.message : error
    }`;
    refusals.set(message, (refusals.get(message) ?? 0) + 1);
  }
  return schemas;
}

function print({ address, field, values }: Difference): void {
  console.log(`  ${address} ${field ?? ""}`);
  for (const { names, value } of values) {
    console.log(
      `    ${names.join(" ")}: ${value.replaceAll(/\s+/g, " ").slice(0, 400)}`,
    );
  }
}

function table(title: string, rows: ReadonlyMap<string, number>): void {
  if (rows.size === 0) return;
  console.log(`\n${title}`);
  for (const [key, count] of [...rows].sort()) {
    console.log(`${String(count).padStart(6)}  ${key}`);
  }
}
