/**
 * The names `old` and `new` in parse trees of views. Before 16, the rule that
 * is a view has two relations of these names itself, so that a relation of the
 * view which is called so is written as `old old_1`; since 16 as `old`. Pure.
 *
 * @module
 */

import { bodyOf, isNode, listOf, type Node, stringOf } from "./tree_node.ts";

/**
 * Names that depend on the version: what is taken gets a number behind it, and
 * so does what is called like that already.
 */
const NAME = /^(old|new)(?:_\d+)*$/;

const MENTIONED = /\b(?:old|new)(?:_\d+)*\b/;

/** What relations are called instead, by their names. */
type Aliases = ReadonlyMap<string, string>;

/**
 * Whether a text may have names that depend on the version.
 *
 * @param sql A view's query.
 */
export function mayNameRuleRelations(sql: string): boolean {
  return MENTIONED.test(sql);
}

/**
 * The tree of a view's query with relations that are called `old`, `new` or
 * `old_1` called by where they stand instead. What refers to them goes along,
 * and tables keep their names: nothing but an alias is made equal.
 *
 * @param tree What the parser returned.
 * @returns The tree itself where a name stands for two relations at one place,
 * which no server writes.
 */
export function withoutRuleNames(tree: unknown): unknown {
  let count = 0;
  let unique = true;

  function select(body: Node, outer: Aliases): Node {
    const inside = new Map(outer);
    for (const name of listOf(body.fromClause).flatMap(relationNames)) {
      const base = NAME.exec(name)?.[1];
      if (base === undefined) continue;
      if (inside.has(name)) unique = false;
      // No name of PostgreSQL's holds this character.
      inside.set(name, `${base}\0${++count}`);
    }
    return mapped(body, (value, key) => {
      // Neither sees what stands in this query's FROM.
      if (key === "withClause") return walk(value, outer);
      if (key === "larg" || key === "rarg") {
        return isNode(value) ? select(value, outer) : value;
      }
      return walk(value, inside);
    });
  }

  function walk(value: unknown, aliases: Aliases): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, aliases));
    if (!isNode(value)) return value;
    return mapped(value, (item, key) => {
      if (!isNode(item)) return walk(item, aliases);
      switch (key) {
        case "SelectStmt":
          return select(item, aliases);
        case "RangeVar":
          return rangeVar(item, aliases);
        case "ColumnRef":
          return columnRef(item, aliases);
        case "LockingClause":
          return lockingClause(item, aliases);
        case "alias":
        case "join_using_alias":
          return alias(item, aliases);
        default:
          return walk(item, aliases);
      }
    });
  }

  const renamed = walk(tree, new Map());
  return unique ? renamed : tree;
}

function mapped(
  body: Node,
  change: (value: unknown, key: string) => unknown,
): Node {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, change(value, key)]),
  );
}

/** What an item of FROM, and what it is joined of, is called in its query. */
function relationNames(item: unknown): string[] {
  const join = bodyOf(item, "JoinExpr");
  if (join !== undefined) {
    return [
      ...relationNames(join.larg),
      ...relationNames(join.rarg),
      ...textOf(join.alias, "aliasname"),
      ...textOf(join.join_using_alias, "aliasname"),
    ];
  }
  const sample = bodyOf(item, "RangeTableSample");
  if (sample !== undefined) return relationNames(sample.relation);
  const [body] = isNode(item) ? Object.values(item) : [];
  if (!isNode(body)) return [];
  return body.alias === undefined
    ? textOf(bodyOf(item, "RangeVar"), "relname")
    : textOf(body.alias, "aliasname");
}

function textOf(body: unknown, key: string): string[] {
  const text = isNode(body) ? body[key] : undefined;
  return typeof text === "string" ? [text] : [];
}

function rangeVar(body: Node, aliases: Aliases): Node {
  const { alias: own, ...rest } = body;
  const [name = ""] = own === undefined
    ? textOf(body, "relname")
    : textOf(own, "aliasname");
  const aliasname = aliases.get(name);
  return aliasname === undefined
    ? body
    : { ...rest, alias: { ...(isNode(own) ? own : {}), aliasname } };
}

function alias(body: Node, aliases: Aliases): Node {
  const [name = ""] = textOf(body, "aliasname");
  return { ...body, aliasname: aliases.get(name) ?? name };
}

function columnRef(body: Node, aliases: Aliases): Node {
  const [qualifier, ...names] = listOf(body.fields);
  const sval = aliases.get(stringOf(qualifier) ?? "");
  return sval === undefined || names.length === 0
    ? body
    : { ...body, fields: [{ String: { sval } }, ...names] };
}

/** FOR UPDATE OF names relations as the query calls them. */
function lockingClause(body: Node, aliases: Aliases): Node {
  return mapped(
    body,
    (value, key) =>
      key !== "lockedRels" ? value : listOf(value).map((relation) => {
        const named = bodyOf(relation, "RangeVar");
        const relname = aliases.get(textOf(named, "relname")[0] ?? "");
        return relname === undefined
          ? relation
          : { RangeVar: { ...named, relname } };
      }),
  );
}
