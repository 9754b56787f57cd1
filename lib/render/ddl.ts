/**
 * A schema as DDL that recreates it: in the order of dependencies, the same
 * text for the same schema. Names no kind. Pure.
 *
 * @module
 */

import type { KindStatement } from "../kinds/kind.ts";
import {
  type AnyKind,
  createTarget,
  kindOf,
  KINDS,
} from "../kinds/registry.ts";
import { standInOf, type StoodFor, takeStandIn } from "../plan/stand_ins.ts";
import { circlesOf } from "../schema/circles.ts";
import { type Node, topologicalOrder } from "../schema/order.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";

/** One statement, and the object that it makes. */
export interface DdlStatement {
  readonly address: string;
  readonly sql: string;
  /** Secrets that it lacks, by name: it cannot run as it stands. */
  readonly withheld?: readonly string[];
}

const RANK: ReadonlyMap<string, string> = new Map(
  KINDS.map((kind, i) => [kind.kind, String(i).padStart(3, "0")]),
);

/** How DDL is written. */
export interface DdlOptions {
  /** Values of secrets by their hashes; what needs others is withheld. */
  readonly secrets?: ReadonlyMap<string, string> | undefined;
  /** The role that owns the database, where it is not whoever runs the DDL. */
  readonly databaseOwner?: string | undefined;
}

/**
 * The statements that recreate a schema in an empty database.
 *
 * @param schema The schema, read with its dependencies.
 * @param options The secrets that it carries.
 */
export function ddl(schema: Schema, options: DdlOptions = {}): DdlStatement[] {
  const whole = new Map<string, Whole>();
  const parts: SchemaObject[] = [];
  const home = new Map<string, string>();
  for (const object of schema.objects.values()) {
    const kind = kindOf(object.kind);
    if (kind === undefined) continue;
    if (
      kind.foldsInto && object.parent !== undefined &&
      schema.objects.has(object.parent)
    ) {
      parts.push(object);
      home.set(object.address, object.parent);
    } else whole.set(object.address, { object, kind, children: [] });
  }
  for (const part of parts) {
    whole.get(home.get(part.address) ?? "")?.children.push(part);
  }
  const stood = new Map<string, StoodFor>();
  let nodes = nodesOf(whole, home, stood);
  let { order, cut } = topologicalOrder(nodes);
  while (
    cut.length > 0 &&
    (standIn(whole, home, { nodes, objects: schema.objects, stood }) ||
      unfoldCircles(whole, home, schema))
  ) {
    nodes = nodesOf(whole, home, stood);
    ({ order, cut } = topologicalOrder(nodes));
  }
  const target = {
    ...createTarget(schema, options.databaseOwner),
    secrets: options.secrets,
  };
  const first: DdlStatement[] = [];
  const last = new Map<string, KindStatement[]>();
  const waiting = new Set<string>();
  const needs = new Map(nodes.map(({ id, after }) => [id, after]));
  for (const id of order) {
    const announced = id.endsWith(ANNOUNCED)
      ? whole.get(id.slice(0, -ANNOUNCED.length))
      : undefined;
    if (announced !== undefined) {
      const sql = stood.get(announced.object.address)?.standIn.sql ??
        announced.kind.announce(announced.object);
      if (sql !== undefined) {
        first.push({ address: announced.object.address, sql });
      }
      continue;
    }
    const entry = whole.get(id);
    if (entry === undefined) continue;
    const children = entry.children.sort((a, b) => a.position - b.position);
    const statements = stood.get(id)?.standIn.become ??
      entry.kind.create(entry.object, children, target);
    // What waits for what comes last comes last as well: the owner of what is
    // filled first, and what he grants.
    const waits = (needs.get(id) ?? []).some((other) => waiting.has(other)) ||
      statements.some(({ afterFilled = [] }) => afterFilled.length > 0);
    if (waits) waiting.add(id);
    for (const statement of statements) {
      if (statement.phase === "create" && !waits) {
        first.push(written(id, statement));
      } else last.set(id, [...last.get(id) ?? [], statement]);
    }
  }
  return [...first, ...inOrder(last, needs)];
}

function written(
  address: string,
  { sql, withheld }: KindStatement,
): DdlStatement {
  return { address, sql, ...(withheld === undefined ? {} : { withheld }) };
}

