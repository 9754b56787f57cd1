/**
 * How a table becomes a partition or no longer is one, and how it inherits
 * from other tables. PostgreSQL makes a column that no parent has any more the
 * table's own; an empty table lends those that are to stay a parent's.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { isConstraint } from "./constraint.ts";
import type { Constraint } from "./constraint_inheritance.ts";
import type { Hazard } from "./hazard.ts";
import {
  columnNamed,
  columnsIn,
  isRebuilt,
  partitionOf,
  relationNamed,
} from "./inheritance.ts";
import {
  attach,
  type ChangeTarget,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import {
  attachStatement,
  goneBeforeLeaving,
  keepsParent,
  rebound,
} from "./moved_partitions.ts";
import { checkClause, checksAbove, dropLeftovers } from "./parent_parts.ts";
import { partsOf } from "./partitions.ts";
import { freeName } from "./stored_type.ts";

/**
 * The statements that give a table the parents that it is to have.
 *
 * @param from The table as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function parentChanges(
  from: SchemaObject,
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const was = partitionOf(from);
  const is = partitionOf(to);
  const name = qualify(to.name);
  const same = was?.parent === is?.parent && was?.bound === is?.bound;
  if (keepsParent(to, target) && !same) {
    return [...inheritanceChanges(from, to, target), ...rebound(to, target)];
  }
  return [
    ...(was === undefined || same ? [] : [
      detach(was.parent, name, {
        target,
        hazards: was.parent === is?.parent ? [] : [leaves(name, was.parent)],
      }),
      ...dropLeftovers(from, to, target),
    ]),
    ...inheritanceChanges(from, to, target),
    ...(is === undefined || same ? [] : attachTo(is, to, target)),
  ];
}

/**
 * The statements by which a table outlives that its parent is made anew.
 *
 * @param from The table as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function followParent(
  from: SchemaObject,
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const was = partitionOf(from);
  const is = partitionOf(to);
  const name = qualify(to.name);
  return [
    ...(was === undefined ? inheritanceChanges(from, to, target) : [
      detach(was.parent, name, { target, hazards: [] }),
      ...dropLeftovers(from, to, target),
    ]),
    ...(is === undefined ? [] : attachTo(is, to, target)),
  ];
}

/** Rows that something refers to cannot leave what it refers to. */
function detach(
  parent: string,
  name: string,
  { target, hazards }: {
    readonly target: ChangeTarget;
    readonly hazards: readonly Hazard[];
  },
): KindStatement {
  return release(`ALTER TABLE ${parent} DETACH PARTITION ${name}`, {
    afterDrop: goneBeforeLeaving(parent, target),
    ...(hazards.length === 0 ? {} : { hazards }),
  });
}

/** Nothing is lost, and yet whoever asks the parent does not find it. */
function leaves(name: string, parent: string): Hazard {
  return {
    kind: "manual",
    reason: `the rows of ${name} are no longer among those of ${parent}`,
  };
}

function attachTo(
  { parent, bound }: { readonly parent: string; readonly bound: string },
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const name = qualify(to.name);
  const was = target.before.objects.get(to.address);
  const left = was === undefined ? [] : checksAbove(was, target.before.objects);
  const checks = checksAbove(to, target.objects).filter((check) =>
    !target.before.objects.has(
      address("constraint", [...to.name, check.name[2] ?? ""]),
    ) && !left.some((other) =>
      other.name[2] === check.name[2] &&
      other.payload.definition === check.payload.definition
    )
  ).map((check) => `ALTER TABLE ${name} ${checkClause(check)}`);
  const statement = attachStatement({ parent, bound }, to, target);
  return [
    ...checks.map((check) =>
      attach(check, { hazards: statement.hazards ?? [] })
    ),
    statement,
  ];
}

/** The parents of inheritance, as `schema.table`. */
function inheritsOf(relation: SchemaObject): readonly string[] {
  const { inherits } = relation.payload;
  return Array.isArray(inherits) ? inherits.map(String) : [];
}

/**
 * Columns that are to be a table's own, beside those of a parent that goes on
 * having them: the parent must be left and joined again.
 *
 * @param table The table as it is to be.
 * @param target What SQL is written for.
 * @returns Their names.
 */
export function ownedAgain(
  table: SchemaObject,
  target: ChangeTarget,
): readonly string[] {
  const was = target.before.objects.get(table.address);
  const kept = was === undefined
    ? []
    : inheritsOf(was).filter((parent) => inheritsOf(table).includes(parent));
  return columnsIn(table.address, target.objects).flatMap((column) => {
    const before = target.before.objects.get(column.address);
    const name = column.name[2] ?? "";
    return before?.payload.inherited === true &&
        column.payload.inherited !== true &&
        kept.some((parent) => provides(parent, name, target))
      ? [name]
      : [];
  });
}

function provides(
  parent: string,
  column: string,
  target: ChangeTarget,
): boolean {
  const relation = relationNamed(parent, target.objects);
  return relation !== undefined &&
    columnNamed(relation, column, target.objects) !== undefined &&
    columnNamed(relation, column, target.before.objects) !== undefined;
}

