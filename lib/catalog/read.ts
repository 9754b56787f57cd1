/**
 * Reads a whole schema from a database: every catalog query in one statement
 * string, one round trip, one snapshot. Names no kind.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { KINDS } from "../kinds/registry.ts";
import type { CatalogContext, ReadObject } from "../kinds/kind.ts";
import { ServerError, type Session, type StatementResult } from "../pg/session.ts";
import { makeSchema, type Payload, type Schema, type SchemaObject } from "../schema/schema.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { Row } from "./row.ts";

/** What to read. */
export interface ReadOptions {
  /** The schemas to read; undefined: all but the system's and pawl's. */
  readonly managedSchemas: readonly string[] | undefined;
  /** The schema that holds pawl's history, which is never read. */
  readonly historySchema: string;
  /** Whether dependencies are wanted: for an order, not for a hash. */
  readonly dependencies: boolean;
}

/** How long to wait for a lock: pg_get_viewdef and others wait behind ACCESS EXCLUSIVE. */
const LOCK_TIMEOUT_MS = 2000;

function catalogContext(version: number, options: ReadOptions): CatalogContext {
  const managed = options.managedSchemas === undefined
    ? `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ${
      quoteLiteral(options.historySchema)
    }`
    : `n.nspname IN (${options.managedSchemas.map(quoteLiteral).join(", ")})`;
  return {
    version,
    managed,
    // By the index on what is referred to: extensions have few members.
    notOfExtension: (catalog, oid) =>
      `${oid} NOT IN (SELECT objid FROM pg_catalog.pg_depend WHERE refclassid = 'pg_catalog.pg_extension'::regclass AND classid = 'pg_catalog.${catalog}'::regclass AND deptype = 'e')`,
  };
}

const DEPENDENCIES =
  "SELECT classid::regclass::text AS class, objid AS oid, objsubid AS sub, refclassid::regclass::text AS ref_class, refobjid AS ref_oid, refobjsubid AS ref_sub, deptype FROM pg_catalog.pg_depend WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P', 'S')";

/**
 * Reads a schema.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read.
 * @throws {PawlError} `lock-timeout` when an object cannot be looked at
 * because another session holds ACCESS EXCLUSIVE on it.
 */
export async function readSchema(session: Session, options: ReadOptions): Promise<Schema> {
  const { version } = session.info;
  const context = catalogContext(version, options);
  const queries = KINDS.flatMap((kind) => {
    const sql = kind.query(context);
    return sql === undefined ? [] : [{ kind, sql }];
  });
  const prelude = [
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL jit = off",
    "SET LOCAL search_path = ''",
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
    "SET LOCAL quote_all_identifiers = off",
    "SET LOCAL extra_float_digits = 1",
  ];
  const script = [
    ...prelude,
    ...queries.map((q) => q.sql),
    ...(options.dependencies ? [DEPENDENCIES] : []),
    "COMMIT",
  ].join(";\n");
  const results = await run(session, script);
  const reader = new SchemaReader(context);
  for (const [i, { kind }] of queries.entries()) {
    const result = results[prelude.length + i];
    if (result !== undefined) reader.add(kind.kind, result);
  }
  if (options.dependencies) {
    const edges = results[prelude.length + queries.length];
    if (edges !== undefined) reader.connect(edges);
  }
  return makeSchema(reader.objects(), { version });
}

async function run(session: Session, script: string): Promise<StatementResult[]> {
  try {
    return await session.script(script);
  } catch (error) {
    if (session.open) await session.script("ROLLBACK");
    if (error instanceof ServerError && error.sqlstate === "55P03") {
      throw new PawlError("lock-timeout", "Cannot read the schema: an object is locked by another session", {
        details: [error.message],
        hint: "Try again when that session has ended its ALTER, DROP, TRUNCATE or LOCK",
        cause: error,
      });
    }
    throw error;
  }
}

/** An object that is being made. */
interface Draft {
  readonly kind: string;
  readonly read: ReadObject<Payload>;
  readonly depends: Set<string>;
}

class SchemaReader {
  readonly #context: CatalogContext;
  readonly #drafts = new Map<string, Draft>();
  /** Catalog rows, as `catalog oid` or `catalog oid sub`, to addresses. */
  readonly #rows = new Map<string, string>();
  /** Catalog rows to those that they are internal to. */
  readonly #internal = new Map<string, string>();

  constructor(context: CatalogContext) {
    this.#context = context;
  }

  add(kindName: string, result: StatementResult): void {
    const kind = KINDS.find((k) => k.kind === kindName);
    if (kind === undefined) return;
    const row = new Row(result);
    for (const values of result.rows) {
      row.at(values);
      const read = kind.read(row, this.#context);
      if (read === undefined) continue;
      const sub = row.text("sub");
      const key = `${kind.catalog} ${row.text("oid")}${sub === "0" ? "" : ` ${sub}`}`;
      this.#rows.set(key, read.address);
      for (const alias of read.aliases ?? []) this.#rows.set(alias, read.address);
      this.#drafts.set(read.address, {
        kind: kindName,
        read,
        depends: new Set([
          ...(read.parent === undefined ? [] : [read.parent]),
          ...(read.depends ?? []),
        ]),
      });
    }
  }

  /** Enters what pg_depend says: the objects that its rows stand for. */
  connect(edges: StatementResult): void {
    // A row that is no object stands for what it is internal to: an array type
    // for its elements', a view's rewrite rule for the view.
    for (const [cls, oid, _sub, refClass, refOid, _refSub, type] of edges.rows) {
      if (type === "i") this.#internal.set(`${cls} ${oid}`, `${refClass} ${refOid}`);
    }
    for (const [cls, oid, sub, refClass, refOid, refSub] of edges.rows) {
      const from = this.#find(cls, oid, sub);
      const to = this.#find(refClass, refOid, refSub);
      if (from === undefined || to === undefined || from === to) continue;
      const draft = this.#drafts.get(from);
      if (draft?.read.attachesTo?.includes(to) !== true) draft?.depends.add(to);
    }
  }

  #find(cls: string | null | undefined, oid: string | null | undefined, sub: string | null | undefined) {
    const row = `${cls} ${oid}`;
    if (sub !== "0") {
      const part = this.#rows.get(`${row} ${sub}`);
      if (part !== undefined) return part;
    }
    let known = this.#rows.get(row);
    for (let next = this.#internal.get(row); known === undefined && next !== undefined;) {
      known = this.#rows.get(next);
      next = this.#internal.get(next);
    }
    return known;
  }

  objects(): SchemaObject[] {
    return [...this.#drafts.values()].map(({ kind, read, depends }) => ({
      kind,
      address: read.address,
      payload: read.payload,
      name: read.name,
      parent: read.parent,
      position: read.position ?? 0,
      depends: [...depends].filter((a) => a !== read.address && this.#drafts.has(a)).sort(),
    }));
  }
}
