/**
 * Makes the objects of a schema of catalog rows as they come: rows of kinds,
 * rows about objects, edges between rows. It keeps objects, not rows. Names no
 * kind.
 *
 * @module
 */

import type {
  AspectContext,
  CatalogContext,
  Found,
  ReadObject,
  Subject,
} from "../kinds/kind.ts";
import { type AnyKind, kindOf, KINDS } from "../kinds/registry.ts";
import type { Field } from "../pg/session.ts";
import type { Payload, SchemaNotice, SchemaObject } from "../schema/schema.ts";
import type { Ownership } from "../kinds/kind.ts";
import { Row } from "../kinds/row.ts";

/** A row of a query, values in text format. */
type Values = readonly (string | null)[];

/** An object that is being made. */
type Draft = { -readonly [K in keyof SchemaObject]: SchemaObject[K] };

/** The dependencies of objects that have none, or whose are not wanted. */
const NONE: readonly string[] = [];

/** What a reader is to do. */
export interface ReaderOptions {
  /** Whether dependencies are wanted. */
  readonly dependencies: boolean;
  /** Told of each object when it is made; returns the payload to keep, or one that equals it. */
  readonly onObject?: ((object: SchemaObject) => Payload) | undefined;
}

/** The rows of one kind's query. */
interface KindRows {
  readonly kind: AnyKind;
  readonly row: Row;
  readonly hasOwner: boolean;
  readonly hasAcl: boolean;
  /** Kept until all objects are there: rows about others. */
  readonly kept: Values[];
}

/** The rows of one catalog: addresses by OID, and of parts by their number. */
interface OneCatalog {
  readonly wholes: Map<number, string>;
  readonly parts: Map<number, (string | undefined)[]>;
}

/** Catalog rows to addresses. Small numbers make for small and fast maps. */
class CatalogRows {
  readonly #catalogs = new Map<string, OneCatalog>();

  set(catalog: string, oid: string, sub: string, address: string): void {
    let known = this.#catalogs.get(catalog);
    if (known === undefined) {
      known = { wholes: new Map(), parts: new Map() };
      this.#catalogs.set(catalog, known);
    }
    if (sub === "0") {
      known.wholes.set(Number(oid), address);
      return;
    }
    const parts = known.parts.get(Number(oid));
    if (parts === undefined) {
      const made: string[] = [];
      made[Number(sub)] = address;
      known.parts.set(Number(oid), made);
    } else parts[Number(sub)] = address;
  }

  get(catalog: string, oid: string, sub: string): string | undefined {
    const known = this.#catalogs.get(catalog);
    return sub === "0"
      ? known?.wholes.get(Number(oid))
      : known?.parts.get(Number(oid))?.[Number(sub)];
  }
}

/** Takes rows, kind after kind, then edges; then it has the objects. */
export class SchemaReader {
  readonly #context: CatalogContext;
  readonly #options: ReaderOptions;
  readonly #drafts = new Map<string, Draft>();
  /** What rows and pg_depend say of dependencies; most objects need nothing but their parent. */
  readonly #depends = new Map<string, Set<string>>();
  readonly #attachesTo = new Map<string, readonly string[]>();
  readonly #kinds = new Map<AnyKind, KindRows>();
  /** Objects' own catalog rows. */
  readonly #rows = new CatalogRows();
  /** Other rows that stand for objects. */
  readonly #aliases = new CatalogRows();
  /** Catalog rows, as `catalog oid`, to those that they are internal to. */
  readonly #internal = new Map<string, readonly [string, string]>();
  /** Edges of rows that are no objects by themselves. */
  readonly #edges: Values[] = [];
  readonly #owners = new Map<string, string>();
  /** `aclitem`s by address. */
  readonly #acls = new Map<string, readonly string[]>();
  #last: KindRows | undefined;
  /** The parent of the object that was made last. */
  #whole: Draft | undefined;
  /** What could not be read. */
  readonly notices: SchemaNotice[] = [];

