/**
 * Drift: what upgrade records, how a database is compared with that, with a
 * snapshot and with the declared schema, and what is no drift.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { diff, prepareForms } from "../lib/diff.ts";
import { drift, type DriftReport } from "../lib/drift/mod.ts";
import { PawlError } from "../lib/errors.ts";
import { kindOf, KINDS } from "../lib/kinds/registry.ts";
import { downgrade } from "../lib/migrate/downgrade.ts";
import { openProject, type Project } from "../lib/migrate/project.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { compareStates, stateOf } from "../lib/schema/object_state.ts";
import { objectHashes } from "../lib/schema/hash.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../lib/schema/schema.ts";
import { runCli, withProject, writeFiles } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, testOnServers, withDatabase } from "./support/servers.ts";

const FILES = {
  "migrations/0001_users.sql":
    "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, age integer DEFAULT 3);\nCREATE INDEX users_name ON users (name);\nCREATE VIEW grown AS SELECT id FROM users WHERE age > 17;\n",
  "migrations/0002_orders.sql":
    "-- pawl:up\nCREATE TABLE orders (id bigint PRIMARY KEY, user_id integer REFERENCES users);\n-- pawl:down\nDROP TABLE orders;\n",
};

/** A project in a directory and a database of its own. */
interface Scene {
  readonly cwd: string;
  readonly url: string;
  readonly project: Project;
  /** The same project with other settings. */
  open(toml: string): Project;
  /** Changes the database by hand. */
  byHand(sql: string): Promise<void>;
  /** Asks the database. */
  rows(sql: string): Promise<(string | null)[][]>;
  /** Runs pawl as a process. */
  pawl(...args: string[]): ReturnType<typeof runCli>;
}

function scene(
  name: string,
  files: Readonly<Record<string, string>>,
  body: (scene: Scene) => Promise<void>,
): void {
  testOnServers(name, ({ url }) =>
    withProject(files, async (cwd) => {
      const env = { HOME: cwd, XDG_CACHE_HOME: cacheDirectory() };
      const open = (toml: string) => {
        Deno.writeTextFileSync(join(cwd, "pawl.toml"), toml);
        return openProject({ cwd, db: url, env });
      };
      await body({
        cwd,
        url,
        project: openProject({ cwd, db: url, env }),
        open,
        byHand: async (sql) => void await execute(url, sql),
        rows: async (sql) =>
          (await execute(url, sql)).map((row) => Object.values(row)),
        pawl: (...args) => runCli([...args, "--db", url], { cwd, env }),
      });
    }));
}

/** Marks and addresses of what is drift, wholes only. */
function marks({ entries }: DriftReport): string[] {
  return entries.filter((e) => e.apart === undefined && e.partOf === undefined)
    .map(({ kind, address }) =>
      `${{ created: "+", dropped: "-", altered: "~" }[kind]} ${address}`
    );
}

/** Why things are shown apart, by address. */
function apart({ entries }: DriftReport): Record<string, string> {
  return Object.fromEntries(
    entries.flatMap((e) =>
      e.apart === undefined ? [] : [[e.address, e.apart.why]]
    ),
  );
}

scene(
  "upgrade and downgrade record the state that they leave, once a run [Q25, Q27]",
  FILES,
  async ({ project, rows }) => {
    await upgrade(project);
    const report = await drift(project);
    assert.deepEqual([report.drifted, report.entries], [false, []]);
    assert.equal(report.hash, report.expected);
    assert.deepEqual(
      await rows(
        "SELECT object_type, object_name FROM pawl.objects WHERE object_type IN ('table', 'index', 'view') ORDER BY 2",
      ),
      [
        ["index", "index:public.users_name"],
        ["table", "table:public.orders"],
        ["table", "table:public.users"],
        ["view", "view:public.grown"],
      ],
    );
    assert.deepEqual(
      await rows("SELECT version, schema_hash FROM pawl.migrations ORDER BY 1"),
      [["0001", null], ["0002", report.hash]],
    );
    await downgrade(project);
    assert.equal((await drift(project)).drifted, false);
    const [[hash] = []] = await rows(
      "SELECT schema_hash FROM pawl.migrations WHERE version = '0001'",
    );
    assert.equal(hash, (await drift(project)).hash);
    assert.deepEqual(
      await rows("SELECT FROM pawl.objects WHERE object_name LIKE '%orders%'"),
      [],
    );
  },
);

