import assert from "node:assert/strict";
import {
  classify,
  type Destruction,
  locksExisting,
  type StatementClass,
} from "./classify.ts";
import { splitStatements } from "./split.ts";
import { corpus, dataFile, randomSource, tokenSoup } from "./corpus_test.ts";

function one(sql: string): StatementClass {
  const [statement, ...more] = splitStatements(sql).statements;
  assert.ok(statement && more.length === 0, sql);
  return classify(statement);
}

function destroys(sql: string): string[] {
  return one(sql).destructive.map((each: Destruction) =>
    `${each.kind} ${each.object}`
  );
}

Deno.test("classify() names a statement by its command tag", () => {
  const verbs: [string, string][] = [
    ["create unique index on t (a)", "CREATE INDEX"],
    ["CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE VIEW"],
    ["create temp table t (a int)", "CREATE TABLE"],
    ["create table t as select 1", "CREATE TABLE AS"],
    ["create table t (a) with (fillfactor = 9) as select 1", "CREATE TABLE AS"],
    ["create table t (a text check (a is not null))", "CREATE TABLE"],
    ["create trusted procedural language l", "CREATE LANGUAGE"],
    ["create constraint trigger g after insert on t", "CREATE TRIGGER"],
    [
      "alter text search configuration c rename to d",
      "ALTER TEXT SEARCH CONFIGURATION",
    ],
    ["create default conversion c for 'x' to 'y' from f", "CREATE CONVERSION"],
    [
      "alter default privileges grant select on tables to r",
      "ALTER DEFAULT PRIVILEGES",
    ],
    ["drop materialized view m", "DROP MATERIALIZED VIEW"],
    ["truncate t", "TRUNCATE TABLE"],
    ["with a as (select 1) update t set b = 1", "UPDATE"],
    [
      "with recursive delete (a) as (select 1), update as (values (1)) select 1",
      "SELECT",
    ],
    ["with a as materialized (select 1) insert into t select 1", "INSERT"],
    [
      "with a as (select 1) search depth first by x set y merge into t using a on true when matched then do nothing",
      "MERGE",
    ],
    ["(select 1) union select 2", "SELECT"],
    ["select a into b from c", "SELECT INTO"],
    ["/* x */ vAcUuM", "VACUUM"],
    ["do $$ $$", "DO"],
    ["end", "COMMIT"],
    ["copy t from 'x'", "COPY"],
  ];
  for (const [sql, verb] of verbs) assert.equal(one(sql).verb, verb, sql);
});

