/**
 * What a squash must leave, and what it does leave: replays of migrations in
 * shadows, each from the start.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { PawlError } from "../errors.ts";
import { differences } from "../kinds/forms.ts";
import type { MigrationDirectory } from "../migrate/directory.ts";
import { readMigration } from "../migrate/file.ts";
import { buildGraph } from "../migrate/graph.ts";
import type { Migration } from "../migrate/model.ts";
import { type MigrationText, sqlText } from "../migrate/new_migration.ts";
import type { Project } from "../migrate/project.ts";
import type { Session } from "../pg/session.ts";
import type { Schema } from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { replayMigrations } from "../sources/replay.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { readOptions } from "../sources/source.ts";
import { otherRows, type RowDigests, rowDigests } from "./rows.ts";
import type { SquashRange } from "./squash_range.ts";

/** What a replay leaves. */
export interface State {
  readonly schema: Schema;
  readonly rows: RowDigests;
}

/** A squash that has not been written. */
export interface SquashFile {
  readonly text: MigrationText;
  readonly message: string;
  /** Undefined where it is the newest file, and gets a new one. */
  readonly version: string | undefined;
}

/** Replays migrations in shadows, each from the start. */
export class Replayer {
  readonly #project: Project;
  readonly #directory: MigrationDirectory;
  readonly #context: SourceContext;

  /** Replays the migrations of a project's directory. */
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
    squash: SquashFile,
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
  squash: SquashFile,
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