scene(
  "upgrade with nothing to apply records nothing [Q33]",
  FILES,
  async ({ project, byHand, rows }) => {
    await upgrade(project);
    await byHand("CREATE TABLE hot (a integer); DELETE FROM pawl.objects");
    await upgrade(project);
    assert.deepEqual(await rows("SELECT FROM pawl.objects"), []);
  },
);

scene(
  "drift finds what was created, dropped and altered by hand, and which attributes [Q32, Q34, H7, H22]",
  FILES,
  async ({ project, byHand }) => {
    await upgrade(project);
    await byHand(
      "ALTER TABLE users ALTER name DROP NOT NULL; ALTER TABLE orders ADD note text; DROP VIEW grown; CREATE TABLE hot (a integer PRIMARY KEY); ALTER TABLE users ALTER age SET DEFAULT 4",
    );
    const report = await drift(project);
    assert.deepEqual(marks(report), [
      "+ column:public.orders.note",
      "~ column:public.users.age",
      "~ column:public.users.name",
      "+ table:public.hot",
      "- view:public.grown",
    ]);
    const attributes = (address: string) =>
      report.entries.find((e) => e.address === address)?.attributes;
    assert.deepEqual(attributes("column:public.users.name"), [{
      key: "notNull",
      minor: false,
      known: false,
      from: undefined,
      to: false,
    }]);
    assert.deepEqual(
      attributes("column:public.users.age")?.map(({ key }) => key),
      ["default"],
    );
  },
);

scene(
  "the command says what differs, what to do either way, and exits 1 [Q33, H5, H7]",
  FILES,
  async ({ project, byHand, pawl }) => {
    await upgrade(project);
    const none = await pawl("drift");
    assert.equal(none.code, 0, none.stderr);
    assert.match(none.stdout, /No drift/);
    await byHand("CREATE INDEX hot ON users (age); DROP INDEX users_name");
    for (const name of [["drift"], ["db", "drift"], ["db", "verify"]]) {
      const { code, stdout } = await pawl(...name);
      assert.equal(code, 1);
      assert.match(stdout, /^ {2}\+ index:public\.hot$/m);
      assert.match(
        stdout,
        /^ {6}keep: pawl state push --live index:public\.hot$/m,
      );
      assert.match(stdout, /^ {6}undo: DROP INDEX public\.hot;$/m);
      assert.match(stdout, /^ {2}- index:public\.users_name$/m);
    }
    const json = JSON.parse((await pawl("drift", "--json")).stdout);
    assert.equal(json.format, "pawl.drift/1");
    assert.deepEqual(
      [json.drifted, json.created, json.dropped, json.altered],
      [true, 1, 1, 0],
    );
  },
);

scene(
  "what an application does not notice is shown apart, and is no drift but with --strict [Q34]",
  FILES,
  async ({ project, byHand, pawl }) => {
    await upgrade(project);
    await byHand(
      "ALTER TABLE users SET (autovacuum_enabled = false); ALTER TABLE users ALTER age SET STATISTICS 200; COMMENT ON TABLE users IS 'people'",
    );
    const report = await drift(project);
    assert.equal(report.drifted, false);
    assert.deepEqual(apart(report), {
      "column:public.users.age": "minor",
      "comment:table:public.users": "minor",
      "table:public.users": "minor",
    });
    assert.equal((await pawl("drift")).code, 0);
    assert.equal((await pawl("drift", "--strict")).code, 1);
    await byHand("ALTER TABLE users ALTER age TYPE bigint USING 1").catch(() =>
      byHand("DROP VIEW grown; ALTER TABLE users ALTER age TYPE bigint")
    );
    const both = await drift(project);
    assert.deepEqual(
      both.entries.find((e) => e.address === "column:public.users.age")
        ?.attributes.map(({ key, minor }) => [key, minor]),
      [["statistics", true], ["type", false]],
    );
  },
);

