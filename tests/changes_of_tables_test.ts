/**
 * What is written for the properties of tables that applications live with:
 * NOT NULL, defaults, constraints that nobody has validated, indexes by their
 * whole definition; and of which sort each change is.
 *
 * @module
 */

import assert from "@std/assert";
import { stepsOf } from "../lib/plan/mod.ts";
import { categoryOf } from "../lib/plan/policy.ts";
import { liveChange, planOf, withSession } from "./support/live_plan.ts";
import { testOnServers } from "./support/servers.ts";

testOnServers(
  "NOT NULL comes by a check that is validated first and goes in the commit that sets it, and is dropped as it stands [P46, P48]",
  withSession(async (session) => {
    const set = await planOf(session, {
      from: "CREATE TABLE t (a integer, b integer NOT NULL)",
      then: "ALTER TABLE t ALTER a SET NOT NULL, ALTER b DROP NOT NULL",
    });
    assert.deepEqual(
      stepsOf(set).map(({ transactional, statements }) => [
        transactional,
        ...statements.map(({ sql }) => sql),
      ]),
      [
        [
          true,
          "ALTER TABLE public.t ADD CONSTRAINT a_not_null_pawl CHECK (a IS NOT NULL) NOT VALID",
          "ALTER TABLE public.t ALTER COLUMN b DROP NOT NULL",
        ],
        [false, "ALTER TABLE public.t VALIDATE CONSTRAINT a_not_null_pawl"],
        [
          true,
          "ALTER TABLE public.t ALTER COLUMN a SET NOT NULL",
          "ALTER TABLE public.t DROP CONSTRAINT a_not_null_pawl",
        ],
      ],
    );
  }),
);

testOnServers(
  "a default is set, changed and dropped in the catalog alone [P49]",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from:
        "CREATE TABLE t (a integer, b integer DEFAULT 1, c integer DEFAULT 2)",
      then:
        "ALTER TABLE t ALTER a SET DEFAULT 3, ALTER b SET DEFAULT 4, ALTER c DROP DEFAULT",
    });
    assert.deepEqual(statements.map(({ sql }) => sql).sort(), [
      "ALTER TABLE ONLY public.t ALTER COLUMN a SET DEFAULT 3",
      "ALTER TABLE ONLY public.t ALTER COLUMN b SET DEFAULT 4",
      "ALTER TABLE ONLY public.t ALTER COLUMN c DROP DEFAULT",
    ]);
    assert.deepEqual(statements.flatMap(({ hazards = [] }) => hazards), []);
  }),
);

testOnServers(
  "what was left NOT VALID is validated, and foreign keys that are there are not touched for a new one [P52, P57]",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: `CREATE TABLE r (id integer PRIMARY KEY);
        CREATE TABLE t (
          a integer CONSTRAINT there REFERENCES r,
          b integer
        );
        ALTER TABLE t
          ADD CONSTRAINT c CHECK (a > 0) NOT VALID,
          ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES r NOT VALID;`,
      then: `ALTER TABLE t VALIDATE CONSTRAINT c;
        ALTER TABLE t VALIDATE CONSTRAINT f;
        ALTER TABLE t ADD CONSTRAINT another FOREIGN KEY (a) REFERENCES r ON DELETE CASCADE;`,
    });
    assert.deepEqual(statements.map(({ sql }) => sql), [
      "ALTER TABLE public.t ADD CONSTRAINT another FOREIGN KEY (a) REFERENCES public.r(id) ON DELETE CASCADE NOT VALID",
      "ALTER TABLE public.t VALIDATE CONSTRAINT another",
      "ALTER TABLE public.t VALIDATE CONSTRAINT c",
      "ALTER TABLE public.t VALIDATE CONSTRAINT f",
    ]);
  }),
);

/** One index or constraint by its definition before, and after. */
const DEFINITIONS = {
  condition: ["INDEX i ON t (a) WHERE b > 0", "INDEX i ON t (a) WHERE b > 1"],
  expression: ["INDEX i ON t (lower(c))", "INDEX i ON t (upper(c))"],
  opclass: ["INDEX i ON t (c)", "INDEX i ON t (c text_pattern_ops)"],
  include: ["INDEX i ON t (a)", "INDEX i ON t (a) INCLUDE (b)"],
  order: ["INDEX i ON t (a)", "INDEX i ON t (a DESC NULLS LAST)"],
  method: ["INDEX i ON t (a)", "INDEX i ON t USING hash (a)"],
  deferrable: ["UNIQUE (a)", "UNIQUE (a) DEFERRABLE INITIALLY DEFERRED"],
} as const;

