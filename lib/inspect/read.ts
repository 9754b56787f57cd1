/**
 * Reads the schema that a command is about: of a source, or of the project's
 * database, as far as the project's settings say that it is managed.
 *
 * @module
 */

import { withoutIgnored } from "../catalog/scope.ts";
import { type ReadOptions, readSchema } from "../catalog/read.ts";
import { describeDatabase } from "../config/database.ts";
import { redactSource } from "../config/secrets.ts";
import { requireDatabase } from "../config/settings.ts";
import { PawlError } from "../errors.ts";
import type { Project } from "../migrate/project.ts";
import type { Session } from "../pg/session.ts";
import type { RelationSize } from "../render/text.ts";
import type { Schema, SchemaNotice } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { parseSource, type Source } from "../sources/parse_source.ts";
import { readOptions, readSource, withSource } from "../sources/source.ts";
import { relationSizes } from "./sizes.ts";

/** What is read, and how. */
export interface ReadRequest extends Omit<SourceContext, "project"> {
  /** The name of a source; the project's database by default. */
  readonly source?: string | undefined;
  /** Whether a notice is an error: something that is not part of the schema then. */
  readonly strict?: boolean;
  /** Whether sizes are wanted, where the source is a database. */
  readonly sizes?: boolean;
  /** Told of each secret of a database that is read, with the hash that stands for it. */
  readonly onSecret?: ReadOptions["onSecret"];
  /** Reads a database; `readSchema()` by default. */
  readonly read?:
    | ((session: Session, options: ReadOptions) => Promise<Schema>)
    | undefined;
  /** Asked of a database beside its schema. */
  readonly also?: ((session: Session) => Promise<void>) | undefined;
}

/** A schema, and where it came from. */
export interface ReadResult {
  /** The schema. */
  readonly schema: Schema;
  /** Sizes by address; undefined where no live database was read. */
  readonly sizes: ReadonlyMap<string, RelationSize> | undefined;
}

/** A source that was chosen. */
export interface ChosenSource {
  /** The source. */
  readonly source: Source;
  /** How a person is told of it; without secrets. */
  readonly shown: string;
  /** Whether it is a database, which goes on living. */
  readonly live: boolean;
}

/**
 * Finds out what a source names, without opening it.
 *
 * @param project The project.
 * @param text The name of a source; the project's database by default.
 * @throws {PawlError} `usage` for a text that names none; `database-missing`,
 * `database-ambiguous` or `database-disabled` where there is no database.
 */
export function chooseSource(
  project: Project,
  text: string | undefined,
): ChosenSource {
  if (text === undefined) {
    const choice = requireDatabase(project.settings);
    const source = parseSource(choice.source, project.cwd);
    return { source, shown: describeDatabase(choice), live: isLive(source) };
  }
  const source = parseSource(text, project.cwd);
  return {
    source,
    shown: text === "-" ? "standard input" : redactSource(text),
    live: isLive(source),
  };
}

function isLive(source: Source): boolean {
  return source.kind === "server" || source.kind === "environment" ||
    source.kind === "embedded";
}

/**
 * Reads a schema.
 *
 * @param project The project.
 * @param request What to read.
 * @returns The schema without what the project ignores.
 * @throws {PawlError} What reading the source throws; `schema-incomplete` with
 * `strict`, where something is not part of the model or may not be read.
 */
export async function readManaged(
  project: Project,
  request: ReadRequest,
): Promise<ReadResult> {
  const context: SourceContext = { ...request, project };
  const { source, live } = chooseSource(project, request.source);
  let sizes: ReadonlyMap<string, RelationSize> | undefined;
  const schema = source.kind === "snapshot"
    ? managedPart(await readSource(source, context), project)
    : await withSource(source, context, async (session) => {
      const read = await (request.read ?? readSchema)(session, {
        ...readOptions(context),
        onSecret: request.onSecret,
      });
      if (live && request.sizes) sizes = await relationSizes(session, read);
      await request.also?.(session);
      return read;
    });
  if (request.strict) requireWhole(schema.notices);
  return { schema, sizes };
}

/**
 * Refuses a schema of which a part is not known.
 *
 * @param notices What could not be read, or is not part of the model.
 * @throws {PawlError} `schema-incomplete` where there is any.
 */
export function requireWhole(notices: readonly SchemaNotice[]): void {
  if (notices.length === 0) return;
  throw new PawlError(
    "schema-incomplete",
    "Cannot go on with --strict: a part of the schema is not known",
    {
      details: notices.map(({ message }) => message),
      hint:
        "Without --strict the rest is read; ignore in pawl.toml cannot name what pawl has no kind for",
    },
  );
}

/** What of a snapshot a database would have been asked for. */
function managedPart(schema: Schema, project: Project): Schema {
  const { managedSchemas, ignore, history } = project.settings;
  const others = [...schema.objects.values()]
    .filter(({ kind }) => kind === "schema")
    .map(({ name }) => name[0] ?? "")
    .filter((name) =>
      managedSchemas === undefined
        ? name === history.schema
        : !managedSchemas.includes(name)
    );
  const patterns = others.map((name) =>
    `schema:"${name.replaceAll('"', '""')}"`
  );
  return withoutIgnored(schema, { patterns: [...ignore, ...patterns] });
}
