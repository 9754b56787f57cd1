/**
 * Indexes and constraints of tables in use: nothing that is written for them
 * builds or reads while writers wait, and nothing that protects rows is ever
 * absent.
 *
 * @module
 */

import assert from "@std/assert";
import { planOf, readLive, withSession } from "./support/live_plan.ts";
import { testOnServers } from "./support/servers.ts";

const TABLES = `
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (id integer NOT NULL, r integer, a integer, CONSTRAINT t_r FOREIGN KEY (r) REFERENCES r (id), CONSTRAINT t_u UNIQUE (a), CONSTRAINT t_c CHECK (a > 0));
CREATE INDEX t_a ON t (a);
CREATE INDEX t_gone ON t (r);
`;

const CHANGES = `
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (id), ADD CONSTRAINT t_new CHECK (id > 0), ADD CONSTRAINT t_id FOREIGN KEY (id) REFERENCES r (id);
ALTER TABLE t DROP CONSTRAINT t_r, ADD CONSTRAINT t_r FOREIGN KEY (r) REFERENCES r (id) ON DELETE CASCADE;
ALTER TABLE t DROP CONSTRAINT t_u, ADD CONSTRAINT t_u UNIQUE (a, r);
ALTER TABLE t DROP CONSTRAINT t_c, ADD CONSTRAINT t_c CHECK (a > 1);
DROP INDEX t_a;
CREATE INDEX t_a ON t (a DESC);
CREATE UNIQUE INDEX t_two ON t (a, id);
DROP INDEX t_gone;
`;

testOnServers(
  "on a table in use indexes are built and dropped CONCURRENTLY, constraints validated later, and none is absent in between, though its definition changes [P41] [P42] [P43] [P44] [P45] [P58]",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: TABLES,
      then: CHANGES,
    });
    assert.deepEqual(statements.map(({ sql }) => sql), [
      "CREATE UNIQUE INDEX CONCURRENTLY t_u_pawl ON public.t USING btree (a, r)",
      "ALTER TABLE public.t DROP CONSTRAINT t_c, ADD CONSTRAINT t_c CHECK ((a > 1)) NOT VALID",
      "ALTER TABLE public.t ADD CONSTRAINT t_id FOREIGN KEY (id) REFERENCES public.r(id) NOT VALID",
      "ALTER TABLE public.t ADD CONSTRAINT t_new CHECK ((id > 0)) NOT VALID",
      "ALTER TABLE public.t DROP CONSTRAINT t_r, ADD CONSTRAINT t_r FOREIGN KEY (r) REFERENCES public.r(id) ON DELETE CASCADE NOT VALID",
      "ALTER TABLE public.t DROP CONSTRAINT t_u, ADD CONSTRAINT t_u UNIQUE USING INDEX t_u_pawl",
      "CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON public.t USING btree (id)",
      "ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey",
      "CREATE INDEX CONCURRENTLY t_a_pawl ON public.t USING btree (a DESC)",
      "DROP INDEX CONCURRENTLY public.t_a",
      "ALTER INDEX public.t_a_pawl RENAME TO t_a",
      "CREATE UNIQUE INDEX CONCURRENTLY t_two ON public.t USING btree (a, id)",
      "DROP INDEX CONCURRENTLY public.t_gone",
      "ALTER TABLE public.t VALIDATE CONSTRAINT t_c",
      "ALTER TABLE public.t VALIDATE CONSTRAINT t_id",
      "ALTER TABLE public.t VALIDATE CONSTRAINT t_new",
      "ALTER TABLE public.t VALIDATE CONSTRAINT t_r",
    ]);
    for (const { sql, alone } of statements) {
      assert.equal(alone ?? false, sql.includes(" CONCURRENTLY "), sql);
    }
    const doubts = statements.flatMap(({ sql, hazards = [] }) =>
      hazards.map(({ kind, allow }) => `${sql.split(" ")[0]} ${kind} ${allow}`)
    );
    assert.deepEqual([...new Set(doubts)].sort(), [
      "ALTER data-dependent add-check",
      "ALTER data-dependent add-foreign-key",
      "CREATE data-dependent add-unique",
    ]);
  }),
);