Deno.test("classify() knows what cannot run inside a transaction block", () => {
  const forbidden = [
    "create index concurrently i1 on t(a)",
    "create unique index /* x */ CONCURRENTLY on only t(a)",
    "drop index concurrently if exists i",
    "reindex index concurrently i",
    "reindex (verbose, concurrently) table t",
    "reindex (concurrently on) table t",
    "reindex schema public",
    "reindex (verbose) database d",
    "reindex system d",
    "vacuum",
    "vacuum (analyze) t",
    "create database x1",
    "drop database if exists x1",
    "alter database d set tablespace x",
    "create tablespace ts location '/x'",
    "drop tablespace if exists ts",
    "alter system set work_mem = '4MB'",
    "alter table p detach partition p1 concurrently",
    "alter table if exists only s.p detach partition s.p1 concurrently",
    "cluster",
    "cluster verbose",
    "cluster (verbose)",
    "create subscription s connection 'x' publication p",
    "create subscription s connection 'x' publication p with (enabled = false)",
    "create subscription s connection 'x' publication p with (create_slot)",
    "drop subscription s",
    "alter subscription s refresh publication",
    "alter subscription s set publication p",
    "alter subscription s add publication p with (refresh = true)",
    "alter subscription s drop publication p with (copy_data = false)",
    "alter subscription s set (failover = true)",
    "discard all",
    "commit prepared 'x'",
    "rollback prepared 'x'",
  ];
  for (const sql of forbidden) {
    const { transaction, control, effect } = one(sql);
    assert.equal(transaction, "forbidden", sql);
    assert.equal(control, undefined, sql);
    assert.notEqual(effect.kind, "transactional", sql);
  }
  const allowed = [
    "create index concurrently_idx on t(a)",
    'create index "concurrently" on t(a)',
    "create index on t(concurrently)",
    "comment on index i is 'create index concurrently'",
    "drop index i",
    "reindex (concurrently false) table t",
    "reindex (verbose, concurrently off) index i",
    "reindex table t",
    "analyze t",
    "alter database d set work_mem = '4MB'",
    "alter database d connection limit 5",
    "alter table p detach partition p1",
    "alter table p detach partition p1 finalize",
    "alter table p detach partition concurrently",
    "cluster t",
    "cluster verbose t using i",
    "cluster i on t",
    "create subscription s connection 'x' publication p with (connect = false)",
    "create subscription s connection 'x' publication p with (create_slot = 'OFF', slot_name = none)",
    "alter subscription s set publication p with (refresh = false)",
    "alter subscription s set (synchronous_commit = off)",
    "alter subscription s disable",
    "discard plans",
    "checkpoint",
    "refresh materialized view concurrently m",
    "alter type e add value 'x'",
    "create function f() returns int language sql as 'vacuum'",
    "explain analyze select 1",
  ];
  for (const sql of allowed) {
    const { transaction, effect } = one(sql);
    assert.equal(transaction, "allowed", sql);
    assert.equal(effect.kind, "transactional", sql);
  }
  assert.equal(one("call p()").transaction, "depends");
  assert.equal(one("do $$ begin commit; end $$").transaction, "depends");
});

Deno.test("classify() tells transaction control from savepoints", () => {
  const controls: [string, StatementClass["control"]][] = [
    ["begin", "begin"],
    ["BEGIN ISOLATION LEVEL SERIALIZABLE", "begin"],
    ["start transaction", "begin"],
    ["commit", "commit"],
    ["end work", "commit"],
    ["commit and chain", "commit"],
    ["rollback", "rollback"],
    ["abort", "rollback"],
    ["rollback work and no chain", "rollback"],
    ["prepare transaction 'x'", "prepare-transaction"],
    ["savepoint a", "savepoint"],
    ["release savepoint a", "release"],
    ["rollback to a", "rollback-to"],
    ["rollback transaction to savepoint a", "rollback-to"],
    ["abort to a", "rollback-to"],
    ["prepare a as select 1", undefined],
    ["set transaction isolation level serializable", undefined],
    ["commit prepared 'x'", undefined],
    ["do $$ begin commit; end $$", undefined],
  ];
  for (const [sql, control] of controls) {
    const found = one(sql);
    assert.equal(found.control, control, sql);
    if (control !== undefined) {
      const inside = /^(savepoint|release|rollback-to)$/.test(control);
      assert.equal(found.transaction, inside ? "allowed" : "forbidden", sql);
    }
  }
});

