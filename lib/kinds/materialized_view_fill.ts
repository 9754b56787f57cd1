/**
 * How a materialized view is filled: when nothing else is locked, and as whom.
 * REFRESH runs as the owner, who may have no right to read what the query
 * does; then whoever creates it fills it, as CREATE MATERIALIZED VIEW does.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import {
  attach,
  type CreateTarget,
  type KindStatement,
  qualify,
  validate,
} from "./kind.ts";
import { ownedAs, ownerAddress, ownerRole } from "./owner_role.ts";
import {
  type Privilege,
  privilegesOf,
  relationKey,
} from "./privilege_payload.ts";

/**
 * The statement that fills a materialized view. Reading tables with rows takes
 * its time: no other lock must be held then.
 *
 * @param view The materialized view.
 * @param target What it is written for.
 */
export function filling(
  view: SchemaObject,
  target: CreateTarget,
): KindStatement {
  const reached = reachedBy(view, target);
  const refresh = `REFRESH MATERIALIZED VIEW ${qualify(view.name)}`;
  const after = [...reached].flatMap((address) => rightsOn(address, target));
  if (!isFilledBeforeOwner(view, target)) {
    after.push(ownerAddress(view.address));
  }
  const isInUse = [...reached].some((address) =>
    WITH_ROWS.has(target.objects.get(address)?.kind ?? "") &&
    target.inUse?.(address) === true
  );
  return isInUse ? validate(refresh, { after }) : attach(refresh, { after });
}

/**
 * Whether a materialized view is filled before it is given to its owner, since
 * nothing says that the owner may read what it reads. Never where policies
 * decide which rows the owner sees.
 *
 * @param object The materialized view; false for anything else.
 * @param target What is written.
 */
export function isFilledBeforeOwner(
  object: SchemaObject,
  target: CreateTarget,
): boolean {
  if (
    object.kind !== "materialized_view" || object.payload["populated"] !== true
  ) {
    return false;
  }
  const role = ownerRole(object.address, object.name, target);
  if (role === undefined) return false;
  const read = readByOwner(object, target);
  return !read.every((relation) => mayRead(role, relation, target)) &&
    !read.some(({ relation }) =>
      String(relation.payload["rowSecurity"] ?? "").startsWith("enabled")
    );
}

const WITH_ROWS: ReadonlySet<string> = new Set([
  "table",
  "foreign_table",
  "materialized_view",
]);

const RELATIONS: ReadonlySet<string> = new Set([...WITH_ROWS, "view"]);

/** What a query comes to, itself or through views and functions. */
function reachedBy(
  view: SchemaObject,
  { objects }: CreateTarget,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const next = [...view.depends];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const object = objects.get(at);
    if (object === undefined) continue;
    // A column is a part of what is read; a table's own needs are not read.
    if (object.kind === "column") next.push(object.parent ?? "");
    else if (
      !WITH_ROWS.has(object.kind) || object.kind === "materialized_view"
    ) {
      next.push(...object.depends);
    }
  }
  return seen;
}

/** What must be there before something is read: who owns it, who may read it, its rows. */
function rightsOn(address: string, { objects }: CreateTarget): string[] {
  const object = objects.get(address);
  if (object === undefined || !RELATIONS.has(object.kind)) return [];
  const { bySubject, byRelation } = privilegesOf(objects);
  const privileges = [
    ...bySubject.get(address) ?? [],
    ...byRelation.get(relationKey(object.name)) ?? [],
  ];
  return [
    ...(object.kind === "materialized_view" ? [address] : []),
    ownerAddress(address),
    ...privileges.map((privilege) => privilege.address),
  ];
}

/** A relation that a query reads, with the columns that it names. */
interface Read {
  readonly relation: SchemaObject;
  readonly columns: readonly string[];
}

/** What is read with the rights of who runs a query: a view's owner reads the rest. */
function readByOwner(view: SchemaObject, { objects }: CreateTarget): Read[] {
  const found = new Map<string, Set<string>>();
  const next = [view];
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    for (const needed of at.depends) {
      const object = objects.get(needed);
      const isColumn = object?.kind === "column";
      const address = isColumn ? object.parent ?? "" : needed;
      const relation = objects.get(address);
      if (relation === undefined || !RELATIONS.has(relation.kind)) continue;
      const columns = found.get(address);
      if (columns === undefined) {
        found.set(address, new Set(isColumn ? [needed] : []));
        if (relation.payload["securityInvoker"] !== undefined) {
          next.push(relation);
        }
      } else if (isColumn) columns.add(needed);
    }
  }
  return [...found].flatMap(([address, columns]) => {
    const relation = objects.get(address);
    return relation === undefined ? [] : [{ relation, columns: [...columns] }];
  });
}

function mayRead(
  role: string,
  { relation, columns }: Read,
  target: CreateTarget,
): boolean {
  const { address, name } = relation;
  if (ownerRole(ownedAs(address, target), name, target) === role) return true;
  const { bySubject } = privilegesOf(target.objects);
  const isGranted = (subject: string) =>
    bySubject.get(subject)?.some((privilege) => givesSelect(privilege, role)) ??
      false;
  return isGranted(address) || columns.length > 0 && columns.every(isGranted);
}

function givesSelect({ payload }: Privilege, role: string): boolean {
  const isHis = payload.to === "PUBLIC" ||
    payload.to === "role" && payload.role === role;
  const given = [
    payload.privileges,
    payload.grantable,
    ...(payload.by ?? []).flatMap((by) => [by.privileges, by.grantable]),
  ].flatMap((names) => names ?? []);
  return isHis && given.some((name) => name === "select" || name === "all");
}
