/**
 * Parse trees of deparsed SQL, made equal where only the deparsing differs.
 * It knows the parser's trees and what versions of PostgreSQL, and dumping and
 * loading, do to a text; it must not know where the text comes from.
 *
 * @module
 */

import { bodyOf, isNode, listOf, type Node, stringOf } from "./tree_node.ts";

/** What the outermost query of a tree is. */
export type TopLevel =
  /** A view's: its column qualifiers depend on the version. */
  | "query"
  | "other";

/** Where a node stands. */
interface Scope {
  /** The only relation of the query around, where its name says nothing. */
  readonly sole: string | undefined;
  /** What the names of the columns of the next query inside are for. */
  readonly names: Names;
}

/**
 * `view`: they are the view's columns. `inner`: the query around refers to
 * them. `hidden`: nothing can refer to them.
 */
type Names = "view" | "inner" | "hidden";

const INNER: Scope = { sole: undefined, names: "inner" };

/** Keys that say where in the text a node was found. */
const PLACE = /(^|_)location$|^(rexpr_)?list_(start|end)$|^stmt_len$/;

/**
 * A parse tree without what does not count: places in the text, and what
 * servers write differently for one and the same stored tree.
 *
 * @param tree What the parser returned.
 * @param top What the outermost query is.
 * @returns Plain data.
 */
export function normalTree(tree: unknown, top: TopLevel): unknown {
  const statements = isNode(tree) && Array.isArray(tree.stmts)
    ? tree.stmts
    : [];
  const names: Names = top === "query" ? "view" : "inner";
  return statements.map((statement) =>
    normalize(statement, { sole: undefined, names })
  );
}

function normalize(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => normalize(item, scope));
  if (!isNode(value)) return value;
  const keys = Object.keys(value);
  const type = keys.length === 1 ? keys[0] : undefined;
  const body = type === undefined ? undefined : value[type];
  if (type !== undefined && isNode(body)) {
    switch (type) {
      case "SelectStmt":
        return { SelectStmt: query(body, scope.names) };
      case "SubLink":
        return { SubLink: fields(body, { ...scope, names: "hidden" }) };
      case "RangeSubselect":
      case "CommonTableExpr":
        return { [type]: fields(body, { ...scope, names: "inner" }) };
      case "ColumnRef":
        return { ColumnRef: columnRef(body, scope) };
      case "A_Const":
        return constant(body);
      case "TypeCast":
        return cast(
          normalize(body.arg, scope),
          normalize(body.typeName, scope),
        );
      case "BoolExpr":
        return { BoolExpr: junction(fields(body, scope)) };
    }
  }
  return fields(value, scope);
}

/** A node's fields, each normal. */
function fields(body: Node, scope: Scope): Node {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    if (!PLACE.test(key)) result[key] = normalize(value, scope);
  }
  return result;
}

/**
 * A query. Since 16, the outermost query of a view qualifies no column where
 * it has one relation alone; before, it qualified every column. In queries
 * inside, which an outer relation's columns may enter, all versions qualify.
 */
function query(body: Node, names: Names): Node {
  const sole = names === "view" ? soleRelation(body) : undefined;
  const inside: Scope = { sole, names: "inner" };
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    switch (key) {
      case "larg":
        result.larg = isNode(value)
          ? query(value, names === "view" ? "inner" : names)
          : value;
        break;
      case "rarg":
        // The columns of a set operation have the names of its first query.
        result.rarg = isNode(value) ? query(value, "hidden") : value;
        break;
      case "targetList":
        result.targetList = listOf(value).map((target) =>
          column(target, inside, names)
        );
        break;
      default:
        result[key] = normalize(value, inside);
    }
  }
  return result;
}

/** The name of the only relation in a query's FROM. */
function soleRelation(body: Node): string | undefined {
  const from = listOf(body.fromClause);
  const [item] = from;
  if (from.length !== 1 || !isNode(item)) return undefined;
  const sample = bodyOf(item, "RangeTableSample");
  const [relation] = Object.values(
    sample !== undefined && isNode(sample.relation) ? sample.relation : item,
  );
  if (!isNode(relation)) return undefined;
  const name = isNode(relation.alias)
    ? relation.alias.aliasname
    : relation.relname;
  return typeof name === "string" ? name : undefined;
}

