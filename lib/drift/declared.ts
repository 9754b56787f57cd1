/**
 * The declared schema, and what of a live one it has a say in.
 *
 * @module
 */

import {
  withoutIgnored,
  withoutKinds,
  withoutUnnamedPartitions,
} from "../catalog/scope.ts";
import { PawlError } from "../errors.ts";
import { displayPath } from "../migrate/project.ts";
import type { Schema } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { declaredSource, readSource } from "../sources/source.ts";

/** The declared schema. */
export interface Declared {
  /** What is declared. */
  readonly schema: Schema;
  /** Where it is declared, as messages show it. */
  readonly name: string;
}

/** Kinds that a declaration need not say anything of: then they are as they are. */
const SILENT = ["owner", "privilege", "default_privilege", "comment"];

/**
 * Reads the declared schema.
 *
 * @param context The project, the shadow, listeners.
 * @throws {PawlError} `config-missing` where there is none.
 */
export async function readDeclared(context: SourceContext): Promise<Declared> {
  const { project } = context;
  const { schemaSource, ignore } = project.settings;
  const source = declaredSource(project.settings);
  const name = schemaSource.kind === "program"
    ? schemaSource.program.join(" ")
    : schemaSource.paths.map((path) => displayPath(project, path)).join(", ");
  if (schemaSource.kind === "paths" && !schemaSource.paths.some(isThere)) {
    throw new PawlError(
      "config-missing",
      `Cannot read the declared schema: there is no ${name}`,
      {
        hint: "Write CREATE statements into it, or set schema in pawl.toml",
      },
    );
  }
  const schema = await readSource(source, { ...context, dependencies: true });
  return { schema: withoutIgnored(schema, { patterns: ignore }), name };
}

/**
 * What of a live schema is compared with a declared one: no partitions that it
 * does not name, and no owners, privileges or comments where it says nothing
 * of any.
 *
 * @param live The live schema.
 * @param declared The declared one.
 */
export function withinDeclared(live: Schema, declared: Schema): Schema {
  const said = new Set([...declared.objects.values()].map(({ kind }) => kind));
  return withoutUnnamedPartitions(
    withoutKinds(live, SILENT.filter((kind) => !said.has(kind))),
    declared,
  );
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
