/**
 * `generate`: an edited schema as a reviewed-in-a-minute migration file, up
 * and down, proved.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { chooseSource, readManaged } from "../inspect/read.ts";
import { formsOf } from "../kinds/forms.ts";
import { hazardReason } from "../kinds/hazard.ts";
import { ownedBy } from "../kinds/owned_by.ts";
import {
  type MigrationText,
  type NewMigration,
  newMigration,
} from "../migrate/new_migration.ts";
import { displayPath, type Project } from "../migrate/project.ts";
import { touchedHashes } from "../migrate/touched.ts";
import { type Blocked, blockedBy } from "../plan/mod.ts";
import { readSchema } from "../catalog/read.ts";
import type { Schema } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import type { ToldRename } from "../sources/mod.ts";
import { readOptions, withSource } from "../sources/source.ts";
import { changeName } from "./change_name.ts";
import {
  type ChangePlan,
  isEmpty,
  planBothWays,
  statementsOf,
  toldRenames,
} from "./change_plan.ts";
import { planVersion } from "./diff.ts";
import type { Sizes } from "./hazard_sizes.ts";
import { migrationText } from "./migration_text.ts";
import { prove, proveInShadow } from "./prove.ts";
import { type AskRename, askRenames } from "./rename.ts";
import { scaffold, type ScaffoldFile } from "./scaffold.ts";
import { withoutConverged } from "./structural.ts";
import { unmodelledReason } from "./unmodelled_reason.ts";
import { keepUndeclared } from "./undeclared.ts";
import { type Goal, readGoal } from "./goal.ts";

/** What to generate, and how. */
export interface GenerateRequest extends Omit<SourceContext, "project"> {
  /** One line for people; made of the change by default. */
  readonly message?: string | undefined;
  /** The time now. */
  readonly now: Date;
  /** The source to start from; the migrations by default. */
  readonly from?: string | undefined;
  /** The source to end at; the declared schema by default. */
  readonly to?: string | undefined;
  /** Whether to start from the project's database instead of the migrations. */
  readonly live?: boolean;
  /** Codes of hazards that are allowed. */
  readonly allow?: readonly string[] | "all";
  /** Renames that were told. */
  readonly renames?: readonly ToldRename[];
  /** Asked about what may have another name now. */
  readonly askRename?: AskRename | undefined;
  /** Whether plain DDL may block those who use what is there. */
  readonly locking?: boolean;
  /** Whether the change is tried in a shadow; yes by default. */
  readonly prove?: boolean;
  /** Whether what wants leave is written as three migrations instead. */
  readonly scaffold?: boolean;
  /** Whether nothing is written. */
  readonly dryRun?: boolean;
}

/** What was generated. */
export interface GenerateResult {
  /** The change, there and back. */
  readonly plan: ChangePlan;
  /** The schema as it is. */
  readonly from: Schema;
  /** The schema as it is to be. */
  readonly to: Schema;
  /** How a person is told of both; without secrets. */
  readonly shown: { readonly from: string; readonly to: string };
  /** Sizes by address, where the starting schema is a live database's. */
  readonly sizes: Sizes | undefined;
  /** What the change is called. */
  readonly message: string;
  /** The file's SQL; undefined where nothing has changed. */
  readonly text: MigrationText | undefined;
  /** The file; undefined where none was written. */
  readonly written: NewMigration | undefined;
  /** Whether it was proved. */
  readonly proved: boolean;
  /** With `scaffold`: the migrations instead of one; empty without. */
  readonly scaffold: readonly ScaffoldFile[];
  /** The files of those; empty where none were written. */
  readonly scaffolded: readonly NewMigration[];
}

/**
 * Writes what the declared schema has changed as a migration.
 *
 * @param project The project.
 * @param request What to generate.
 * @throws {PawlError} `change-blocked` for what wants `--allow`; `proof-failed`;
 * what reading the sources and writing the file throws.
 */
export async function generate(
  project: Project,
  request: GenerateRequest,
): Promise<GenerateResult> {
  if (project.settings.protected) {
    throw new PawlError(
      "protected",
      "Cannot generate a migration: this environment is protected",
      { hint: "Generate in an environment for development, and upgrade here" },
    );
  }
  const goal = await readGoal(project, request);
  const start = startOf(project, request);
  const context: SourceContext = { ...request, project, dependencies: true };
  if (start.kind !== "migrations") {
    const { schema: from, sizes } = await readManaged(project, {
      ...request,
      source: start.source,
      sizes: start.live,
    });
    const made = await make(project, request, { from, goal, sizes });
    const proved = wantsProof(request, made);
    if (proved) {
      await proveInShadow(
        { plan: made.plan, from, to: made.to },
        context,
      );
    }
    return finish(project, request, {
      ...made,
      from,
      proved,
      shown: start.shown,
      goal,
      sizes,
    });
  }
  // The replayed migrations are the shadow that the change is tried on.
  const work = await withSource(
    { kind: "migrations", directory: start.directory, target: undefined },
    context,
    async (session) => {
      const options = readOptions(context);
      const from = await readSchema(session, options);
      const made = await make(project, request, { from, goal });
      const proved = wantsProof(request, made);
      if (proved) {
        await prove(session, { plan: made.plan, from, to: made.to }, {
          read: options,
        }).catch((error) => {
          throw unmodelledReason(error, [from, made.to]);
        });
      }
      return { ...made, from, proved };
    },
  );
  return finish(project, request, { ...work, shown: start.shown, goal });
}