function columnRef(body: Node, { sole }: Scope): Node {
  const names = listOf(body.fields);
  const [qualifier, name] = names;
  const drop = sole !== undefined && names.length === 2 &&
    stringOf(qualifier) === sole &&
    stringOf(name) !== undefined;
  return { fields: drop ? [name] : names };
}

/** An item of a query's list of columns: its value, and its name where that says something. */
function column(target: unknown, scope: Scope, names: Names): unknown {
  const body = bodyOf(target, "ResTarget");
  if (body === undefined) return normalize(target, scope);
  const { name, ...rest } = fields(body, scope);
  if (names === "hidden" || name === undefined || name === ownName(rest.val)) {
    return { ResTarget: rest };
  }
  // Before 15, `true` was `'t'::bool` to the parser, and its column `bool`.
  if (names === "inner" && name === "bool" && isBoolean(body.val)) {
    return { ResTarget: { name: "?column?", ...rest } };
  }
  return { ResTarget: { name, ...rest } };
}

function isBoolean(value: unknown): boolean {
  return bodyOf(value, "A_Const")?.boolval !== undefined;
}

/** The name that a column has by itself. */
function ownName(value: unknown): string | undefined {
  return stringOf(listOf(bodyOf(value, "ColumnRef")?.fields).at(-1));
}

/** A number, whatever wrote it: `-1`, `'-1'::integer`, `(- 1)`. */
interface NumberNode {
  readonly Number: readonly [type: string, digits: string];
}

const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

function constant(body: Node): Node | NumberNode {
  if (isNode(body.ival)) {
    return { Number: ["int4", String(body.ival.ival ?? 0)] };
  }
  if (isNode(body.fval) && typeof body.fval.fval === "string") {
    const digits = body.fval.fval;
    return { Number: [isBigint(digits) ? "int8" : "numeric", digits] };
  }
  return { A_Const: fields(body, INNER) };
}

function isBigint(digits: string): boolean {
  return /^-?\d+$/.test(digits) &&
    BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}

/** Types whose constants are written with and without their type. */
const NUMBERS: ReadonlySet<string | undefined> = new Set([
  "int4",
  "int8",
  "numeric",
]);

function cast(arg: unknown, type: unknown): unknown {
  if (!isNode(type)) return { TypeCast: { arg, typeName: type } };
  const { arrayBounds, ...element } = type;
  const text = bodyOf(bodyOf(arg, "A_Const"), "sval")?.sval;
  const [schema, name] = listOf(type.names).map(stringOf);
  if (
    typeof text === "string" && NUMBER.test(text) && schema === "pg_catalog" &&
    NUMBERS.has(name) &&
    arrayBounds === undefined && type.typmods === undefined
  ) {
    return { Number: [name, text] };
  }
  // A dump is read as if the cast of an array stood at each of its elements.
  const elements = listOf(bodyOf(arg, "A_ArrayExpr")?.elements);
  if (elements.length > 0 && listOf(arrayBounds).length === 1) {
    return {
      A_ArrayExpr: {
        elements: elements.map((item) =>
          cast(item, bodyOf(item, "A_ArrayExpr") === undefined ? element : type)
        ),
      },
    };
  }
  const inner = bodyOf(arg, "TypeCast");
  if (
    inner !== undefined &&
    JSON.stringify(inner.typeName) === JSON.stringify(type)
  ) return arg;
  return { TypeCast: { arg, typeName: type } };
}

/** `a AND (b AND c)` is `a AND b AND c`. */
function junction(body: Node): Node {
  if (body.boolop === "NOT_EXPR") return body;
  const args = listOf(body.args).flatMap((arg) => {
    const inner = bodyOf(arg, "BoolExpr");
    return inner !== undefined && inner.boolop === body.boolop
      ? listOf(inner.args)
      : [arg];
  });
  return { ...body, args };
}
