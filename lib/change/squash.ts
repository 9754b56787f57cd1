/**
 * `squash`: one migration that stands for several, proved to leave the same
 * schema and the same rows as their replay.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { PawlError } from "../errors.ts";
import { differences } from "../kinds/forms.ts";
import {
  type MigrationDirectory,
  readDirectory,
} from "../migrate/directory.ts";
import { readMigration } from "../migrate/file.ts";
import { buildGraph } from "../migrate/graph.ts";
import type { FileStatement, Migration } from "../migrate/model.ts";
import {
  type MigrationText,
  type NewMigration,
  newMigration,
  sqlText,
} from "../migrate/new_migration.ts";
import { displayPath, type Project } from "../migrate/project.ts";
import { touchedHash, touchedHashes } from "../migrate/touched.ts";
import type { Session } from "../pg/session.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { replayMigrations } from "../sources/replay.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { readOptions } from "../sources/source.ts";
import { classify } from "../sql/classify.ts";
import { planBothWays, statementsOf } from "./change_plan.ts";
import { migrationText } from "./migration_text.ts";
import { otherRows, type RowDigests, rowDigests } from "./rows.ts";
import {
  impossible,
  type SquashRange,
  squashRange,
  versionOf,
} from "./squash_range.ts";

/** What to squash, and how. */
export interface SquashRequest extends Omit<SourceContext, "project"> {
  /** One line for people. */
  readonly message?: string | undefined;
  /** The time now. */
  readonly now: Date;
  /** The first migration; the project's first by default. */
  readonly from?: string | undefined;
  /** The last one; the newest by default. */
  readonly to?: string | undefined;
  /** Whether one DDL is made of all of theirs; else they are put one behind the other. */
  readonly optimize?: boolean;
  /** Whether nothing is written. */
  readonly dryRun?: boolean;
}

/** What was squashed. */
export interface SquashResult {
  /** The versions that it stands for, in order. */
  readonly replaces: readonly string[];
  /** What it is called. */
  readonly message: string;
  /** The file's SQL. */
  readonly text: MigrationText;
  /** Whether one DDL was made of all of theirs. */
  readonly optimized: boolean;
  /** Why not, where it was asked for; one line each. */
  readonly reasons: readonly string[];
  /** The file; undefined where none was written. */
  readonly written: NewMigration | undefined;
}

/** What a replay leaves. */
interface State {
  readonly schema: Schema;
  readonly rows: RowDigests;
}

/**
 * Writes one migration for several.
 *
 * @param project The project.
 * @param request Which, and how.
 * @throws {PawlError} `squash-impossible` with what is in the way;
 * `proof-failed`; what replaying throws.
 */
export async function squash(
  project: Project,
  request: SquashRequest,
): Promise<SquashResult> {
  const { settings } = project;
  const directory = readDirectory({
    path: settings.migrations,
    display: displayPath(project, settings.migrations),
    layout: settings.layout,
  });
  if (directory.layout !== "pawl") {
    throw impossible(`the ${directory.layout} layout has no word for it`, {
      hint: 'layout = "pawl" in pawl.toml names pawl\'s own layout',
    });
  }
  const range = squashRange(directory.graph, request);
  const context: SourceContext = { ...request, project, dependencies: true };
  const replace = new Replayer(project, directory, context);
  const before = range.before === undefined
    ? undefined
    : await replace.state(directory, range.before.version);
  const after = await replace.state(
    directory,
    range.migrations.at(-1)?.version,
  );
  const message = request.message ??
    `squash ${range.migrations[0]?.version} to ${
      range.migrations.at(-1)?.version
    }`;
  const version = versionOf(range);
  const reasons: string[] = [];
  const attempt = async (text: MigrationText): Promise<string[]> =>
    await replace.differences(range, { text, message, version }, after);
  let text: MigrationText | undefined;
  if (request.optimize ?? true) {
    const kept = unoptimizable(range);
    if (kept.length > 0) reasons.push(...kept);
    else {
      const made = await optimized(
        project,
        range,
        {
          before: before?.schema ?? await replace.empty(),
          after: after.schema,
        },
      );
      const wrong = await attempt(made);
      if (wrong.length === 0) text = made;
      else reasons.push(...wrong);
    }
  }
  const isOptimized = text !== undefined;
  if (text === undefined) {
    text = await concatenated(range, {
      before: before?.schema ?? await replace.empty(),
      after: after.schema,
    });
    const wrong = await attempt(text);
    if (wrong.length > 0) {
      throw new PawlError(
        "proof-failed",
        "Cannot prove the squash: it does not leave what the migrations leave",
        {
          details: wrong,
          hint:
            "Migrations that do something else each time cannot be squashed; --from and --to name another range",
        },
      );
    }
  }
  const written = request.dryRun
    ? undefined
    : newMigration(project, { message, now: request.now, version, body: text });
  return {
    replaces: range.migrations.map((migration) => migration.version),
    message,
    text,
    optimized: isOptimized,
    reasons,
    written,
  };
}

