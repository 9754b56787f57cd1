/**
 * Every attribute of every kind: a change of it changes the hash of exactly
 * the objects that have it, and what has come of all changes survives its own
 * DDL. `tests/changes/<kind>.sql` says how each is changed;
 * `support/attribute_changes.ts` says how that reads.
 *
 * @module
 */

import assert from "@std/assert";
import { readSchema } from "../lib/catalog/read.ts";
import { kindOf, KINDS } from "../lib/kinds/registry.ts";
import { openEmbedded } from "../lib/pg/embedded.ts";
import { connectServer } from "../lib/pg/server.ts";
import { ServerError, type Session } from "../lib/pg/session.ts";
import { ddl } from "../lib/render/ddl.ts";
import { prepareCanonical } from "../lib/schema/canonical.ts";
import { objectHashes } from "../lib/schema/hash.ts";
import type { Schema } from "../lib/schema/schema.ts";
import {
  attributesOf,
  canRun,
  type ChangeTable,
  differingAttributes,
  parseChanges,
} from "./support/attribute_changes.ts";
import { withDatabase } from "./support/servers.ts";
import type { Target } from "./support/six_servers.ts";
import { targetsUnderTest } from "./support/targets.ts";

/** Roles and the tablespace are the server's, and another test may make them just now. */
const SERVER_WIDE = [
  "CREATE ROLE pawl_owner",
  "CREATE ROLE pawl_reader",
  "SET allow_in_place_tablespaces = on; CREATE TABLESPACE pawl_elsewhere LOCATION ''",
];

function tableOf(kind: string): ChangeTable {
  const url = new URL(`changes/${kind}.sql`, import.meta.url);
  return parseChanges(Deno.readTextFileSync(url));
}

async function withSession<T>(
  target: Target,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const run = async (session: Session) => {
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  };
  if (target === "embedded") {
    return await run(await openEmbedded({ directory: undefined }));
  }
  return await withDatabase(
    target,
    async ({ url }) => await run(await connectServer(url)),
  );
}

/** Roles, a tablespace, and what else a schema needs. */
async function prepare(
  session: Session,
  target: Target,
): Promise<void> {
  for (const sql of SERVER_WIDE) {
    if (target === "embedded" && sql.includes("TABLESPACE")) continue;
    for (const statement of sql.split("; ")) {
      try {
        await session.script(statement);
      } catch (error) {
        const taken = error instanceof ServerError &&
          ["42710", "23505"].includes(error.sqlstate);
        if (!taken) throw error;
      }
    }
  }
}

function read(session: Session): Promise<Schema> {
  return readSchema(session, {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  });
}

/** What a schema's own DDL makes. */
function reloaded(
  schema: Schema,
  target: Target,
): Promise<Schema> {
  return withSession(target, async (session) => {
    await prepare(session, target);
    for (const { sql } of ddl(schema)) await session.script(sql);
    return await read(session);
  });
}

/** Address by address what is not the same: `created`, `dropped`, or attributes. */
async function changed(
  before: Schema,
  after: Schema,
): Promise<Record<string, string>> {
  const canonicalize = await prepareCanonical([before, after], {
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  const from = objectHashes(before, canonicalize);
  const to = objectHashes(after, canonicalize);
  const differing = new Set([...from.keys(), ...to.keys()]);
  const found: Record<string, string> = {};
  for (const address of differing) {
    if (from.get(address) === to.get(address)) continue;
    const one = before.objects.get(address);
    const other = after.objects.get(address);
    found[address] = one === undefined || other === undefined
      ? one === undefined ? "created" : "dropped"
      : differingAttributes(
        kindOf(one.kind)?.shape ?? {},
        canonicalize(one),
        canonicalize(other),
      ).join(" ");
  }
  return found;
}

for (const kind of KINDS) {
  Deno.test(`every attribute of a ${kind.kind} has a change that is tested`, () => {
    const { changes, exempt } = tableOf(kind.kind);
    const attributes = attributesOf(kind.shape);
    const seen = new Set(
      changes.flatMap(({ expected }) =>
        Object.entries(expected).flatMap(([address, keys]) =>
          address.startsWith(`${kind.kind}:`) ? keys.split(" ") : []
        )
      ),
    );
    assert.ok(seen.size > 0);
    assert.deepEqual(
      attributes.filter((key) => !seen.has(key) && !exempt.includes(key)),
      [],
    );
    // An exception that is none hides what it is for.
    assert.deepEqual(
      exempt.filter((key) => seen.has(key) || !attributes.includes(key)),
      [],
    );
  });

  for (const target of targetsUnderTest()) {
    Deno.test(`a change of one attribute of a ${kind.kind} changes exactly its hash (PostgreSQL ${target})`, async (t) => {
      const { base, changes } = tableOf(kind.kind);
      await withSession(target, async (session) => {
        await prepare(session, target);
        await session.script(base);
        let before = await read(session);
        for (const change of changes.filter((one) => canRun(one, target))) {
          await t.step(change.sql, async () => {
            await session.script(change.sql);
            const after = await read(session);
            const found = await changed(before, after);
            before = after;
            assert.deepEqual(found, change.expected);
          });
        }
        // A second embedded database at once costs more than it tells.
        if (target === "embedded") return;
        await t.step("what has come of it survives its own DDL", async () => {
          const copy = await reloaded(before, target);
          assert.deepEqual(await changed(before, copy), {});
        });
      });
    });
  }
}