scene(
  "another team's schema, another project's table and ignored objects are no drift [H23]",
  FILES,
  async ({ cwd, url, project, byHand, open }) => {
    await upgrade(project);
    await byHand(
      "CREATE SCHEMA billing; CREATE TABLE billing.invoices (id integer); CREATE TABLE tmp_load (a integer)",
    );
    assert.deepEqual(marks(await drift(project)), ["+ table:public.tmp_load"]);
    const ignoring = open('[project]\nignore = ["public.tmp_*"]\n');
    const report = await drift(ignoring);
    assert.equal(report.drifted, false);
    assert.equal(apart(report)["table:billing.invoices"], "schema");
    await byHand("DROP TABLE tmp_load");
    // Another service of the same database, with a history of its own.
    await writeFiles(cwd, {
      "other/0001_lines.sql": "CREATE TABLE lines ();\n",
    });
    Deno.writeTextFileSync(
      join(cwd, "pawl.toml"),
      '[project]\nname = "lines"\nmigrations = "other"\n',
    );
    await upgrade(openProject({ cwd, db: url, env: { HOME: cwd } }));
    const shared = await drift(project);
    assert.equal(shared.drifted, false);
    assert.equal(apart(shared)["table:public.lines"], "project");
  },
);

scene(
  "partitions that nobody declared come and go without drift",
  {
    "migrations/0001_log.sql":
      "CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (at);\nCREATE TABLE log_2025 PARTITION OF log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');\nCREATE INDEX ON log (at);\n",
  },
  async ({ project, byHand }) => {
    await upgrade(project);
    await byHand(
      "CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); DROP TABLE log_2025",
    );
    const report = await drift(project);
    assert.deepEqual(marks(report), []);
    assert.equal(apart(report)["table:public.log_2025"], "partition");
  },
);

scene(
  "drift outlives an upgrade, which says so; with [drift] fail it stops the run [Q33, Q35]",
  FILES,
  async ({ project, open, byHand, pawl }) => {
    await upgrade(project, { target: "0001" });
    await byHand("CREATE TABLE hot (a integer)");
    await assert.rejects(
      upgrade(open("[drift]\nfail = true\n")).then((report) => {
        throw report.error;
      }),
      (error: unknown) =>
        error instanceof PawlError && error.code === "schema-drifted",
    );
    open("");
    const { code, stderr } = await pawl("upgrade");
    assert.equal(code, 0);
    assert.match(
      stderr,
      /warning: the schema was changed by hand: \+table:public\.hot; pawl drift/,
    );
    assert.deepEqual(marks(await drift(project)), ["+ table:public.hot"]);
  },
);

scene(
  "a run that fails records what it has left",
  {
    ...FILES,
    "migrations/0003_bad.sql":
      "CREATE TABLE third ();\n-- pawl:step\nSELECT 1 / 0;\n",
  },
  async ({ project }) => {
    const report = await upgrade(project);
    assert.equal(report.success, false);
    assert.deepEqual(report.warnings.filter((w) => !/pawl\.sum/.test(w)), []);
    assert.equal((await drift(project)).drifted, false);
  },
);

scene(
  "a state that cannot be recorded is a warning, and fails no run",
  FILES,
  async ({ project, byHand }) => {
    await upgrade(project, { target: "0001" });
    await byHand("DROP TABLE pawl.objects");
    const report = await upgrade(project);
    assert.equal(report.success, true, String(report.error));
    assert.match(
      report.warnings.join("\n"),
      /could not be recorded.*state push/,
    );
  },
);

scene(
  "hashes of another canonical form are never drift",
  FILES,
  async ({ project, byHand }) => {
    await upgrade(project, { target: "0001" });
    await byHand(
      "UPDATE pawl.objects SET hash = 'h0:' || substr(hash, 4); CREATE TABLE hot ()",
    );
    const report = await drift(project);
    assert.deepEqual([report.drifted, report.comparable], [false, false]);
    assert.match(report.warnings.join(), /another canonical form/);
    // The next run records all of it anew.
    await upgrade(project);
    const after = await drift(project);
    assert.deepEqual([after.drifted, after.comparable], [false, true]);
  },
);

