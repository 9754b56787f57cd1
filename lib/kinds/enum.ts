/**
 * The kind `enum`: an enumerated type with its labels.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { holdsRecord, type RecordOf, shape } from "../schema/shape.ts";
import { quoteLiteral } from "../sql/quote.ts";
import type { Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type KindModule,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import {
  columnList,
  columnsOf,
  makeTypeRoom,
  replacement,
} from "./stored_type.ts";

const SHAPE = {
  /** In their order, which is how values compare. */
  labels: shape.list(shape.text()),
} as const;

/** An enumerated type's payload. */
export type EnumPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const ENUM: KindModule<"enum", EnumPayload> = {
  kind: "enum",
  catalog: "pg_type",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TYPE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.typname AS name, e.labels,",
      "pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.to_json(t.typacl::text[]) AS acl",
      "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
      "LEFT JOIN (SELECT enumtypid, pg_catalog.json_agg(enumlabel ORDER BY enumsortorder) AS labels FROM pg_catalog.pg_enum GROUP BY enumtypid) e ON e.enumtypid = t.oid",
      `WHERE t.typtype = 'e' AND ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("enum", name),
      name,
      payload: { labels: row.list("labels") },
    };
  },
  create: (object) => {
    const labels = object.payload.labels.map(quoteLiteral);
    const list = labels.length === 0
      ? "()"
      : `(\n    ${labels.join(",\n    ")}\n)`;
    return [create(`CREATE TYPE ${qualify(object.name)} AS ENUM ${list}`)];
  },
  alter: (from, to, _keys, target) => {
    const added = addedValues(from.payload.labels, to.payload.labels);
    return added === undefined
      ? rebuilt(from, to, target)
      : altered(added.map(({ label, place }) =>
        create(
          `ALTER TYPE ${qualify(to.name)} ADD VALUE ${
            quoteLiteral(label)
          }${place}`,
          { commits: true },
        )
      ));
  },
  makeRoom: (object, target) => makeTypeRoom(object, target, "TYPE"),
  rename: (object, name) =>
    renameStatements("ALTER TYPE", object.name, { name }),
  renamePart: (object, from, to) =>
    object.payload.labels.includes(from)
      ? [renameEnumValue(object, from, to)]
      : undefined,
};

type Enum = SchemaObject<"enum", EnumPayload>;

/** A value that ADD VALUE adds, and where. */
interface AddedValue {
  readonly label: string;
  /** Such as ` BEFORE 'x'`; empty for the end. */
  readonly place: string;
}

/**
 * What is to be added, one after the other, each beside one that is there by
 * then.
 *
 * @returns Undefined where values were removed or change their order, which
 * ALTER TYPE cannot do.
 */
function addedValues(
  from: readonly string[],
  to: readonly string[],
): AddedValue[] | undefined {
  const kept = to.filter((label) => from.includes(label));
  if (kept.length !== from.length) return undefined;
  if (kept.some((label, i) => label !== from[i])) return undefined;
  const last = to.findLastIndex((label) => from.includes(label));
  return to.flatMap((label, i) => {
    if (from.includes(label)) return [];
    const before = to[i - 1];
    const first = from[0];
    if (i > last) return [{ label, place: "" }];
    return [{
      label,
      place: before === undefined
        ? first === undefined ? "" : ` BEFORE ${quoteLiteral(first)}`
        : ` AFTER ${quoteLiteral(before)}`,
    }];
  });
}

function rebuilt(from: Enum, to: Enum, target: ChangeTarget): Alteration {
  const columns = columnsOf(from.address, target);
  const removed = from.payload.labels.filter((label) =>
    !to.payload.labels.includes(label)
  );
  const hazards: Hazard[] = columns.length === 0 ? [] : [{
    kind: "rewrite",
    reason: `${columnList(columns)} ${
      columns.length === 1 ? "is" : "are"
    } written anew for the new ${qualify(to.name)}`,
  }];
  if (columns.length > 0 && removed.length > 0) {
    hazards.unshift({
      kind: "data-dependent",
      allow: "rebuild-enum",
      reason: `it fails where ${columnList(columns)} ${
        columns.length === 1 ? "holds" : "hold"
      } ${removed.map(quoteLiteral).join(" or ")}`,
    });
  }
  return replacement(from, target, { word: "TYPE", hazards });
}

/**
 * The SQL that gives a value of an enumerated type another label.
 *
 * @param object The type.
 * @param from The label that it has.
 * @param to Its new label.
 */
export function renameEnumValue(
  object: Pick<SchemaObject, "name">,
  from: string,
  to: string,
): KindStatement {
  return create(
    `ALTER TYPE ${qualify(object.name)} RENAME VALUE ${quoteLiteral(from)} TO ${
      quoteLiteral(to)
    }`,
  );
}