/** Replays migrations in shadows, each from the start. */
class Replayer {
  readonly #project: Project;
  readonly #directory: MigrationDirectory;
  readonly #context: SourceContext;

  constructor(
    project: Project,
    directory: MigrationDirectory,
    context: SourceContext,
  ) {
    this.#project = project;
    this.#directory = directory;
    this.#context = context;
  }

  /** What is there after a version. */
  async state(
    directory: MigrationDirectory,
    target: string | undefined,
  ): Promise<State> {
    return await this.#shadow(async (session) => {
      await replayMigrations(session, {
        project: this.#project,
        directory,
        target,
        signal: this.#context.signal,
      });
      return await this.#read(session);
    });
  }

  /** What is there before anything. */
  async empty(): Promise<Schema> {
    return await this.#shadow(async (session) =>
      (await this.#read(session)).schema
    );
  }

  /** What the squash leaves that is not what the migrations leave; one line each. */
  async differences(
    range: SquashRange,
    squash: {
      readonly text: MigrationText;
      readonly message: string;
      readonly version: string | undefined;
    },
    goal: State,
  ): Promise<string[]> {
    const migration = migrationOf(squash, range);
    const { graph } = this.#directory;
    const inside = new Set(range.migrations.map(({ version }) => version));
    const files = [
      ...graph.order.filter(({ version }) => !inside.has(version)),
      migration,
    ];
    const directory: MigrationDirectory = {
      ...this.#directory,
      graph: buildGraph(files),
      sum: undefined,
    };
    let reached: State;
    try {
      reached = await this.state(directory, migration.version);
    } catch (error) {
      if (!(error instanceof PawlError) || error.code === "interrupted") {
        throw error;
      }
      return [
        error.message,
        ...error.details,
      ];
    }
    const wrong = await differences(reached.schema, goal.schema);
    return [
      ...wrong.map(({ address, kind }) =>
        `${address} would have to be ${kind} afterwards`
      ),
      ...otherRows(reached.rows, goal.rows).map((name) =>
        `the rows of ${name} would be others`
      ),
    ].slice(0, 20);
  }

  async #read(session: Session): Promise<State> {
    const schema = await readSchema(session, readOptions(this.#context));
    return { schema, rows: await rowDigests(session, schema) };
  }

  async #shadow<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await withShadow(shadowOptions(this.#context), work);
  }
}

/** The squash as a migration that has not been written. */
function migrationOf(
  squash: {
    readonly text: MigrationText;
    readonly message: string;
    readonly version: string | undefined;
  },
  range: SquashRange,
): Migration {
  const version = squash.version ?? range.migrations.at(-1)?.version ?? "";
  const path = `migrations/${version}_squash.sql`;
  const text = sqlText({
    message: squash.message,
    now: new Date(0),
    body: squash.version === undefined
      // By a version that is taken it replaces all of them but itself.
      ? {
        ...squash.text,
        header: squash.text.header.filter((line) =>
          !line.startsWith("-- pawl:replaces ")
        ),
      }
      : squash.text,
  });
  const migration = readMigration({ path, text });
  if (migration === undefined) throw new TypeError(`${path} is no migration`);
  return migration;
}

/** Settings that decide nothing about what statements do to rows. */
const HARMLESS =
  /^(?:re)?set\s+(?:(?:local|session)\s+)?(?:check_function_bodies|lock_timeout|statement_timeout|client_min_messages|client_encoding|standard_conforming_strings)\b/i;