testOnServers(
  "plain DDL on a table with rows says that writers wait",
  withSession(async (session) => {
    const statements = await planOf(
      session,
      { from: TABLES, then: CHANGES },
      true,
    );
    for (const { sql, hazards = [] } of statements) {
      const waits = hazards.some(({ kind }) =>
        kind === "lock" || kind === "scan"
      );
      assert.ok(!/CONCURRENTLY|NOT VALID|VALIDATE/.test(sql), sql);
      assert.equal(waits, /ADD CONSTRAINT|CREATE.* INDEX/.test(sql), sql);
    }
  }),
);

testOnServers(
  "an index that a failed build left invalid is built again [P51]",
  withSession(async (session) => {
    await session.script(
      "CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (1)",
    );
    await assert.rejects(
      session.script("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)"),
      /could not create unique index/,
    );
    const broken = await readLive(session);
    assert.equal(
      broken.objects.get("index:public.t_a")?.payload["valid"],
      false,
    );
    const statements = await planOf(session, {
      from: "",
      then: "DROP INDEX t_a; DELETE FROM t; CREATE UNIQUE INDEX t_a ON t (a)",
    });
    assert.deepEqual(statements.map(({ sql, alone }) => ({ sql, alone })), [
      { sql: "REINDEX INDEX CONCURRENTLY public.t_a", alone: true },
    ]);
  }),
);

testOnServers(
  "what differs by its name only is renamed where there is one of it, and else made anew [P53]",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: `CREATE TABLE t (a integer, b integer, CONSTRAINT c1 CHECK (a > 0));
            CREATE INDEX one ON t (a);
            CREATE INDEX two1 ON t (b);
            CREATE INDEX two2 ON t (b);`,
      then: `ALTER INDEX one RENAME TO uno;
            ALTER TABLE t RENAME CONSTRAINT c1 TO c2;
            ALTER INDEX two1 RENAME TO due1;
            ALTER INDEX two2 RENAME TO due2;`,
    });
    assert.deepEqual(statements.map(({ sql }) => sql).sort(), [
      "ALTER INDEX public.one RENAME TO uno",
      "ALTER TABLE public.t RENAME CONSTRAINT c1 TO c2",
      "CREATE INDEX CONCURRENTLY due1 ON public.t USING btree (b)",
      "CREATE INDEX CONCURRENTLY due2 ON public.t USING btree (b)",
      "DROP INDEX CONCURRENTLY public.two1",
      "DROP INDEX CONCURRENTLY public.two2",
    ]);
  }),
);

/** An index as CREATE INDEX CONCURRENTLY leaves it that did not end. */
const invalid = (index: string) =>
  `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${index}'::regclass;`;

const INTERRUPTED = `
CREATE TABLE t (id integer NOT NULL, a integer, CONSTRAINT u UNIQUE (id), CONSTRAINT v UNIQUE (a));
CREATE UNIQUE INDEX u_pawl ON t (id, a);
CREATE UNIQUE INDEX v_pawl ON t (a, id);
CREATE UNIQUE INDEX x ON t (id);
CREATE UNIQUE INDEX x_pawl ON t (id) WITH (fillfactor = 70);
CREATE UNIQUE INDEX x_pawl1 ON t (id DESC);
ALTER TABLE t REPLICA IDENTITY USING INDEX x_pawl1;
CREATE INDEX y ON t (a);
CREATE INDEX y_pawl ON t (a DESC);
${["v_pawl", "x_pawl", "y_pawl"].map(invalid).join("\n")}
CREATE TABLE p (id integer NOT NULL, a integer) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (18);
CREATE INDEX z ON p (id);
CREATE INDEX p1_id_idx_pawl ON p1 (id DESC);
CREATE INDEX p2_id_idx_pawl ON p2 (id DESC);
CREATE INDEX p1_a_idx ON p1 (a);
CREATE INDEX p2_a_idx ON p2 (a);
CREATE UNIQUE INDEX p1_id_key ON p1 (id);
CREATE UNIQUE INDEX p2_id_key ON p2 (id);
${["p2_id_idx_pawl", "p2_a_idx", "p2_id_key"].map(invalid).join("\n")}
`;

