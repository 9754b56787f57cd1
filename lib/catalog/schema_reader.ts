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
import type { CatalogRow } from "./relation_rows.ts";

/** A row of a query, values in text format. */
type Values = readonly (string | null)[];

/** An object that is being made. */
type Draft =
  & { -readonly [K in Exclude<keyof SchemaObject, "depends">]: SchemaObject[K] }
  & { depends: string[] };

/** The dependencies of objects that have none, or whose are not wanted; never changed. */
const NONE: string[] = [];

/** What a reader is to do. */
export interface ReaderOptions {
  /** Whether dependencies are wanted. */
  readonly dependencies: boolean;
  /** Told of each object when it is made; returns the payload to keep, or one that equals it. */
  readonly onObject?: ((object: ObjectPart) => Payload) | undefined;
  /**
   * Whether only those objects are kept that others are about, for
   * `onObject` is all that is wanted. Rows of kinds that are about others must
   * come first then.
   */
  readonly passing?: boolean;
  /** Told where an object has to do with something that is not read. */
  readonly onOutside?: ((link: OutsideLink) => void) | undefined;
}

/** An object, and what it needs or what needs it outside of what is read. */
export interface OutsideLink {
  /** The object's address. */
  readonly near: string;
  /** What is not read: its row, or its address. */
  readonly far: CatalogRow | string;
  /** Whether what is not read needs the object; otherwise the object needs it. */
  readonly depends: boolean;
}

/** What is known of an object while it is read. */
export type ObjectPart = Pick<SchemaObject, "kind" | "address" | "payload">;

/** What is told of an object that is not kept. */
type Passed = Pick<ReadObject<Payload>, "address" | "payload" | "unreadable">;

/** The rows of one kind's query. */
interface KindRows {
  readonly kind: AnyKind;
  readonly row: Row;
  readonly hasOwner: boolean;
  readonly hasAcl: boolean;
  /** Kept until all objects are there: rows about others. */
  readonly kept: Values[];
}

/** The rows of one catalog that stand for objects. */
interface OneCatalog {
  /** What was set and is in no map yet. */
  readonly oids: number[];
  readonly subs: number[];
  readonly drafts: Draft[];
  /** By OID. */
  readonly wholes: Map<number, Draft>;
  /** By OID, then by their number. */
  readonly parts: Map<number, (Draft | undefined)[]>;
}

/**
 * Catalog rows to objects. Most are never asked for: maps are made of them
 * when one of their catalog is. Small numbers make for small and fast maps.
 */
class CatalogRows {
  readonly #catalogs = new Map<string, OneCatalog>();

  set(catalog: string, oid: string, sub: string, draft: Draft): void {
    let known = this.#catalogs.get(catalog);
    if (known === undefined) {
      known = {
        oids: [],
        subs: [],
        drafts: [],
        wholes: new Map(),
        parts: new Map(),
      };
      this.#catalogs.set(catalog, known);
    }
    known.oids.push(Number(oid));
    known.subs.push(Number(sub));
    known.drafts.push(draft);
  }

  get(catalog: string, oid: string, sub: string): Draft | undefined {
    const known = this.#catalogs.get(catalog);
    if (known === undefined) return undefined;
    if (known.drafts.length > 0) fillMaps(known);
    return sub === "0"
      ? known.wholes.get(Number(oid))
      : known.parts.get(Number(oid))?.[Number(sub)];
  }
}

function fillMaps({ oids, subs, drafts, wholes, parts }: OneCatalog): void {
  for (const [i, draft] of drafts.entries()) {
    const oid = oids[i] ?? 0;
    const sub = subs[i] ?? 0;
    if (sub === 0) {
      wholes.set(oid, draft);
      continue;
    }
    let known = parts.get(oid);
    if (known === undefined) parts.set(oid, known = []);
    known[sub] = draft;
  }
  oids.length = subs.length = drafts.length = 0;
}

/** A name with the texts of that of its whole, where they are the same. */
function nameWithin(
  whole: readonly string[],
  name: readonly string[],
): readonly string[] {
  const [schema, relation] = whole;
  const [first, second, third] = name;
  if (schema !== first || schema === undefined) return name;
  if (name.length === 2 && second !== undefined) return [schema, second];
  return name.length === 3 && relation === second && relation !== undefined &&
      third !== undefined
    ? [schema, relation, third]
    : name;
}

