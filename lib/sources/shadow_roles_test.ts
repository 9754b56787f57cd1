import assert from "@std/assert";
import { ServerError } from "../pg/session.ts";
import { roleRemedy } from "./shadow_roles.ts";

function failure(sqlstate: string, message: string): ServerError {
  return new ServerError({ severity: "ERROR", sqlstate, message }, 0);
}

Deno.test("roles get what they lack in a shadow: existence, and the right to own an event trigger", () => {
  assert.equal(
    roleRemedy(failure("42704", 'role "a b" does not exist'), ""),
    'CREATE ROLE "a b"',
  );
  const owner = failure(
    "42501",
    'permission denied to change owner of event trigger "et"',
  );
  assert.equal(
    roleRemedy(
      owner,
      'ALTER EVENT TRIGGER "e t" OWNER TO "a ""b";\nalter event trigger et\nowner to admin; ALTER TABLE t OWNER TO other',
    ),
    'ALTER ROLE "a ""b" SUPERUSER;\nALTER ROLE admin SUPERUSER',
  );
  assert.equal(roleRemedy(owner, "ALTER TABLE t OWNER TO other"), undefined);
  assert.equal(
    roleRemedy(failure("42501", "permission denied for schema s"), ""),
    undefined,
  );
});
