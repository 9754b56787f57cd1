/**
 * Saved connections as a user keeps them, on the disk of a throw-away home.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { type CliResult, runCli, withProject } from "./support/cli.ts";

/** A home directory, and pawl in it. */
function withHome(
  body: (
    pawl: (...args: string[]) => Promise<CliResult>,
    home: string,
  ) => Promise<void>,
): Promise<void> {
  return withProject(
    {},
    (home) =>
      body((...args) => runCli(args, { cwd: home, env: { HOME: home } }), home),
  );
}

function profilesIn(home: string): string {
  return Deno.readTextFileSync(
    join(home, ".config", "pawl", "profiles.json"),
  );
}

Deno.test("[Q17] profiles are saved, listed, chosen and removed; the first is the default", async () => {
  await withHome(async (pawl, home) => {
    const none = await pawl("profiles", "list");
    assert.equal(none.code, 0);
    assert.match(none.stdout, /^No profiles\./);
    const first = await pawl(
      "profiles",
      "save",
      "dev",
      "postgres://app@db/app",
      "--password",
      "var:APP_PASSWORD",
    );
    assert.match(first.stdout, /Profile dev saved, the default/);
    await pawl("profiles", "save", "other", "host=db dbname=other");
    const replaced = await pawl(
      "profiles",
      "save",
      "other",
      "postgres://db/other",
    );
    assert.match(replaced.stdout, /Profile other replaced/);
    assert.equal(
      (await pawl("profiles", "list")).stdout,
      "* dev    postgres://app@db/app (password: var:APP_PASSWORD)\n" +
        "  other  postgres://db/other\n",
    );
    await pawl("profiles", "use", "other");
    const gone = await pawl("profiles", "remove", "other");
    assert.match(gone.stdout, /removed; the default is dev now/);
    const json = JSON.parse((await pawl("profiles", "list", "--json")).stdout);
    assert.deepEqual(json, {
      format: "pawl.profiles/1",
      path: join(home, ".config", "pawl", "profiles.json"),
      default: "dev",
      profiles: [{
        name: "dev",
        url: "postgres://app@db/app",
        password: "var:APP_PASSWORD",
      }],
    });
    if (Deno.build.os !== "windows") {
      const { mode } = Deno.statSync(join(home, ".config/pawl/profiles.json"));
      assert.equal((mode ?? 0) & 0o777, 0o600);
    }
  });
});

Deno.test("[Q21] no password reaches the profiles file or a message", async () => {
  await withHome(async (pawl, home) => {
    await pawl("profiles", "save", "a", "postgres://db/app");
    const before = profilesIn(home);
    const wrong = [
      ["save", "b", "postgres://u:hunter22@db/app"],
      ["save", "b", "host=db password=hunter22"],
      ["save", "b", "postgres://db/app", "--password", "hunter22"],
    ];
    for (const args of wrong) {
      const { code, stdout, stderr } = await pawl("profiles", ...args);
      assert.equal(code, 2, stderr);
      assert.ok(!(stdout + stderr).includes("hunter22"), stderr);
    }
    assert.equal(profilesIn(home), before);
  });
});

Deno.test("[Q22] `pawl users` does the same by options, one at a time", async () => {
  await withHome(async (pawl) => {
    assert.equal(
      (await pawl("users", "--save", "a", "postgres://a/a")).code,
      0,
    );
    assert.equal(
      (await pawl("users", "--save", "b", "postgres://b/b")).code,
      0,
    );
    assert.equal((await pawl("users", "--use", "b")).code, 0);
    assert.equal(
      (await pawl("users", "--list")).stdout,
      "  a  postgres://a/a\n* b  postgres://b/b\n",
    );
    assert.equal((await pawl("users", "--remove", "b")).code, 0);
    assert.equal(
      (await pawl("users", "--list")).stdout,
      "* a  postgres://a/a\n",
    );
    const wrong = [
      [],
      ["--list", "--use", "a"],
      ["--save", "c"],
      ["--list", "postgres://c/c"],
      ["--use", "nobody"],
      ["--remove", "nobody"],
    ];
    for (const args of wrong) {
      assert.equal((await pawl("users", ...args)).code, 2, args.join(" "));
    }
  });
});

Deno.test("a damaged profiles file is refused by name and left as it is", async () => {
  await withHome(async (pawl, home) => {
    await pawl("profiles", "save", "a", "postgres://a/a");
    const path = join(home, ".config", "pawl", "profiles.json");
    Deno.writeTextFileSync(path, '{"secret": "hunter22"');
    for (const args of [["list"], ["save", "b", "postgres://b/b"]]) {
      const { code, stderr } = await pawl("profiles", ...args);
      assert.equal(code, 2);
      assert.match(stderr, /profiles\.json: it is not JSON/);
      assert.ok(!stderr.includes("hunter22"));
    }
    assert.equal(Deno.readTextFileSync(path), '{"secret": "hunter22"');
  });
});
