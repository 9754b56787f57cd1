import assert from "@std/assert";
import { connectionError, mayTryNextHost } from "./connect_errors.ts";
import { cancelRequest } from "./cancel.ts";
import { productObjection, targetObjection } from "./server_info.ts";
import { commandTag, errorFields, noticeFields } from "./server_query.ts";

Deno.test("commandTag() separates the command from what it counted", () => {
  assert.deepEqual(commandTag("INSERT 0 5"), {
    command: "INSERT",
    rowCount: 5,
  });
  assert.deepEqual(commandTag("SELECT 3"), { command: "SELECT", rowCount: 3 });
  assert.deepEqual(commandTag("CREATE TABLE"), {
    command: "CREATE TABLE",
    rowCount: null,
  });
  assert.deepEqual(commandTag("COPY 0"), { command: "COPY", rowCount: 0 });
});

Deno.test("errorFields() keeps every field and nothing else", () => {
  const error = Object.assign(new Error("boom"), {
    severity: "FEHLER",
    code: "23505",
    detail: "d",
    position: "7",
    constraint: "c",
    hint: undefined,
    length: 5,
  });
  assert.deepEqual(errorFields(error), {
    severity: "ERROR",
    sqlstate: "23505",
    message: "boom",
    detail: "d",
    position: 7,
    constraint: "c",
  });
  assert.equal(errorFields(new Error("ECONNRESET")), undefined);
  assert.equal(errorFields(undefined), undefined);
});

Deno.test("noticeFields() tells warnings from notices in every language", () => {
  const notice = (severity: string, code: string) =>
    noticeFields({ severity, code, message: "m" })?.severity;
  assert.equal(notice("HINWEIS", "00000"), "NOTICE");
  assert.equal(notice("WARNUNG", "01000"), "WARNING");
  assert.equal(notice("INFO", "00000"), "INFO");
  assert.equal(notice("DEBUG1", "00000"), "DEBUG");
});

Deno.test("cancelRequest() carries pid and key, negative ones too", () => {
  assert.deepEqual(
    [...cancelRequest(258, -2)],
    [0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 1, 2, 255, 255, 255, 254],
  );
});

Deno.test("productObjection() knows PostgreSQL from what only speaks like it", () => {
  assert.equal(productObjection("PostgreSQL 15.18 on x86_64"), undefined);
  assert.equal(productObjection("EnterpriseDB 15.2 on x86_64"), undefined);
  assert.match(productObjection("CockroachDB CCL v23.1") ?? "", /CockroachDB/);
  assert.match(
    productObjection("PostgreSQL 8.0.2 on i686, Redshift 1.0") ?? "",
    /Redshift/,
  );
  assert.match(productObjection("") ?? "", /not PostgreSQL/);
});

Deno.test("targetObjection() follows target_session_attrs", () => {
  const primary = { readOnly: false, standby: false };
  const readOnlyPrimary = { readOnly: true, standby: false };
  const standby = { readOnly: true, standby: true };
  const accepted = (wanted: Parameters<typeof targetObjection>[0]) =>
    [primary, readOnlyPrimary, standby].map((info) =>
      targetObjection(wanted, info) === undefined
    );
  assert.deepEqual(accepted("any"), [true, true, true]);
  assert.deepEqual(accepted("read-write"), [true, false, false]);
  assert.deepEqual(accepted("read-only"), [false, true, true]);
  assert.deepEqual(accepted("primary"), [true, true, false]);
  assert.deepEqual(accepted("standby"), [false, false, true]);
});

Deno.test("connectionError() names what the server said before what was silent", () => {
  const login = { user: "ann", database: "app" };
  const server = (sqlstate: string, message = "said") => ({
    host: "b:1",
    reason: message,
    server: { severity: "FATAL", sqlstate, message },
  });
  const silent = { host: "a:1", reason: "connection refused" };
  const code = (sqlstate: string, message?: string) =>
    connectionError("a:1,b:1/app", [silent, server(sqlstate, message)], login)
      .code;
  assert.equal(code("28P01"), "authentication-failed");
  assert.equal(code("28000"), "authentication-failed");
  assert.equal(code("08P01", "no such user: x"), "authentication-failed");
  assert.equal(code("42501"), "permission-denied");
  assert.equal(code("53300"), "connection-failed");
  const unknown = connectionError("p", [server("3D000")], login);
  assert.match(unknown.message, /the database "app" does not exist/);
  assert.equal(unknown.server?.sqlstate, "3D000");
  const all = connectionError("p", [silent, silent], login);
  assert.match(all.message, /: connection refused$/);
  assert.match(
    connectionError("p", [silent, {
      ...silent,
      host: "b:1",
      reason: "no route",
    }], login).message,
    /none of the 2 attempts/,
  );
  assert.deepEqual(all.details, [
    "a:1: connection refused",
    "a:1: connection refused",
  ]);
  assert.ok(mayTryNextHost(silent));
  assert.ok(mayTryNextHost(server("57P03")));
  assert.ok(!mayTryNextHost(server("3D000")));
});
