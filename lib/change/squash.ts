/**
 * `squash`: one migration that stands for several, proved to leave the same
 * schema and the same rows as their replay.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { readDirectory } from "../migrate/directory.ts";
import {
  type MigrationText,
  type NewMigration,
  newMigration,
} from "../migrate/new_migration.ts";
import { displayPath, type Project } from "../migrate/project.ts";
import type { SourceContext } from "../sources/context.ts";
import { impossible, squashRange, versionOf } from "./squash_range.ts";
import { Replayer } from "./squash_replay.ts";
import { concatenated, optimized, unoptimizable } from "./squash_text.ts";

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
  const first = range.migrations[0]?.version;
  const last = range.migrations.at(-1)?.version;
  const replayer = new Replayer(project, directory, context);
  const before = range.before === undefined
    ? await replayer.empty()
    : (await replayer.state(directory, range.before.version)).schema;
  const after = await replayer.state(directory, last);
  const schemas = { before, after: after.schema };
  const message = request.message ?? `squash ${first} to ${last}`;
  const version = versionOf(range);
  const reasons: string[] = [];
  const attempt = async (text: MigrationText): Promise<string[]> =>
    await replayer.differences(range, { text, message, version }, after);
  let text: MigrationText | undefined;
  if (request.optimize ?? true) {
    const kept = unoptimizable(range);
    if (kept.length > 0) reasons.push(...kept);
    else {
      const made = await optimized(project, range, schemas);
      const wrong = made.losses.length > 0
        ? made.losses
        : await attempt(made.text);
      if (wrong.length === 0) text = made.text;
      else reasons.push(...wrong);
    }
  }
  const isOptimized = text !== undefined;
  if (text === undefined) {
    text = await concatenated(range, schemas);
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