/** Takes rows, kind after kind, then edges; then it has the objects. */
export class SchemaReader {
  readonly #context: CatalogContext;
  readonly #options: ReaderOptions;
  readonly #drafts: Draft[] = [];
  /** Those that are parts of nothing, by address. */
  readonly #wholes = new Map<string, Draft>();
  /** Those of which a dependency or the parent may be none of the objects. */
  readonly #doubtful = new Set<Draft>();
  readonly #attachesTo = new Map<string, readonly string[]>();
  readonly #kinds = new Map<AnyKind, KindRows>();
  /** Objects' own catalog rows. */
  readonly #rows = new CatalogRows();
  /** Other rows that stand for objects. */
  readonly #aliases = new CatalogRows();
  /** Catalogs by OID. */
  readonly #catalogs = new Map<string, string>();
  /** Catalog rows, as `catalog oid`, to those that they are internal to. */
  readonly #internal = new Map<string, readonly [string, string]>();
  /** Edges of rows that are no objects by themselves. */
  readonly #edges: Values[] = [];
  readonly #owners = new Map<string, string>();
  /** `aclitem`s by address. */
  readonly #acls = new Map<string, readonly string[]>();
  /** Those with an owner or privileges. */
  readonly #subjects: Draft[] = [];
  /** OIDs that rows about others name: where only their objects are kept. */
  readonly #wanted = new Set<string>();
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
    const row = rows.row.at(values);
    if (kind.hasAspects) {
      rows.kept.push(values);
      if (row.has("oid")) this.#wanted.add(row.text("oid"));
    }
    const read = kind.read(row, this.#context);
    if (read === undefined) return;
    const { address } = read;
    const owner = rows.hasOwner ? row.optional("owner") : undefined;
    if (owner !== undefined) this.#owners.set(address, owner);
    // An empty list is not the same as none: everything was revoked.
    const hasAcl = rows.hasAcl && row.optional("acl") !== undefined;
    if (hasAcl) this.#acls.set(address, row.list("acl"));
    const isSubject = owner !== undefined || hasAcl;
    const oid = row.text("oid");
    const aliases = (read.aliases ?? []).map((alias) => alias.split(" "));
    if (this.#options.passing && !isSubject && !this.#isWanted(oid, aliases)) {
      this.#pass(kind, read);
      return;
    }
    const draft = this.#draft(kind, read);
    if (isSubject) this.#subjects.push(draft);
    this.#rows.set(kind.catalog, oid, row.text("sub"), draft);
    for (const [catalog = "", oid = "", sub = "0"] of aliases) {
      this.#aliases.set(catalog, oid, sub, draft);
    }
  }

  #isWanted(oid: string, aliases: readonly (readonly string[])[]): boolean {
    return this.#wanted.has(oid) ||
      aliases.some(([, other = ""]) => this.#wanted.has(other));
  }