Deno.test("classify() says how the catalog tells that a statement has happened", () => {
  const effects: [string, StatementClass["effect"]][] = [
    ['create index concurrently if not exists "I x" on only S."T" (a)', {
      kind: "index-created",
      index: "I x",
      table: { schema: "s", name: "T" },
      ifNotExists: true,
    }],
    ["create index concurrently on d.s.t (a)", {
      kind: "index-created",
      index: undefined,
      table: { schema: "s", name: "t" },
      ifNotExists: false,
    }],
    ["create index concurrently U&\"i!0061\" uescape '!' on t (a)", {
      kind: "index-created",
      index: "ia",
      table: { name: "t" },
      ifNotExists: false,
    }],
    [`create index concurrently ${"É".repeat(40)} on t (a)`, {
      kind: "index-created",
      index: "É".repeat(31),
      table: { name: "t" },
      ifNotExists: false,
    }],
    ["drop index concurrently if exists S.I cascade", {
      kind: "index-dropped",
      index: { schema: "s", name: "i" },
      ifExists: true,
    }],
    ["drop index concurrently a, b", { kind: "unknown" }],
    ["reindex (concurrently) index s.i", {
      kind: "reindexed",
      target: "index",
      name: { schema: "s", name: "i" },
      concurrently: true,
    }],
    ["reindex database", {
      kind: "reindexed",
      target: "database",
      name: undefined,
      concurrently: false,
    }],
    ["alter table only s.p detach partition s.p1 concurrently", {
      kind: "partition-detached",
      parent: { schema: "s", name: "p" },
      partition: { schema: "s", name: "p1" },
    }],
    ['create database "D" template x', { kind: "database-created", name: "D" }],
    ["drop tablespace if exists x", {
      kind: "tablespace-dropped",
      name: "x",
      ifExists: true,
    }],
    ["create subscription s connection '' publication p", {
      kind: "subscription-created",
      name: "s",
    }],
    ["alter system reset all", { kind: "idempotent" }],
    ["vacuum t", { kind: "idempotent" }],
    ["alter subscription s add publication p", { kind: "unknown" }],
    ["call p()", { kind: "unknown" }],
    ["alter table t add a int", { kind: "transactional" }],
  ];
  for (const [sql, effect] of effects) {
    assert.deepEqual(one(sql).effect, effect, sql);
  }
});

Deno.test("classify() marks DDL, CONCURRENTLY and VALIDATE", () => {
  assert.ok(one("comment on table t is 'x'").ddl);
  assert.ok(one("select 1 into t").ddl);
  assert.ok(!one("update t set a = 1").ddl);
  assert.ok(!one("insert into t select a from b").ddl);
  assert.ok(one("drop index concurrently i").concurrently);
  assert.ok(one("refresh materialized view concurrently m").concurrently);
  assert.ok(!one("reindex (concurrently 0) table t").concurrently);
  assert.ok(
    one("alter table t validate constraint a, validate constraint b").validate,
  );
  assert.ok(
    one('ALTER TABLE IF EXISTS ONLY "T" VALIDATE CONSTRAINT a').validate,
  );
  assert.ok(!one("alter table t validate constraint a, add b int").validate);
  assert.ok(!one("alter table t add b int").validate);
});

Deno.test("classify() knows the relations that a statement locks strongly", () => {
  const locks: [string, string[], boolean][] = [
    ["alter table t add column a int", ["t"], false],
    ['alter table "T"."a.b" add "References" int', ['"T"."a.b"'], false],
    ["alter table t add a int references U, add b int references only_u (x)", [
      "t",
      "u",
      "only_u",
    ], false],
    ["alter table only t* drop column a", ["t"], true],
    ["alter index i attach partition j", ["j"], false],
    ["alter index gi set (fastupdate = off)", ["gi"], false],
    ["alter table t set (user_catalog_table = true)", ["t"], false],
    [
      "alter table t alter a set statistics 5, alter b set default 'x'",
      ["t"],
      false,
    ],
    ["alter table all in tablespace a set tablespace b", [], true],
    ["create table n (a int references n, b int references public.u)", [
      "public.u",
    ], false],
    ["create table n partition of p default", ["p"], true],
    [
      "create rule r as on insert to t do also (select 1; select 2)",
      ["t"],
      false,
    ],
    [
      "create trigger g before update of a, b or insert on s.t execute function f()",
      ["s.t"],
      false,
    ],
    ["drop table if exists a, b cascade", ["a", "b"], true],
    ["drop index i", ["i"], true],
    ["drop type t cascade", [], true],
    ["drop schema s cascade", [], true],
    ["truncate table only a, b*, c restart identity", ["a", "b", "c"], false],
    ["truncate a cascade", ["a"], true],
    ["lock only (a), b in share row exclusive mode nowait", ["a", "b"], false],
    ["lock a", ["a"], false],
    ["vacuum (full, analyze) a (x, y), b", ["a", "b"], false],
    ["vacuum full", [], true],
    ["cluster i on t", ["t"], false],
    ["reindex table t", ["t"], false],
    ["create or replace view v as select 1", ["v"], false],
    ["reassign owned by a to b", [], true],
    ["do $$ begin execute 'alter table t add q int'; end $$", [], true],
    ["do language plpgsql E'begin execute ''drop\\nindex i''; end'", [], true],
  ];
  for (const [sql, relations, others] of locks) {
    const found = one(sql);
    assert.ok(found.strongLock, sql);
    assert.deepEqual(found.relations, relations, sql);
    assert.equal(found.locksOthers, others, sql);
  }
  const none = [
    "alter table t validate constraint c",
    "alter table t set (fillfactor = 9, toast.autovacuum_enabled = off)",
    "alter table t alter column a reset (n_distinct), cluster on i",
    "alter table p detach partition p1 concurrently",
    "alter index i rename to j",
    "create table n (like t, a int references n)",
    "create table n (a int) inherits (t)",
    "create view v as select a as references from t",
    "create index concurrently on t (a)",
    "lock t in share update exclusive mode",
    "vacuum (full off) t",
    "reindex (concurrently) table t",
    "drop function f",
    "grant references on t to r",
    "comment on table t is 'alter table t add a int'",
    "insert into t values ('drop table t')",
    "do $$ begin update t set a = 1; create temp table x (a int); end $$",
    "select * from t for update",
  ];
  for (const sql of none) {
    const found = one(sql);
    assert.ok(!found.strongLock, sql);
    assert.ok(found.relations.length === 0 && !found.locksOthers, sql);
  }
});

