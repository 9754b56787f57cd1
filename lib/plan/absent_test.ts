import assert from "@std/assert";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import { withAbsences } from "./absent.ts";
import type { PlannedStatement } from "./planned_statement.ts";

const TABLE = "table:public.t";

function part(
  address: string,
  depends: readonly string[] = [],
): SchemaObject {
  const [kind = "", name = ""] = address.split(":");
  return {
    kind,
    address,
    name: name.split("."),
    parent: TABLE,
    position: 0,
    depends,
    payload: {},
  };
}

function statement(
  action: PlannedStatement["action"],
  address: string,
): PlannedStatement {
  return { action, address, phase: "create", sql: `${action} ${address}` };
}

Deno.test("a key that goes before another of the same columns comes says so, unless both are one transaction", () => {
  const columns = ["a", "b"].map((name) => part(`column:public.t.${name}`));
  const [a = "", b = ""] = columns.map(({ address }) => address);
  const old = part("constraint:public.t.old", [a]);
  const others = [part("constraint:public.t.other", [b])];
  const made = part("constraint:public.t.new", [a]);
  const schemas = [
    makeSchema([...columns, old, part("privilege:x")], { version: 180000 }),
    makeSchema([...columns, ...others, made, part("privilege:y")], {
      version: 180000,
    }),
  ] as const;
  const drop = [
    statement("drop", old.address),
    statement("drop", "privilege:x"),
  ];
  const create = [
    statement("create", "constraint:public.t.other"),
    statement("create", made.address),
    statement("create", "privilege:y"),
  ];
  const said = (...steps: readonly (readonly PlannedStatement[])[]) =>
    withAbsences(
      steps.map((statements) => ({ transactional: true, statements })),
      schemas,
    ).flatMap(({ statements }) =>
      statements.flatMap(({ sql, hazards = [] }) =>
        hazards.map(({ kind, reason }) => `${sql}: ${kind} ${reason}`)
      )
    );
  assert.deepEqual(said([...drop, ...create]), []);
  assert.deepEqual(said(create, drop), []);
  assert.deepEqual(said(drop, create), [
    "drop constraint:public.t.old: absent constraint:public.t.new, which is to take its place, is not there until a later step",
  ]);
});
