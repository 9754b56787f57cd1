/**
 * The schema that a change leads to, from the source that was named or from
 * what is declared.
 *
 * @module
 */

import { readDeclared } from "../drift/declared.ts";
import { chooseSource, readManaged } from "../inspect/read.ts";
import type { Project } from "../migrate/project.ts";
import type { Schema } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { renamesIn, type ToldRename } from "../sources/mod.ts";

/** Where a change leads to. */
export interface Goal {
  readonly schema: Schema;
  /** How a person is told of it; without secrets. */
  readonly name: string;
  /** Renames that were told, on the command line and in the DDL. */
  readonly renames: readonly ToldRename[];
}

/** Which goal, and how it is read. */
export interface GoalRequest extends Omit<SourceContext, "project"> {
  /** The source of it; the declared schema by default. */
  readonly to?: string | undefined;
  /** Renames that were told. */
  readonly renames?: readonly ToldRename[];
}

/**
 * Reads the goal of a change.
 *
 * @param project The project.
 * @param request Which goal.
 * @throws {PawlError} What reading a source throws.
 */
export async function readGoal(
  project: Project,
  request: GoalRequest,
): Promise<Goal> {
  const renames: ToldRename[] = [...request.renames ?? []];
  const onDdl: SourceContext["onDdl"] = (files) =>
    void renames.push(...renamesIn(files));
  if (request.to === undefined) {
    const declared = await readDeclared({
      ...request,
      project,
      onDdl,
      dependencies: true,
    });
    return { ...declared, renames };
  }
  const { shown } = chooseSource(project, request.to);
  const { schema } = await readManaged(project, {
    ...request,
    onDdl,
    source: request.to,
  });
  return { schema, name: shown, renames };
}
