/**
 * The nodes of a plan's graph: what each does, its name, and what decides among
 * those that may come next. Names no kind. Pure.
 *
 * @module
 */

import { KINDS } from "../kinds/registry.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { kind } from "./work.ts";

/** What is done to an object by a statement. */
export type Action = "create" | "drop" | "alter" | "rename";

/** What a node does; stands before the address in its name. */
export type Role =
  | "prepare"
  | "release"
  | "away"
  | "drop"
  | "announce"
  | "main"
  | "gone"
  | "stray"
  | "attach"
  | "validate";

const RANK: ReadonlyMap<string, number> = new Map(
  KINDS.map((kind, i) => [kind.kind, i]),
);

/** What a node is called that does something to an object. */
export function nodeName(role: Role, address: string): string {
  return `${role} ${address}`;
}

/**
 * What decides among nodes that may come next: first what goes, then what
 * comes and changes, kind by kind; what waits for no transaction last.
 */
export function nodeKey(
  role: Role,
  object: SchemaObject,
  { alone, action }: { readonly alone: boolean; readonly action: Action },
): string {
  const rank = RANK.get(object.kind) ?? 999;
  const up = String(rank).padStart(3, "0");
  const down = String(999 - rank).padStart(3, "0");
  const parts: Readonly<Record<Role, string>> = {
    prepare: `0 0 ${up}`,
    release: `0 1 ${up}`,
    drop: `${alone ? 6 : 1} ${down}`,
    away: `2 ${up}`,
    announce: `2 ${up}`,
    main: `${alone ? 5 : 2} ${up}`,
    gone: `3 ${down}`,
    // As soon as what it came with is there: what is granted comes later.
    stray: "2 000",
    attach: `4 ${up}`,
    validate: `7 ${up}`,
  };
  // Of a table's columns those that are altered, so that these are side by side.
  const created = kind(object).foldsInto && action !== "alter" ? 1 : 0;
  return `${parts[role]} ${created} ${object.address}`;
}
