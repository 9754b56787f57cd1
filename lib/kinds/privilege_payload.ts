/**
 * What a privilege holds, what GRANT calls the things that privileges are on,
 * and the privileges of a schema by what they are on. Pure.
 *
 * @module
 */

import type { AclClass } from "./acl.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { privilegeSubject } from "./privilege_address.ts";

/** Names of privileges, sorted; `all` for a full set. */
const NAMES = shape.list(shape.text());

/** The keys of a privilege's payload. */
export const PRIVILEGE_SHAPE = {
  /** `OWNER`: whoever owns the object. */
  to: shape.word("role", "PUBLIC", "OWNER"),
  role: optional(shape.text()),
  /** What the owner has granted. */
  privileges: optional(NAMES),
  /** Those that may be granted on. */
  grantable: optional(NAMES),
  /** What the server gives by itself, and was revoked. */
  revoked: optional(NAMES),
  /** What others than the owner have granted, by their names. */
  by: optional(shape.list(shape.record({
    grantor: shape.text(),
    privileges: optional(NAMES),
    grantable: optional(NAMES),
  }))),
} as const;

/** A privilege's payload. */
export type PrivilegePayload = RecordOf<typeof PRIVILEGE_SHAPE>;

/** A privilege. */
export type Privilege = SchemaObject<"privilege", PrivilegePayload>;

/** The one object that is there from the start, with privileges. */
export const INITIAL = "schema:public";

const holdsPrivilege = holdsRecord(PRIVILEGE_SHAPE);

/** Whether an object is what somebody has on another one. */
export function isPrivilege(object: SchemaObject): object is Privilege {
  return object.kind === "privilege" && holdsPrivilege(object.payload);
}

/** What privileges are on, as GRANT has it. */
export interface GrantTarget {
  readonly on: AclClass;
  /** What stands behind ON. */
  readonly word: string;
}

/** By what COMMENT calls things; longest first. */
const TARGETS: readonly (readonly [string, AclClass, string])[] = [
  ["FOREIGN DATA WRAPPER", "foreign data wrapper", "FOREIGN DATA WRAPPER"],
  ["FOREIGN TABLE", "table", "TABLE"],
  ["MATERIALIZED VIEW", "table", "TABLE"],
  ["TABLE", "table", "TABLE"],
  ["VIEW", "table", "TABLE"],
  ["COLUMN", "column", "TABLE"],
  ["SEQUENCE", "sequence", "SEQUENCE"],
  ["FUNCTION", "function", "FUNCTION"],
  ["PROCEDURE", "function", "PROCEDURE"],
  ["AGGREGATE", "function", "FUNCTION"],
  ["SCHEMA", "schema", "SCHEMA"],
  ["DOMAIN", "type", "DOMAIN"],
  ["TYPE", "type", "TYPE"],
  ["LANGUAGE", "language", "LANGUAGE"],
  ["SERVER", "foreign server", "FOREIGN SERVER"],
];

/**
 * What GRANT calls something.
 *
 * @param phrase What COMMENT calls it, such as `VIEW public.seen`.
 * @returns Undefined for what can have no privileges.
 */
export function grantTarget(phrase: string): GrantTarget | undefined {
  const found = TARGETS.find(([start]) => phrase.startsWith(`${start} `));
  return found === undefined ? undefined : { on: found[1], word: found[2] };
}

/** The privileges of a schema by what they are on. */
export interface PrivilegeIndex {
  /** By the address of what they are on. */
  readonly bySubject: ReadonlyMap<string, readonly Privilege[]>;
  /** Those on columns, by {@linkcode relationKey}. */
  readonly byRelation: ReadonlyMap<string, readonly Privilege[]>;
}

const INDEXES = new WeakMap<
  ReadonlyMap<string, SchemaObject>,
  PrivilegeIndex
>();

/**
 * The privileges of a schema by what they are on.
 *
 * @param objects All objects; they are looked through once.
 */
export function privilegesOf(
  objects: ReadonlyMap<string, SchemaObject>,
): PrivilegeIndex {
  let index = INDEXES.get(objects);
  if (index !== undefined) return index;
  const bySubject = new Map<string, Privilege[]>();
  const byRelation = new Map<string, Privilege[]>();
  const add = (to: Map<string, Privilege[]>, key: string, one: Privilege) => {
    const group = to.get(key);
    if (group === undefined) to.set(key, [one]);
    else group.push(one);
  };
  for (const object of objects.values()) {
    if (!isPrivilege(object)) continue;
    const subject = privilegeSubject(object.address);
    add(bySubject, subject, object);
    if (subject.startsWith("column:")) {
      add(byRelation, relationKey(object.name), object);
    }
  }
  index = { bySubject, byRelation };
  INDEXES.set(objects, index);
  return index;
}

/**
 * What stands for a relation among those with privileges on their columns.
 *
 * @param name Its schema and name, and what may follow.
 */
export function relationKey(name: readonly string[]): string {
  return name.slice(0, 2).join("\0");
}
