/**
 * The SQL of views: how one is created, and how it becomes another without
 * those who use it noticing, as far as PostgreSQL allows that.
 *
 * @module
 */

import { splitAddress } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { Lexer } from "../sql/lexer.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
  REPLACE,
  type StandIn,
} from "./kind.ts";
import { parameterChanges, storageParameters } from "./storage_parameters.ts";
import { isOfType } from "./stored_type.ts";
import type { ViewColumn, ViewPayload } from "./view.ts";

/** Keys of the payload, and the options that they are. */
const OPTIONS: Readonly<Record<string, string>> = {
  securityBarrier: "security_barrier",
  securityInvoker: "security_invoker",
  checkOption: "check_option",
};

type View = SchemaObject<"view", ViewPayload>;

/** The SQL that creates a view. */
export function createView(view: View): readonly KindStatement[] {
  if (usesItself(view)) {
    const { become, sql } = viewStandIn(view);
    return [create(sql), ...become];
  }
  return [create(viewStatement("CREATE VIEW", view)), ...defaultsOf(view)];
}

function defaultsOf(view: View): KindStatement[] {
  return Object.entries(view.payload.defaults ?? {}).map((entry) =>
    setDefault(view, entry)
  );
}

/** Whether a view's query names its own row type, which must be there first. */
function usesItself({ name, payload }: View): boolean {
  const wanted = name.map(quoteIdentifier);
  const lexer = new Lexer(payload.query);
  const last: string[] = [];
  while (lexer.next()) {
    last.push(payload.query.slice(lexer.start, lexer.end));
    const [schema, dot, own] = last.slice(-3);
    if (dot === "." && schema === wanted[0] && own === wanted[1]) return true;
  }
  return false;
}

/** A view of the same columns that reads nothing, and fails when it is read. */
export function viewStandIn(view: View): StandIn {
  const { columns } = view.payload;
  const list = columns.map(({ name, type, collation }) =>
    `NULL::${type}${
      collation === undefined ? "" : ` COLLATE ${collation}`
    } AS ${quoteIdentifier(name)}`
  );
  return {
    sql: `CREATE OR REPLACE VIEW ${qualify(view.name)} AS\n SELECT ${
      list.join(",\n    ")
    }\n  WHERE 1 / 0 = 0 /* until what it reads is there */`,
    become: [
      create(viewStatement("CREATE OR REPLACE VIEW", view)),
      ...defaultsOf(view),
    ],
    needs: (dependency) =>
      // Whatever of an extension or a schema is used goes with it.
      dependency.name.length === 1 ||
      columns.some(({ type, collation }) =>
        isOfType(type, dependency) || collation === qualify(dependency.name)
      ),
  };
}

/** The SQL that drops a view; it comes back where it is replaced. */
export function dropView(
  view: View,
  target: ChangeTarget,
): readonly KindStatement[] {
  const name = qualify(view.name);
  const hazards: readonly Hazard[] = target.objects.has(view.address) ? [] : [{
    kind: "manual",
    allow: "drop-view",
    reason: `whoever still queries the view ${name} gets an error`,
  }];
  return [
    create(`DROP VIEW ${name}`, hazards.length === 0 ? {} : { hazards }),
  ];
}

/** The name of a relation's row type: no other type can have it. */
export function rowTypePlace(relation: SchemaObject): readonly string[] {
  return [`pg_type ${splitAddress(relation.address).name}`];
}

/**
 * Gives a column of a view or materialized view another name.
 *
 * @param word What ALTER calls it.
 * @param view The view.
 * @param names The column's name, and its new one.
 * @returns Undefined where it has no such column.
 */
export function renameViewColumn(
  word: "VIEW" | "MATERIALIZED VIEW",
  view: SchemaObject<string, { readonly columns: readonly ViewColumn[] }>,
  names: { readonly from: string; readonly to: string },
): readonly KindStatement[] | undefined {
  return view.payload.columns.some(({ name }) => name === names.from)
    ? [create(renameColumn(word, view.name, names))]
    : undefined;
}

function renameColumn(
  word: string,
  view: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): string {
  return `ALTER ${word} ${qualify(view)} RENAME COLUMN ${
    quoteIdentifier(from)
  } TO ${quoteIdentifier(to)}`;
}

/**
 * How a view becomes another. CREATE OR REPLACE keeps what the columns are,
 * and adds some at the end; a column's name can be changed before.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys What differs.
 * @param target What SQL is written for.
 */
