/**
 * The `schema` command: declared against live, object by object.
 *
 * @module
 */

import assert from "@std/assert";
import { checkSchema, flatten } from "../lib/drift/mod.ts";
import { openProject } from "../lib/migrate/project.ts";
import { runCli, withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";

const FILES = {
  "schema/app.sql": `
    CREATE TABLE teams (id integer PRIMARY KEY);
    CREATE TABLE slogans (id integer, motto text);
    CREATE TABLE users (
      id integer PRIMARY KEY,
      email varchar(100) NOT NULL,
      age integer DEFAULT 3,
      team_id integer REFERENCES teams ON DELETE CASCADE
    );
    CREATE INDEX users_email ON users (email);
    CREATE VIEW grown AS SELECT id FROM users WHERE age > 17;
  `,
};

const SAME = FILES["schema/app.sql"];

function withSchema(
  url: string,
  files: Readonly<Record<string, string>>,
  body: (scene: {
    readonly check: (object?: string) => ReturnType<typeof checkSchema>;
    readonly pawl: (...args: string[]) => ReturnType<typeof runCli>;
  }) => Promise<void>,
): Promise<void> {
  return withProject({ ...FILES, ...files }, async (cwd) => {
    const env = { HOME: cwd, XDG_CACHE_HOME: cacheDirectory() };
    const project = openProject({ cwd, db: url, env });
    const cache = cacheDirectory();
    await body({
      check: (object) => checkSchema(project, { object, cache }),
      pawl: (...args) => runCli([...args, "--db", url], { cwd, env }),
    });
  });
}

testOnServers(
  "schema shows every part with its mark, and exits 0 where all is as declared [P31, P34, H5]",
  async ({ url }) => {
    await execute(url, SAME);
    await withSchema(url, {}, async ({ pawl, check }) => {
      const { code, stdout, stderr } = await pawl("schema");
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^✓ table public\.users$/m);
      assert.match(stdout, /^ {4}✓ email character varying\(100\) NOT NULL$/m);
      assert.match(stdout, /^ {4}✓ constraint users_pkey PRIMARY KEY \(id\)$/m);
      assert.match(stdout, /^ {4}✓ index users_email$/m);
      assert.match(stdout, /^✓ view public\.grown$/m);
      const report = await check();
      assert.deepEqual([report.issues, report.fixable], [0, 0]);
    });
  },
);

/** What differs from the declared schema, one of each. */
const DIFFERENT = `
  ${SAME}
  ALTER TABLE users ALTER email DROP NOT NULL, ALTER age DROP DEFAULT, ADD extra text;
  ALTER TABLE users ALTER email TYPE varchar(50);
  ALTER TABLE slogans DROP motto;
  ALTER TABLE users DROP CONSTRAINT users_team_id_fkey;
  ALTER TABLE users ADD CONSTRAINT users_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams;
  DROP INDEX users_email;
  CREATE INDEX users_extra ON users USING gin (to_tsvector('simple', extra));
  DROP VIEW grown;
  CREATE TABLE somebodys (a integer);
`;

testOnServers(
  "what convergence mends is ~, the rest ✗, what is left alone unmanaged, what is unknown listed [P34, P35, P36, P61]",
  async ({ url }) => {
    await execute(url, DIFFERENT);
    const toml = { "pawl.toml": '[converge]\nunmanaged = ["gin"]\n' };
    await withSchema(url, toml, async ({ pawl, check }) => {
      const report = await check();
      const standing = Object.fromEntries(
        report.objects.flatMap(flatten).map((o) => [
          o.object.address,
          o.standing,
        ]),
      );
      assert.equal(standing["column:public.users.age"], "fixable");
      assert.equal(standing["column:public.users.email"], "error");
      assert.equal(standing["column:public.users.extra"], "error");
      assert.equal(standing["column:public.slogans.motto"], "error");
      assert.equal(
        standing["constraint:public.users.users_team_id_fkey"],
        "fixable",
      );
      assert.equal(standing["index:public.users_email"], "fixable");
      assert.equal(standing["index:public.users_extra"], "unmanaged");
      assert.equal(standing["view:public.grown"], "error");
      assert.equal(standing["table:public.somebodys"], "undeclared");
      const { code, stdout } = await pawl("schema", "--color", "never");
      assert.equal(code, 1);
      assert.match(
        stdout,
        /^ {4}~ age integer: default 3 → none \(auto-fix\)$/m,
      );
      assert.match(
        stdout,
        /^ {4}✗ email character varying\(100\) NOT NULL: .*type/m,
      );
      assert.match(stdout, /^ {4}✗ extra text: not declared$/m);
      assert.match(
        stdout,
        /~ index users_email: missing in the database \(auto-fix\)/,
      );
      assert.match(stdout, /index users_extra unmanaged \(gin\)/);
      assert.match(stdout, /^Not declared:\n {2}table:public\.somebodys$/m);
    });
  },
);

testOnServers(
  "nullability by itself is ~, and unknown tables alone are no issue [P35, P36]",
  async ({ url }) => {
    await execute(
      url,
      `${SAME}; ALTER TABLE users ALTER email DROP NOT NULL; CREATE TABLE somebodys ()`,
    );
    await withSchema(url, {}, async ({ check, pawl }) => {
      const { issues, fixable } = await check();
      assert.deepEqual([issues, fixable], [1, 1]);
      await execute(url, "ALTER TABLE users ALTER email SET NOT NULL");
      const { code, stdout } = await pawl("schema");
      assert.equal(code, 0);
      assert.match(stdout, /somebodys/);
    });
  },
);

testOnServers(
  "schema OBJECT shows one, by any of its names, and --json is a document [P32, P33]",
  async ({ url }) => {
    await execute(url, DIFFERENT);
    await withSchema(url, {}, async ({ check, pawl }) => {
      for (const name of ["users", "public.users", "table:public.users"]) {
        const { objects } = await check(name);
        assert.deepEqual(objects.map(({ object }) => object.address), [
          "table:public.users",
        ]);
      }
      const [column] = (await check("users.email")).objects;
      assert.equal(column?.object.address, "column:public.users.email");
      assert.deepEqual((await check("teams")).issues, 0);
      const { stdout, code } = await pawl("schema", "users", "--json");
      assert.equal(code, 1);
      const json = JSON.parse(stdout);
      assert.equal(json.format, "pawl.schema-check/1");
      assert.equal(json.objectsChecked, json.objects.length);
      assert.ok(json.totalIssues > json.fixable && json.fixable > 0);
      const email = json.objects.find((o: { address: string }) =>
        o.address === "column:public.users.email"
      );
      assert.deepEqual([email.status, email.issue], ["error", "differs"]);
      assert.deepEqual(email.drift.map((d: { key: string }) => d.key), [
        "notNull",
        "type",
      ]);
      const unknown = await pawl("schema", "nothing");
      assert.equal(unknown.code, 2);
    });
  },
);

testOnServers(
  "without a declared schema, schema says where to write one",
  async ({ url }) => {
    await withProject({}, async (cwd) => {
      const { code, stderr } = await runCli(["schema", "--db", url], {
        cwd,
        env: { XDG_CACHE_HOME: cacheDirectory() },
      });
      assert.equal(code, 2);
      assert.match(
        stderr,
        /Cannot read the declared schema: there is no schema/,
      );
    });
  },
);