const GONE_ON = `
ALTER TABLE t DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE USING INDEX u_pawl;
DROP INDEX v_pawl, x, x_pawl, y, y_pawl, z, p1_id_idx_pawl, p2_id_idx_pawl, p1_a_idx, p2_a_idx, p1_id_key, p2_id_key;
ALTER TABLE t DROP CONSTRAINT v, ADD CONSTRAINT v UNIQUE (a, id);
ALTER INDEX x_pawl1 RENAME TO x;
CREATE INDEX y ON t (a DESC);
CREATE INDEX z ON p (id DESC);
CREATE INDEX pa ON p (a);
ALTER TABLE p ADD CONSTRAINT k UNIQUE (id);
`;

testOnServers(
  "after an interrupted exchange what was built is gone on with, and what is INVALID is built again in its place [P51]",
  withSession(async (session) => {
    const statements = await planOf(session, {
      from: INTERRUPTED,
      then: GONE_ON,
    });
    assert.deepEqual(statements.map(({ sql }) => sql), [
      "DROP INDEX CONCURRENTLY public.v_pawl",
      "CREATE UNIQUE INDEX CONCURRENTLY v_pawl ON public.t USING btree (a, id)",
      "ALTER TABLE public.p1 ADD CONSTRAINT p1_id_key UNIQUE USING INDEX p1_id_key",
      "DROP INDEX CONCURRENTLY public.p2_id_key",
      "CREATE UNIQUE INDEX CONCURRENTLY p2_id_key ON public.p2 USING btree (id)",
      "ALTER TABLE public.p2 ADD CONSTRAINT p2_id_key UNIQUE USING INDEX p2_id_key",
      "ALTER TABLE public.p ADD CONSTRAINT k UNIQUE (id)",
      "DROP INDEX CONCURRENTLY public.p2_a_idx",
      "CREATE INDEX CONCURRENTLY ON public.p2 USING btree (a)",
      "CREATE INDEX pa ON public.p USING btree (a)",
      "DROP INDEX CONCURRENTLY public.p2_id_idx_pawl",
      "CREATE INDEX CONCURRENTLY p2_id_idx_pawl ON public.p2 USING btree (id DESC)",
      "CREATE INDEX z_pawl ON public.p USING btree (id DESC)",
      "DROP INDEX public.z",
      "ALTER INDEX public.z_pawl RENAME TO z",
      "ALTER INDEX public.p1_id_idx_pawl RENAME TO p1_id_idx",
      "ALTER INDEX public.p2_id_idx_pawl RENAME TO p2_id_idx",
      "DROP INDEX CONCURRENTLY public.x_pawl",
      "ALTER TABLE public.t DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE USING INDEX u_pawl",
      "ALTER TABLE public.t DROP CONSTRAINT v, ADD CONSTRAINT v UNIQUE USING INDEX v_pawl",
      "DROP INDEX CONCURRENTLY public.x",
      "ALTER INDEX public.x_pawl1 RENAME TO x",
      "ALTER TABLE public.t REPLICA IDENTITY USING INDEX x",
      "DROP INDEX CONCURRENTLY public.y_pawl",
      "CREATE INDEX CONCURRENTLY y_pawl ON public.t USING btree (a DESC)",
      "DROP INDEX CONCURRENTLY public.y",
      "ALTER INDEX public.y_pawl RENAME TO y",
    ]);
  }),
);
