import assert from "@std/assert";
import {
  effectOf,
  finishDetach,
  indexWorkers,
  outcomeOf,
  probeStatement,
  quotedIndex,
  refuseInvalidIndex,
} from "./effects.ts";

/** An index as the probe shows it. */
function index(oid: number, name: string, valid = true) {
  return { oid, table: 7, schema: "public", name, relkind: "i", valid };
}

const BUILD = effectOf('CREATE INDEX CONCURRENTLY "I 1" ON s."T" (a)');
const UNNAMED = effectOf("CREATE INDEX CONCURRENTLY ON t (a)");

Deno.test("a concurrent build has happened when its index is new and valid", () => {
  const before = [index(1, "old")];
  assert.deepEqual(outcomeOf(BUILD, before, before), { kind: "not-done" });
  assert.deepEqual(
    outcomeOf(BUILD, before, [...before, index(2, "I 1")]),
    { kind: "done" },
  );
  // Somebody else's index is not ours, nor one that was there before.
  assert.deepEqual(
    outcomeOf(BUILD, before, [...before, index(2, "other")]),
    { kind: "not-done" },
  );
  assert.deepEqual(
    outcomeOf(BUILD, [index(2, "I 1")], [index(2, "I 1")]),
    { kind: "not-done" },
  );
  assert.deepEqual(
    outcomeOf(BUILD, [index(2, "I 1", false)], [index(2, "I 1", false)]),
    { kind: "not-done" },
  );
});

Deno.test("only the new, invalid index of the statement's own name is shown for dropping", () => {
  assert.deepEqual(
    outcomeOf(BUILD, [index(1, "I 2", false)], [
      index(1, "I 2", false),
      index(2, "I 1", false),
    ]),
    { kind: "invalid-index", ...index(2, "I 1", false) },
  );
});

Deno.test("an index without a name is known only where nothing else is new", () => {
  assert.deepEqual(outcomeOf(UNNAMED, [], []), { kind: "not-done" });
  assert.deepEqual(outcomeOf(UNNAMED, [], [index(1, "t_a_idx")]), {
    kind: "done",
  });
  for (
    const now of [
      [index(1, "t_a_idx", false)],
      [index(1, "t_a_idx"), index(2, "t_b_idx")],
    ]
  ) {
    const outcome = outcomeOf(UNNAMED, [], now);
    assert.equal(outcome.kind, "unknown");
    assert.match(outcome.kind === "unknown" ? outcome.look : "", /t_a_idx/);
  }
});

Deno.test("a probe's answer that is not what it was made for shows no index", () => {
  for (const odd of [null, "x", 3, [], [null], [{ oid: 1 }]]) {
    assert.deepEqual(outcomeOf(BUILD, odd, odd), { kind: "not-done" });
  }
});

Deno.test("a drop has happened when the object is gone or is another one", () => {
  for (
    const sql of [
      "DROP INDEX CONCURRENTLY i",
      "DROP DATABASE d",
      "DROP TABLESPACE t",
      "DROP SUBSCRIPTION s",
    ]
  ) {
    const effect = effectOf(sql);
    assert.notEqual(effect.kind, "unknown", sql);
    assert.deepEqual(outcomeOf(effect, 5, 5), { kind: "not-done" });
    assert.deepEqual(outcomeOf(effect, 5, null), { kind: "done" });
    assert.deepEqual(outcomeOf(effect, 5, 6), { kind: "done" });
    assert.deepEqual(outcomeOf(effect, null, null), { kind: "not-done" });
  }
});

Deno.test("a creation has happened when there was nothing of that name before", () => {
  for (
    const sql of ["CREATE DATABASE d", "CREATE TABLESPACE t LOCATION '/x'"]
  ) {
    const effect = effectOf(sql);
    assert.notEqual(effect.kind, "unknown", sql);
    assert.deepEqual(outcomeOf(effect, null, 5), { kind: "done" });
    assert.deepEqual(outcomeOf(effect, null, null), { kind: "not-done" });
    assert.deepEqual(outcomeOf(effect, 5, 5), { kind: "not-done" });
  }
});