/** What keeps statements from being run on the last schema instead of on their own. */
function unoptimizable({ migrations }: SquashRange): string[] {
  return migrations.flatMap((migration) => {
    const body = migration.body();
    if (body.kind !== "sql") return [];
    const settings = statementsIn(migration).filter(({ parsed, sql }) =>
      ["set", "reset"].includes(parsed.words[0] ?? "") && !HARMLESS.test(sql)
    );
    return settings.length === 0
      ? []
      : [`${migration.file} changes settings of its session`];
  });
}

function statementsIn(migration: Migration): FileStatement[] {
  const body = migration.body();
  return body.kind === "sql"
    ? body.up.steps.flatMap(({ statements }) => [...statements])
    : [];
}

/** One DDL for all, and then the statements that are about rows. */
async function optimized(
  project: Project,
  range: SquashRange,
  schemas: { readonly before: Schema; readonly after: Schema },
): Promise<MigrationText> {
  const { before, after } = schemas;
  const { postgres } = project.settings;
  const plan = await planBothWays(before, after, {
    version: postgres === undefined ? after.version : postgres * 10000,
  });
  const text = migrationText(plan, {
    schemas: [before, after],
    allowed: [],
    touched: await touchedHashes(statementsOf(plan.up), before, after),
  });
  const rows = range.migrations.flatMap((migration) => {
    const statements = statementsIn(migration).filter(({ parsed }) =>
      !classify(parsed).ddl && !["set", "reset"].includes(parsed.words[0] ?? "")
    );
    return statements.length === 0 ? [] : [
      `\n-- from ${migration.file}\n`,
      ...statements.map(({ sql }) => `${sql};\n`),
    ];
  });
  const apart = rows.length > 0 &&
    (plan.up.steps.length > 1 || plan.up.steps[0]?.transactional === false);
  return withReplaces(range, {
    ...text,
    up: `${text.up}${apart ? "\n-- pawl:step\n" : ""}${rows.join("")}`,
  });
}

/** All of them, one behind the other. */
async function concatenated(
  range: SquashRange,
  schemas: { readonly before: Schema; readonly after: Schema },
): Promise<MigrationText> {
  const parts = range.migrations.map((migration) => {
    const body = migration.body();
    if (body.kind !== "sql") throw impossible(`${migration.file} is a program`);
    return { migration, body };
  });
  const irreversible = parts.find(({ body }) => body.down === undefined);
  const reason = irreversible?.migration.header.irreversible ??
    `${irreversible?.migration.file} has no way back`;
  const all = parts.flatMap(({ migration }) => statementsIn(migration));
  return withReplaces(range, {
    header: [
      ...await hashLines(all, schemas),
      ...(irreversible === undefined ? [] : [`-- pawl:irreversible ${reason}`]),
    ],
    up: parts.map(({ migration, body }, i) =>
      section(migration, body.up.sql, i)
    ).join(""),
    down: irreversible === undefined
      ? [...parts].reverse().map(({ migration, body }, i) =>
        section(migration, body.down?.sql ?? "", i)
      ).join("")
      : undefined,
  });
}

/** Only qualified names tell what is touched: hashes of nothing would hold whatever changes. */
async function hashLines(
  statements: readonly { readonly sql: string }[],
  { before, after }: { readonly before: Schema; readonly after: Schema },
): Promise<string[]> {
  const touched = await touchedHashes(statements, before, after);
  const nothing = await touchedHash(makeSchema([], after), new Set());
  return touched.before === nothing && touched.after === nothing ? [] : [
    `-- pawl:before ${touched.before}`,
    `-- pawl:after ${touched.after}`,
  ];
}

function section(
  { file, header }: Migration,
  sql: string,
  i: number,
): string {
  const none = header.transaction === "none" ? " transaction=none" : "";
  const step = i === 0 && none === "" ? "" : `\n-- pawl:step${none}\n`;
  // Its own directives are the squash's affair; steps stay.
  const text = sql.replaceAll(
    /^--[ \t]*(?:pawl:(?!step\b).*|UP|DOWN)\r?$\n?/gm,
    "",
  );
  return `${step}-- from ${file}\n${text.trim()}\n`;
}

function withReplaces(range: SquashRange, text: MigrationText): MigrationText {
  const versions = range.migrations.map(({ version }) => version);
  return {
    ...text,
    header: [`-- pawl:replaces ${versions.join(" ")}`, ...text.header],
  };
}
