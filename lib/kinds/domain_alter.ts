/**
 * How a domain becomes another: by ALTER DOMAIN, or as a new one that columns
 * go over to.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import type { DomainPayload } from "./domain.ts";
import type { AllowCode, Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import { isTypeMoved } from "./moved_type.ts";
import {
  columnList,
  columnsOf,
  isInside,
  isOfType,
  replacement,
  tablesOf,
  unfitValues,
} from "./stored_type.ts";

type Domain = SchemaObject<"domain", DomainPayload>;

/**
 * How a domain becomes another.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys The keys of the payload that differ.
 * @param target What it is written for.
 */
export function alterDomain(
  from: Domain,
  to: Domain,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const columns = columnsOf(from.address, target);
  const isNewType = keys.includes("type") &&
    !isTypeMoved(from, to.payload.type, target);
  if (isNewType || keys.includes("collation")) {
    return replacedDomain(from, target);
  }
  const required = keys.includes("notNull") && to.payload.notNull;
  const hazards: Hazard[] = required && columns.length > 0
    ? [{
      kind: "data-dependent",
      allow: "set-not-null",
      reason: `it fails where ${columnList(columns)} holds NULL`,
      tables: tablesOf(columns),
    }, {
      kind: "scan",
      reason: `writers of tables with ${
        qualify(to.name)
      } wait while their rows are read`,
      tables: tablesOf(columns),
    }]
    : [];
  // ALTER DOMAIN looks for bad values in columns of the domain itself, and
  // refuses where they may be inside of arrays and the like.
  if (required && isInside(from, target)) {
    return replacement(from, target, { word: "DOMAIN", hazards });
  }
  const alter = `ALTER DOMAIN ${qualify(to.name)}`;
  const statements: KindStatement[] = [];
  if (keys.includes("default")) {
    statements.push(
      to.payload.default === undefined
        // What the old one needs may be dropped.
        ? release(`${alter} DROP DEFAULT`)
        : create(`${alter} SET DEFAULT ${to.payload.default}`),
    );
  }
  if (keys.includes("notNull")) {
    statements.push(create(`${alter} ${required ? "SET" : "DROP"} NOT NULL`, {
      hazards,
    }));
  }
  return altered(statements);
}

/**
 * How a domain outlives that something it depends on is replaced.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param replaced What is replaced.
 * @param target What it is written for.
 */
export function followDomain(
  from: Domain,
  to: Domain,
  replaced: SchemaObject,
  target: ChangeTarget,
): Alteration | readonly KindStatement[] {
  // A part that needs it anew.
  if (replaced.kind === "domain_constraint") {
    return replacedDomain(from, target, "add-check");
  }
  if (
    isOfType(from.payload.type, replaced) ||
    from.payload.collation === qualify(replaced.name) ||
    replaced.kind === "extension"
  ) return replacement(from, target, { word: "DOMAIN", hazards: [] });
  // Only the default is left that can need it.
  if (from.payload.default === undefined) return [];
  const alter = `ALTER DOMAIN ${qualify(to.name)}`;
  return [
    release(`${alter} DROP DEFAULT`),
    ...(to.payload.default === undefined
      ? []
      : [create(`${alter} SET DEFAULT ${to.payload.default}`)]),
  ];
}

function replacedDomain(
  from: Domain,
  target: ChangeTarget,
  allow: AllowCode = "change-type",
): Alteration {
  return replacement(from, target, {
    word: "DOMAIN",
    hazards: unfitValues(from, target, allow),
  });
}
