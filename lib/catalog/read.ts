/**
 * Reads a whole schema from a database: every catalog query in one statement
 * string, one round trip, one snapshot. Names no kind.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { withBodyReferences } from "../kinds/body_references.ts";
import type { CatalogContext } from "../kinds/kind.ts";
import { KINDS } from "../kinds/registry.ts";
import {
  type Field,
  type RowListener,
  ServerError,
  type Session,
  type StatementResult,
} from "../pg/session.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Payload,
  type Schema,
  type SchemaNotice,
} from "../schema/schema.ts";
import { quoteLiteral } from "../sql/quote.ts";
import {
  dependencyWithin,
  isMember,
  membersQuery,
  queryWithin,
  RELATION_COUNT,
  relationsQuery,
  type WantedRelations,
} from "./relation_rows.ts";
import { OWNERSHIP_QUERY, ownershipOf } from "./roles.ts";
import {
  type ObjectPart,
  type OutsideLink,
  type ReaderOptions,
  SchemaReader,
} from "./schema_reader.ts";
import { withoutIgnored } from "./scope.ts";
import { unmodelledNotices, unmodelledQuery } from "./unmodelled.ts";

/** What to read. */
export interface ReadOptions {
  /** The schemas to read; undefined: all but the system's and pawl's. */
  readonly managedSchemas: readonly string[] | undefined;
  /** The schema that holds pawl's history, which is never read. */
  readonly historySchema: string;
  /** Whether dependencies are wanted: for an order, not for a hash. */
  readonly dependencies: boolean;
  /** Patterns of objects to leave out; scope.ts says what they look like. */
  readonly ignore?: readonly string[] | undefined;
  /** Told of each secret that is read, with the hash that stands for it in a payload. */
  readonly onSecret?: ((hash: string, value: string) => void) | undefined;
  /**
   * Told of each object when it is made, while the server works on: without
   * its dependencies, and before `ignore`. Returns its payload, or an equal one
   * to keep instead.
   */
  readonly onObject?: ((object: ObjectPart) => Payload) | undefined;
  /**
   * Told when reading begins: where the role is refused something, or something
   * goes away meanwhile, once more, and then all objects come again.
   */
  readonly onStart?: (() => void) | undefined;
  /** Told when `onObject` was told of every object, which may be before reading ends. */
  readonly onAll?: (() => void) | undefined;
  /** A query that is asked in the same round trip, behind all others, and who takes its rows. */
  readonly also?:
    | { readonly sql: string; readonly onRow: (values: RowValues) => void }
    | undefined;
}

/** A row, values in text format. */
export type RowValues = readonly (string | null)[];

/**
 * How often to look again where something went away meanwhile: the rows are of
 * one snapshot, but pg_get_viewdef and others look at what is there now.
 */
const ATTEMPTS = 6;

/** internal_error ("cache lookup failed"), undefined_table, _column, _object, _function. */
const GONE: ReadonlySet<string> = new Set([
  "XX000",
  "42P01",
  "42703",
  "42704",
  "42883",
]);

/** How long to wait for a lock: pg_get_viewdef and others wait behind ACCESS EXCLUSIVE. */
const LOCK_TIMEOUT_MS = 2000;

/** What the texts of constants and names depend on. */
const TEXT_SETTINGS = [
  "DateStyle = 'ISO, MDY'",
  "IntervalStyle = postgres",
  "TimeZone = 'UTC'",
  "bytea_output = hex",
  "standard_conforming_strings = on",
  "extra_float_digits = 1",
  "quote_all_identifiers = off",
];

function catalogContext(
  version: number,
  options: ReadOptions,
  members?: readonly string[],
): CatalogContext {
  const managed = options.managedSchemas === undefined
    ? `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ${
      quoteLiteral(options.historySchema)
    }`
    : `n.nspname IN (${options.managedSchemas.map(quoteLiteral).join(", ")})`;
  return {
    version,
    managed,
    everything: options.managedSchemas === undefined,
    refused: false,
    keepSecret: options.onSecret,
    // By the index on what is referred to: extensions have few members.
    notOfExtension: (catalog, oid) =>
      `${oid} NOT IN (SELECT objid FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::regclass AND classid = 'pg_catalog.${catalog}'::regclass AND deptype = 'e')`,
    among: (oid) => members === undefined ? "true" : isMember(oid, members),
  };
}

/** What the catalogs' OIDs in {@linkcode DEPENDENCIES} stand for: a name for each of its rows costs more. */
const CATALOGS =
  "SELECT oid, relname FROM pg_catalog.pg_class WHERE relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND relkind = 'r'";

// A foreign key's own triggers are internal to it, and nothing depends on them.
const DEPENDENCIES =
  "SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype FROM pg_catalog.pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P', 'S') AND NOT (deptype = 'i' AND classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass)";

/** No rows. */
const NOTHING = "SELECT NULL WHERE false";

/** Its row says that all others have come. */
const END = "SELECT NULL";

