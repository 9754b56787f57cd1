/**
 * The text of GRANT and REVOKE for one grantee of one object. Pure.
 *
 * @module
 */

import { type AclClass, allPrivilegeNames } from "./acl.ts";
import {
  type AclChange,
  aclChanges,
  expandNames,
  type Rights,
} from "./acl_change.ts";
import type { Hazard } from "./hazard.ts";
import { address, splitAddress } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { dollarQuote, quoteIdentifier } from "../sql/quote.ts";
import {
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { ownedAs, ownerAddress, ownerRole } from "./owner_role.ts";
import { privilegeSubject } from "./privilege_address.ts";
import {
  grantTarget,
  INITIAL,
  type Privilege,
  type PrivilegePayload,
  privilegesOf,
  relationKey,
} from "./privilege_payload.ts";

/** Rights, and what others than the owner have granted of them. */
type AllRights = Rights & Pick<PrivilegePayload, "by">;

/** What statements are written for. */
interface Place {
  /** The schema as it is to be. */
  readonly target: CreateTarget;
  /** The schema with the owners as they are when the statements run. */
  readonly owners: CreateTarget;
  /**
   * All objects of the schema whose privileges on columns are there when the
   * statements run; by default that which is to be.
   */
  readonly columns?: ReadonlyMap<string, SchemaObject>;
}

/**
 * The statements from some rights of a grantee to others.
 *
 * @param object The privilege; its own rights do not count.
 * @param change The rights as they are and as they are to be.
 * @param place What it is written for.
 */
export function writeRights(
  object: Privilege,
  change: { readonly from: AllRights; readonly to: AllRights },
  place: Place,
): KindStatement[] {
  const { target } = place;
  const on = classOf(object, target);
  if (on === undefined) return [];
  const all = allPrivilegeNames(on, target.version);
  const role = granteeName(object, place.owners);
  const own = aclChanges(change.from, change.to, all).flatMap((step) => [
    step,
    ...regrants(object, { on, step, target }).filter(({ of }) =>
      place.columns === undefined || place.columns.has(of.address)
    ),
  ]);
  const others = othersChanges(change, all);
  const hazards = target.before?.objects.has(object.parent ?? "")
    ? (steps: readonly AclChange[]) =>
      hazardsOf(object, { role, steps, target })
    : () => [];
  const write = (step: AclChange | Regrant) =>
    statement(object, {
      // One that is alone is called by its name.
      step: all.length === 1 ? { ...step, names: all } : step,
      role,
      target,
    });
  return [
    ...others.map(({ grantor, steps }) => ({
      grantor,
      steps: steps.filter(({ verb }) => verb === "REVOKE"),
    })).filter(({ steps }) => steps.length > 0).map(({ grantor, steps }) =>
      create(asGrantor(grantor, steps.map(write)), withHazards(hazards(steps)))
    ),
    ...own.map((step) =>
      create(write(step), withHazards("of" in step ? [] : hazards([step])))
    ),
    ...others.map(({ grantor, steps }) => ({
      grantor,
      steps: steps.filter(({ verb }) => verb === "GRANT"),
    })).filter(({ steps }) => steps.length > 0).map(({ grantor, steps }) =>
      create(asGrantor(grantor, steps.map(write)), withHazards(hazards(steps)))
    ),
  ];
}

function withHazards(hazards: readonly Hazard[]) {
  return hazards.length === 0 ? {} : { hazards };
}

/** What others than the owner revoke and grant, by their names. */
function othersChanges(
  { from, to }: { readonly from: AllRights; readonly to: AllRights },
  all: readonly string[],
) {
  const of = (rights: AllRights, name: string) =>
    rights.by?.find(({ grantor }) => grantor === name) ?? {};
  const grantors = [...from.by ?? [], ...to.by ?? []].map((by) => by.grantor);
  return [...new Set(grantors)].sort().map((grantor) => ({
    grantor,
    steps: aclChanges(of(from, grantor), of(to, grantor), all),
  }));
}

/** A grant on a column that a REVOKE on its table has taken along. */
interface Regrant extends AclChange {
  /** The privilege on the column. */
  readonly of: Privilege;
}

/** REVOKE on a relation revokes the same on each of its columns. */
function regrants(
  object: Privilege,
  { on, step, target }: {
    readonly on: AclClass;
    readonly step: AclChange;
    readonly target: CreateTarget;
  },
): Regrant[] {
  if (on !== "table" || step.verb === "GRANT") return [];
  const all = allPrivilegeNames("column", target.version);
  const revoked = expandNames(step.names, all);
  const { to, role } = object.payload;
  return (privilegesOf(target.objects).byRelation
    .get(relationKey(object.name)) ?? [])
    .filter(({ payload }) => payload.to === to && payload.role === role)
    .flatMap((of) => {
      const { payload } = of;
      const keep = (names: readonly string[] | undefined) =>
        expandNames(names, all).filter((name) => revoked.includes(name));
      return aclChanges({}, {
        privileges: keep(payload.privileges),
        grantable: keep(payload.grantable),
      }, all).map((change) => ({ ...change, of }));
    });
}

function personOf(role: string): string {
  return role === "PUBLIC"
    ? "everybody"
    : role === "CURRENT_USER"
    ? "the owner"
    : role;
}

/** Who loses what they had, and what everybody gets. */
function hazardsOf(
  object: Privilege,
  { role, steps, target }: {
    readonly role: string;
    readonly steps: readonly AclChange[];
    readonly target: CreateTarget;
  },
): Hazard[] {
  return steps.flatMap(({ verb, option, names }) => {
    const what = `${names.join(", ").toUpperCase()} on ${
      phraseOf(object, target)
    }`;
    if (verb === "REVOKE") {
      return [
        {
          kind: "security",
          reason: `${personOf(role)} ${
            option ? "may no longer grant" : "loses"
          } ${what}`,
        },
      ];
    }
    return role === "PUBLIC"
      ? [{ kind: "security", reason: `everybody gets ${what}` }]
      : [];
  });
}

/**
 * What privileges on an object are of.
 *
 * @param object A privilege.
 * @param target All objects.
 * @returns Undefined for what can have none.
 */
export function classOf(
  object: Privilege,
  target: CreateTarget,
): AclClass | undefined {
  return grantTarget(phraseOf(object, target))?.on;
}

/** What COMMENT calls what the privilege is on, also a part that is no object. */
function phraseOf(object: Privilege, target: CreateTarget): string {
  const subject = privilegeSubject(object.address);
  return target.phrase(subject) ??
    `${splitAddress(subject).kind.toUpperCase()} ${qualify(object.name)}`;
}

function statement(
  object: Privilege,
  { step, role, target }: {
    readonly step: AclChange | Regrant;
    readonly role: string;
    readonly target: CreateTarget;
  },
): string {
  const on = "of" in step ? step.of : object;
  const phrase = phraseOf(on, target);
  const word = grantTarget(phrase)?.word;
  const columns = phrase.startsWith("COLUMN ")
    ? ` (${quoteIdentifier(on.name[2] ?? "")})`
    : "";
  const names = step.names.map((name) => `${name.toUpperCase()}${columns}`);
  const rest = `${names.join(", ")} ON ${word} ${targetName(on, phrase)}`;
  return step.verb === "GRANT"
    ? `GRANT ${rest} TO ${role}${step.option ? " WITH GRANT OPTION" : ""}`
    : `REVOKE ${step.option ? "GRANT OPTION FOR " : ""}${rest} FROM ${role}`;
}

/** The name behind GRANT … ON; functions go by the types of their arguments. */
function targetName(object: Privilege, phrase: string): string {
  const { name } = object;
  if (phrase.startsWith("COLUMN ")) return qualify(name.slice(0, 2));
  const subject = privilegeSubject(object.address);
  const { kind } = splitAddress(subject);
  return qualify(name) + subject.slice(address(kind, name).length);
}

/** Who has it, as GRANT says it. */
function granteeName(object: Privilege, owners: CreateTarget): string {
  const { payload } = object;
  if (payload.role !== undefined) return quoteIdentifier(payload.role);
  if (payload.to !== "OWNER") return "PUBLIC";
  const whole = object.parent ?? "";
  if (whole === INITIAL && !owners.objects.has(ownerAddress(whole))) {
    return owners.version >= 150000 ? "pg_database_owner" : "CURRENT_USER";
  }
  const role = ownerRole(ownedAs(whole, owners), object.name, owners);
  return role === undefined ? "CURRENT_USER" : quoteIdentifier(role);
}

/**
 * What somebody else than the owner grants or revokes: GRANTED BY may name
 * nobody but the current user. The role comes back as it was, also where a run
 * has set one.
 */
function asGrantor(role: string, statements: readonly string[]): string {
  const lines = [
    "DECLARE own text := pg_catalog.current_setting('role');",
    "BEGIN",
    ...[
      `SET LOCAL ROLE ${quoteIdentifier(role)}`,
      ...statements,
      "PERFORM pg_catalog.set_config('role', own, true)",
    ]
      .map((sql) => `    ${sql};`),
    "END",
  ];
  return `DO ${dollarQuote(`\n${lines.join("\n")}\n`)}`;
}
