/**
 * Reads a whole schema from a database: every catalog query in one statement
 * string, one round trip, one snapshot. Names no kind.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { withBodyReferences } from "../kinds/body_references.ts";
import { type AnyKind, kindOf, KINDS } from "../kinds/registry.ts";
import type {
  AspectContext,
  CatalogContext,
  Found,
  ReadObject,
  Subject,
} from "../kinds/kind.ts";
import { ServerError, type Session, type StatementResult } from "../pg/session.ts";
import {
  makeSchema,
  type Payload,
  type Schema,
  type SchemaNotice,
  type SchemaObject,
} from "../schema/schema.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { type Ownership, OWNERSHIP_QUERY, ownershipOf } from "./roles.ts";
import { Row } from "./row.ts";
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
    everything: options.managedSchemas === undefined,
    refused: false,
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
  const { results, edges, owners, notices } = await readCatalog(session, context, options);
  const ownership = ownershipOf(owners, version);
  const reader = new SchemaReader(context);
  for (const { kind, result } of results) reader.add(kind, result);
  reader.addAspects(results, ownership);
  if (edges !== undefined) reader.connect(edges);
  const schema = withoutIgnored(
    makeSchema(reader.objects(), { version, notices: [...notices, ...reader.notices] }),
    { patterns: options.ignore ?? [], goesWith: reader.goesWith() },
  );
  return options.dependencies ? await withBodyReferences(schema) : schema;
}

/** What the queries returned. */
interface CatalogResults {
  readonly results: readonly { readonly kind: AnyKind; readonly result: StatementResult }[];
  readonly owners: StatementResult;
  readonly edges: StatementResult | undefined;
  readonly notices: readonly SchemaNotice[];
}

/**
 * Asks everything in one round trip. Where the role is refused a query, once
 * more: with what less that kind can ask for, or without that kind.
 */
