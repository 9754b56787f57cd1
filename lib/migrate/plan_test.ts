import assert from "@std/assert";
import { refused } from "../../tests/support/refused.ts";
import { readMigration } from "./file.ts";
import { buildGraph } from "./graph.ts";
import {
  type History,
  historyOf,
  type HistoryRow,
  type HistoryState,
  rowInForce,
} from "./history.ts";
import { planDowngrade, planUpgrade, type UpgradeRequest } from "./plan.ts";
import { type PlanInput, standings } from "./standings.ts";

/** Files by name with their header lines; a history by version. */
interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly history?: Readonly<Record<string, HistoryState | "half-down">>;
  readonly environment?: string;
}

function input({ files, history = {}, environment }: Case): PlanInput {
  const migrations = Object.entries(files).map(([name, header]) => {
    const path = `m/${name}.sql`;
    const found = readMigration({ path, text: `${header}\nSELECT 1;\n` });
    if (found === undefined) throw new Error(`${path} is no migration`);
    return found;
  });
  return {
    graph: buildGraph(migrations),
    history: historyIn(history),
    environment,
  };
}

function historyIn(states: NonNullable<Case["history"]>): History {
  const rows = Object.entries(states).map(([key, state]): HistoryRow => {
    // Keys of digits alone would be sorted by JavaScript.
    const version = key.replace("v", "");
    return {
      ...rowInForce({ version, name: "x" }),
      state: state === "half-down" ? "partial" : state,
      stepsDone: 1,
      stepsTotal: 3,
    };
  });
  return {
    ...historyOf(rows),
    progress: Object.entries(states).filter(([, s]) => s === "half-down").map((
      [key],
    ) => ({
      version: key.replace("v", ""),
      direction: "down",
      step: 1,
      tokens: "",
      statement: "",
      before: null,
      finished: true,
    })),
  };
}

const up = (one: Case, request: UpgradeRequest = {}) =>
  planUpgrade(input(one), request).map((p) =>
    p.action === "run"
      ? p.migration.version
      : `${p.action} ${p.migration.version}`
  );

const down = (one: Case, target?: string) =>
  planDowngrade(input(one), target).map((p) =>
    p.action === "run" ? p.row.version : `${p.action} ${p.row.version}`
  );

const standing = (one: Case) =>
  standings(input(one)).map((e) => `${e.version} ${e.standing}`);

const LINE = { "1_a": "", "2_b": "", "3_c": "" };

Deno.test("an upgrade runs what is pending, in order, up to its target", () => {
  assert.deepEqual(up({ files: LINE }), ["1", "2", "3"]);
  const one: Case = { files: LINE, history: { v1: "applied" } };
  assert.deepEqual(up(one), ["2", "3"]);
  assert.deepEqual(up(one, { target: "head" }), ["2", "3"]);
  assert.deepEqual(up(one, { target: "2" }), ["2"]);
  assert.deepEqual(up(one, { target: "2_b" }), ["2"]);
  assert.deepEqual(up(one, { target: "+1" }), ["2"]);
  assert.deepEqual(up(one, { target: "+9" }), ["2", "3"]);
  assert.deepEqual(up(one, { target: "+0" }), []);
  assert.deepEqual(up(one, { target: "1" }), []);
  assert.deepEqual(
    up({
      files: LINE,
      history: { v1: "applied", v2: "stamped", v3: "applied" },
    }),
    [],
  );
});

Deno.test("what was rolled back is pending again", () => {
  const one: Case = {
    files: LINE,
    history: { v1: "applied", v2: "rolled_back" },
  };
  assert.deepEqual(up(one), ["2", "3"]);
  assert.deepEqual(standing(one), ["1 applied", "2 rolled_back", "3 pending"]);
});

Deno.test("an upgrade goes to no target behind it, nor to one that is not there", () => {
  for (const target of ["base", "-1"]) {
    const error = refused(() => up({ files: LINE }, { target }));
    assert.equal(error.code, "target-unknown");
    assert.match(error.hint ?? "", new RegExp(`pawl downgrade ${target}`));
  }
  assert.equal(
    refused(() => up({ files: LINE }, { target: "9" })).code,
    "target-unknown",
  );
});

