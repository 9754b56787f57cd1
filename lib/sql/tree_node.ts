/**
 * How to look at the parser's trees, of which no more is known than that they
 * are JSON. Pure.
 *
 * @module
 */

/** A node's body, or an object that holds one node under its type's name. */
export type Node = Readonly<Record<string, unknown>>;

/** Whether something is a node, or a node's body. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body of a node of a type, or undefined where it is of another one. */
export function bodyOf(value: unknown, type: string): Node | undefined {
  const body = isNode(value) ? value[type] : undefined;
  return isNode(body) ? body : undefined;
}

/** The text of a String node. */
export function stringOf(value: unknown): string | undefined {
  const body = bodyOf(value, "String");
  if (body === undefined) return undefined;
  return typeof body.sval === "string" ? body.sval : "";
}

/** The items of a list; none where there is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
