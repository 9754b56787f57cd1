import assert from "@std/assert";
import { aclChanges, collapseNames, type Rights } from "./acl_change.ts";

const ALL = ["delete", "insert", "select", "update"];

function changes(from: Rights, to: Rights): string[] {
  return aclChanges(from, to, ALL).map(({ verb, names, option }) =>
    `${verb} ${names.join(", ")}${option ? " (option)" : ""}`
  );
}

Deno.test("aclChanges() says nothing where nothing differs", () => {
  const rights = { privileges: ["all"], grantable: ["select"] };
  assert.deepEqual(changes(rights, rights), []);
  assert.deepEqual(changes({}, {}), []);
  assert.deepEqual(
    changes({ privileges: ["all"] }, { privileges: ALL }),
    [],
  );
});

Deno.test("aclChanges() leaves alone what stays", () => {
  assert.deepEqual(
    changes(
      { privileges: ["insert", "select"] },
      { privileges: ["select", "update"] },
    ),
    ["REVOKE insert", "GRANT update"],
  );
  assert.deepEqual(
    changes({ privileges: ["all"] }, { privileges: ["select"] }),
    ["REVOKE delete, insert, update"],
  );
});

Deno.test("aclChanges() gives and takes the option to grant on by itself", () => {
  const plain = { privileges: ["select"] };
  const may = { privileges: ["select"], grantable: ["select"] };
  assert.deepEqual(changes(plain, may), ["GRANT select (option)"]);
  assert.deepEqual(changes(may, plain), ["REVOKE select (option)"]);
  // The option goes with the privilege.
  assert.deepEqual(changes(may, {}), ["REVOKE select"]);
  assert.deepEqual(changes({}, may), ["GRANT select (option)"]);
});

Deno.test("aclChanges() gives back what was there from the start", () => {
  assert.deepEqual(changes({}, { revoked: ["delete"] }), [
    "REVOKE delete",
  ]);
  assert.deepEqual(changes({ revoked: ["delete"] }, {}), ["GRANT delete"]);
  assert.deepEqual(
    changes({ revoked: ["delete"] }, { revoked: ["all"] }),
    [
      "REVOKE insert, select, update",
    ],
  );
});

Deno.test("collapseNames() calls a full set all, and an empty one nothing", () => {
  assert.deepEqual(
    collapseNames(["update", "insert", "select", "delete"], ALL),
    [
      "all",
    ],
  );
  assert.deepEqual(collapseNames(["update", "insert"], ALL), [
    "insert",
    "update",
  ]);
  assert.equal(collapseNames([], ALL), undefined);
});
