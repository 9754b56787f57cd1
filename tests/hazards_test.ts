/**
 * What statements of a plan may do, and to how many rows: as the statistics of
 * the database have it that the plan starts from.
 *
 * @module
 */

import assert from "@std/assert";
import {
  apply,
  type ChangePlan,
  diffSources,
  downgrade,
  generate,
  hazardReason,
  openProject,
  PawlError,
  planLive,
  type Project,
  upgrade,
} from "../mod.ts";
import { withProject } from "./support/cli.ts";
import { execute, testOnServers } from "./support/servers.ts";

const BEFORE = `
  CREATE TABLE big (id integer, n integer, name text, gone text);
  CREATE TABLE few (id integer, n integer, name text, gone text);
  CREATE TABLE old (id integer);
  CREATE TABLE people (id integer, age text);
  CREATE TABLE parts (id integer, k integer) PARTITION BY LIST (k);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
  CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2);
`;

const ROWS = `
  INSERT INTO big SELECT g, g, 'x', 'y' FROM generate_series(1, 100000) g;
  INSERT INTO few SELECT g, g, 'x', 'y' FROM generate_series(1, 40) g;
  INSERT INTO old VALUES (1), (2), (3);
  INSERT INTO people SELECT g, 'x' FROM generate_series(1, 30) g;
  INSERT INTO parts SELECT g, 1 + g % 2 FROM generate_series(1, 50) g;
  ANALYZE;
`;

const AFTER = `
  CREATE TABLE big (id bigint, n integer NOT NULL, name text);
  CREATE INDEX big_name ON big (name);
  CREATE TABLE few (id bigint, n integer NOT NULL, name text);
  CREATE INDEX few_name ON few (name);
  CREATE TABLE users (id integer, age text CHECK (age <> ''));
  CREATE TABLE parts (k integer) PARTITION BY LIST (k);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
  CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2);
`;

/** A project whose database is to become what `after.sql` declares. */
function scene(
  name: string,
  body: (project: Project, url: string) => Promise<void>,
): void {
  testOnServers(name, async ({ url }) => {
    await execute(url, BEFORE);
    await execute(url, ROWS);
    await withProject({ "after.sql": AFTER }, async (cwd) => {
      const project = openProject({
        cwd,
        db: url,
        env: { HOME: cwd },
        config: { project: { schema: "after.sql", undeclared: "drop" } },
      });
      await body(project, url);
    });
  });
}

const RENAMES = [{
  from: ["people"],
  to: ["users"],
  shown: "people=users",
  mayBeDone: false,
}];

/** `statement | hazard` of the way there, the statement's first words. */
function hazards({ up }: ChangePlan): string[] {
  return up.steps.flatMap((step) => step.statements).flatMap((statement) =>
    (statement.hazards ?? []).map((hazard) =>
      `${statement.sql.split(" ").slice(0, 3).join(" ")} | ${hazard.kind}: ${
        hazardReason(hazard)
      }`
    )
  ).sort();
}

const LATER = "without --locking, so that writers go on meanwhile";

scene(
  "each hazard says how many rows it is about, and from 100,000 on what is better [H26, H28, H29, H30, H31, H32]",
  async (project, url) => {
    const request = { to: "after.sql", shadow: url, prove: false };
    const locking = await planLive(project, {
      ...request,
      renames: RENAMES,
      locking: true,
    });
    assert.deepEqual(hazards(locking.plan), [
      "ALTER TABLE public.big | data-dependent: it fails where public.big.n is NULL (among about 100,000 rows)",
      "ALTER TABLE public.big | data-loss: the values of public.big.gone are gone (about 100,000 rows)",
      "ALTER TABLE public.big | rewrite: public.big is written anew while all others wait (about 100,000 rows; with so many, better a new column that is filled in batches and then takes the old one's place)",
      `ALTER TABLE public.big | scan: all users of public.big wait while its rows are read (about 100,000 rows; with so many, better ${LATER})`,
      "ALTER TABLE public.few | data-dependent: it fails where public.few.n is NULL (among about 40 rows)",
      "ALTER TABLE public.few | data-loss: the values of public.few.gone are gone (about 40 rows)",
      "ALTER TABLE public.few | rewrite: public.few is written anew while all others wait (about 40 rows)",
      "ALTER TABLE public.few | scan: all users of public.few wait while its rows are read (about 40 rows)",
      "ALTER TABLE public.parts | data-loss: the values of public.parts.id, public.parts_1.id, public.parts_2.id are gone (about 50 rows)",
      "ALTER TABLE public.users | data-dependent: it fails where a row of public.users does not fit (among about 30 rows)",
      "ALTER TABLE public.users | scan: writers of public.users wait while its rows are read (about 30 rows)",
      `CREATE INDEX big_name | lock: writers of public.big wait until the index is built (about 100,000 rows; with so many, better ${LATER})`,
      "CREATE INDEX few_name | lock: writers of public.few wait until the index is built (about 40 rows)",
      "DROP TABLE public.old | data-loss: the rows of public.old are gone (about 3 rows)",
    ]);
    const online = await planLive(project, { ...request, renames: RENAMES });
    assert.deepEqual(
      hazards(online.plan).filter((line) => /scan|lock|is NULL/.test(line)),
      [
        "ALTER TABLE public.big | data-dependent: it fails where public.big.n is NULL (among about 100,000 rows)",
        "ALTER TABLE public.few | data-dependent: it fails where public.few.n is NULL (among about 40 rows)",
      ],
    );
  },
);

