import assert from "@std/assert";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import type { ChangeTarget, KindStatement } from "./kind.ts";
import { USER_MAPPING, type UserMappingPayload } from "./user_mapping.ts";

const ADDRESS = "user_mapping:s.app";

function mapping(
  payload: UserMappingPayload,
): SchemaObject<"user_mapping", UserMappingPayload> {
  return {
    address: ADDRESS,
    kind: "user_mapping",
    name: ["s", "app"],
    parent: "server:s",
    position: 0,
    depends: [],
    payload,
  };
}

const KNOWN: UserMappingPayload = {
  options: { user: "u" },
  secrets: { password: "1f" },
};

const target: ChangeTarget = (() => {
  const at = {
    version: 180000,
    objects: makeSchema([], { version: 180000, notices: [] }).objects,
    phrase: () => undefined,
  };
  return { ...at, before: at };
})();

function altered(
  from: UserMappingPayload,
  to: UserMappingPayload,
): readonly KindStatement[] {
  const how = USER_MAPPING.alter?.(mapping(from), mapping(to), [], target);
  return how?.how === "alter" ? how.statements : assert.fail("it is replaced");
}

Deno.test("options of a user mapping that one side may not read are not dropped, nor added", () => {
  assert.deepEqual(altered(KNOWN, { unreadable: true }), []);
  const [unknown, ...others] = altered({ unreadable: true }, KNOWN);
  assert.deepEqual(unknown?.withheld, ["options"]);
  assert.deepEqual(others, []);
});

Deno.test("a secret that goes with its user mapping, or out of it, cannot be set again", () => {
  const kinds = (statements: readonly KindStatement[] | undefined) =>
    statements?.map(({ hazards }) => hazards?.map(({ allow }) => allow));
  assert.deepEqual(
    kinds(altered(KNOWN, { options: { user: "u" } })),
    [["drop-secret"]],
  );
  for (const payload of [KNOWN, { unreadable: true }]) {
    assert.deepEqual(
      kinds(USER_MAPPING.drop?.(mapping(payload), target)),
      [["drop-user-mapping"]],
    );
  }
  assert.deepEqual(
    kinds(USER_MAPPING.drop?.(mapping({ options: { user: "u" } }), target)),
    [undefined],
  );
});
