/**
 * What a plan says of owners, privileges, comments and secrets: only what
 * differs, and what it means for those who lose something. That it converges
 * is proved by the cases.
 *
 * @module
 */

import assert from "@std/assert";
import { prepareForms } from "../lib/diff.ts";
import { kindOf } from "../lib/kinds/registry.ts";
import { planChanges, type PlannedStatement } from "../lib/plan/mod.ts";
import { runCli, withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import {
  execute,
  type ServerVersion,
  testOnServers,
} from "./support/servers.ts";
import { schemaOn } from "./support/six_servers.ts";

const ROLES = Deno.readTextFileSync(
  new URL("cases/roles.sql", import.meta.url),
);

async function planned(
  version: ServerVersion,
  from: string,
  to: string,
): Promise<readonly PlannedStatement[]> {
  const schemas = [
    await schemaOn(version, `${ROLES};\n${from}`),
    await schemaOn(version, `${ROLES};\n${to}`),
  ] as const;
  const forms = await prepareForms(schemas, (kind) => kindOf(kind)?.shape);
  return planChanges(...schemas, { forms }).statements;
}

function texts(statements: readonly PlannedStatement[]): string[] {
  return statements.map(({ sql }) => sql);
}

testOnServers(
  "a plan grants and revokes only what differs",
  async ({ server }) => {
    const table = "CREATE TABLE t (id integer, a text);";
    const statements = await planned(
      server.version,
      `${table} GRANT SELECT, INSERT ON t TO pawl_reader, "Pawl other";
       GRANT SELECT (a) ON t TO pawl_reader; GRANT ALL ON t TO pawl_owner;`,
      `${table} GRANT SELECT, UPDATE ON t TO pawl_reader; GRANT SELECT, INSERT ON t TO "Pawl other";
       GRANT SELECT (a) ON t TO pawl_reader; GRANT ALL ON t TO pawl_owner;`,
    );
    assert.deepEqual(texts(statements), [
      "REVOKE INSERT ON TABLE public.t FROM pawl_reader",
      "GRANT UPDATE ON TABLE public.t TO pawl_reader",
    ]);
    assert.deepEqual(statements.map(({ hazards = [] }) => hazards), [
      [{
        kind: "security",
        reason: "pawl_reader loses INSERT on TABLE public.t",
      }],
      [],
    ]);
  },
);

testOnServers(
  "a plan gives back to columns what a REVOKE on their table takes along, and nothing else",
  async ({ server }) => {
    const table = "CREATE TABLE t (id integer, a text, b text);";
    const columns = `GRANT SELECT (a), UPDATE (b) ON t TO pawl_reader;
      GRANT SELECT (b) ON t TO "Pawl other";`;
    assert.deepEqual(
      texts(
        await planned(
          server.version,
          `${table} GRANT SELECT ON t TO pawl_reader; ${columns}`,
          `${table} ${columns}`,
        ),
      ),
      [
        "REVOKE SELECT ON TABLE public.t FROM pawl_reader",
        "GRANT SELECT (a) ON TABLE public.t TO pawl_reader",
      ],
    );
  },
);

testOnServers(
  "a plan neither grants what default privileges give nor revokes what nobody gets",
  async ({ server }) => {
    const defaults =
      `ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO pawl_reader;
       ALTER DEFAULT PRIVILEGES GRANT UPDATE ON TABLES TO "Pawl other";
       ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`;
    assert.deepEqual(
      texts(
        await planned(
          server.version,
          defaults,
          `${defaults} CREATE TABLE just_so (id integer);
           CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
           CREATE TABLE less (id integer); REVOKE INSERT ON less FROM pawl_reader;
           REVOKE ALL ON less FROM "Pawl other";`,
        ),
      ).filter((sql) => !sql.startsWith("CREATE")),
      [
        'REVOKE UPDATE ON TABLE public.less FROM "Pawl other"',
        "REVOKE INSERT ON TABLE public.less FROM pawl_reader",
      ],
    );
  },
);

testOnServers(
  "what is replaced has its owner, privileges and comment again [X13]",
  async ({ server }) => {
    const about = `REVOKE ALL ON FUNCTION f(integer) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION f(integer) TO pawl_reader;
      COMMENT ON FUNCTION f(integer) IS 'kept'; ALTER FUNCTION f(integer) OWNER TO pawl_owner;`;
    const statements = texts(
      await planned(
        server.version,
        `CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'; ${about}`,
        `CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql AS 'SELECT ''1'''; ${about}`,
      ),
    );
    assert.equal(statements[0], "DROP FUNCTION public.f(integer)");
    assert.deepEqual(statements.slice(2), [
      "ALTER FUNCTION public.f(integer) OWNER TO pawl_owner",
      "REVOKE EXECUTE ON FUNCTION public.f(integer) FROM PUBLIC",
      "GRANT EXECUTE ON FUNCTION public.f(integer) TO pawl_reader",
      "COMMENT ON FUNCTION public.f(integer) IS 'kept'",
    ]);
  },
);

testOnServers(
  "a materialized view is filled before it goes to an owner who may not read, but with no rows that policies hide",
  async ({ server }) => {
    const tables = `CREATE TABLE plain (id integer);
      CREATE TABLE policed (id integer); ALTER TABLE policed ENABLE ROW LEVEL SECURITY;
      CREATE TABLE readable (id integer); GRANT SELECT ON readable TO pawl_owner;`;
    for (
      const [table, isFilledFirst] of [
        ["plain", true],
        ["policed", false],
        ["readable", false],
      ] as const
    ) {
      const statements = texts(
        await planned(
          server.version,
          tables,
          `${tables} CREATE MATERIALIZED VIEW m AS SELECT id FROM ${table};
           ALTER MATERIALIZED VIEW m OWNER TO pawl_owner;`,
        ),
      ).slice(1);
      const both = [
        "REFRESH MATERIALIZED VIEW public.m",
        "ALTER MATERIALIZED VIEW public.m OWNER TO pawl_owner",
      ];
      assert.deepEqual(statements, isFilledFirst ? both : both.reverse());
    }
  },
);

testOnServers(
  "a secret that changed is no SQL that can run, and what else changed is",
  async ({ server }) => {
    const schema = (host: string, password: string) =>
      `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
       CREATE USER MAPPING FOR pawl_reader SERVER s OPTIONS ("user" '${host}', password '${password}');`;
    const statements = await planned(
      server.version,
      schema("a", "hunter2"),
      schema("b", "hunter3"),
    );
    assert.deepEqual(
      statements.map(({ sql, withheld = [] }) => [sql, ...withheld]),
      [
        [`ALTER USER MAPPING FOR pawl_reader SERVER s OPTIONS (SET "user" 'b')`],
        [
          "ALTER USER MAPPING FOR pawl_reader SERVER s OPTIONS (SET password <withheld: password>)",
          "password",
        ],
      ],
    );
    assert.doesNotMatch(JSON.stringify(statements), /hunter/);
    assert.deepEqual(
      await planned(server.version, schema("a", "x"), schema("a", "x")),
      [],
    );
  },
);

testOnServers(
  "a user mapping that goes with its server is said to be lost with its secrets",
  async ({ server }) => {
    const statements = await planned(
      server.version,
      `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
       CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'x');`,
      "CREATE FOREIGN DATA WRAPPER w;",
    );
    assert.deepEqual(texts(statements), [
      "DROP USER MAPPING FOR PUBLIC SERVER s",
      "DROP SERVER s",
    ]);
    assert.deepEqual(statements[0]?.hazards?.map(({ kind }) => kind), [
      "irreversible",
    ]);
  },
);

testOnServers(
  "what DDL gives to the database's owner is his as anything is; a role that is called as others call the shadow's is nobody else",
  async ({ url, name }) => {
    await execute(url, `${ROLES}; ALTER DATABASE ${name} OWNER TO pawl_owner`);
    const goal =
      `CREATE TABLE his (id integer); ALTER TABLE his OWNER TO pawl_owner;
      GRANT SELECT ON his TO pawl_owner, pawl_reader;
      CREATE TABLE other (id integer); ALTER TABLE other OWNER TO postgres;
      ALTER DEFAULT PRIVILEGES FOR ROLE pawl_owner GRANT SELECT ON TABLES TO pawl_reader;`;
    await withProject({ "goal.sql": goal }, async (cwd) => {
      const pawl = async (...args: string[]) => {
        const env = { XDG_CACHE_HOME: cacheDirectory() };
        const { code, stdout, stderr } = await runCli(args, { cwd, env });
        assert.equal(code, 0, stdout + stderr);
      };
      await pawl("apply", "--to", "goal.sql", "-y", "--db", url);
      await pawl("diff", url, "goal.sql", "--check");
      await execute(url, goal.replaceAll(/CREATE TABLE \w+ \(.*?\);/g, ""));
      await pawl("diff", "goal.sql", url, "--check");
    });
    const owners = await execute(
      url,
      "SELECT tablename AS name, tableowner AS owner FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    assert.deepEqual(owners, [
      { name: "his", owner: "pawl_owner" },
      { name: "other", owner: "postgres" },
    ]);
  },
);