async function readCatalog(
  session: Session,
  context: CatalogContext,
  options: ReadOptions,
): Promise<CatalogResults> {
  const refused = new Map<string, string>();
  const notices: SchemaNotice[] = [];
  const prelude = [
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL jit = off",
    "SET LOCAL search_path = ''",
    `SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
    "SET LOCAL quote_all_identifiers = off",
    "SET LOCAL extra_float_digits = 1",
  ];
  for (;;) {
    const queries = KINDS.flatMap((kind) => {
      const before = refused.get(kind.kind);
      const sql = kind.query({ ...context, refused: before !== undefined });
      return sql === undefined || sql === before ? [] : [{ kind, sql }];
    });
    const script = [
      ...prelude,
      OWNERSHIP_QUERY,
      ...queries.map((q) => q.sql),
      unmodelledQuery(context),
      ...(options.dependencies ? [DEPENDENCIES] : []),
      "COMMIT",
    ].join(";\n");
    try {
      const all = (await run(session, script)).slice(prelude.length);
      const [owners, ...rest] = all;
      const unmodelled = rest[queries.length];
      if (owners === undefined || unmodelled === undefined) {
        throw new TypeError("a catalog query has no result");
      }
      return {
        owners,
        results: queries.flatMap(({ kind }, i) => {
          const result = rest[i];
          return result === undefined ? [] : [{ kind, result }];
        }),
        edges: options.dependencies ? rest[queries.length + 1] : undefined,
        notices: [...notices, ...unmodelledNotices(unmodelled)],
      };
    } catch (error) {
      const query = error instanceof ServerError && error.sqlstate === "42501"
        ? queries[error.completed - prelude.length - 1]
        : undefined;
      if (!(error instanceof Error) || query === undefined) throw error;
      const { kind: { kind }, sql } = query;
      const message = `Cannot read every ${kind.replaceAll("_", " ")}: ${error.message}`;
      if (!refused.has(kind)) notices.push({ code: "unreadable", message });
      refused.set(kind, sql);
    }
  }
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
  /** Objects' own catalog rows, as `catalog oid` or `catalog oid sub`, to addresses. */
  readonly #rows = new Map<string, string>();
  /** Other rows that stand for objects. */
  readonly #aliases = new Map<string, string>();
  /** Catalog rows to those that they are internal to. */
  readonly #internal = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  /** `aclitem`s by address. */
  readonly #acls = new Map<string, readonly string[]>();
  /** What could not be read. */
  readonly notices: SchemaNotice[] = [];

  constructor(context: CatalogContext) {
    this.#context = context;
  }

  add(kind: AnyKind, result: StatementResult): void {
    const row = new Row(result);
    const hasOwner = row.has("owner");
    const hasAcl = row.has("acl");
    for (const values of result.rows) {
      row.at(values);
      const read = kind.read(row, this.#context);
      if (read === undefined) continue;
      const sub = row.text("sub");
      const key = `${kind.catalog} ${row.text("oid")}${sub === "0" ? "" : ` ${sub}`}`;
      this.#rows.set(key, read.address);
      for (const alias of read.aliases ?? []) this.#aliases.set(alias, read.address);
      const owner = hasOwner ? row.optional("owner") : undefined;
      if (owner !== undefined) this.#owners.set(read.address, owner);
      // An empty list is not the same as none: everything was revoked.
      if (hasAcl && row.optional("acl") !== undefined) this.#acls.set(read.address, row.list("acl"));
      this.#draft(kind, read);
    }
  }

  #draft({ kind }: AnyKind, read: ReadObject<Payload>): void {
    this.#drafts.set(read.address, {
      kind,
      read,
      depends: new Set([
        ...(read.parent === undefined ? [] : [read.parent]),
        ...(read.depends ?? []),
      ]),
    });
    if (read.unreadable !== undefined) {
      this.notices.push({ code: "unreadable", message: read.unreadable });
    }
  }

  /** Adds the objects about others: what their rows say, and rows about them. */
  addAspects(results: CatalogResults["results"], ownership: Ownership): void {
    const context: AspectContext = {
      ...this.#context,
      ownership,
      find: (catalog, oid, sub) => this.#found(catalog, oid, sub),
    };
    const subjects = [...new Set([...this.#owners.keys(), ...this.#acls.keys()])]
      .flatMap((address) => this.#subject(address) ?? []);
    for (const kind of KINDS) {
      for (const subject of subjects) {
        for (const read of kind.aspects(subject, context)) this.#draft(kind, read);
      }
    }
    for (const { kind, result } of results) {
      const row = new Row(result);
      for (const values of kind.hasAspects ? result.rows : []) {
        for (const read of kind.readAspects(row.at(values), context)) this.#draft(kind, read);
      }
    }
  }

  #subject(address: string): Subject | undefined {
    const draft = this.#drafts.get(address);
    if (draft === undefined) return undefined;
    const { kind, read } = draft;
    return {
      address,
      name: read.name,
      parent: address,
      payload: read.payload,
      owner: this.#owners.get(address) ?? this.#owners.get(read.parent ?? ""),
      ownsItself: this.#owners.has(address),
      acl: this.#acls.get(address),
      get phrase() {
        return kindOf(kind)?.commentOn(objectOf(draft));
      },
    };
  }

  #found(catalog: string, oid: string, sub: string): Found | undefined {
    const row = `${catalog} ${oid}`;
    const key = sub === "0" ? row : `${row} ${sub}`;
    const own = this.#rows.get(key);
    const subject = this.#subject(own ?? this.#standsFor(key) ?? this.#standsFor(row) ?? "");
    return subject === undefined ? undefined : { subject, own: own !== undefined };
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
      const part = this.#standsFor(`${row} ${sub}`);
      if (part !== undefined) return part;
    }
    let known = this.#standsFor(row);
    for (let next = this.#internal.get(row); known === undefined && next !== undefined;) {
      known = this.#standsFor(next);
      next = this.#internal.get(next);
    }
    return known;
  }

  #standsFor(row: string): string | undefined {
    return this.#rows.get(row) ?? this.#aliases.get(row);
  }

  objects(): SchemaObject[] {
    return [...this.#drafts.values()].map((draft) => {
      const object = objectOf(draft);
      return {
        ...object,
        depends: object.depends.filter((a) => a !== object.address && this.#drafts.has(a)).sort(),
      };
    });
  }

  /** Objects that go with others without being their parts: an owned sequence with its column. */
  goesWith(): Map<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const { read } of this.#drafts.values()) {
      if (read.attachesTo !== undefined) found.set(read.address, read.attachesTo);
    }
    return found;
  }
}

function objectOf({ kind, read, depends }: Draft): SchemaObject {
  return {
    kind,
    address: read.address,
    payload: read.payload,
    name: read.name,
    parent: read.parent,
    position: read.position ?? 0,
    depends: [...depends],
  };
}