scene(
  "diff of a live source, generate from one, and the refusals of generate and apply say how many rows are lost [H31, H32]",
  async (project, url) => {
    const request = { shadow: url, prove: false };
    const lost = /rows of public\.old are gone \(about 3 rows\)/;
    const { plan } = await diffSources(project, {
      ...request,
      from: url,
      to: "after.sql",
    });
    assert.match(hazards(plan).join("\n"), lost);
    const wanted = { ...request, now: new Date(0), live: true, dryRun: true };
    const { text } = await generate(project, { ...wanted, allow: "all" });
    assert.match(text?.up ?? "", lost);
    const refusals = [
      generate(project, wanted),
      apply(project, {
        ...request,
        to: "after.sql",
        confirm: () => Promise.reject(new Error("asked")),
      }),
    ];
    for (const refusal of await Promise.allSettled(refusals)) {
      assert.equal(refusal.status, "rejected");
      const error = refusal.status === "rejected" ? refusal.reason : undefined;
      assert.ok(error instanceof PawlError, String(error));
      assert.equal(error.code, "change-blocked");
      assert.match(error.details.join("\n"), lost);
    }
  },
);

testOnServers(
  "files that destroy rows, or keep others waiting for 100,000 of them, say how many before and while they run [H26, H28, H29, H30, H31, H33]",
  async ({ url }) => {
    await execute(url, "CREATE SCHEMA app");
    await execute(url, BEFORE);
    await execute(url, ROWS);
    const files = {
      "migrations/0001_work.sql":
        `ALTER TABLE big ALTER COLUMN id TYPE bigint, ALTER n SET NOT NULL;
CREATE INDEX ON big (name);
ALTER TABLE few ALTER COLUMN id TYPE bigint, ALTER n SET NOT NULL;
CREATE INDEX ON few (name);
CREATE TABLE fresh (id integer);
CREATE INDEX ON fresh (id);
-- pawl:down
TRUNCATE parts;
DROP TABLE people;
`,
      "migrations/0002_losses.sql":
        "ALTER TABLE big DROP COLUMN gone;\nDROP TABLE old;\nDELETE FROM few;\n-- pawl:down\nSELECT 1;\n",
      "migrations/0003_proved.sql":
        "ALTER TABLE big ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;\nALTER TABLE big VALIDATE CONSTRAINT c;\nALTER TABLE big ALTER COLUMN name SET NOT NULL;\n-- pawl:down\nSELECT 1;\n",
      "migrations/0004_elsewhere.sql":
        "SET LOCAL search_path = app;\nDROP TABLE IF EXISTS people;\n-- pawl:down\nSELECT 1;\n",
    };
    await withProject(files, async (cwd) => {
      const project = openProject({ cwd, db: url, env: { HOME: cwd } });
      const warnings = [
        [
          "ALTER COLUMN big.id TYPE may write about 100,000 rows anew while all others wait; a new column, filled in batches, would not",
          "SET NOT NULL on big.n reads about 100,000 rows while all others wait; it does not where a valid check (n IS NOT NULL) proves it",
          "CREATE INDEX makes writers of big wait while about 100,000 rows are read; CREATE INDEX CONCURRENTLY would not",
        ],
        [
          "DROP COLUMN big.gone drops the column and all its values (about 100,000 rows)",
          "DROP TABLE old drops the table and all its rows (about 3 rows)",
          "DELETE FROM few deletes rows (of about 40 rows)",
        ],
        [],
        ["DROP TABLE people drops the table and all its rows"],
      ];
      const dry = await upgrade(project, { dryRun: true });
      assert.deepEqual(dry.results.map((r) => r.warnings), warnings);
      const run = await upgrade(project);
      if (run.error !== undefined) throw run.error;
      assert.deepEqual(run.results.map((r) => r.warnings), warnings);

      let asked: readonly string[] = [];
      await downgrade(project, {
        target: "base",
        confirm: (results) => {
          asked = results.flatMap((r) => r.warnings);
          return Promise.resolve();
        },
      });
      assert.deepEqual(asked, [
        "TRUNCATE parts deletes all its rows (about 50 rows)",
        "DROP TABLE people drops the table and all its rows (about 30 rows)",
      ]);
    });
  },
);