type Start =
  | {
    readonly kind: "migrations";
    readonly directory: string;
    readonly shown: string;
  }
  | {
    readonly kind: "source";
    readonly source: string | undefined;
    readonly live: boolean;
    readonly shown: string;
  };

function startOf(project: Project, request: GenerateRequest): Start {
  if (request.live || request.from !== undefined) {
    const source = request.live ? undefined : request.from;
    const { live, shown } = chooseSource(project, source);
    return { kind: "source", source, live, shown };
  }
  const directory = project.settings.migrations;
  return {
    kind: "migrations",
    directory,
    shown: displayPath(project, directory),
  };
}

interface Made {
  readonly plan: ChangePlan;
  readonly to: Schema;
  readonly scaffold: readonly ScaffoldFile[];
}

async function make(
  project: Project,
  request: GenerateRequest,
  schemas: {
    readonly from: Schema;
    readonly goal: Goal;
    readonly sizes?: Sizes | undefined;
  },
): Promise<Made> {
  const { from, sizes } = schemas;
  const declared = request.live === true
    ? ownedBy(schemas.goal.schema, from.owner)
    : schemas.goal.schema;
  const goal = keepUndeclared(from, declared, {
    others: request.live === true &&
      project.settings.undeclared === "report",
  });
  const forms = await formsOf([from, goal]);
  const to = project.settings.generate === "structural"
    ? withoutConverged(from, goal, forms)
    : goal;
  const renames = await toldRenames(
    [from, to],
    await askRenames([from, to], schemas.goal.renames, request.askRename),
    { ...request, project },
  );
  const plan = await planBothWays(from, to, {
    version: planVersion(project, {
      from: request.live ? from.version : undefined,
      to: undefined,
    }),
    locking: request.locking,
    sizes,
    renames,
  });
  const blocked = request.allow === "all"
    ? []
    : blockedBy(statementsOf(plan.up), new Set(request.allow));
  if (blocked.length === 0) return { plan, to, scaffold: [] };
  if (request.scaffold !== true) throw changeBlocked(blocked);
  const options = { version: plan.version, locking: request.locking };
  return {
    plan,
    to,
    scaffold: await scaffold({
      from,
      to,
      blocked,
      renames,
      options,
    }, { ...request, project, dependencies: true }),
  };
}

/** Three migrations have been proved together. */
function wantsProof(
  request: GenerateRequest,
  { plan, scaffold }: Made,
): boolean {
  return (request.prove ?? true) && !isEmpty(plan.up) && scaffold.length === 0;
}

async function finish(
  project: Project,
  request: GenerateRequest,
  made: Made & {
    readonly from: Schema;
    readonly proved: boolean;
    readonly shown: string;
    readonly goal: Goal;
    readonly sizes?: Sizes | undefined;
  },
): Promise<GenerateResult> {
  const { plan, from, to, proved } = made;
  const shown = { from: made.shown, to: made.goal.name };
  const nothing = isEmpty(plan.up);
  const message = request.message ?? changeName(
    plan.up.changes,
    statementsOf(plan.up).filter(({ action }) => action === "rename")
      .map(({ address }) => address),
  );
  const text = nothing ? undefined : migrationText(plan, {
    schemas: [from, to],
    allowed: request.allow === "all"
      ? []
      : allowedCodes(plan, request.allow ?? []),
    touched: await touchedHashes(statementsOf(plan.up), from, to),
  });
  const { sizes } = made;
  const result = { plan, from, to, shown, sizes, message, text, proved };
  const { now } = request;
  if (text === undefined || request.dryRun) {
    return {
      ...result,
      written: undefined,
      scaffold: made.scaffold,
      scaffolded: [],
    };
  }
  if (made.scaffold.length > 0) {
    return {
      ...result,
      proved: true,
      written: undefined,
      scaffold: made.scaffold,
      scaffolded: made.scaffold.map(({ step, text }) =>
        newMigration(project, {
          message: `${step}: ${message}`,
          now,
          body: text,
        })
      ),
    };
  }
  const written = newMigration(project, { message, now, body: text });
  return { ...result, written, scaffold: [], scaffolded: [] };
}

/** The codes that the change needed, of those that were allowed. */
function allowedCodes(plan: ChangePlan, allowed: readonly string[]): string[] {
  const needed = new Set<string | undefined>(
    blockedBy(statementsOf(plan.up), new Set()).map(({ hazard }) =>
      hazard.allow
    ),
  );
  return [...new Set(allowed)].filter((code) => needed.has(code)).sort();
}

/** What wants leave, each with its ways out. */
export function changeBlocked(
  blocked: readonly Blocked[],
  doing: "write" | "apply" = "write",
): PawlError {
  return new PawlError(
    "change-blocked",
    `Cannot ${doing} the change: ${
      blocked.length === 1 ? "it" : `${blocked.length} parts of it`
    } may lose data, or not fit the rows`,
    {
      details: blocked.flatMap(({ statement, hazard, remedies }) => [
        `${statement.address}: ${hazardReason(hazard)} (${hazard.allow})`,
        ...remedies.map((remedy, i) =>
          `  ${i === 0 ? "either" : "or"} ${remedy}`
        ),
      ]),
      hint: `With --allow ${
        [...new Set(blocked.map(({ hazard }) => hazard.allow))].join(",")
      } it is ${doing === "write" ? "written" : "applied"} as it stands`,
    },
  );
}