Deno.test("a target on a branch brings what it depends on, and nothing else", () => {
  const files = {
    "1_a": "",
    "2_b": "",
    "3_c": "-- pawl:depends 1",
    "4_d": "-- pawl:depends 3",
  };
  assert.deepEqual(up({ files }, { target: "4" }), ["1", "3", "4"]);
  assert.deepEqual(up({ files }, { target: "2" }), ["1", "2"]);
});

Deno.test("a late file blocks, and says how to go on [P70]", () => {
  const late: Case = { files: LINE, history: { v1: "applied", v3: "applied" } };
  assert.deepEqual(standing(late), ["1 applied", "2 late", "3 applied"]);
  const error = refused(() => up(late));
  assert.equal(error.code, "migration-late");
  assert.match(error.message, /m\/2_b\.sql sorts before m\/3_c\.sql/);
  assert.match(error.hint ?? "", /pawl rebase m\/2_b\.sql/);
  assert.deepEqual(up(late, { outOfOrder: true }), ["2"]);
  const files = { ...LINE, "2_b": "-- pawl:out-of-order" };
  assert.deepEqual(up({ ...late, files }), ["2"]);
});

Deno.test("a branch is not late, its dependencies are", () => {
  const files = {
    "1_a": "",
    "2_b": "-- pawl:depends 1",
    "3_c": "-- pawl:depends 1",
  };
  assert.deepEqual(up({ files, history: { v1: "applied", v3: "applied" } }), [
    "2",
  ]);
  const error = refused(() =>
    up({
      files: { ...files, "4_d": "-- pawl:depends 2 3" },
      history: { v1: "applied", v3: "applied", v4: "applied" },
    })
  );
  assert.match(
    error.message,
    /m\/4_d\.sql has been applied, but m\/2_b\.sql, which it depends on, has not/,
  );
});

Deno.test("an applied version without a file is missing, a newer one future", () => {
  const gone: Case = {
    files: { "1_a": "", "3_c": "" },
    history: { v1: "applied", v2: "applied" },
  };
  assert.deepEqual(standing(gone), ["1 applied", "3 pending", "2 missing"]);
  const error = refused(() => up(gone));
  assert.equal(error.code, "history-diverged");
  assert.deepEqual(error.details, ["2_x"]);
  const future: Case = {
    files: { "1_a": "", "3_c": "" },
    history: { v1: "applied", v3: "applied", v7: "applied", v8: "rolled_back" },
  };
  assert.deepEqual(standing(future), ["1 applied", "3 applied", "7 future"]);
  assert.deepEqual(up(future), []);
  // Without any file, everything is future or nobody's: nothing to run.
  assert.deepEqual(up({ files: {}, history: { v1: "applied" } }), []);
});

Deno.test("what is partial is gone on with, in its own direction only", () => {
  const half: Case = { files: LINE, history: { v1: "applied", v2: "partial" } };
  assert.deepEqual(up(half), ["resume 2", "3"]);
  assert.deepEqual(down(half), ["resume 2"]);
  const back: Case = {
    files: LINE,
    history: { v1: "applied", v2: "half-down" },
  };
  const error = refused(() => up(back));
  assert.equal(error.code, "migration-partial");
  assert.match(
    error.message,
    /m\/2_b\.sql is half rolled back \(1 of 3 steps\)/,
  );
});

Deno.test("a file for other environments is passed over, and is never late", () => {
  const files = { ...LINE, "2_b": "-- pawl:only dev, test" };
  assert.deepEqual(up({ files }), ["1", "3"]);
  assert.deepEqual(up({ files, environment: "production" }), ["1", "3"]);
  assert.deepEqual(up({ files, environment: "test" }), ["1", "2", "3"]);
  const done: Case = { files, history: { v1: "applied", v3: "applied" } };
  assert.deepEqual(standing(done), ["1 applied", "2 skipped", "3 applied"]);
  assert.deepEqual(up(done), []);
});

