/**
 * What a statement destroys, by its tokens. It knows the statements that lose
 * objects or rows; it must not know whether a person has agreed to that.
 *
 * @module
 */

import type { Destruction, DestructionKind } from "./classification.ts";
import { Cursor, type SqlToken } from "./cursor.ts";
import type { Head } from "./head.ts";
import { type QualifiedName, relationKey } from "./names.ts";

/** The kinds of object whose loss is worth a warning, by DROP's words. */
const DROPPED: ReadonlyMap<string, readonly [DestructionKind, string]> =
  new Map([
    ["table", ["drop-table", "the table and all its rows"]],
    ["schema", ["drop-schema", "the schema"]],
    ["view", ["drop-view", "the view"]],
    ["materialized view", [
      "drop-materialized-view",
      "the materialized view and its rows",
    ]],
    ["foreign table", ["drop-foreign-table", "the foreign table"]],
    ["sequence", ["drop-sequence", "the sequence and where it stands"]],
    ["type", ["drop-type", "the type"]],
    ["domain", ["drop-domain", "the domain"]],
    ["extension", ["drop-extension", "the extension and all its objects"]],
    ["database", ["drop-database", "the database and all that is in it"]],
  ]);

/** An object's name as SQL; "?" where the code computes it. */
function show(name: QualifiedName | undefined): string {
  return name === undefined ? "?" : relationKey(name);
}

/**
 * What a DDL statement destroys.
 *
 * @param head The statement's beginning.
 * @param cursor Behind the beginning.
 * @returns What it destroys; nothing for what only changes an object.
 */
export function destructionsOf(head: Head, cursor: Cursor): Destruction[] {
  if (head.action === "drop") return dropped(head.object, cursor);
  if (head.action === "truncate") return truncated(cursor);
  if (head.action !== "alter") return [];
  if (head.object === "type") return alteredType(cursor);
  return head.object === "table" || head.object === "foreign table"
    ? alteredTable(cursor)
    : [];
}

function dropped(object: string, cursor: Cursor): Destruction[] {
  if (object === "owned") {
    cursor.accept("by");
    return [{
      kind: "drop-owned",
      object: show(cursor.name()),
      message: "DROP OWNED drops all that a role owns in the database",
    }];
  }
  cursor.accept("if", "exists");
  const [kind, what] = DROPPED.get(object) ?? ["drop-cascade", ""];
  const names = cursor.relations();
  const cascade = cursor.skipTo("cascade");
  if (what === "" && !cascade) return [];
  const verb = `DROP ${object.toUpperCase()}`;
  const found = names.length === 0 ? [undefined] : names;
  return found.map((name) => ({
    kind,
    object: show(name),
    message: what === ""
      ? `${verb} ${show(name)} CASCADE drops all that depends on it`
      : `${verb} ${show(name)} drops ${what}${
        cascade ? ", and all that depends on it" : ""
      }`,
  }));
}

function truncated(cursor: Cursor): Destruction[] {
  cursor.accept("table");
  const names = cursor.relations();
  const cascade = cursor.skipTo("cascade");
  const found = names.length === 0 ? [undefined] : names;
  return found.map((name) => ({
    kind: "truncate",
    object: show(name),
    message: `TRUNCATE ${show(name)} deletes all its rows${
      cascade ? ", and those of every table that refers to it" : ""
    }`,
  }));
}

function alteredTable(cursor: Cursor): Destruction[] {
  cursor.accept("if", "exists");
  const table = cursor.relation();
  const found: Destruction[] = [];
  for (const segment of cursor.segments()) {
    const part = new Cursor(segment);
    if (!part.accept("drop")) continue;
    const column = part.accept("column");
    if (!column && part.isNext("constraint")) continue;
    part.accept("if", "exists");
    const name = part.identifier();
    const object = `${show(table)}.${show(name ? { name } : undefined)}`;
    found.push({
      kind: "drop-column",
      object,
      message: `DROP COLUMN ${object} drops the column and all its values`,
    });
  }
  return found;
}

function alteredType(cursor: Cursor): Destruction[] {
  const type = cursor.name();
  const found: Destruction[] = [];
  for (const segment of cursor.segments()) {
    const part = new Cursor(segment);
    if (!part.accept("drop", "attribute")) continue;
    part.accept("if", "exists");
    const name = part.identifier();
    const object = `${show(type)}.${show(name ? { name } : undefined)}`;
    found.push({
      kind: "drop-attribute",
      object,
      message: `DROP ATTRIBUTE ${object} drops the attribute and its values`,
    });
  }
  return found;
}

/**
 * The warning for a DELETE.
 *
 * @param table The table, where it is known.
 * @returns The warning.
 */
export function deletion(table: QualifiedName | undefined): Destruction {
  return {
    kind: "delete",
    object: show(table),
    message: `DELETE FROM ${show(table)} deletes rows`,
  };
}

/**
 * What code seems to destroy: wherever in it the words of such a statement
 * stand.
 *
 * @param tokens The code's tokens.
 * @returns What it seems to destroy.
 */
export function destructionsIn(tokens: readonly SqlToken[]): Destruction[] {
  const found: Destruction[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const cursor = new Cursor(tokens, at);
    if (cursor.accept("delete", "from")) {
      found.push(deletion(cursor.relation()));
    } else if (cursor.isNext("truncate") && !cursor.isSymbol("(", 1)) {
      cursor.at++;
      found.push(...truncated(statementFrom(cursor)));
    } else if (cursor.accept("alter", "table")) {
      found.push(...alteredTable(statementFrom(cursor)));
    } else if (cursor.accept("drop")) {
      for (const object of DROPPED.keys()) {
        if (cursor.accept(...object.split(" "))) {
          found.push(...dropped(object, statementFrom(cursor)));
          break;
        }
      }
    }
  }
  return found;
}

/** A cursor over the rest of the statement that a cursor stands in. */
function statementFrom(cursor: Cursor): Cursor {
  const rest = cursor.tokens.slice(cursor.at, cursor.at + 1000);
  const end = rest.findIndex((token) =>
    token.kind === "punctuation" && token.value === ";"
  );
  return new Cursor(end < 0 ? rest : rest.slice(0, end));
}
