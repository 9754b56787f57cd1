/**
 * The examples do what they are there to show.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { parse } from "yaml";
import { fileURLToPath } from "node:url";
import {
  downgrade,
  openProject,
  PawlError,
  type Project,
  status,
  upgrade,
  verify,
} from "../mod.ts";
import { requireDatabase } from "../lib/config/settings.ts";
import { seed } from "../lib/migrate/seed.ts";
import { withProject, writeFiles } from "./support/cli.ts";
import { pawlProgram } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";
import { copyTree } from "./support/transcripts.ts";

const EXAMPLES = fileURLToPath(new URL("../examples/", import.meta.url));

/** Gives a copy of an example to a function. */
function withExample<T>(
  name: string,
  body: (directory: string) => Promise<T>,
): Promise<T> {
  return withProject({}, async (directory) => {
    await copyTree(join(EXAMPLES, name), directory);
    return await body(directory);
  });
}

/** There and back and there again, with nothing left to say. */
async function runThrough(project: Project, count: number): Promise<void> {
  const steps = [
    () => upgrade(project),
    () => downgrade(project, { target: "base" }),
    () => upgrade(project),
  ];
  for (const step of steps) {
    const report = await step();
    if (report.error !== undefined) throw report.error;
    assert.equal(report.appliedCount, count);
    assert.deepEqual(report.warnings, []);
  }
  const found = await verify(project);
  assert.ok(found.ok && found.sumPresent);
  assert.equal(found.compared, count);
}

testOnServers(
  "examples/bookshop applies, verifies and is taken back",
  async ({ url }) => {
    await withExample("bookshop", async (cwd) => {
      await runThrough(openProject({ cwd, db: url, env: {} }), 6);
      const rows = await execute(url, "SELECT slug FROM books ORDER BY id");
      assert.deepEqual(rows.map(({ slug }) => slug), [
        "too-like-the-lightning",
        "solaris",
        "the-cyberiad",
      ]);
      const [index] = await execute(
        url,
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'orders_customer_email_idx'::regclass",
      );
      assert.equal(index?.indisvalid, "t");
    });
  },
);

for (
  const [name, layout, count] of [
    ["bookshop", "pawl", 6],
    ["golang-migrate", "golang-migrate", 3],
    ["diesel", "diesel", 2],
  ] as const
) {
  Deno.test(`examples/${name} runs on the embedded database`, async () => {
    await withExample(name, async (cwd) => {
      const project = openProject({ cwd, env: {} });
      await runThrough(project, count);
      assert.equal((await status(project)).layout, layout);
    });
  });
}

Deno.test("examples/seeds loads its rows once", async () => {
  await withExample("seeds", async (cwd) => {
    const project = openProject({ cwd, env: {} });
    assert.ok((await upgrade(project)).success);
    const first = await seed(project);
    assert.deepEqual(
      first.tables.map(({ table, inserted }) => [table, inserted]),
      [["public.books", 2], ["public.shelves", 2]],
    );
    const second = await seed(project);
    assert.deepEqual(
      second.tables.map(({ inserted, unchanged }) => [inserted, unchanged]),
      [[0, 2], [0, 2]],
    );
  });
});

Deno.test("examples/hooks runs its commands around an upgrade", async () => {
  await withExample("hooks", async (cwd) => {
    const project = openProject({ cwd, env: {} });
    const report = await upgrade(project);
    assert.ok(report.success);
    assert.deepEqual(
      (await Deno.readTextFile(join(cwd, "hooks.log"))).trimEnd().split("\n"),
      [
        "before: 20260105_090000",
        `after run ${report.runId} on ${report.database}`,
      ],
    );
  });
});

Deno.test("examples/postgres has a protected production beside its pooler", () => {
  const cwd = join(EXAMPLES, "postgres");
  const management = "postgres://db.example/bookshop";
  const { settings } = openProject({
    cwd,
    environment: "production",
    env: { BOOKSHOP_MANAGEMENT_URL: management },
  });
  const database = requireDatabase(settings);
  assert.equal(database.source, management);
  assert.match(database.runtimeUrl ?? "", /pool\.example:6432/);
  assert.ok(settings.protected);
  assert.equal(settings.role, "bookshop_owner");
  assert.equal(settings.timeouts.migrationLock, 1000);
  assert.equal(settings.timeouts.lockWait, 60_000);
  assert.deepEqual(settings.history.readers, ["monitoring"]);
  assert.ok(settings.migrations.endsWith("/examples/bookshop/migrations"));
  const staging = openProject({ cwd, environment: "staging", env: {} });
  assert.equal(staging.settings.protected, false);
});

