/**
 * A schema that names a role as what it is where it is to be: the database's
 * owner. DDL may give a table to a role that owns the database that it is
 * compared with; there that is no other than who owns it anyway. Pure.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import {
  type DefaultPrivilegePayload,
  isDefault,
} from "./default_privilege_change.ts";
import { isOwner, ownedAs, ownerRole } from "./owner_role.ts";
import { isPrivilege } from "./privilege_payload.ts";

/** The schema that is there from the start; who owns the database owns it. */
const INITIAL = "schema:public";

/**
 * A schema as one of a database that a role owns.
 *
 * @param schema The schema; its database's owner is nobody in particular.
 * @param role The role; undefined: nobody in particular.
 * @returns The very same schema where it says nothing of the role.
 */
export function ownedBy(schema: Schema, role: string | undefined): Schema {
  if (role === undefined) return schema;
  const { objects } = schema;
  let changed = false;
  const made: SchemaObject[] = [];
  for (const object of objects.values()) {
    const is = relative(object, role, objects);
    if (is !== object) changed = true;
    // What is said twice is said once.
    if (
      is !== undefined &&
      (is.address === object.address || !objects.has(is.address))
    ) made.push(is);
  }
  return changed ? makeSchema(made, schema) : schema;
}

type Objects = Schema["objects"];

/** An object in other words; undefined where it goes without saying. */
function relative(
  object: SchemaObject,
  role: string,
  objects: Objects,
): SchemaObject | undefined {
  if (isOwner(object)) {
    const owner = ownerIn(object.parent ?? "", object.name, { role, objects });
    if (object.parent === INITIAL && owner === undefined) return undefined;
    const [schema = "", ...rest] = object.name;
    const usual = rest.length === 0
      ? undefined
      : ownerIn(address("schema", [schema]), [schema], { role, objects });
    const payload = owner === usual
      ? {}
      : owner === undefined
      ? { databaseOwner: true }
      : { role: owner };
    const same = object.payload.role === payload.role &&
      object.payload.databaseOwner === payload.databaseOwner;
    return same ? object : { ...object, payload };
  }
  if (isPrivilege(object)) {
    const subject = ownedAs(object.parent ?? "", { objects });
    // An owner has everything: that he was given something adds nothing.
    return object.payload.role === role &&
        ownerIn(subject, object.name, { role, objects }) === undefined
      ? undefined
      : object;
  }
  return isDefault(object) ? relativeDefault(object, role, objects) : object;
}

function relativeDefault(
  object: SchemaObject & { readonly payload: DefaultPrivilegePayload },
  role: string,
  objects: Objects,
): SchemaObject | undefined {
  const { payload } = object;
  const { schema } = payload;
  const owner = schema === undefined
    ? undefined
    : ownerIn(address("schema", [schema]), [schema], { role, objects });
  const said = payload.role ?? (payload.databaseOwner ? undefined : owner);
  const creator = said === role ? undefined : said;
  const grants = creator === undefined
    ? payload.grants.filter((grant) => grant.role !== role)
    : payload.grants;
  if (grants.length === 0 && payload.grants.length > 0) return undefined;
  if (payload.role !== role && grants.length === payload.grants.length) {
    return object;
  }
  const { role: _role, databaseOwner: _databaseOwner, ...rest } = payload;
  const isUsual = creator === owner;
  const who = isUsual
    ? "OWNER"
    : creator === undefined
    ? "DATABASE OWNER"
    : splitAddress(address("role", [creator])).name;
  const what = `${who} on ${payload.on}`;
  const place = schema === undefined
    ? ""
    : ` in ${splitAddress(address("schema", [schema])).name}`;
  return {
    ...object,
    address: `default_privilege:${what}${place}`,
    name: schema === undefined ? [what] : [schema, what],
    payload: {
      ...rest,
      ...(isUsual
        ? {}
        : creator === undefined
        ? { databaseOwner: true }
        : { role: creator }),
      grants,
    },
  };
}

/** Who owns something; undefined for the database's owner. */
function ownerIn(
  subject: string,
  name: readonly string[],
  { role, objects }: { readonly role: string; readonly objects: Objects },
): string | undefined {
  const owner = ownerRole(subject, name, { objects });
  return owner === role ? undefined : owner;
}
