/**
 * Takes the foreign keys out of a CREATE TABLE, so that two tables that refer
 * to one another can both be made before either of them refers. It knows
 * tokens; what is no such statement it leaves alone. Pure.
 *
 * @module
 */

import { Lexer } from "../sql/lexer.ts";
import type { DdlStatement } from "./ddl_script.ts";

/** A statement in two parts. */
export interface ForeignKeysApart {
  /** The table without them; what is left stands where it stood. */
  readonly create: DdlStatement;
  /** Each of them as an ALTER TABLE. */
  readonly foreignKeys: readonly DdlStatement[];
}

interface Token {
  readonly start: number;
  readonly end: number;
  /** In lower case; undefined for what is no unquoted word. */
  readonly word: string | undefined;
  /** A parenthesis or comma; undefined for anything else. */
  readonly mark: string | undefined;
  /** How many parentheses it is in. */
  readonly depth: number;
}

/** What another constraint of a column begins with, or its collation. */
const NEXT: ReadonlySet<string> = new Set([
  "check",
  "collate",
  "compression",
  "constraint",
  "default",
  "generated",
  "not",
  "null",
  "primary",
  "references",
  "storage",
  "unique",
]);

/** What belongs to a foreign key behind NOT. */
const NEGATED: ReadonlySet<string> = new Set([
  "deferrable",
  "enforced",
  "valid",
]);

/**
 * Takes the foreign keys out of a statement.
 *
 * @param ddl The statement.
 * @returns Undefined where it is no CREATE TABLE with columns, or has none.
 */
export function foreignKeysApart(
  ddl: DdlStatement,
): ForeignKeysApart | undefined {
  const { text, start } = ddl.statement;
  const tokens = tokensOf(text);
  const name = tableName(tokens);
  if (name === undefined) return undefined;
  const table = text.slice(name.start, name.end);
  let create = text;
  const blank = (from: number, to: number) => {
    const hole = text.slice(from, to).replaceAll(/[^\n]/g, " ");
    create = create.slice(0, from) + hole + create.slice(to);
  };
  const foreignKeys: DdlStatement[] = [];
  const take = (from: Token, to: Token, before: string) => {
    const clause = text.slice(from.start, to.end);
    foreignKeys.push({
      ...ddl,
      statement: {
        ...ddl.statement,
        text: `ALTER TABLE ${table} ADD ${before}${clause}`,
        start: start + from.start,
        words: ["alter", "table"],
      },
    });
    blank(from.start, to.end);
  };
  const elements = elementsOf(tokens, name.next);
  /** Commas between elements that stay: the one before a table constraint goes with it. */
  let kept = 0;
  for (const element of elements) {
    const [first] = element.tokens;
    if (first === undefined) continue;
    const last = element.tokens.at(-1) ?? first;
    if (isForeignKey(element.tokens)) {
      take(first, last, "");
      const comma = kept === 0 ? element.behind : element.before;
      if (comma !== undefined) blank(comma.start, comma.end);
      continue;
    }
    kept++;
    const column = text.slice(first.start, first.end);
    for (const [from, to, named] of references(element.tokens)) {
      // FOREIGN KEY stands between the name and REFERENCES.
      const constraint = named === undefined
        ? ""
        : `CONSTRAINT ${text.slice(named.start, named.end)} `;
      const words = element.tokens.indexOf(from);
      const clause = named === undefined ? from : element.tokens[words + 2];
      if (clause === undefined) continue;
      take(clause, to, `${constraint}FOREIGN KEY (${column}) `);
      blank(from.start, to.end);
    }
  }
  if (foreignKeys.length === 0) return undefined;
  return {
    create: { ...ddl, statement: { ...ddl.statement, text: create } },
    foreignKeys,
  };
}

function tokensOf(text: string): Token[] {
  const lexer = new Lexer(text);
  const tokens: Token[] = [];
  let depth = 0;
  while (lexer.next()) {
    const { start, end, kind } = lexer;
    if (kind === "line_comment" || kind === "block_comment") continue;
    const mark = ["(", ")", ",", "["].find((one) => lexer.isPunctuation(one));
    if (mark === ")") depth--;
    tokens.push({
      start,
      end,
      word: kind === "word" ? text.slice(start, end).toLowerCase() : undefined,
      mark,
      depth,
    });
    if (mark === "(") depth++;
  }
  return tokens;
}

/** Where a CREATE TABLE has its name, and the token behind its opening parenthesis. */
function tableName(
  tokens: readonly Token[],
):
  | { readonly start: number; readonly end: number; readonly next: number }
  | undefined {
  const table = tokens.findIndex(({ word }) => word === "table");
  const words = tokens.slice(0, table + 1).map(({ word }) => word).join(" ");
  if (
    !/^create (?:(?:global |local )?(?:temp |temporary )|unlogged )?table$/
      .test(words)
  ) return undefined;
  const conditional = tokens[table + 1]?.word === "if" &&
    tokens[table + 2]?.word === "not";
  const from = table + (conditional ? 4 : 1);
  const open = tokens.findIndex(({ mark }, i) => i > from && mark === "(");
  const first = tokens[from];
  const last = tokens[open - 1];
  // A name has one part or more with dots between; PARTITION OF and AS have words.
  const parts = open - from;
  if (first === undefined || last === undefined || parts % 2 === 0) {
    return undefined;
  }
  return parts > 5
    ? undefined
    : { start: first.start, end: last.end, next: open + 1 };
}

interface Element {
  readonly tokens: readonly Token[];
  readonly before: Token | undefined;
  readonly behind: Token | undefined;
}

/** The columns and constraints, up to the closing parenthesis. */
function elementsOf(tokens: readonly Token[], from: number): Element[] {
  const elements: Element[] = [];
  let before: Token | undefined;
  let start = from;
  for (let i = from; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const closes = token.mark === ")" && token.depth === 0;
    if (!closes && !(token.mark === "," && token.depth === 1)) continue;
    const behind = closes ? undefined : token;
    elements.push({ tokens: tokens.slice(start, i), before, behind });
    if (closes) break;
    before = token;
    start = i + 1;
  }
  return elements;
}

/** `FOREIGN KEY …` or `CONSTRAINT name FOREIGN KEY …`. */
function isForeignKey(tokens: readonly Token[]): boolean {
  const at = tokens[0]?.word === "constraint" ? 2 : 0;
  return tokens[at]?.word === "foreign" && tokens[at + 1]?.word === "key";
}

/** The foreign keys of a column: the first token, the last, and the name. */
function references(
  tokens: readonly Token[],
): (readonly [Token, Token, Token | undefined])[] {
  return tokens.flatMap((token, at) => {
    if (at === 0 || token.depth !== 1 || token.word !== "references") return [];
    const named = at > 2 && tokens[at - 2]?.word === "constraint"
      ? tokens[at - 1]
      : undefined;
    const from = named === undefined ? token : tokens[at - 2];
    let end = at + 1;
    while (end < tokens.length && !endsForeignKey(tokens, end)) end++;
    const to = tokens[end - 1];
    return from === undefined || to === undefined
      ? []
      : [[from, to, named] as const];
  });
}

/** Whether something else of the column begins: not what ON DELETE sets, nor NOT DEFERRABLE. */
function endsForeignKey(tokens: readonly Token[], at: number): boolean {
  const { word, depth } = tokens[at] ?? {};
  if (word === undefined || depth !== 1 || !NEXT.has(word)) return false;
  if (tokens[at - 1]?.word === "set") return false;
  return word !== "not" || !NEGATED.has(tokens[at + 1]?.word ?? "");
}