  /**
   * Makes a reader for one reading of the catalog.
   *
   * @param context What the queries know.
   * @param options Whether dependencies are wanted, and a listener.
   */
  constructor(context: CatalogContext, options: ReaderOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Takes a row of a kind's query. */
  add(kind: AnyKind, fields: readonly Field[], values: Values): void {
    const rows = this.#last?.kind === kind
      ? this.#last
      : this.#last = this.#rowsOf(kind, fields);
    if (kind.hasAspects) rows.kept.push(values);
    const row = rows.row.at(values);
    const read = kind.read(row, this.#context);
    if (read === undefined) return;
    const { address } = read;
    this.#rows.set(kind.catalog, row.text("oid"), row.text("sub"), address);
    for (const alias of read.aliases ?? []) {
      const [catalog = "", oid = "", sub = "0"] = alias.split(" ");
      this.#aliases.set(catalog, oid, sub, address);
    }
    const owner = rows.hasOwner ? row.optional("owner") : undefined;
    if (owner !== undefined) this.#owners.set(address, owner);
    // An empty list is not the same as none: everything was revoked.
    if (rows.hasAcl && row.optional("acl") !== undefined) {
      this.#acls.set(address, row.list("acl"));
    }
    this.#draft(kind, read);
  }

  #rowsOf(kind: AnyKind, fields: readonly Field[]): KindRows {
    const row = new Row({ fields });
    const rows = {
      kind,
      row,
      hasOwner: row.has("owner"),
      hasAcl: row.has("acl"),
      kept: [],
    };
    this.#kinds.set(kind, rows);
    return rows;
  }

  #draft({ kind }: AnyKind, read: ReadObject<Payload>): void {
    const { address, payload, position = 0 } = read;
    // One text for all parts of a whole, not one each.
    const whole = read.parent === undefined
      ? undefined
      : read.parent === this.#whole?.address
      ? this.#whole
      : this.#whole = this.#drafts.get(read.parent);
    const parent = whole?.address ?? read.parent;
    const name = whole === undefined
      ? read.name
      : read.name.map((part, i) =>
        part === whole.name[i] ? whole.name[i] : part
      );
    const draft: Draft = {
      kind,
      address,
      payload,
      name,
      parent,
      position,
      depends: NONE,
    };
    this.#drafts.set(address, draft);
    if (read.depends !== undefined && read.depends.length > 0) {
      this.#depends.set(address, new Set(read.depends));
    } else if (this.#depends.size > 0) this.#depends.delete(address);
    if (read.attachesTo !== undefined) {
      this.#attachesTo.set(address, read.attachesTo);
    }
    if (read.unreadable !== undefined) {
      this.notices.push({ code: "unreadable", message: read.unreadable });
    }
    if (this.#options.onObject !== undefined) {
      draft.payload = this.#options.onObject(draft);
    }
  }

  /**
   * Takes a row of pg_depend: when all kinds' rows are there.
   *
   * @param edge The catalog, OID and column of what depends, then of what it
   * depends on, and the type.
   */
  connect(edge: Values): void {
    const [cls, oid, sub, refClass, refOid, refSub, type] = edge;
    // A row that is no object stands for what it is internal to: an array type
    // for its elements', a view's rewrite rule for the view.
    if (type === "i") {
      this.#internal.set(`${cls} ${oid}`, [refClass ?? "", refOid ?? ""]);
    }
    const from = this.#direct(cls, oid, sub);
    const to = from === undefined
      ? undefined
      : this.#direct(refClass, refOid, refSub);
    if (from === undefined || to === undefined) this.#edges.push(edge);
    else this.#link(from, to);
  }

  /** Adds the objects about others, and the edges that had to wait. */
  finish(ownership: Ownership): void {
    for (const [cls, oid, sub, refClass, refOid, refSub] of this.#edges) {
      const from = this.#find(cls, oid, sub);
      const to = this.#find(refClass, refOid, refSub);
      if (from !== undefined && to !== undefined) this.#link(from, to);
    }
    this.#edges.length = 0;
    const context: AspectContext = {
      ...this.#context,
      ownership,
      find: (catalog, oid, sub) => this.#found(catalog, oid, sub),
    };
    const subjects = [
      ...new Set([...this.#owners.keys(), ...this.#acls.keys()]),
    ].flatMap((address) => this.#subject(address) ?? []);
    for (const kind of KINDS) {
      for (const subject of subjects) {
        for (const read of kind.aspects(subject, context)) {
          this.#draft(kind, read);
        }
      }
    }
    for (const { kind, row, kept } of this.#kinds.values()) {
      for (const values of kept) {
        for (const read of kind.readAspects(row.at(values), context)) {
          this.#draft(kind, read);
        }
      }
      kept.length = 0;
    }
  }

  /** Every object, in no order. */
  objects(): SchemaObject[] {
    const drafts = [...this.#drafts.values()];
    if (!this.#options.dependencies) return drafts;
    for (const draft of drafts) {
      const { address, parent } = draft;
      const known = (other: string) =>
        other !== address && this.#drafts.has(other);
      const first = parent === undefined || !known(parent) ? NONE : [parent];
      const said = this.#depends.get(address);
      draft.depends = said === undefined
        ? first
        : [...new Set([...first, ...said])].filter(known).sort();
    }
    return drafts;
  }

  /** Objects that go with others without being their parts: an owned sequence with its column. */
  goesWith(): ReadonlyMap<string, readonly string[]> {
    return this.#attachesTo;
  }

  #link(from: string, to: string): void {
    if (from === to || this.#drafts.get(from)?.parent === to) return;
    if (this.#attachesTo.get(from)?.includes(to)) return;
    const depends = this.#depends.get(from);
    if (depends === undefined) this.#depends.set(from, new Set([to]));
    else depends.add(to);
  }

  #subject(address: string): Subject | undefined {
    const draft = this.#drafts.get(address);
    if (draft === undefined) return undefined;
    return {
      address,
      name: draft.name,
      parent: address,
      payload: draft.payload,
      owner: this.#owners.get(address) ?? this.#owners.get(draft.parent ?? ""),
      ownsItself: this.#owners.has(address),
      acl: this.#acls.get(address),
      get phrase() {
        return kindOf(draft.kind)?.commentOn(draft);
      },
    };
  }

  #found(catalog: string, oid: string, sub: string): Found | undefined {
    const own = this.#rows.get(catalog, oid, sub);
    const subject = this.#subject(
      own ?? this.#standsFor(catalog, oid, sub) ??
        this.#standsFor(catalog, oid, "0") ?? "",
    );
    return subject === undefined
      ? undefined
      : { subject, own: own !== undefined };
  }

  /** The object of a row, or of the whole that it is a part of. */
  #direct(
    cls: string | null | undefined,
    oid: string | null | undefined,
    sub: string | null | undefined,
  ): string | undefined {
    const catalog = cls ?? "";
    const part = sub === "0"
      ? undefined
      : this.#standsFor(catalog, oid ?? "", sub ?? "");
    return part ?? this.#standsFor(catalog, oid ?? "", "0");
  }

  #find(
    cls: string | null | undefined,
    oid: string | null | undefined,
    sub: string | null | undefined,
  ): string | undefined {
    let known = this.#direct(cls, oid, sub);
    let next = this.#internal.get(`${cls} ${oid}`);
    while (known === undefined && next !== undefined) {
      known = this.#standsFor(next[0], next[1], "0");
      next = this.#internal.get(next.join(" "));
    }
    return known;
  }

  #standsFor(catalog: string, oid: string, sub: string): string | undefined {
    return this.#rows.get(catalog, oid, sub) ??
      this.#aliases.get(catalog, oid, sub);
  }
}
