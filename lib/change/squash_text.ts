/**
 * The SQL of a squash: one DDL for all its migrations, or these one behind the
 * other.
 *
 * @module
 */

import type { FileStatement, Migration } from "../migrate/model.ts";
import type { MigrationText } from "../migrate/new_migration.ts";
import type { Project } from "../migrate/project.ts";
import { touchedHash, touchedHashes } from "../migrate/touched.ts";
import { blockedBy } from "../plan/mod.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import { classify } from "../sql/classify.ts";
import { planBothWays, statementsOf } from "./change_plan.ts";
import { migrationText } from "./migration_text.ts";
import { impossible, type SquashRange } from "./squash_range.ts";

/** Settings that decide nothing about what statements do to rows. */
const HARMLESS =
  /^(?:re)?set\s+(?:(?:local|session)\s+)?(?:check_function_bodies|lock_timeout|statement_timeout|client_min_messages|client_encoding|standard_conforming_strings)\b/i;

/** What keeps statements from being run on the last schema instead of on their own. */
export function unoptimizable({ migrations }: SquashRange): string[] {
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

/** A squash as one DDL, and what that may lose. */
export interface OptimizedText {
  readonly text: MigrationText;
  /**
   * What it may lose of what was there before the range: two schemas do not
   * tell a column that has another name from one that is gone.
   */
  readonly losses: readonly string[];
}

/** One DDL for all, and then the statements that are about rows. */
export async function optimized(
  project: Project,
  range: SquashRange,
  schemas: { readonly before: Schema; readonly after: Schema },
): Promise<OptimizedText> {
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
  return {
    text: withReplaces(range, {
      ...text,
      up: `${text.up}${apart ? "\n-- pawl:step\n" : ""}${rows.join("")}`,
    }),
    losses: blockedBy(statementsOf(plan.up), new Set())
      .map(({ statement, hazard }) => `${statement.address}: ${hazard.reason}`),
  };
}

/** All of them, one behind the other. */
export async function concatenated(
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