scene(
  "drift --against FILE and --against schema know what things were [Q34, H5]",
  {
    ...FILES,
    "schema/users.sql":
      "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, age integer DEFAULT 3); CREATE INDEX users_name ON users (name); CREATE VIEW grown AS SELECT id FROM users WHERE age > 17;",
    "schema/orders.sql":
      "CREATE TABLE orders (id bigint PRIMARY KEY, user_id integer REFERENCES users);",
  },
  async ({ cwd, project, byHand, pawl }) => {
    await upgrade(project);
    const clean = await drift(project, { against: { kind: "declared" } });
    assert.deepEqual(clean.entries, []);
    const taken = await pawl("snapshot", "-o", "was.json");
    assert.equal(taken.code, 0, taken.stderr);
    await byHand(
      "ALTER TABLE users ALTER name DROP NOT NULL; DROP INDEX users_name; CREATE TABLE hot ()",
    );
    const path = join(cwd, "was.json");
    const was = await drift(project, { against: { kind: "snapshot", path } });
    assert.deepEqual(marks(was), [
      "~ column:public.users.name",
      "- index:public.users_name",
      "+ table:public.hot",
    ]);
    const [column, index] = was.entries;
    assert.deepEqual(column?.attributes, [{
      key: "notNull",
      minor: false,
      known: true,
      from: true,
      to: false,
    }]);
    // What it says brings everything back.
    const declared = await drift(project, { against: { kind: "declared" } });
    assert.deepEqual(marks(declared), [
      "~ column:public.users.name",
      "- index:public.users_name",
    ]);
    assert.equal(apart(declared)["table:public.hot"], "undeclared");
    assert.deepEqual(
      declared.entries.map(({ keep }) => keep.replace(/ \S*schema/, "")),
      [
        "write it into as it is now",
        "remove it from",
        "write it into",
        "write it into",
      ],
    );
    await byHand(`${column?.undo} ${index?.undo} DROP TABLE hot`);
    assert.equal((await drift(project)).drifted, false);
    // Each by itself, with what is in its way; what may be lost is said.
    await byHand(
      "DROP VIEW grown; ALTER TABLE users ALTER id TYPE bigint, ALTER age TYPE text; CREATE VIEW older AS SELECT age FROM users; CREATE TABLE hot (a integer PRIMARY KEY); CREATE VIEW hotter AS SELECT a FROM hot; ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey, DROP user_id",
    );
    const { entries } = await drift(project, {
      against: { kind: "snapshot", path },
    });
    const undo = (address: string) =>
      entries.find((entry) => entry.address === address)?.undo;
    assert.equal(
      undo("table:public.hot"),
      "DROP VIEW public.hotter;\n-- data-loss: the rows of public.hot are gone\nDROP TABLE public.hot;",
    );
    assert.match(
      undo("column:public.users.age") ?? "",
      /^DROP VIEW public\.older;\n-- data-dependent: .*\nALTER TABLE public\.users [^;]*TYPE integer USING [^;]*;\nCREATE VIEW public\.older AS[^;]*;$/,
    );
    assert.match(
      undo("constraint:public.orders.orders_user_id_fkey") ?? "",
      /^ALTER TABLE public\.orders ADD COLUMN user_id integer;\nALTER TABLE public\.orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY \(user_id\) REFERENCES public\.users\(id\);$/,
    );
    for (
      const address of [
        "view:public.older",
        "column:public.users.age",
        "column:public.users.id",
        "table:public.hot",
        "constraint:public.orders.orders_user_id_fkey",
        "view:public.grown",
      ]
    ) {
      const now = await drift(project, { against: { kind: "snapshot", path } });
      await byHand(
        now.entries.find((one) => one.address === address)?.undo ?? "SELECT",
      );
    }
    assert.deepEqual(marks(await drift(project)), []);
    const { code, stdout } = await pawl("drift", "--against", "schema");
    assert.equal(code, 0, stdout);
  },
);

scene(
  "status --drift says yes or no from hashes alone [Q33, H7]",
  FILES,
  async ({ project, byHand, pawl, open }) => {
    assert.match((await pawl("status", "--drift")).stdout, /not known/);
    await upgrade(project);
    assert.match((await pawl("status", "--drift")).stdout, /drift +no/);
    await byHand("CREATE INDEX hot ON users (age)");
    const { stdout, code } = await pawl("status", "--drift", "--check");
    assert.match(stdout, /drift +yes: 1 object/);
    assert.equal(code, 0);
    open("[drift]\nfail = true\n");
    assert.equal((await pawl("status", "--drift", "--check")).code, 1);
  },
);