export function alterView(
  from: View,
  to: View,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  if (letsGoOfKey(from, target)) return REPLACE;
  const anew = keys.includes("query") || keys.includes("columns");
  const renames = anew
    ? renamedColumns(from.payload.columns, to.payload.columns)
    : new Map<string, string>();
  if (renames === undefined) return REPLACE;
  const name = qualify(to.name);
  const statements: KindStatement[] = [];
  for (const [was, is] of renames) {
    statements.push(
      create(renameColumn("VIEW", to.name, { from: was, to: is })),
    );
  }
  const hazards = exposures(from, to);
  const more = hazards.length === 0 ? {} : { hazards };
  if (anew) {
    // What it is to name of itself comes first: a column that is new.
    if (keys.includes("columns") && usesItself(to)) {
      statements.push(create(viewStandIn(to).sql));
    }
    statements.push(
      create(viewStatement("CREATE OR REPLACE VIEW", to), more),
    );
  } else {
    statements.push(
      ...parameterChanges(optionsOf(from.payload), optionsOf(to.payload))
        .map((clause) => create(`ALTER VIEW ${name} ${clause}`, more)),
    );
  }
  return altered([...statements, ...defaultChanges(from, to, renames)]);
}

/**
 * Whether a view groups by a key that goes: what is done to the key's columns
 * comes after that, and before the view's new query.
 */
function letsGoOfKey(from: View, target: ChangeTarget): boolean {
  return from.depends.some((dep) =>
    target.before.objects.get(dep)?.kind === "constraint" &&
    !target.objects.has(dep)
  );
}

/**
 * The options are always said in full: CREATE OR REPLACE VIEW without WITH
 * resets them.
 */
function viewStatement(command: string, view: View): string {
  const options = storageParameters(optionsOf(view.payload));
  return `${command} ${qualify(view.name)}${
    options === "" ? "" : ` WITH (${options})`
  } AS\n${view.payload.query}`;
}

/** The options, in the order of the payload. */
function optionsOf(payload: ViewPayload): Readonly<Record<string, string>> {
  const options: Record<string, string> = {};
  for (const key of Object.keys(payload)) {
    const name = OPTIONS[key];
    const value: unknown = Reflect.get(payload, key);
    if (name !== undefined && typeof value === "string") options[name] = value;
  }
  return { ...options, ...payload.parameters };
}

/** Rights that come to those who did not have them. */
function exposures(from: View, to: View): Hazard[] {
  const name = qualify(to.name);
  return [
    ...(isOn(from.payload.securityInvoker) && !isOn(to.payload.securityInvoker)
      ? [`the view ${name} reads with its owner's rights from now on`]
      : []),
    ...(isOn(from.payload.securityBarrier) && !isOn(to.payload.securityBarrier)
      ? [`conditions of a query may see rows that the view ${name} leaves out`]
      : []),
  ].map((reason) => ({ kind: "security", reason }));
}

/** Whether a boolean option is on, in any of the server's spellings. */
function isOn(value: string | undefined): boolean {
  return value !== undefined &&
    /^(?:t|tr|tru|true|on|y|ye|yes|1)$/i.test(value);
}

/**
 * The columns that have another name in the same place.
 *
 * @returns Old names to new ones; undefined where the columns do not only grow
 * at the end, or where a name moves from one column to another: what uses the
 * view by that name would go on using the old column.
 */
export function renamedColumns(
  from: readonly ViewColumn[],
  to: readonly ViewColumn[],
): ReadonlyMap<string, string> | undefined {
  const renames = new Map<string, string>();
  const before = new Set(from.map((column) => column.name));
  const after = new Set(to.map((column) => column.name));
  for (const [i, was] of from.entries()) {
    const is = to[i];
    if (
      is === undefined || was.type !== is.type ||
      was.collation !== is.collation
    ) return undefined;
    if (was.name === is.name) continue;
    if (after.has(was.name) || before.has(is.name)) return undefined;
    renames.set(was.name, is.name);
  }
  return renames;
}

function setDefault(
  view: View,
  [column, value]: readonly [string, string],
): KindStatement {
  return attach(
    `ALTER VIEW ${qualify(view.name)} ALTER COLUMN ${
      quoteIdentifier(column)
    } SET DEFAULT ${value}`,
  );
}

/** A default that goes is let go of first: what it calls may be dropped. */
function defaultChanges(
  from: View,
  to: View,
  renames: ReadonlyMap<string, string>,
): KindStatement[] {
  const was = Object.entries(from.payload.defaults ?? {});
  const is = to.payload.defaults ?? {};
  const kept = new Map(
    was.map(([column, value]) => [renames.get(column) ?? column, value]),
  );
  return [
    ...was.filter(([column, value]) =>
      is[renames.get(column) ?? column] !== value
    ).map(([column]) =>
      release(
        `ALTER VIEW ${qualify(to.name)} ALTER COLUMN ${
          quoteIdentifier(column)
        } DROP DEFAULT`,
      )
    ),
    ...Object.entries(is).filter(([column, value]) =>
      kept.get(column) !== value
    ).map((entry) => setDefault(to, entry)),
  ];
}
