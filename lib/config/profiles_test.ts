import assert from "@std/assert";
import { diskFiles } from "./files.ts";
import { parsePasswordSource } from "./profile.ts";
import {
  NO_PROFILES,
  parseProfiles,
  type ProfileSet,
  serializeProfiles,
} from "./profile_text.ts";
import {
  addProfile,
  chooseProfile,
  forgetProfile,
  loadProfiles,
  profilesPath,
  removeProfile,
  saveProfile,
  useProfile,
} from "./profiles.ts";
import { processVariables } from "./variables.ts";

function named(...names: readonly string[]): ProfileSet {
  return names.reduce(
    (set, name) => addProfile(set, name, { url: `postgres://${name}/app` }),
    NO_PROFILES,
  );
}

Deno.test("[Q22] the first saved profile becomes the default, and removing the default promotes another", () => {
  const set = named("b", "a", "2");
  assert.equal(set.default, "b");
  const without = removeProfile(set, "b");
  assert.equal(without.default, "a");
  assert.equal(removeProfile(set, "a").default, "b");
  assert.equal(
    removeProfile(removeProfile(without, "a"), "2").default,
    undefined,
  );
});

Deno.test("[Q17] chooseProfile() makes another the default, and an unknown name is refused", () => {
  assert.equal(chooseProfile(named("a", "b"), "b").default, "b");
  for (const change of [chooseProfile, removeProfile]) {
    assert.throws(() => change(named("prod"), "prd"), {
      code: "profile-invalid",
      hint: /prod/,
    });
  }
});

Deno.test("[Q21] a URL with a password in it is refused with the three ways, and not repeated", () => {
  for (
    const url of [
      "postgres://me:hunter2@db/app",
      "postgres://me:hun/ter2@db/app",
      "postgres://db/app?password=hunter2",
      "postgres://db/app?pass%77ord=hunter2",
      "host=db password=hunter2",
      "host=db PASSWORD = 'hunter2'",
    ]
  ) {
    assert.throws(
      () => addProfile(NO_PROFILES, "p", { url }),
      (error: unknown) => {
        const { code, message, hint, exitCode } = Object(error);
        assert.equal(code, "profile-invalid");
        assert.equal(exitCode, 2);
        assert.match(hint, /var:NAME.*pgpass.*service:NAME/);
        return !`${message}${hint}`.includes("ter2");
      },
    );
  }
});

Deno.test("addProfile() refuses what is no name and what is no database", () => {
  const url = "postgres://db/app";
  for (const name of ["", "-x", "a b", "a/b", "a\n"]) {
    assert.throws(() => addProfile(NO_PROFILES, name, { url }), {
      code: "profile-invalid",
    });
  }
  for (const bad of ["", "none", "mysql://x", "schema/", "pglite:relative"]) {
    assert.throws(() => addProfile(NO_PROFILES, "p", { url: bad }), {
      code: "profile-invalid",
    });
  }
  const service = parsePasswordSource("service:s");
  for (const bad of ["postgres://?service=x", "service=x", "pglite:/data"]) {
    assert.throws(
      () => addProfile(NO_PROFILES, "p", { url: bad, password: service }),
      { code: "profile-invalid" },
    );
  }
  assert.equal(
    addProfile(NO_PROFILES, "p", { url: "pglite:/data" }).default,
    "p",
  );
});

Deno.test("parsePasswordSource() accepts three forms and does not repeat any other", () => {
  assert.deepEqual(parsePasswordSource("pgpass"), { kind: "pgpass" });
  assert.deepEqual(parsePasswordSource("var:PW"), {
    kind: "var",
    variable: "PW",
  });
  assert.deepEqual(parsePasswordSource("service:app"), {
    kind: "service",
    service: "app",
  });
  for (const bad of ["hunter2", "var:", "var:hunter2!", "service:a b", ""]) {
    assert.throws(
      () => parsePasswordSource(bad),
      (error: unknown) => !String(error).includes("hunter2"),
    );
  }
});

Deno.test("parseProfiles() reads what serializeProfiles() writes, in the order of saving", () => {
  const set = addProfile(named("z", "10", "9"), "pw", {
    url: "postgres://me@db/app",
    password: { kind: "var", variable: "PW" },
  });
  const read = parseProfiles(serializeProfiles(set), "p.json");
  assert.deepEqual(read, set);
  assert.deepEqual([...read.profiles.keys()], ["z", "10", "9", "pw"]);
  assert.deepEqual(
    parseProfiles(serializeProfiles(NO_PROFILES), "p"),
    NO_PROFILES,
  );
});