scene(
  "status says whether there is a history, where files are, the version, what is applied and pending, and drift [Q2]",
  FILES,
  async ({ byHand, pawl }) => {
    const expectStatus = async (
      expected: Readonly<Record<string, unknown>>,
    ) => {
      const { code, stdout } = await pawl("status", "--drift", "--json");
      assert.equal(code, 0, stdout);
      const said: Readonly<Record<string, unknown>> = JSON.parse(stdout);
      assert.equal(said["directory"], "migrations");
      for (const [key, value] of Object.entries(expected)) {
        assert.deepEqual(said[key], value, key);
      }
    };
    await expectStatus({
      initialized: false,
      current: null,
      applied: 0,
      pending: 2,
      drift: { drifted: null, objects: 0 },
    });
    assert.equal((await pawl("upgrade", "+1", "-y")).code, 0);
    const half = {
      initialized: true,
      current: "0001",
      applied: 1,
      pending: 1,
    };
    await expectStatus({ ...half, drift: { drifted: false, objects: 0 } });
    await byHand("DROP VIEW grown");
    // The view, and who owns it.
    await expectStatus({ ...half, drift: { drifted: true, objects: 2 } });
  },
);

scene(
  "where nothing was recorded, drift says so and what records it",
  FILES,
  async ({ pawl }) => {
    const { code, stderr } = await pawl("drift");
    assert.equal(code, 2);
    assert.match(stderr, /no state of .* has been recorded/);
    assert.match(stderr, /pawl state push --live/);
  },
);

Deno.test("the embedded database has its state recorded too, the same as a server's", async () => {
  await withProject(FILES, async (cwd) => {
    const env = { HOME: cwd, XDG_CACHE_HOME: cacheDirectory() };
    const embedded = openProject({ cwd, db: `pglite:${cwd}/db`, env });
    await upgrade(embedded);
    const there = await drift(embedded);
    assert.deepEqual([there.drifted, there.comparable], [false, true]);
    await withDatabase(undefined, async ({ url }) => {
      const server = openProject({ cwd, db: url, env });
      await upgrade(server);
      assert.equal((await drift(server)).hash, there.hash);
    });
  });
});

/** A table with a column, as plain data. */
function objects(column: Record<string, string | boolean | number>) {
  const table: SchemaObject = {
    kind: "table",
    address: "table:public.t",
    payload: { persistence: "permanent" },
    depends: [],
    parent: undefined,
    name: ["public", "t"],
    position: 0,
  };
  return makeSchema([table, {
    ...table,
    kind: "column",
    address: "column:public.t.a",
    payload: { type: "integer", notNull: false, ...column },
    parent: table.address,
    name: ["public", "t", "a"],
    position: 1,
  }], { version: 180000 });
}

Deno.test("diff() and compareStates() find the same, attribute by attribute [Q30, Q32]", async () => {
  const cases = [
    [{}, {}, []],
    [{ notNull: true }, {}, [["notNull", false]]],
    [{ default: "1" }, { statistics: 5 }, [["default", false], [
      "statistics",
      true,
    ]]],
    [{ statistics: 4 }, { statistics: 5 }, [["statistics", true]]],
    // The same expression, written in two ways.
    [{ default: "now( )" }, { default: "now()" }, []],
  ] as const;
  for (const [from, to, expected] of cases) {
    const sides = [objects(from), objects(to)] as const;
    const forms = await prepareForms(sides, (kind) => kindOf(kind)?.shape);
    const [change] = diff(...sides, forms);
    const attributes = change?.kind === "altered" ? change.attributes : [];
    assert.deepEqual(
      attributes.map(({ key, minor }) => [key, minor]),
      expected,
    );
    const state = (schema: Schema) =>
      stateOf(schema, objectHashes(schema, forms.whole), forms);
    const [difference] = compareStates(state(sides[0]), state(sides[1]));
    assert.deepEqual(
      (difference?.attributes ?? []).map(({ key, minor }) => [key, minor]),
      expected,
    );
  }
});

Deno.test("lib/diff.ts and what compares states name no kind of object", () => {
  for (const file of ["lib/diff.ts", "lib/schema/object_state.ts"]) {
    const text = Deno.readTextFileSync(new URL(`../${file}`, import.meta.url))
      .replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "").replaceAll(
        /^import[^;]*;/gm,
        "",
      );
    for (const { kind } of KINDS) {
      // "schema" is also what is compared.
      if (kind === "schema") continue;
      assert.ok(
        !new RegExp(`["'\`]${kind}["'\`:]`).test(text),
        `${file}: ${kind}`,
      );
    }
  }
});