Deno.test("a detach may stop between its two transactions", () => {
  const effect = effectOf(
    'ALTER TABLE s.p DETACH PARTITION s."c 1" CONCURRENTLY',
  );
  const before = { pending: false };
  assert.deepEqual(outcomeOf(effect, before, null), { kind: "done" });
  assert.deepEqual(outcomeOf(effect, before, before), { kind: "not-done" });
  const pending = outcomeOf(effect, before, { pending: true });
  assert.deepEqual(pending, {
    kind: "detach-pending",
    parent: "s.p",
    partition: 's."c 1"',
  });
  assert.equal(
    pending.kind === "detach-pending" ? finishDetach(pending) : "",
    'ALTER TABLE s.p DETACH PARTITION s."c 1" FINALIZE',
  );
  assert.deepEqual(outcomeOf(effect, null, null), { kind: "not-done" });
});

Deno.test("what may run twice counts as not done; what nobody can tell is said", () => {
  for (const sql of ["VACUUM a", "REINDEX INDEX CONCURRENTLY i", "SELECT 1"]) {
    assert.deepEqual(
      outcomeOf(effectOf(sql), null, null),
      { kind: "not-done" },
      sql,
    );
    assert.equal(probeStatement(effectOf(sql)), undefined, sql);
  }
  assert.equal(outcomeOf(effectOf("CALL p()"), null, null).kind, "unknown");
  assert.equal(effectOf("").kind, "unknown");
});

Deno.test("names go into probes as literals and identifiers, whatever they hold", () => {
  const hostile = effectOf(
    `CREATE INDEX CONCURRENTLY "i'1" ON "s""x"."t'; DROP TABLE a; --" (a)`,
  );
  assert.match(
    probeStatement(hostile) ?? "",
    /to_regclass\('"s""x"\."t''; DROP TABLE a; --"'\)/,
  );
  assert.match(
    probeStatement(effectOf(`DROP DATABASE "d'1"`)) ?? "",
    /datname = 'd''1'/,
  );
  assert.equal(
    quotedIndex({ schema: 'a"b', name: "C" }),
    '"a""b"."C"',
  );
  assert.match(indexWorkers({ oid: 1, table: 2 }), /IN \(1, 2\)/);
});

Deno.test("IF NOT EXISTS is guarded against an INVALID index, and only that", () => {
  for (
    const sql of [
      "CREATE INDEX IF NOT EXISTS i ON t (a)",
      "create unique index  if not exists i on t (a)",
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)",
      "CREATE UNIQUE INDEX\nCONCURRENTLY IF NOT EXISTS i ON ONLY t (a)",
    ]
  ) {
    const guard = refuseInvalidIndex(sql);
    assert.match(
      guard ?? "",
      /^DO \$[^]*to_regclass\('"?t"?'\)[^]*relname = 'i'/,
      sql,
    );
  }
  for (
    const sql of [
      "CREATE INDEX i ON t (a)",
      "CREATE INDEX CONCURRENTLY i ON t (a)",
      "CREATE TABLE IF NOT EXISTS i ()",
      "SELECT 'create index if not exists i on t (a)'",
    ]
  ) {
    assert.equal(refuseInvalidIndex(sql), undefined, sql);
  }
});

Deno.test("a guard's text cannot be left by a name", () => {
  const guard = refuseInvalidIndex(
    `CREATE INDEX IF NOT EXISTS "a$$; DROP TABLE t; --'" ON t (a)`,
  ) ?? "";
  const tag = /^DO (\$\w*\$)/.exec(guard)?.[1] ?? "";
  assert.notEqual(tag, "");
  assert.equal(guard.split(tag).length, 3);
  assert.ok(guard.endsWith(tag));
});