/**
 * Reads a schema.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read.
 * @throws {PawlError} `lock-timeout` when an object cannot be looked at
 * because another session holds ACCESS EXCLUSIVE on it; `schema-changing` where
 * something goes away each time that one looks.
 */
export async function readSchema(
  session: Session,
  options: ReadOptions,
): Promise<Schema> {
  const { version } = session.info;
  const context = catalogContext(version, options);
  const { reader, notices, databaseOwner, owner } = await readCatalog(
    session,
    context,
    options,
  );
  const schema = withoutIgnored(
    makeSchema(reader.objects(), {
      version,
      notices: [...notices, ...reader.notices],
      databaseOwner,
      owner,
    }),
    { patterns: options.ignore ?? [], goesWith: reader.goesWith() },
  );
  return options.dependencies ? await withBodyReferences(schema) : schema;
}

/**
 * Tells `onObject` of every object, and keeps none.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read; neither `ignore` nor `dependencies`, which take
 * all objects.
 * @returns What a schema has beside its objects.
 * @throws {PawlError} As `readSchema()`.
 */
export async function scanSchema(
  session: Session,
  options:
    & Omit<ReadOptions, "dependencies" | "ignore">
    & Required<Pick<ReadOptions, "onObject">>,
): Promise<Pick<Schema, "version" | "notices">> {
  const { version } = session.info;
  const all = { ...options, dependencies: false };
  const context = catalogContext(version, all);
  const { reader, notices } = await readCatalog(session, context, {
    ...all,
    passing: true,
  });
  return { version, notices: [...notices, ...reader.notices] };
}

/** A relation. */
export interface FoundRelation {
  readonly oid: string;
  /** Its schema and name. */
  readonly name: readonly [string, string];
}

/**
 * Finds relations, and those that they inherit from or that inherit from them.
 *
 * @param session The connection; it must not be in a transaction.
 * @param wanted Which ones; what is none is passed over.
 */
export async function findRelations(
  session: Session,
  wanted: WantedRelations,
): Promise<FoundRelation[]> {
  const rows = await rowsOf(session, relationsQuery(wanted));
  return rows.map(([oid, schema, name]) => ({ oid, name: [schema, name] }));
}

/** A part of a schema, and what is outside. */
export interface SchemaPart {
  /** Some relations with all that belongs to them, and everything that belongs to none. */
  readonly schema: Schema;
  /** What of that has to do with what is not read. */
  readonly outside: readonly OutsideLink[];
}

/**
 * Reads of a schema's relations only some.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read; not `ignore`, which takes all objects.
 * @param relations Which relations.
 * @returns The part, without notices.
 * @throws {PawlError} As `readSchema()`.
 */
export async function readPart(
  session: Session,
  options: Omit<ReadOptions, "dependencies" | "ignore">,
  relations: readonly FoundRelation[],
): Promise<SchemaPart> {
  const members = (await rowsOf(
    session,
    membersQuery(relations.map(({ oid }) => oid)),
  )).map(([oid]) => oid);
  const { version } = session.info;
  const all = { ...options, dependencies: true };
  let outside: OutsideLink[] = [];
  const context = catalogContext(version, all, members);
  const { reader, databaseOwner, owner } = await readCatalog(session, context, {
    ...all,
    members,
    onOutside: (link) => outside.push(link),
    onStart: () => outside = [],
  });
  const read = makeSchema(reader.objects(), { version, databaseOwner, owner });
  const schema = await withBodyReferences(read, (near, name) => {
    outside.push({ near, far: address("table", name), depends: false });
  });
  return { schema, outside };
}

/**
 * How many relations there are.
 *
 * @param session The connection; it must not be in a transaction.
 */
export async function countRelations(session: Session): Promise<number> {
  const [row] = await rowsOf(session, RELATION_COUNT);
  return Number(row?.[0]);
}

/** The rows of a query of the catalog, whatever the role's search_path has of the same names. */
async function rowsOf(
  session: Session,
  sql: string,
): Promise<(readonly [string, string, string])[]> {
  const results = await session.script(
    ["BEGIN READ ONLY", "SET LOCAL search_path = ''", sql, "COMMIT"].join(
      ";\n",
    ),
  );
  return (results[2]?.rows ?? []).map((
    [first, second, third],
  ) => [first ?? "", second ?? "", third ?? ""]);
}

/**
 * Asks everything in one round trip. Where the role is refused a query, once
 * more: with what less that kind can ask for, or without that kind.
 */
async function readCatalog(
  session: Session,
  context: CatalogContext,
  options:
    & ReadOptions
    & Pick<ReaderOptions, "passing" | "onOutside">
    & { readonly members?: readonly string[] },
): Promise<
  {
    readonly reader: SchemaReader;
    readonly notices: readonly SchemaNotice[];
    readonly databaseOwner: string | undefined;
    readonly owner: string;
  }