Deno.test("parseProfiles() refuses a damaged file and one that somebody put a password in", () => {
  const head = '{"format":"pawl.profiles/1","default":"a","profiles":';
  for (
    const bad of [
      "",
      "[]",
      "null",
      "{}",
      '{"format":"pawl.profiles/2","default":null,"profiles":[]}',
      `${head}{}}`,
      `${head}[{"name":"b","url":"postgres://x"}]}`,
      `${head}[{"name":"a","url":1}]}`,
      `${head}[{"name":"a","url":"postgres://x"},{"name":"a","url":"postgres://y"}]}`,
      `${head}[{"name":"a","url":"postgres://me:hunter2@x"}]}`,
      `${head}[{"name":"a","url":"postgres://x","password":"hunter2"}]}`,
      '{"url": hunter2',
    ]
  ) {
    assert.throws(() => parseProfiles(bad, "p.json"), (error: unknown) => {
      assert.equal(Object(error).code, "profile-invalid", bad);
      return !String(error).includes("hunter2");
    });
  }
});

Deno.test("profilesPath() takes PAWL_PROFILES, XDG_CONFIG_HOME, then the home directory", () => {
  const path = (environment: Record<string, string>) =>
    profilesPath(processVariables(environment));
  assert.equal(path({ PAWL_PROFILES: "/p.json", HOME: "/h" }), "/p.json");
  assert.equal(
    path({ XDG_CONFIG_HOME: "/x", HOME: "/h" }),
    "/x/pawl/profiles.json",
  );
  assert.equal(
    path({ XDG_CONFIG_HOME: "rel", HOME: "/h" }),
    "/h/.config/pawl/profiles.json",
  );
  assert.throws(() => path({}), { code: "profile-invalid" });
});

Deno.test("[Q17] [Q21] profiles are saved, used and removed in a file that only its owner can read", () => {
  const directory = Deno.makeTempDirSync();
  try {
    const store = {
      path: `${directory}/deep/pawl/profiles.json`,
      files: diskFiles,
    };
    assert.deepEqual(loadProfiles(store), NO_PROFILES);
    saveProfile(store, "dev", { url: "postgres://dev/app" });
    saveProfile(store, "prod", {
      url: "postgres://prod/app",
      password: { kind: "pgpass" },
    });
    assert.equal(loadProfiles(store).default, "dev");
    useProfile(store, "prod");
    assert.equal(loadProfiles(store).default, "prod");
    if (Deno.build.os !== "windows") {
      assert.equal((Deno.statSync(store.path).mode ?? 0) & 0o777, 0o600);
    }
    const before = Deno.readTextFileSync(store.path);
    assert.throws(
      () => saveProfile(store, "bad", { url: "postgres://me:pw@db" }),
      { code: "profile-invalid" },
    );
    assert.equal(Deno.readTextFileSync(store.path), before);
    forgetProfile(store, "prod");
    assert.deepEqual([...loadProfiles(store).profiles.keys()], ["dev"]);
    assert.deepEqual(
      [...Deno.readDirSync(`${directory}/deep/pawl`)].map((each) => each.name),
      ["profiles.json"],
    );
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("writePrivate() follows a symbolic link, narrows the mode and leaves nothing behind on failure", () => {
  const directory = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${directory}/real`, "old", { mode: 0o644 });
    Deno.symlinkSync(`${directory}/real`, `${directory}/link`);
    diskFiles.writePrivate(`${directory}/link`, "new");
    assert.equal(Deno.readTextFileSync(`${directory}/real`), "new");
    assert.equal(Deno.lstatSync(`${directory}/link`).isSymlink, true);
    assert.equal((Deno.statSync(`${directory}/real`).mode ?? 0) & 0o777, 0o600);
    Deno.mkdirSync(`${directory}/taken`);
    assert.throws(() => diskFiles.writePrivate(`${directory}/taken`, "x"), {
      code: "file-unwritable",
    });
    assert.deepEqual(
      [...Deno.readDirSync(directory)].map((each) => each.name).sort(),
      ["link", "real", "taken"],
    );
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("diskFiles tells absent, unreadable and foreign files apart", () => {
  const directory = Deno.makeTempDirSync();
  try {
    const path = `${directory}/file`;
    assert.equal(diskFiles.read(path), undefined);
    assert.equal(diskFiles.read(`${path}/below`), undefined);
    Deno.writeFileSync(path, new Uint8Array([0xff, 0xfe]));
    assert.throws(() => diskFiles.read(path), { code: "file-unreadable" });
    assert.throws(() => diskFiles.read(directory), { code: "file-unreadable" });
    assert.deepEqual([diskFiles.exists(path), diskFiles.isDirectory(path)], [
      true,
      false,
    ]);
    Deno.chmodSync(directory, 0o777);
    assert.equal(diskFiles.isForeign(path), false);
    if (Deno.uid() === 0) {
      Deno.chownSync(path, 12345, null);
      assert.equal(diskFiles.isForeign(path), true);
      Deno.chmodSync(directory, 0o755);
      assert.equal(diskFiles.isForeign(path), false);
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