Deno.test("classify() says what is surely created", () => {
  const creates: [string, string | undefined][] = [
    ['create table S."T" (a int)', 's."T"'],
    ["create temp table t as select 1", "t"],
    ["create table if not exists t (a int)", undefined],
    ["create materialized view m as select 1", "m"],
    ["create or replace view v as select 1", undefined],
    ["create view v as select 1", "v"],
    ["create sequence s", "s"],
    ["create index i on t (a)", undefined],
    ["select 1 as a into unlogged table s.t from x", "s.t"],
    ["with a as (select 1) select * into t from a", "t"],
    ["select a.into, b as into from t", undefined],
    ["insert into t select 1", undefined],
  ];
  for (const [sql, name] of creates) {
    assert.equal(one(sql).creates, name, sql);
  }
});

Deno.test("classify() knows the mode of a lock, the strongest where there are several", () => {
  const locks: [string, Record<string, string>][] = [
    ["create index on t (a)", { t: "SHARE" }],
    ["create trigger g after insert on t execute function f()", {
      t: "SHARE ROW EXCLUSIVE",
    }],
    ["alter table t add constraint c foreign key (a) references r not valid", {
      t: "SHARE ROW EXCLUSIVE",
      r: "SHARE ROW EXCLUSIVE",
    }],
    ["alter table t add foreign key (a) references t, add b int", {
      t: "ACCESS EXCLUSIVE",
    }],
    ["alter table t add column b int references r", {
      t: "ACCESS EXCLUSIVE",
      r: "SHARE ROW EXCLUSIVE",
    }],
    ["alter table t enable always trigger g", { t: "SHARE ROW EXCLUSIVE" }],
    ["alter table t enable always rule g", { t: "ACCESS EXCLUSIVE" }],
    ["alter sequence s increment 2", { s: "SHARE ROW EXCLUSIVE" }],
    ["alter sequence s rename to z", { s: "ACCESS EXCLUSIVE" }],
    ["create table p1 partition of p (foreign key (a) references r) default", {
      p: "ACCESS EXCLUSIVE",
      r: "SHARE ROW EXCLUSIVE",
    }],
    ["refresh materialized view concurrently m", { m: "EXCLUSIVE" }],
    ["lock t in exclusive mode", { t: "EXCLUSIVE" }],
    ["lock t", { t: "ACCESS EXCLUSIVE" }],
  ];
  for (const [sql, modes] of locks) {
    assert.deepEqual(Object.fromEntries(one(sql).modes), modes, sql);
  }
});

