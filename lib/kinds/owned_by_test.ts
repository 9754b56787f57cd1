import assert from "@std/assert";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import { ownedBy } from "./owned_by.ts";

const about = (
  address: string,
  name: readonly string[],
  payload: SchemaObject["payload"],
): SchemaObject => ({
  kind: address.slice(0, address.indexOf(":")),
  address,
  name,
  payload,
  parent: /^(?:owner|privilege):(.*?)(?: to .*)?$/.exec(address)?.[1],
  depends: [],
  position: 0,
});

const owner = (of: string, payload: SchemaObject["payload"]) =>
  about(
    `owner:${of}`,
    of.slice(of.indexOf(":") + 1).split("."),
    payload,
  );

const said = (objects: readonly SchemaObject[]) =>
  Object.fromEntries(
    [...ownedBy(makeSchema(objects, { version: 180000 }), "app").objects]
      .map(([address, { payload }]) => [address, payload]),
  );

Deno.test("ownedBy() says of what the database's owner owns no more than that", () => {
  assert.deepEqual(
    said([
      owner("schema:public", { role: "app" }),
      owner("schema:own", { role: "app" }),
      owner("schema:other", { role: "else" }),
      owner("table:public.t", { role: "app" }),
      owner("table:public.u", { role: "postgres" }),
      owner("table:own.t", {}),
      owner("table:own.u", { databaseOwner: true }),
      owner("table:other.t", { role: "app" }),
      owner("table:other.u", { databaseOwner: true }),
      owner("table:other.v", {}),
    ]),
    {
      "owner:schema:own": {},
      "owner:schema:other": { role: "else" },
      "owner:table:public.t": {},
      "owner:table:public.u": { role: "postgres" },
      "owner:table:own.t": {},
      "owner:table:own.u": {},
      "owner:table:other.t": { databaseOwner: true },
      "owner:table:other.u": { databaseOwner: true },
      "owner:table:other.v": {},
    },
  );
});

Deno.test("ownedBy() leaves out what an owner is given on his own, and default privileges are his", () => {
  const select = { to: "role", role: "app", privileges: ["select"] };
  const defaults = (payload: SchemaObject["payload"], who: string) =>
    about(`default_privilege:${who} on tables`, [`${who} on tables`], {
      on: "tables",
      ...payload,
    });
  assert.deepEqual(
    said([
      owner("table:public.t", { role: "app" }),
      owner("table:public.u", { role: "else" }),
      about("privilege:table:public.t to app", ["public", "t"], select),
      about("privilege:table:public.u to app", ["public", "u"], select),
      defaults(
        { role: "app", grants: [{ to: "PUBLIC", privileges: ["select"] }] },
        "app",
      ),
    ]),
    {
      "owner:table:public.t": {},
      "owner:table:public.u": { role: "else" },
      "privilege:table:public.u to app": select,
      "default_privilege:OWNER on tables": {
        on: "tables",
        grants: [{ to: "PUBLIC", privileges: ["select"] }],
      },
    },
  );
});

Deno.test("ownedBy() gives the very schema back that does not name the role", () => {
  const schema = makeSchema([owner("table:public.t", { role: "else" })], {
    version: 180000,
  });
  assert.equal(ownedBy(schema, "app"), schema);
  assert.equal(ownedBy(schema, undefined), schema);
});