Deno.test("a squash runs instead of what it replaces, or is recorded behind it [P69]", () => {
  const files = { ...LINE, "4_s": "-- pawl:replaces 1 2 3", "5_e": "" };
  assert.deepEqual(up({ files }), ["4", "5"]);
  assert.deepEqual(standing({ files }), [
    "1 replaced",
    "2 replaced",
    "3 replaced",
    "4 pending",
    "5 pending",
  ]);
  const all = { v1: "applied", v2: "applied", v3: "applied" } as const;
  assert.deepEqual(up({ files, history: all }), ["record 4", "5"]);
  // Half-way, the old files run to their end first.
  assert.deepEqual(up({ files, history: { v1: "applied" } }), [
    "2",
    "3",
    "record 4",
    "5",
  ]);
  assert.deepEqual(
    up({ files, history: { v1: "applied" } }, { target: "4" }),
    ["2", "3", "record 4"],
  );
  // And once it is recorded they may go.
  const later = { "4_s": "-- pawl:replaces 1 2 3", "5_e": "" };
  assert.deepEqual(up({ files: later, history: { ...all, v4: "stamped" } }), [
    "5",
  ]);
  assert.deepEqual(
    standing({ files: later, history: { ...all, v4: "stamped" } }),
    [
      "4 stamped",
      "5 pending",
      "1 replaced",
      "2 replaced",
      "3 replaced",
    ],
  );
});

Deno.test("a squash never runs over a part of what it replaces [P69]", () => {
  const files = { "4_s": "-- pawl:replaces 1 2 3", "5_e": "" };
  for (
    const history of [
      { v1: "applied", v2: "applied" },
      { v1: "stamped" },
      { v2: "partial" },
    ] as const
  ) {
    const error = refused(() => up({ files, history }));
    assert.equal(error.code, "migration-partial");
    assert.match(error.message, /only some have been applied/);
  }
  // What has been taken back is as if it had never run.
  assert.deepEqual(up({ files, history: { v1: "rolled_back" } }), ["4", "5"]);
});

Deno.test("a downgrade takes back the last one, or as many as are asked for", () => {
  const all: Case = {
    files: LINE,
    history: { v1: "applied", v2: "applied", v3: "stamped" },
  };
  assert.deepEqual(down(all), ["3"]);
  assert.deepEqual(down(all, "-2"), ["3", "2"]);
  assert.deepEqual(down(all, "-9"), ["3", "2", "1"]);
  assert.deepEqual(down(all, "-0"), []);
  assert.deepEqual(down(all, "base"), ["3", "2", "1"]);
  assert.deepEqual(down(all, "1"), ["3", "2"]);
  assert.deepEqual(down(all, "3"), []);
  assert.deepEqual(down({ files: LINE }), []);
  assert.deepEqual(down({ files: LINE, history: { v1: "rolled_back" } }), []);
});

Deno.test("a downgrade goes to no target ahead of it, nor to what is not applied", () => {
  const one: Case = { files: LINE, history: { v1: "applied" } };
  for (const target of ["head", "+1", "2", "9"]) {
    assert.equal(
      refused(() => down(one, target)).code,
      "target-unknown",
      target,
    );
  }
  assert.match(refused(() => down(one, "2")).message, /it is not applied/);
});

Deno.test("a downgrade starts with future versions, and skips replaced ones", () => {
  const future: Case = {
    files: LINE,
    history: { v1: "applied", v2: "applied", v8: "applied", v9: "applied" },
  };
  assert.deepEqual(down(future, "-3"), ["9", "8", "2"]);
  assert.deepEqual(down(future, "2"), ["9", "8"]);
  assert.deepEqual(down(future, "8"), ["9"]);
  const squashed: Case = {
    files: { "4_s": "-- pawl:replaces 1 2" },
    history: { v1: "applied", v2: "applied", v4: "stamped" },
  };
  assert.deepEqual(down(squashed, "base"), ["4"]);
});

Deno.test("a downgrade undoes children before their parents", () => {
  const files = {
    "1_a": "",
    "2_b": "-- pawl:depends 3",
    "3_c": "-- pawl:depends 1",
  };
  const history = { v1: "applied", v3: "applied", v2: "applied" } as const;
  assert.deepEqual(down({ files, history }, "base"), ["2", "3", "1"]);
  assert.deepEqual(down({ files, history }, "3"), ["2"]);
});