/** What comes last, in the order in which it was written where nothing asks for another. */
function inOrder(
  last: ReadonlyMap<string, readonly KindStatement[]>,
  needs: ReadonlyMap<string, readonly string[]>,
): DdlStatement[] {
  const nodes = [...last].map(([id, statements], i) => ({
    id,
    key: String(i).padStart(9, "0"),
    after: [
      ...needs.get(id) ?? [],
      ...statements.flatMap(({ after = [], afterFilled = [] }) => [
        ...after,
        ...afterFilled,
      ]),
    ],
  }));
  return topologicalOrder(nodes).order.flatMap((id) =>
    last.get(id)?.map((statement) => written(id, statement)) ?? []
  );
}

/** An object that is written by itself, and the parts that are written with it. */
interface Whole {
  readonly object: SchemaObject;
  readonly kind: AnyKind;
  readonly children: SchemaObject[];
}

/** Behind the address of an object: its announcement, which is a node of its own. */
const ANNOUNCED = " announced";

function nodesOf(
  whole: ReadonlyMap<string, Whole>,
  home: ReadonlyMap<string, string>,
  stood: ReadonlyMap<string, StoodFor>,
): Node[] {
  const nodes: Node[] = [];
  const announced = new Set<string>();
  for (const { object, kind } of whole.values()) {
    if (kind.announce(object) !== undefined || stood.has(object.address)) {
      announced.add(object.address);
    }
  }
  const isAnnouncedTo = (address: string, dependent: string) =>
    stood.get(address)?.circle.has(dependent) ??
      (announced.has(address) &&
        whole.get(address)?.object.depends.includes(dependent) === true);
  const needsFirst = (object: SchemaObject, address: string) => {
    const needed = whole.get(address)?.object;
    return needed === undefined ||
      (stood.get(object.address)?.standIn.needs(needed) ??
        !needed.depends.includes(object.address));
  };
  for (const { object, children } of whole.values()) {
    const id = object.address;
    const key = `${RANK.get(object.kind) ?? "999"} ${id}`;
    const needed: string[] = [];
    for (const each of object.depends) needed.push(home.get(each) ?? each);
    for (const { depends } of children) {
      for (const each of depends) {
        const whole = home.get(each) ?? each;
        if (whole !== id) needed.push(whole);
      }
    }
    // What the announced object itself needs makes do with the announcement.
    const after = announced.size === 0
      ? needed
      : needed.map((a) => isAnnouncedTo(a, id) ? a + ANNOUNCED : a);
    if (announced.has(id)) {
      nodes.push({
        id: id + ANNOUNCED,
        key,
        after: needed.filter((a) => needsFirst(object, a)),
      });
      after.push(id + ANNOUNCED);
    }
    nodes.push({ id, key, after });
  }
  return nodes;
}

/** Takes what can stand in for something in a circle; whether there was anything. */
function standIn(
  whole: ReadonlyMap<string, Whole>,
  home: ReadonlyMap<string, string>,
  { nodes, objects, stood }: {
    readonly nodes: readonly Node[];
    readonly objects: Schema["objects"];
    readonly stood: Map<string, StoodFor>;
  },
): boolean {
  const circles = circlesOf(nodes);
  const opened = new Set<string>();
  for (const { object } of whole.values()) {
    const own = object.address;
    const nodeOf = (dep: string) => home.get(dep) ?? dep;
    const found = standInOf(object, { own, nodeOf, objects, circles });
    takeStandIn(stood, object, found, opened);
  }
  return opened.size > 0;
}

/**
 * Takes those parts out of their wholes that need what needs the whole: a
 * domain's check that calls a function of the domain is added afterwards.
 *
 * @returns Whether there were any.
 */
function unfoldCircles(
  whole: Map<string, Whole>,
  home: Map<string, string>,
  schema: Schema,
): boolean {
  const reaches = (from: string, goal: string) => {
    const seen = new Set<string>();
    const next = [from];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (at === goal) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      next.push(
        ...(whole.get(at)?.object.depends ?? []).map((a) => home.get(a) ?? a),
      );
    }
    return false;
  };
  let found = false;
  for (const [address, parent] of [...home]) {
    const part = schema.objects.get(address);
    const kind = part === undefined ? undefined : kindOf(part.kind);
    const entry = whole.get(parent);
    if (part === undefined || kind === undefined || entry === undefined) {
      continue;
    }
    const outside = part.depends.map((a) => home.get(a) ?? a).filter((a) =>
      a !== parent
    );
    if (!outside.some((a) => reaches(a, parent))) continue;
    entry.children.splice(entry.children.indexOf(part), 1);
    home.delete(address);
    whole.set(address, { object: part, kind, children: [] });
    found = true;
  }
  return found;
}
