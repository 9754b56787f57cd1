/**
 * What comes along when a schema gets another owner: objects and default
 * privileges that are the schema's owner's, whoever that is. They are the same
 * as before by what is said of them, and not by what the catalog says. Pure.
 *
 * @module
 */

import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  creatorRole,
  isDefault,
  moveDefaults,
} from "./default_privilege_change.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
} from "./kind.ts";
import { isOwner, isUsual, ownerRole } from "./owner_role.ts";

/**
 * The statements that let everything follow that is a schema's owner's.
 *
 * @param owner The owner that changes; nothing follows that of another object
 * than a schema.
 * @param target What it is written for.
 */
export function comeAlong(
  owner: SchemaObject,
  target: CreateTarget,
): KindStatement[] {
  const [schema, ...rest] = owner.name;
  const { before } = target;
  if (
    before === undefined || rest.length > 0 ||
    !owner.parent?.startsWith("schema:")
  ) return [];
  const change: ChangeTarget = { ...target, before };
  return [...target.objects.values()].flatMap((object) => {
    const was = before.objects.get(object.address);
    return object.name[0] !== schema || was === undefined ? [] : [
      ...ownerFollows(was, object, change),
      ...defaultsFollow(was, object, change),
    ];
  });
}

function ownerFollows(
  was: SchemaObject,
  is: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  if (!isOwner(was) || !isOwner(is) || !isUsual(was) || !isUsual(is)) return [];
  const subject = is.parent ?? "";
  const phrase = target.phrase(subject);
  const role = ownerRole(subject, is.name, target);
  return is.name.length < 2 || phrase === undefined ||
      role === ownerRole(subject, is.name, target.before)
    ? []
    : [create(
      `ALTER ${phrase} OWNER TO ${
        role === undefined ? "CURRENT_USER" : quoteIdentifier(role)
      }`,
      { after: [subject], ...(role === undefined ? {} : { actsAs: role }) },
    )];
}

function defaultsFollow(
  was: SchemaObject,
  is: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  return !isDefault(was) || !isDefault(is) ||
      canonicalJson(was.payload) !== canonicalJson(is.payload) ||
      creatorRole(was.payload, target.before) ===
        creatorRole(is.payload, target)
    ? []
    : moveDefaults(was.payload, is.payload, target);
}
