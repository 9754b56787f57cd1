/**
 * A statement of a plan: what a kind has written, and what it is for. Pure.
 *
 * @module
 */

import type { KindStatement } from "../kinds/kind.ts";
import type { StrongMode } from "../sql/locked_relations.ts";
import type { Action } from "./nodes.ts";

/** A statement of a plan. */
export interface PlannedStatement extends KindStatement {
  /** The object that it is about. */
  readonly address: string;
  /** What is done to that. */
  readonly action: Action;
  /** What it was joined of, where it is about several objects. */
  readonly parts?: readonly PlannedStatement[];
  /** The tables that were there and that writers wait for, in which mode. */
  readonly locks?: ReadonlyMap<string, StrongMode>;
}