Deno.test("locksExisting() is false where all that is locked is new", () => {
  const created = new Set(["a", "s.b"]);
  const asked = (sql: string): boolean => locksExisting(one(sql), created);
  assert.ok(!asked("alter table A add x int references s.b"));
  assert.ok(asked("alter table b add x int"));
  assert.ok(asked("alter table a add x int references u"));
  assert.ok(asked("drop index i"));
  assert.ok(!asked("insert into z values (1)"));
});

Deno.test("[H33] classify() warns of what a statement destroys, in any case of letters", () => {
  const cases: [string, string[]][] = [
    ['DROP TABLE a, "B" CASCADE', ["drop-table a", 'drop-table "B"']],
    ["dRoP tAbLe If ExIsTs s.a", ["drop-table s.a"]],
    ["alter table t drop a, drop column if exists B cascade", [
      "drop-column t.a",
      "drop-column t.b",
    ]],
    ["truncate a, b", ["truncate a", "truncate b"]],
    ["TRUNCATE TABLE a CASCADE", ["truncate a"]],
    ["delete from only s.t", ["delete s.t"]],
    ["with x as (delete from t returning *) select 1", ["delete t"]],
    ["with x as (select 1) delete from t using x", ["delete t"]],
    ["merge into t using u on true when matched then delete", ["delete t"]],
    ["copy (delete from t returning *) to '/x'", ["delete t"]],
    ["explain (analyze) delete from t", ["delete t"]],
    ["drop schema a cascade", ["drop-schema a"]],
    ["drop view v", ["drop-view v"]],
    ["drop materialized view v", ["drop-materialized-view v"]],
    ["drop function f cascade", ["drop-cascade f"]],
    ["drop owned by r", ["drop-owned r"]],
    ["alter type c drop attribute if exists x", ["drop-attribute c.x"]],
    ["drop database d", ["drop-database d"]],
    ["do $$ begin execute 'DROP TABLE s.t'; delete from u; end $$", [
      "delete u",
      "drop-table s.t",
    ]],
    ["do $$ begin execute format('truncate %I', x); end $$", ["truncate ?"]],
  ];
  for (const [sql, expected] of cases) {
    assert.deepEqual(destroys(sql), expected, sql);
    assert.ok(one(sql).destructive.every(({ message }) => message !== ""));
  }
});

Deno.test("[X14] classify() does not take ALTER TABLE alone, or words, for a loss", () => {
  for (
    const sql of [
      "alter table t add column a int",
      "alter table t alter column a drop default, drop constraint c",
      "alter table t alter column a drop not null",
      "drop index i",
      "drop function f",
      "drop trigger g on t",
      "select delete from t",
      "select a as delete from t",
      "select (a) delete from t",
      "insert into t values ('delete from t; drop table t')",
      "comment on table t is 'drop table t'",
      "create rule r as on delete to t do instead nothing",
      "create table u (a int references t on delete cascade)",
      "create function f() returns int language sql as 'delete from t; select 1'",
      "grant delete, truncate on t to r",
      "-- drop table t\nselect 1",
    ]
  ) assert.deepEqual(destroys(sql), [], sql);
});

Deno.test("classify() takes any tokens whatever", () => {
  const random = randomSource(5);
  const starts = [
    "create table",
    "create index concurrently",
    "alter table",
    "alter index",
    "drop table",
    "drop index concurrently",
    "reindex",
    "truncate",
    "lock",
    "cluster",
    "vacuum",
    "create subscription",
    "alter subscription",
    "with a as",
    "do",
    "delete from",
    "merge into",
    "refresh",
    "create",
    "alter",
    "",
  ];
  for (let round = 0; round < 6000; round++) {
    const sql = `${starts[random(starts.length)] ?? ""} ${tokenSoup(random)}`;
    for (const statement of splitStatements(sql).statements) {
      const found = classify(statement);
      assert.equal(typeof found.verb, "string");
      assert.equal(
        found.strongLock,
        found.relations.length > 0 || found.locksOthers,
        sql,
      );
    }
  }
});