  /** Tells of an object that nothing is about. */
  #pass({ kind }: AnyKind, { address, payload, unreadable }: Passed): void {
    this.#notice(unreadable);
    this.#options.onObject?.({ kind, address, payload });
  }

  #notice(unreadable: string | undefined): void {
    if (unreadable === undefined) return;
    this.notices.push({ code: "unreadable", message: unreadable });
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

  #draft({ kind }: AnyKind, read: ReadObject<Payload>): Draft {
    const { address, payload, position = 0 } = read;
    const depends = read.depends === undefined || read.depends.length === 0
      ? NONE
      : [...read.depends];
    // One text for all parts of a whole, not one each.
    const whole = read.parent === undefined
      ? undefined
      : read.parent === this.#whole?.address
      ? this.#whole
      : this.#whole = this.#wholes.get(read.parent);
    const draft: Draft = {
      kind,
      address,
      payload,
      name: whole === undefined ? read.name : nameWithin(whole.name, read.name),
      parent: whole?.address ?? read.parent,
      position,
      depends,
    };
    this.#drafts.push(draft);
    if (read.parent === undefined) this.#wholes.set(address, draft);
    if (
      depends.length > 0 || (read.parent !== undefined && whole === undefined)
    ) this.#doubtful.add(draft);
    if (read.attachesTo !== undefined) {
      this.#attachesTo.set(address, read.attachesTo);
    }
    this.#notice(read.unreadable);
    if (this.#options.onObject !== undefined) {
      draft.payload = this.#options.onObject(draft);
    }
    return draft;
  }

  /**
   * Takes a catalog's OID and name: before the rows of pg_depend.
   *
   * @param row The two.
   */
  nameCatalog([oid, name]: Values): void {
    this.#catalogs.set(oid ?? "", name ?? "");
  }

  /**
   * Takes a row of pg_depend: when all kinds' rows are there.
   *
   * @param edge The catalog, OID and column of what depends, then of what it
   * depends on, and the type.
   */
  connect(edge: Values): void {
    const [cls = null, oid, sub, refClass = null, refOid, refSub, type] = edge;
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
    const { onOutside } = this.#options;
    for (const [cls, oid, sub, refClass, refOid, refSub] of this.#edges) {
      const from = this.#find(cls, oid, sub);
      const to = from === undefined && onOutside === undefined
        ? undefined
        : this.#find(refClass, refOid, refSub);
      if (from !== undefined && to !== undefined) this.#link(from, to);
      else if (from !== undefined) {
        const far = [refClass ?? "", refOid ?? ""] as const;
        onOutside?.({ near: from.address, far, depends: false });
      } else if (to !== undefined) {
        const far = [cls ?? "", oid ?? ""] as const;
        onOutside?.({ near: to.address, far, depends: true });
      }
    }
    this.#edges.length = 0;
    const context: AspectContext = {
      ...this.#context,
      ownership,
      find: (catalog, oid, sub) => this.#found(catalog, oid, sub),
    };
    const made = this.#options.passing
      ? (kind: AnyKind, read: ReadObject<Payload>) => this.#pass(kind, read)
      : (kind: AnyKind, read: ReadObject<Payload>) => this.#draft(kind, read);
    const subjects = this.#subjects.map((draft) => this.#subject(draft));
    for (const kind of KINDS) {
      if (!kind.hasSubjects) continue;
      for (const subject of subjects) {
        for (const read of kind.aspects(subject, context)) made(kind, read);
      }
    }
    for (const { kind, row, kept } of this.#kinds.values()) {
      for (const values of kept) {
        for (const read of kind.readAspects(row.at(values), context)) {
          made(kind, read);
        }
      }
      kept.length = 0;
    }
  }

  /** Every object, in no order; of two with one address the later one counts. */
  objects(): SchemaObject[] {
    if (!this.#options.dependencies) {
      for (const draft of this.#doubtful) draft.depends = NONE;
      return this.#drafts;
    }
    const { onOutside } = this.#options;
    let all: ReadonlySet<string> | undefined;
    const isThere = (address: string) => {
      all ??= new Set(this.#drafts.map((draft) => draft.address));
      return all.has(address);
    };
    for (const draft of this.#drafts) {
      const { address, parent, depends } = draft;
      if (parent === undefined && depends === NONE) continue;
      const said = parent === undefined ? [...depends] : [parent, ...depends];
      if (!this.#doubtful.has(draft)) {
        draft.depends = said.sort();
        continue;
      }
      draft.depends = [...new Set(said)].filter((other) => {
        if (other === address) return false;
        if (isThere(other)) return true;
        onOutside?.({ near: address, far: other, depends: false });
        return false;
      }).sort();
    }
    return this.#drafts;
  }

  /** Objects that go with others without being their parts: an owned sequence with its column. */
  goesWith(): ReadonlyMap<string, readonly string[]> {
    return this.#attachesTo;
  }

  #link(from: Draft, to: Draft): void {
    const { address } = to;
    if (from === to || from.parent === address) return;
    if (from.depends.includes(address)) return;
    if (this.#attachesTo.get(from.address)?.includes(address)) return;
    if (from.depends === NONE) from.depends = [address];
    else from.depends.push(address);
  }

  #subject(draft: Draft): Subject {
    const { address } = draft;
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
    const draft = own ?? this.#standsFor(catalog, oid, sub) ??
      this.#standsFor(catalog, oid, "0");
    return draft === undefined
      ? undefined
      : { subject: this.#subject(draft), own: own !== undefined };
  }

  /** The object of a row, or of the whole that it is a part of. */
  #direct(
    cls: string | null | undefined,
    oid: string | null | undefined,
    sub: string | null | undefined,
  ): Draft | undefined {
    const catalog = this.#catalogs.get(cls ?? "") ?? "";
    const part = sub === "0"
      ? undefined
      : this.#standsFor(catalog, oid ?? "", sub ?? "");
    return part ?? this.#standsFor(catalog, oid ?? "", "0");
  }

  #find(
    cls: string | null | undefined,
    oid: string | null | undefined,
    sub: string | null | undefined,
  ): Draft | undefined {
    let known = this.#direct(cls, oid, sub);
    let next = known === undefined
      ? this.#internal.get(`${cls} ${oid}`)
      : undefined;
    while (known === undefined && next !== undefined) {
      known = this.#direct(next[0], next[1], "0");
      next = this.#internal.get(next.join(" "));
    }
    return known;
  }

  #standsFor(catalog: string, oid: string, sub: string): Draft | undefined {
    return this.#rows.get(catalog, oid, sub) ??
      this.#aliases.get(catalog, oid, sub);
  }
}