testOnServers(
  "an index or constraint differs by any part of its definition, and else not at all [P54]",
  withSession(async (session) => {
    const define = (schema: string, which: 0 | 1) =>
      Object.entries(DEFINITIONS).map(([name, both]) => {
        const table = `${schema}.${name}`;
        const text = both[which];
        return `CREATE TABLE ${table} (a integer, b integer, c text);` +
          (text.startsWith("INDEX")
            ? `CREATE ${text.replace("i ON t ", `${name}_i ON ${table} `)};`
            : `ALTER TABLE ${table} ADD CONSTRAINT ${name}_i ${text};`);
      }).join("\n");
    const { changes } = await liveChange(session, {
      from: `CREATE SCHEMA s; ${define("s", 0)}`,
      then: `DROP SCHEMA s CASCADE; CREATE SCHEMA s; ${define("s", 1)}`,
    });
    assert.deepEqual(
      changes.map(({ kind, address }) => `${kind} ${address}`),
      [
        "altered constraint:s.deferrable.deferrable_i",
        "altered index:s.condition_i",
        "altered index:s.expression_i",
        "altered index:s.include_i",
        "altered index:s.method_i",
        "altered index:s.opclass_i",
        "altered index:s.order_i",
      ],
    );
    const same = await liveChange(session, {
      from: "",
      then: `DROP SCHEMA s CASCADE; CREATE SCHEMA s; ${define("s", 1)}`,
    });
    assert.deepEqual(same.changes, []);
  }),
);

testOnServers(
  "what is unique by an index alone is made, renamed and dropped as an index [P55]",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: `CREATE TABLE t (a integer, b text);
        CREATE UNIQUE INDEX part ON t (a) WHERE a > 0;
        CREATE UNIQUE INDEX gone ON t (lower(b));`,
      then: `ALTER INDEX part RENAME TO piece;
        DROP INDEX gone;
        CREATE UNIQUE INDEX opclass ON t (b text_pattern_ops);`,
    });
    assert.deepEqual(statements.map(({ sql }) => sql).sort(), [
      "ALTER INDEX public.part RENAME TO piece",
      "CREATE UNIQUE INDEX CONCURRENTLY opclass ON public.t USING btree (b text_pattern_ops)",
      "DROP INDEX CONCURRENTLY public.gone",
    ]);
  }),
);

const SORTS_FROM = `
  CREATE TABLE r (id integer PRIMARY KEY);
  CREATE TABLE t (a integer, b integer, c integer, d text, gone text,
    CONSTRAINT f FOREIGN KEY (c) REFERENCES r);
  CREATE TABLE old ();
`;

const SORTS_THEN = `
  CREATE INDEX i ON t (a);
  ALTER TABLE t ADD CONSTRAINT u UNIQUE (a), ADD CONSTRAINT k CHECK (a > 0),
    DROP CONSTRAINT f,
    ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES r ON DELETE CASCADE,
    ALTER a SET NOT NULL, ALTER c SET DEFAULT 1;
  CREATE TABLE new ();
  DROP TABLE old;
  ALTER TABLE t ADD fresh text, DROP gone, ALTER b TYPE bigint;
  ALTER TABLE t ALTER d TYPE integer USING d::integer, ADD required text NOT NULL;
  CREATE VIEW v AS SELECT a FROM t;
  CREATE FUNCTION x() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION x();
  CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
  CREATE TYPE mood AS ENUM ('a');
`;

testOnServers(
  "a change is of a sort: convergence's, structure, code, or what only a person can say of the rows [P13, P14, P15, P22]",
  withSession(async (session) => {
    const { changes, statements } = await liveChange(session, {
      from: SORTS_FROM,
      then: SORTS_THEN,
    });
    const sorts: Record<string, string[]> = {};
    for (const change of changes) {
      const sort = categoryOf(
        change,
        statements.filter(({ address }) => address === change.address),
      );
      // What comes with a whole by itself is said of the whole.
      if (/^(owner|privilege):/.test(change.address)) continue;
      (sorts[sort] ??= []).push(change.address);
    }
    assert.deepEqual(sorts, {
      converge: [
        "column:public.t.a",
        "column:public.t.c",
        "constraint:public.t.f",
        "constraint:public.t.k",
        "constraint:public.t.u",
        "index:public.i",
      ],
      structural: [
        "column:public.t.b",
        "column:public.t.fresh",
        "column:public.t.gone",
        "table:public.new",
        "table:public.old",
      ],
      code: [
        "enum:public.mood",
        "function:public.x()",
        "procedure:public.p()",
        "trigger:public.t.x",
        "view:public.v",
      ],
      data: ["column:public.t.d", "column:public.t.required"],
    });
  }),
);