Deno.test("examples/postgres wants the variable that it names, for production only", () => {
  const cwd = join(EXAMPLES, "postgres");
  const { settings } = openProject({ cwd, environment: "production", env: {} });
  assert.throws(
    () => requireDatabase(settings),
    (error: unknown) =>
      error instanceof PawlError && error.code === "variable-unset" &&
      error.message.includes("BOOKSHOP_MANAGEMENT_URL"),
  );
});

Deno.test("scripts/ci/pre-commit refuses a commit without its migration, and of an edited one [Q46]", async () => {
  await withExample("bookshop", async (cwd) => {
    const { words, env } = pawlProgram();
    const bin = join(cwd, ".bin");
    await writeFiles(cwd, {
      ".bin/pawl": `#!/bin/sh\nexec ${
        words.map((word) => `'${word}'`).join(" ")
      } "$@"\n`,
      ".gitignore": ".bin\n.pawl\n",
    });
    await Deno.chmod(join(bin, "pawl"), 0o755);
    const git = async (...args: readonly string[]) => {
      const { code, stderr, stdout } = await new Deno.Command("git", {
        args: ["-c", "user.name=Ada", "-c", "user.email=ada@example", ...args],
        cwd,
        clearEnv: true,
        env: {
          ...env,
          PATH: `${bin}:${Deno.env.get("PATH") ?? ""}`,
          HOME: cwd,
        },
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      return { code, said: text.decode(stdout) + text.decode(stderr) };
    };
    assert.equal((await git("init", "-q")).code, 0);
    await Deno.copyFile(
      new URL("../scripts/ci/pre-commit", import.meta.url),
      join(cwd, ".git/hooks/pre-commit"),
    );
    await git("add", ".");
    const first = await git("commit", "-qm", "All is well");
    assert.equal(first.code, 0, first.said);
    await Deno.writeTextFile(
      join(cwd, "migrations/20260210_083000_add_book_slugs.sql"),
      "DROP TABLE books;\n",
      { append: true },
    );
    await git("add", ".");
    const second = await git("commit", "-qm", "Edited");
    assert.equal(second.code, 1, second.said);
    assert.match(second.said, /20260210_083000_add_book_slugs\.sql.*edited/);
    assert.equal((await git("commit", "-qnm", "Past it")).code, 0);
    await git("reset", "-q", "--hard", "HEAD~1");
    await Deno.writeTextFile(
      join(cwd, "schema/bookshop.sql"),
      "CREATE TABLE publishers (id int PRIMARY KEY);\n",
      { append: true },
    );
    await git("add", ".");
    // A migration that is there and not added is not committed.
    await Deno.writeTextFile(
      join(cwd, "migrations/20260301_000000_publishers.sql"),
      "CREATE TABLE publishers (id int PRIMARY KEY);\n",
    );
    const third = await git("commit", "-qm", "No migration");
    assert.equal(third.code, 1, third.said);
    assert.match(third.said, /\+ table:public\.publishers/);
  });
});

Deno.test("scripts/ci/github-actions.yml checks each pull request, and applies main only [Q44]", () => {
  const { jobs, on } = readYaml("github-actions.yml");
  assert.ok(on.pull_request !== undefined);
  const runs = jobs.prove.steps.flatMap((step: { run?: string }) =>
    step.run ?? []
  );
  for (const line of ["pawl check", "pawl sum --check", "pawl verify"]) {
    assert.ok(runs.includes(line), line);
  }
  assert.equal(jobs.apply.if, "github.ref == 'refs/heads/main'");
  assert.equal(jobs.apply.needs, "prove");
});

Deno.test("scripts/ci/gitlab-ci.yml checks merge requests, and applies by hand [Q45]", () => {
  const { prove, apply } = readYaml("gitlab-ci.yml");
  for (const line of ["pawl check", "pawl sum --check", "pawl verify"]) {
    assert.ok(prove.script.includes(line), line);
  }
  assert.equal(apply.rules[0].when, "manual");
});

function readYaml(name: string) {
  const place = new URL(`../scripts/ci/${name}`, import.meta.url);
  return parse(Deno.readTextFileSync(place));
}