> {
  const { members } = options;
  const refused = new Map<string, string>();
  const notices: SchemaNotice[] = [];
  const prelude = [
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL jit = off",
    // The client needs the other processors; workers begin with empty caches.
    "SET LOCAL max_parallel_workers_per_gather = 0",
    // Enough to hash the columns of some ten thousand tables without a file.
    "SET LOCAL work_mem = '32MB'",
    "SET LOCAL search_path = ''",
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
    // Texts of constants must not depend on what a database or a role has set.
    ...TEXT_SETTINGS.map((setting) => `SET LOCAL ${setting}`),
  ];
  // What is about others says which of them are needed.
  const kinds = options.passing
    ? KINDS.toSorted((a, b) => Number(b.hasAspects) - Number(a.hasAspects))
    : KINDS;
  const dependencies = members === undefined
    ? DEPENDENCIES
    : `${DEPENDENCIES} AND ${
      dependencyWithin(
        members,
        // Not every version has every catalog.
        KINDS.filter((kind) => kind.query(context) !== undefined)
          .map(({ catalog }) => catalog),
      )
    }`;
  for (let attempt = 1;;) {
    const queries = kinds.flatMap((kind) => {
      const before = refused.get(kind.kind);
      const whole = kind.query({ ...context, refused: before !== undefined });
      const sql = whole === undefined || members === undefined
        ? whole
        : queryWithin(kind.catalog, whole, members);
      return sql === undefined || sql === before ? [] : [{ kind, sql }];
    });
    const script = [
      ...prelude,
      OWNERSHIP_QUERY,
      ...queries.map((q) => q.sql),
      // Whoever reads a part has been told.
      members === undefined ? unmodelledQuery(context) : NOTHING,
      ...(options.dependencies ? [CATALOGS, dependencies] : []),
      // What there is to do at the end is done while the server answers this.
      ...(options.also === undefined ? [] : [END, options.also.sql]),
      "COMMIT",
    ].join(";\n");
    options.onStart?.();
    const reader = new SchemaReader(context, options);
    const owners: Rows = [];
    const unmodelled: Rows = [];
    const fieldsOf = new Map<Rows, readonly Field[]>();
    const resultOf = (rows: Rows) => ({
      fields: fieldsOf.get(rows) ?? [],
      rows,
    });
    const keep = (rows: Rows, values: RowValues, fields: readonly Field[]) => {
      fieldsOf.set(rows, fields);
      rows.push(values);
    };
    let ownership: ReturnType<typeof ownershipOf> | undefined;
    const finish = () => {
      if (ownership !== undefined) return ownership;
      ownership = ownershipOf(resultOf(owners), context.version);
      reader.finish(ownership);
      options.onAll?.();
      return ownership;
    };
    const first = prelude.length + 1;
    const last = first + queries.length;
    const end = last + (options.dependencies ? 3 : 1);
    const results = await run(
      session,
      script,
      (values, { statement, fields }) => {
        const query = queries[statement - first];
        if (query !== undefined) reader.add(query.kind, fields, values);
        else if (statement < first) keep(owners, values, fields);
        else if (statement === last) keep(unmodelled, values, fields);
        else if (statement === end) finish();
        else if (statement > end) options.also?.onRow(values);
        else if (statement === last + 1) reader.nameCatalog(values);
        else reader.connect(values);
      },
    ).catch((error: unknown) => {
      if (error instanceof ServerError && GONE.has(error.sqlstate)) {
        if (attempt++ < ATTEMPTS) return undefined;
        throw changing(error);
      }
      const query = error instanceof ServerError && error.sqlstate === "42501"
        ? queries[error.completed - first]
        : undefined;
      if (!(error instanceof Error) || query === undefined) throw error;
      const { kind: { kind }, sql } = query;
      const message = `Cannot read every ${
        kind.replaceAll("_", " ")
      }: ${error.message}`;
      if (!refused.has(kind)) {
        notices.push({ code: "unreadable", message, kind });
      }
      refused.set(kind, sql);
    });
    if (results === undefined) continue;
    const { database, reader: role } = finish();
    return {
      reader,
      notices: [...notices, ...unmodelledNotices(resultOf(unmodelled))],
      databaseOwner: database === role ? undefined : database,
      owner: database,
    };
  }
}

function changing(error: ServerError): PawlError {
  return new PawlError(
    "schema-changing",
    "Cannot read the schema: it is changed while it is read",
    {
      details: [error.message],
      hint: "Try again when no other session creates, alters and drops",
      cause: error,
    },
  );
}

type Rows = RowValues[];

async function run(
  session: Session,
  script: string,
  onRow: RowListener,
): Promise<StatementResult[]> {
  try {
    return await session.script(script, onRow);
  } catch (error) {
    if (session.open) await session.script("ROLLBACK");
    if (error instanceof ServerError && error.sqlstate === "55P03") {
      throw new PawlError(
        "lock-timeout",
        "Cannot read the schema: an object is locked by another session",
        {
          details: [error.message],
          hint:
            "Try again when that session has ended its ALTER, DROP, TRUNCATE or LOCK",
          cause: error,
        },
      );
    }
    throw error;
  }
}
