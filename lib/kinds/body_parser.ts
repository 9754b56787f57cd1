/**
 * The names in the body of a function in SQL or PL/pgSQL: of relations,
 * functions, types and operators, by PostgreSQL's own grammar. It resolves
 * nothing.
 *
 * @module
 */

import type { OpaqueBody } from "./kind.ts";

/** A name: its schema, where there is one, and itself. */
export type BodyName = readonly [string] | readonly [string, string];

/** What this needs of the parser's module. */
interface Grammar {
  readonly parse: (sql: string) => unknown;
  readonly parsePlPgSQL: (sql: string) => unknown;
}

/**
 * Loads the grammar (WASM, some 60 ms the first time).
 *
 * @returns A function that finds the names in a body, each once; none in a
 * body of another language or one that does not parse.
 */
export async function bodyParser(): Promise<
  (body: OpaqueBody) => readonly BodyName[]
> {
  const library = await import("libpg-query");
  await library.loadModule();
  const grammar: Grammar = {
    parse: library.parseSync,
    parsePlPgSQL: library.parsePlPgSQLSync,
  };
  return (body) => {
    const names = new Map<string, BodyName>();
    const found = (name: BodyName) => void names.set(name.join("\0"), name);
    if (body.language === "sql") sqlNames(body.text, grammar, found);
    else if (body.language === "plpgsql") {
      plpgsqlNames(body.statement, grammar, found);
    }
    return [...names.values()];
  };
}

type Found = (name: BodyName) => void;

/** @returns Whether the text could be parsed. */
function sqlNames(text: string, grammar: Grammar, found: Found): boolean {
  let tree: unknown;
  try {
    tree = grammar.parse(text);
  } catch {
    return false;
  }
  // By their fields rather than by the names of nodes: the relation of an
  // INSERT and the function of a CALL stand there without a wrapper.
  walk(tree, (_key, node) => {
    const relation = stringAt(node, "relname");
    const schema = stringAt(node, "schemaname");
    if (relation !== undefined) {
      found(schema === undefined ? [relation] : [schema, relation]);
    }
    for (const key of NAMES) foundIn(strings(at(node, key)), found);
    const called = strings(at(node, "funcname")).at(-1);
    if (called !== undefined && SEQUENCE_FUNCTIONS.has(called)) {
      literals(
        at(node, "args"),
        (literal) => foundIn(identifiers(literal), found),
      );
    }
    // 'name'::regclass is looked up when the function is created.
    if (strings(at(at(node, "typeName"), "names")).at(-1)?.startsWith("reg")) {
      literals(
        at(node, "arg"),
        (literal) => foundIn(identifiers(literal), found),
      );
    }
  });
  return true;
}

/** Where the parser keeps the names of functions, types, operators and collations. */
const NAMES = ["funcname", "names", "name", "collname"] as const;

const SEQUENCE_FUNCTIONS: ReadonlySet<string> = new Set([
  "nextval",
  "currval",
  "setval",
]);

/** A PL/pgSQL expression that can refer to something: a call, a query or a cast. */
const MAY_REFER = /\(|::|\b(?:from|into|update|table|cast|call)\b/i;

function plpgsqlNames(statement: string, grammar: Grammar, found: Found): void {
  let tree: unknown;
  try {
    tree = grammar.parsePlPgSQL(statement);
  } catch {
    return;
  }
  const queries = new Set<string>();
  walk(tree, (key, node) => {
    if (key === "PLpgSQL_type") {
      typeNames(stringAt(node, "typname") ?? "", found);
    }
    if (key !== "PLpgSQL_expr") return;
    const text = stringAt(node, "query") ?? "";
    if (MAY_REFER.test(text)) {
      queries.add(asStatement(text, at(node, "parseMode")));
    }
  });
  // One call of the parser for all, where it accepts all.
  if (sqlNames([...queries].join(";\n"), grammar, found)) return;
  for (const query of queries) sqlNames(query, grammar, found);
}

/** Parse modes: 0 a statement, 2 an expression, 3 to 5 `target := expression`. */
function asStatement(text: string, parseMode: unknown): string {
  if (parseMode === 0 || parseMode === undefined) return text;
  return `SELECT ${parseMode === 2 ? text : text.replace(/^[^=]*?:?=/, "")}`;
}

/** A declared type, such as `public.users%rowtype`, `users.id%TYPE` or `public.pair[]`. */
function typeNames(text: string, found: Found): void {
  const names = identifiers(text);
  foundIn(/%type/i.test(text) ? names.slice(0, -1) : names, found);
}

/** The dotted identifiers that a text begins with. */
function identifiers(text: string): string[] {
  const chain =
    /^(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))*/u
      .exec(text.trim())?.[0] ?? "";
  return [...chain.matchAll(/"((?:[^"]|"")+)"|[^\s.]+/g)].map((
    [word, quoted],
  ) =>
    quoted === undefined ? word.toLowerCase() : quoted.replaceAll('""', '"')
  );
}

/** The last two parts of a name: before them stands the database. */
function foundIn(parts: readonly string[], found: Found): void {
  const name = parts.at(-1);
  const schema = parts.at(-2);
  if (name === undefined || schema === "pg_catalog") return;
  found(schema === undefined ? [name] : [schema, name]);
}

function walk(
  node: unknown,
  visit: (key: string, node: unknown) => void,
): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
    return;
  }
  for (const [key, value] of Object.entries(node)) {
    visit(key, value);
    walk(value, visit);
  }
}

function literals(node: unknown, visit: (literal: string) => void): void {
  walk(node, (key, constant) => {
    const text = key === "A_Const"
      ? stringAt(at(constant, "sval"), "sval")
      : undefined;
    if (text !== undefined) visit(text);
  });
}

function at(node: unknown, key: string): unknown {
  return typeof node === "object" && node !== null
    ? Reflect.get(node, key)
    : undefined;
}

function stringAt(node: unknown, key: string): string | undefined {
  const value = at(node, key);
  return typeof value === "string" ? value : undefined;
}

/** A list of `{"String": {"sval": …}}`. */
function strings(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const text = stringAt(at(item, "String"), "sval");
    return text === undefined ? [] : [text];
  });
}