/**
 * The statements that make the parents of inheritance what they are to be, in
 * their order.
 *
 * @param from The table as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function inheritanceChanges(
  from: SchemaObject,
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const old = inheritsOf(from);
  const now = inheritsOf(to);
  const own = ownedAgain(to, target);
  const kept = old.filter((parent) =>
    now.includes(parent) &&
    !isRebuilt(relationNamed(parent, target.objects)?.address ?? "", target)
  );
  // A parent that is joined comes last: those behind it are joined again too.
  const stay = kept.findIndex((parent, i) =>
    now[i] !== parent || own.some((name) => provides(parent, name, target))
  );
  const staying = new Set(stay < 0 ? kept : kept.slice(0, stay));
  const leaving = old.filter((parent) => !staying.has(parent));
  const joining = now.filter((parent) => !staying.has(parent));
  const gone = leaving.filter((parent) => !kept.includes(parent));
  const again = leaving.filter((parent) => kept.includes(parent));
  const lent = leaving.length === 0
    ? []
    : columnsIn(to.address, target.objects).filter((column) =>
      column.payload.inherited === true &&
      // What is lent before it is there would come from there.
      (gone.length === 0 ||
        target.before.objects.get(column.address)?.payload.inherited ===
          true) &&
      ![...staying].some((parent) =>
        provides(parent, column.name[2] ?? "", target)
      )
    );
  const name = qualify(to.name);
  const alter = `ALTER TABLE ${name}`;
  const lender = qualify([to.name[0] ?? "", freeName(to, target)]);
  const checks = lentChecks(to, { joining, staying }, target);
  const columns = columnsIn(to.address, target.objects).filter((column) =>
    lent.includes(column) ||
    checks.some(({ depends }) =>
      depends.some((dep) => dep.endsWith(`.${lastPart(column)}`))
    )
  );
  const lends = columns.length > 0 || checks.length > 0;
  // What it has already must be lent before it would be its own, and may not
  // be proved yet.
  const held = new Set([
    ...again.flatMap((parent) => checksOf(parent, target.objects)),
    ...gone.flatMap((parent) => checksOf(parent, target.before.objects)),
  ].map(checkKey));
  const given = (check: Constraint) =>
    `ALTER TABLE ${lender} ${checkClause(check)}${
      held.has(checkKey(check)) && check.payload.valid ? " NOT VALID" : ""
    }`;
  const early = checks.filter((check) =>
    gone.some((parent) =>
      checksOf(parent, target.before.objects).some((other) =>
        checkKey(other) === checkKey(check)
      )
    )
  );
  const lend = !lends ? [] : [
    `CREATE TABLE ${lender} (${
      columns.map((column) =>
        lentColumn(column, target.before.objects.get(column.address))
      ).join(", ")
    })`,
    ...early.map(given),
    `${alter} INHERIT ${lender}`,
  ];
  return [
    ...(gone.length === 0 ? [] : lend).map((sql) => release(sql)),
    ...gone.map((parent) =>
      release(`${alter} NO INHERIT ${parent}`, {
        hazards: joining.includes(parent)
          ? []
          : [leaves(qualify(to.name), parent)],
      })
    ),
    ...(gone.length === 0 ? [] : dropLeftovers(from, to, target)),
    ...(gone.length === 0 ? lend : []).map((sql) => attach(sql)),
    ...checks.filter((check) => !early.includes(check)).map((check) =>
      attach(given(check))
    ),
    ...again.map((parent) => attach(`${alter} NO INHERIT ${parent}`)),
    ...joining.map((parent) => attach(`${alter} INHERIT ${parent}`)),
    ...(!lends ? [] : [
      attach(`${alter} NO INHERIT ${lender}`),
      attach(`DROP TABLE ${lender}`),
    ]),
  ];
}

/** The checks that a table gives to those that inherit from it. */
function checksOf(
  table: string,
  objects: ChangeTarget["objects"],
): Constraint[] {
  const relation = relationNamed(table, objects);
  return relation === undefined ? [] : [
    ...checksAbove(relation, objects),
    ...partsOf(relation.address, objects).filter(isConstraint).filter((
      { payload },
    ) => payload.type === "check" && !/ NO INHERIT$/.test(payload.definition)),
  ];
}

/** What a check and one that comes from another table have in common where they become one. */
function checkKey({ name, payload }: Constraint): string {
  return `${name[2]} ${payload.definition}`;
}

/** Checks of new parents that the table is to have from them only. */
function lentChecks(
  to: SchemaObject,
  { joining, staying }: {
    readonly joining: readonly string[];
    readonly staying: ReadonlySet<string>;
  },
  target: ChangeTarget,
): Constraint[] {
  if (joining.length === 0) return [];
  const known = new Set(
    [...staying].flatMap((parent) => {
      const relation = relationNamed(parent, target.objects);
      return relation === undefined
        ? []
        : partsOf(relation.address, target.objects);
    }).map(({ address }) => address),
  );
  return checksAbove(to, target.objects).filter((check) =>
    !known.has(check.address) &&
    !target.objects.has(
      address("constraint", [...to.name, check.name[2] ?? ""]),
    )
  );
}

/** The last part of a column's address. */
function lastPart(column: SchemaObject): string {
  return column.address.slice(
    address("column", column.name.slice(0, 2)).length + 1,
  );
}

function lentColumn(
  { name, payload }: SchemaObject,
  was: SchemaObject | undefined,
): string {
  // Or it would be the table's own that it is not null, since 18.
  const isRequired = [payload, was?.payload].every((column) =>
    column?.notNull === true && column.notNullUnvalidated === undefined &&
    column.notNullNoInherit === undefined
  );
  const { collation, generated } = payload;
  const expression = typeof generated === "object" && generated !== null &&
      "expression" in generated && "kind" in generated
    ? ` GENERATED ALWAYS AS (${String(generated.expression)}) ${
      String(generated.kind).toUpperCase()
    }`
    : "";
  return `${quoteIdentifier(name[2] ?? "")} ${String(payload.type)}${
    collation === undefined ? "" : ` COLLATE ${String(collation)}`
  }${expression}${isRequired ? " NOT NULL" : ""}`;
}