const MEASURED = dataFile("lint/locks-measured.json");

/** Rows of statement, effects on 15, effects on 18. */
function measured(): string[][] {
  if (MEASURED === undefined) {
    console.warn("skipped: no measured locks beside the checkout");
    return [];
  }
  const rows: unknown = JSON.parse(Deno.readTextFileSync(MEASURED));
  assert.ok(Array.isArray(rows));
  return rows.map((row: unknown) => {
    assert.ok(Array.isArray(row));
    return row.map(String);
  });
}

/** How the measurements call the modes. */
const MODES: Readonly<Record<string, string>> = {
  S: "SHARE",
  SRX: "SHARE ROW EXCLUSIVE",
  X: "EXCLUSIVE",
  AX: "ACCESS EXCLUSIVE",
};

/** Statements that locked nothing when measured, but may. */
const MAY_LOCK = new Set([
  "drop policy if exists z on lk.t",
  "drop rule if exists z on lk.t",
]);

Deno.test({
  name: "classify() knows every strong lock that was measured on 15 and 18",
  ignore: measured().length === 0,
  fn() {
    let compared = 0;
    for (const [sql = "", on15 = "", on18 = ""] of measured()) {
      const effect = on18.startsWith("ERR") ? on15 : on18;
      if (effect.startsWith("ERR")) continue;
      const { statements } = splitStatements(sql);
      const statement = statements.at(-1);
      assert.ok(statement);
      const found = classify(statement);
      const renamed = / rename to (\w+)$/.exec(sql)?.[1];
      const strong = new Set<string>();
      for (
        const [, name, index, mode] of effect.matchAll(/(\w+)(\(idx\))?:(\w+)/g)
      ) {
        if (!/^(S|SRX|X|AX)$/.test(mode ?? "")) continue;
        // The index that a strongly locked table loses or rebuilds beside it.
        if (index !== undefined && effect.includes(":AX")) continue;
        strong.add(name ?? "");
        const told = found.modes.get(`lk.${name}`);
        if (told !== undefined && index === undefined) {
          assert.equal(told, MODES[mode ?? ""], `${sql}: ${name}`);
        }
      }
      const dropped = /DROPS (\S+)/.exec(effect)?.[1] ?? "";
      for (const name of dropped.split(",")) {
        if (name !== "" && name !== "idx") strong.add(name);
      }
      compared++;
      assert.equal(found.strongLock, strong.size > 0 || MAY_LOCK.has(sql), sql);
      const named = new Set(
        found.relations.map((name) => name.replace(/^lk\./, "")),
      );
      for (const name of strong) {
        assert.ok(
          named.has(name) || found.locksOthers ||
            name === renamed && named.size > 0 ||
            // Partitions of a partitioned table that is named itself.
            named.has("p") && /^p[d\d]$/.test(name),
          `${sql}: ${name} is locked (${effect})`,
        );
      }
      for (const name of named) {
        assert.ok(
          strong.has(name) || renamed !== undefined || MAY_LOCK.has(sql) ||
            / index /.test(sql),
          `${sql}: ${name} is not locked (${effect})`,
        );
      }
    }
    assert.ok(compared > 140);
  },
});

Deno.test({
  name: "classify() takes every statement of other projects' SQL",
  ignore: corpus().length === 0,
  fn() {
    const verbs = new Map<string, number>();
    for (const { sql } of corpus()) {
      for (const statement of splitStatements(sql).statements) {
        const { verb } = classify(statement);
        verbs.set(verb, (verbs.get(verb) ?? 0) + 1);
      }
    }
    assert.ok((verbs.get("CREATE TABLE") ?? 0) > 500);
    for (const verb of verbs.keys()) assert.match(verb, /^[A-Z]+( [A-Z]+)*$/);
  },
});
