/**
 * GRANT and REVOKE: from what somebody has on an object to what they are to
 * have, so that what stays is never touched. Pure.
 *
 * @module
 */

import { allPrivilegeNames } from "./acl.ts";
import { expandNames, minus, type Rights } from "./acl_change.ts";
import { identitySequence } from "./identity_sequence.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  type CreateTarget,
  type KindStatement,
  REPLACE,
} from "./kind.ts";
import { ownedAs, ownerRole } from "./owner_role.ts";
import { privilegeAddress, privilegeSubject } from "./privilege_address.ts";
import {
  INITIAL,
  type Privilege,
  type PrivilegePayload,
  privilegesOf,
} from "./privilege_payload.ts";
import { classOf, writeRights } from "./privilege_sql.ts";

/**
 * The statements that give somebody what they are to have, and take what they
 * have from the start and are not to have.
 *
 * @param object The privilege.
 * @param target What it is written for.
 */
export function createPrivilege(
  object: Privilege,
  target: CreateTarget,
): KindStatement[] {
  const { payload } = object;
  // Before 15 PUBLIC may CREATE in a new database's public, too.
  const to = privilegeSubject(object.address) === INITIAL &&
      payload.to === "PUBLIC" && payload.revoked !== undefined
    ? { ...payload, revoked: ["all"] }
    : payload;
  return onceOwned(
    object,
    writeRights(object, { from: {}, to }, { target, owners: target }),
    target,
  );
}

/** A column's sequence gets its owner late: until then its rights are another's. */
function onceOwned(
  { address, name }: Privilege,
  statements: readonly KindStatement[],
  target: CreateTarget,
): KindStatement[] {
  const subject = privilegeSubject(address);
  const waits = subject.startsWith("sequence:") &&
    target.objects.get(subject)?.payload.ownedBy !== undefined &&
    ownerRole(ownedAs(subject, target), name, target) !== undefined;
  return statements.map((statement) =>
    waits ? { ...statement, afterFilled: [subject] } : statement
  );
}

/**
 * The statements that take what somebody has, and give back what they had from
 * the start.
 *
 * @param object The privilege, as it was or as it came by itself.
 * @param target What it is written for.
 */
export function dropPrivilege(
  object: Privilege,
  target: ChangeTarget,
): KindStatement[] {
  if (isGone(object, target)) return [];
  // What was there is dropped before owners change and anything is granted;
  // what came by itself, before anything is.
  const wasThere = target.before.objects.get(object.address) === object;
  return writeRights(
    object,
    { from: object.payload, to: keptAsOwner(object, target) },
    wasThere
      ? { target, owners: target.before, columns: target.before.objects }
      : { target, owners: target, columns: new Map() },
  );
}

/**
 * How somebody comes to have something else.
 *
 * @param from What they have.
 * @param to What they are to have.
 * @param target What it is written for.
 */
export function alterPrivilege(
  from: Privilege,
  to: Privilege,
  target: ChangeTarget,
): Alteration {
  // What was granted on must be revoked before, and granted by somebody else.
  if (losesOptionInUse(from, to, target)) return REPLACE;
  return altered(onceOwned(
    to,
    writeRights(
      to,
      { from: afterOwnerChange(from, target), to: to.payload },
      { target, owners: target },
    ),
    target,
  ));
}

/** Whether a sequence went with its column's identity, and its privileges with it. */
function isGone(object: Privilege, target: ChangeTarget): boolean {
  if (!privilegeSubject(object.address).startsWith("sequence:")) return false;
  const parent = target.objects.get(object.parent ?? "");
  if (parent?.kind !== "column") return false;
  return identitySequence(parent)?.[1] !== object.name[1];
}

/** The owner of what a privilege is on, as it was and as it is to be. */
function owners(object: Privilege, target: ChangeTarget) {
  const [was, is] = [target.before, target].map((schema) =>
    ownerRole(ownedAs(object.parent ?? "", schema), object.name, schema)
  );
  return { was, is };
}

/** ALTER … OWNER makes grants of the new owner's, and of the old one's, the owner's. */
function afterOwnerChange(
  { payload, ...object }: Privilege,
  target: ChangeTarget,
): PrivilegePayload {
  const { was, is } = owners({ ...object, payload }, target);
  const own = was === is
    ? undefined
    : payload.by?.find(({ grantor }) => grantor === is);
  if (own === undefined) return payload;
  const union = (key: "privileges" | "grantable") => [
    ...new Set([...payload[key] ?? [], ...own[key] ?? []]),
  ];
  return {
    ...payload,
    privileges: union("privileges"),
    grantable: union("grantable"),
    by: payload.by?.filter((grant) => grant !== own),
  };
}

/** What a role may keep since it is going to be the owner. */
function keptAsOwner(object: Privilege, target: ChangeTarget): Rights {
  const { payload } = object;
  const { was, is } = owners(object, target);
  if (payload.role === undefined || payload.role !== is || was === is) {
    return {};
  }
  const on = classOf(object, target);
  if (on === undefined) return {};
  const all = allPrivilegeNames(on, target.version);
  const subject = privilegeSubject(object.address);
  const address = privilegeAddress(subject, { to: "OWNER", role: undefined });
  const owner = privilegesOf(target.objects).bySubject.get(subject)
    ?.find((other) => other.address === address)?.payload;
  const kept = [
    ...minus(on === "column" ? [] : all, expandNames(owner?.revoked, all)),
    ...expandNames(owner?.privileges, all),
  ];
  const keep = (names: readonly string[] | undefined) =>
    expandNames(names, all).filter((name) => kept.includes(name));
  return {
    privileges: keep(payload.privileges),
    grantable: keep(payload.grantable),
  };
}

/** Whether somebody may no longer grant on what they have granted on. */
function losesOptionInUse(
  from: Privilege,
  to: Privilege,
  target: ChangeTarget,
): boolean {
  const on = classOf(to, target);
  const { role } = from.payload;
  if (on === undefined || role === undefined) return false;
  const all = allPrivilegeNames(on, target.version);
  const options = ({ payload }: Privilege) =>
    [payload, ...payload.by ?? []].flatMap(({ grantable }) =>
      expandNames(grantable, all)
    );
  const lost = minus(options(from), options(to));
  if (lost.length === 0) return false;
  const subject = privilegeSubject(from.address);
  return (privilegesOf(target.before.objects).bySubject.get(subject) ?? [])
    .some(({ payload }) =>
      payload.by?.some(({ grantor, privileges }) =>
        grantor === role &&
        expandNames(privileges, all).some((name) => lost.includes(name))
      )
    );
}
