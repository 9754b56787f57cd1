import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { findService, parseServiceFile } from "./service_file.ts";

function context(env: Record<string, string>, files: Record<string, string>) {
  return {
    env,
    readFile: (path: string) => {
      const text = files[path];
      return text === undefined ? undefined : { text, mode: 0o644 };
    },
    exists: () => false,
    homeDir: "/h",
    osUser: "u",
  };
}

Deno.test("parseServiceFile() reads one section and stops at the next", () => {
  const text =
    "\uFEFFhost=no\n[a]\n# x\nhost = one \r\nhost=two\npassword=a=b\n[b]\nhost=three";
  assert.deepEqual(
    Object.fromEntries(parseServiceFile(text, "a", "f") ?? []),
    { host: "one", password: "a=b" },
  );
  assert.equal(parseServiceFile(text, "c", "f"), undefined);
});

Deno.test("parseServiceFile() names file and line of what it refuses, and shows no value", () => {
  for (
    const line of ["s3cret", "nope=s3cret", "service=s3cret", "ldap://s3cret"]
  ) {
    assert.throws(
      () => parseServiceFile(`[a]\nhost=x\n${line}`, "a", "f.conf"),
      (error: unknown) => {
        if (!(error instanceof PawlError)) return false;
        assert.deepEqual(error.location, { file: "f.conf", line: 3 });
        assert.ok(!error.message.includes("s3cret"));
        return true;
      },
    );
  }
});

Deno.test("findService() looks into the user's file, then into the system's", () => {
  const files = {
    "/h/.pg_service.conf": "[mine]\nhost=m\n",
    "/named": "[named]\nhost=n\n",
    "/sys/pg_service.conf": "[mine]\nhost=s\n[sys]\nhost=s\n",
  };
  const env = { PGSYSCONFDIR: "/sys" };
  const file = (name: string, more = {}) =>
    findService(name, context({ ...env, ...more }, files)).file;
  assert.equal(file("mine"), "/h/.pg_service.conf");
  assert.equal(file("sys"), "/sys/pg_service.conf");
  assert.equal(file("named", { PGSERVICEFILE: "/named" }), "/named");
  assert.equal(
    file("mine", { PGSERVICEFILE: "/named" }),
    "/sys/pg_service.conf",
  );
  assert.throws(() => file("none"), PawlError);
});
