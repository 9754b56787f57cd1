/**
 * What the kinds of code decide without a server: what CREATE OR REPLACE may
 * do, what follows a replacement, and which hazards are named.
 *
 * @module
 */

import assert from "@std/assert";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import type { ChangeTarget } from "./kind.ts";
import { createTarget, kindOf } from "./registry.ts";
import { renamedColumns } from "./view_alter.ts";

function object(
  address: string,
  payload: SchemaObject["payload"],
  depends: readonly string[] = [],
): SchemaObject {
  const [kind = "", name = ""] = address.split(":");
  return {
    kind,
    address,
    payload,
    depends,
    parent: undefined,
    name: name.replace(/\(.*/, "").split("."),
    position: 0,
  };
}

function target(
  before: readonly SchemaObject[],
  after: readonly SchemaObject[],
): ChangeTarget {
  const of = (objects: readonly SchemaObject[]) =>
    createTarget(makeSchema(objects, { version: 150000 }));
  return { ...of(after), before: of(before) };
}

function dropped(gone: SchemaObject, back: readonly SchemaObject[]) {
  return kindOf(gone.kind)?.drop(gone, target([gone], back))
    .flatMap(({ sql, hazards = [] }) =>
      hazards.map(({ kind, allow }) => `${sql}: ${kind} ${allow ?? "-"}`)
    );
}

const column = (name: string, type = "integer", collation?: string) => ({
  name,
  type,
  collation,
});

Deno.test("renamedColumns() allows columns that only grow at the end", () => {
  const from = [column("a"), column("b")];
  assert.deepEqual(renamedColumns(from, from), new Map());
  assert.deepEqual(renamedColumns(from, [...from, column("c")]), new Map());
  assert.equal(renamedColumns(from, [column("a")]), undefined);
  assert.equal(renamedColumns(from, [column("c"), ...from]), undefined);
  assert.equal(
    renamedColumns(from, [column("a"), column("b", "bigint")]),
    undefined,
  );
  assert.equal(
    renamedColumns(from, [column("a"), column("b", "integer", "x")]),
    undefined,
  );
});

Deno.test("renamedColumns() renames in place and never moves a name", () => {
  const from = [column("a"), column("b")];
  assert.deepEqual(
    renamedColumns(from, [column("x"), column("b")]),
    new Map([["a", "x"]]),
  );
  assert.equal(renamedColumns(from, [column("b"), column("a")]), undefined);
  assert.equal(
    renamedColumns(from, [column("x"), column("b"), column("a")]),
    undefined,
  );
});

const FUNCTION = {
  arguments: [{ type: "public.mood", default: "'sad'::public.mood" }],
  returns: "integer",
  language: "sql",
  body: "SELECT count(*) FROM public.t",
};

Deno.test("a function does not notice what its body names, but goes with its types and defaults", () => {
  const from = object("function:public.f(public.mood)", FUNCTION);
  const follow = (replaced: SchemaObject) =>
    kindOf("function")?.follow(from, from, replaced, target([from], [from]));
  assert.deepEqual(follow(object("table:public.t", {})), {
    how: "alter",
    statements: [],
  });
  assert.equal(follow(object("enum:public.mood", {}))?.how, "replace");
  const other = object("function:public.f()", {
    ...FUNCTION,
    arguments: [{ type: "integer", default: "public.next('public.s')" }],
  });
  assert.equal(
    kindOf("function")?.follow(
      other,
      other,
      object("function:public.next(text)", {}),
      target([other], [other]),
    ).how,
    "replace",
  );
});

Deno.test("[X13] CREATE OR REPLACE FUNCTION is not written where the server refuses it", () => {
  const from = object("function:public.f(integer)", {
    arguments: [{ name: "a", type: "integer", default: "1" }],
    returns: "record",
    language: "sql",
    body: "",
  });
  const how = (change: SchemaObject["payload"], key: string) => {
    const to = { ...from, payload: { ...from.payload, ...change } };
    return kindOf("function")?.alter(from, to, [key], target([from], [to])).how;
  };
  const argument = { name: "a", type: "integer", default: "1" };
  assert.equal(how({ body: "SELECT 1" }, "body"), "alter");
  assert.equal(
    how({ arguments: [{ ...argument, default: "2" }] }, "arguments"),
    "alter",
  );
  assert.equal(how({ returns: "text" }, "returns"), "replace");
  assert.equal(how({ returnsSet: true }, "returnsSet"), "replace");
  assert.equal(how({ window: true }, "window"), "replace");
  assert.equal(
    how({ arguments: [{ ...argument, name: "b" }] }, "arguments"),
    "replace",
  );
  assert.equal(
    how({ arguments: [{ name: "a", type: "integer" }] }, "arguments"),
    "replace",
  );
  assert.equal(
    how({
      arguments: [argument, { mode: "table", name: "x", type: "text" }],
    }, "arguments"),
    "replace",
  );
});

Deno.test("what is dropped for good has its hazard, what comes back has another or none", () => {
  const view = object("view:public.v", { query: "SELECT 1", columns: [] });
  assert.deepEqual(dropped(view, []), [
    "DROP VIEW public.v: manual drop-view",
  ]);
  assert.deepEqual(dropped(view, [view]), []);
  const stored = object("materialized_view:public.m", {
    query: "SELECT 1",
    columns: [],
    populated: true,
  });
  assert.deepEqual(dropped(stored, []), [
    "DROP MATERIALIZED VIEW public.m: data-loss drop-materialized-view",
  ]);
  assert.deepEqual(dropped(stored, [stored]), [
    "DROP MATERIALIZED VIEW public.m: rewrite -",
  ]);
  const policy = object("policy:public.t.p", { using: "true" });
  assert.deepEqual(dropped(policy, []), [
    "DROP POLICY p ON public.t: security -",
  ]);
});

Deno.test("what leaves an application without rows, numbers or news has its hazard", () => {
  const hazardsOf = (from: SchemaObject, payload: SchemaObject["payload"]) => {
    const to = { ...from, payload };
    const keys = Object.keys({ ...from.payload, ...payload }).sort()
      .filter((key) => from.payload[key] !== payload[key]);
    const how = kindOf(from.kind)?.alter(
      from,
      to,
      keys,
      target([from], [to]),
    );
    return how?.how !== "alter" ? how?.how : how.statements.flatMap((
      { sql, hazards = [] },
    ) => hazards.map(({ kind }) => `${sql.split(" ")[0]} ${kind}`));
  };
  const publication = object("publication:p", { publish: ["insert"] });
  assert.deepEqual(dropped(publication, []), ["DROP PUBLICATION p: manual -"]);
  assert.deepEqual(dropped(publication, [publication]), []);
  const published = object("publication_table:p.public.t", {});
  assert.deepEqual(dropped(published, []), [
    "ALTER PUBLICATION p DROP TABLE ONLY public.t: manual -",
  ]);
  assert.deepEqual(dropped(published, [published]), []);
  const table = { persistence: "permanent" };
  assert.deepEqual(
    hazardsOf(object("table:public.t", table), { persistence: "unlogged" }),
    ["ALTER rewrite", "ALTER data-loss"],
  );
  const partition = {
    ...table,
    partitionOf: { parent: "public.p", bound: "DEFAULT" },
  };
  assert.deepEqual(
    hazardsOf(object("table:public.t", partition), table),
    ["ALTER manual"],
  );
  assert.deepEqual(
    hazardsOf(
      object("table:public.t", { ...table, inherits: ["public.p"] }),
      table,
    ),
    ["ALTER manual"],
  );
  const identity = {
    type: "integer",
    notNull: true,
    identity: "always",
    sequence: {
      type: "integer",
      start: "1",
      increment: "1",
      minimum: "1",
      maximum: "9",
      cache: "1",
      cycle: false,
    },
  };
  assert.deepEqual(
    hazardsOf(
      object("column:public.t.c", identity),
      { type: "integer", notNull: true },
    ),
    ["ALTER irreversible"],
  );
  const column = { type: "integer", notNull: true };
  assert.deepEqual(
    hazardsOf(
      object("column:public.t.c", { ...column, notNullUnvalidated: true }),
      column,
    ),
    ["ALTER data-dependent", "ALTER scan"],
  );
});