testOnServers(
  "rows that a column holds as values become what the rows of the table become",
  withSession(async (session) => {
    const from =
      "CREATE TABLE a (id integer, gone text, n numeric, t text); CREATE TABLE b (r a, rs a[])";
    const { statements } = await liveChange(session, {
      from,
      then:
        `DROP TABLE b, a; CREATE TABLE a (id bigint, n integer, t text, u integer DEFAULT 7);
        CREATE TABLE b (r a, rs a[])`,
    });
    await session.script(
      `DROP TABLE b, a; ${from}; INSERT INTO a VALUES (1, 'x', 2.6, 'a,"b');
      INSERT INTO b SELECT a, ARRAY[a, NULL, a] FROM a; INSERT INTO b VALUES (NULL, '{}'), (ROW(NULL, NULL, NULL, NULL), NULL)`,
    );
    for (const { sql } of statements) await session.script(sql);
    const { rows } = await session.query(
      "SELECT (r).id, (r).n, (r).t, (r).u, r IS NOT DISTINCT FROM NULL, (rs[3]).n, rs FROM b",
    );
    assert.deepEqual(rows, [
      ["1", "3", 'a,"b', null, "f", "3", rows[0]?.[6]],
      [null, null, null, null, "t", null, "{}"],
      [null, null, null, null, "f", null, null],
    ]);
  }),
);

testOnServers(
  "the rows of a table that is made anew go over before its new triggers would see them, and its forced policies hide none",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: `CREATE TABLE t (a integer);
        INSERT INTO t VALUES (1);
        CREATE POLICY hidden ON t USING (false);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';`,
      then: `DROP TABLE t;
        CREATE TABLE t (a integer) PARTITION BY LIST (a);
        CREATE POLICY hidden ON t USING (false);
        ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE TRIGGER f AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION f();`,
    });
    assert.deepEqual(statements.map(({ sql }) => sql), [
      "ALTER TABLE public.t NO FORCE ROW LEVEL SECURITY",
      "ALTER TABLE public.t RENAME TO t__pawl_old",
      "CREATE TABLE public.t (\n    a integer\n)\nPARTITION BY LIST (a)",
      "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY",
      "INSERT INTO public.t (a) SELECT a FROM ONLY public.t__pawl_old",
      "DROP TABLE public.t__pawl_old",
      "CREATE TRIGGER f AFTER INSERT ON public.t FOR EACH STATEMENT EXECUTE FUNCTION public.f()",
      "CREATE POLICY hidden ON public.t USING (false)",
      "ALTER TABLE public.t FORCE ROW LEVEL SECURITY",
    ]);
  }),
);

testOnServers(
  "a new column of a domain that takes no NULL is a required one, unless that has a default",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: `CREATE DOMAIN d AS integer NOT NULL;
        CREATE DOMAIN over AS d;
        CREATE DOMAIN filled AS integer NOT NULL DEFAULT 0;
        CREATE TABLE t (a integer);`,
      then: "ALTER TABLE t ADD b over, ADD c filled, ADD e d[]",
    });
    assert.deepEqual(
      statements.flatMap(({ hazards = [] }) =>
        hazards.map(({ reason }) => reason)
      ),
      ["it fails where public.t has rows: b has no default for them"],
    );
  }),
);

testOnServers(
  "a domain whose name an enumerated type gets says that its values may not fit that",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: "CREATE DOMAIN d AS text; CREATE TABLE t (a d);",
      then: `ALTER DOMAIN d RENAME TO old; CREATE TYPE d AS ENUM ('x');
        ALTER TABLE t ALTER a TYPE d USING a::text::d; DROP DOMAIN old;`,
    });
    assert.deepEqual(
      statements.flatMap(({ hazards = [] }) =>
        hazards.flatMap(({ kind, reason }) =>
          kind === "data-dependent" ? [reason] : []
        )
      ),
      ["it fails where a value of public.t.a does not fit the new public.d"],
    );
  }),
);
