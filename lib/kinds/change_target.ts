/**
 * What the SQL of a change is written for, and what it makes of an object:
 * another one, a new one, or a stand-in. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import type { Hazard } from "./hazard.ts";
import type { KindStatement } from "./statement.ts";

/** What SQL is written for. */
export interface CreateTarget {
  /** `server_version_num` of the server that is to run it. */
  readonly version: number;
  /** Every object that is to be there, by address. */
  readonly objects: ReadonlyMap<string, SchemaObject>;
  /** The role that owns the database; undefined: whoever runs it. */
  readonly databaseOwner?: string | undefined;
  /** Values of secrets by their hashes: for SQL that carries them. */
  readonly secrets?: ReadonlyMap<string, string> | undefined;
  /**
   * Whether a relation is there already and in use, so that writers must not
   * be blocked. Absent: nothing is.
   *
   * @param address Of the table or materialized view.
   */
  readonly inUse?: ((address: string) => boolean) | undefined;
  /** The schema as it was, by the same names; absent: nothing was there. */
  readonly before?: CreateTarget | undefined;
  /**
   * Whether an object that was there is dropped, for good or to be created
   * again; known once all changes are.
   *
   * @param address Of the object.
   */
  readonly isReplaced?: ((address: string) => boolean) | undefined;
  /**
   * Whether a type becomes a new one of the same name, by itself or with what
   * it is made of; known from the beginning.
   *
   * @param address Of the type, or a collation.
   */
  readonly isAnew?: ((address: string) => boolean) | undefined;
  /**
   * What COMMENT calls an object, such as `TABLE public.users`.
   *
   * @param address Its address; undefined is returned for an unknown one.
   */
  phrase(address: string): string | undefined;
}

/** What a change is written for: the schema as it is to be, and as it was. */
export interface ChangeTarget extends CreateTarget {
  /** The schema as it was, by the same names: after renames. */
  readonly before: CreateTarget;
}

/** How an object becomes another of the same address. */
export type Alteration =
  | {
    readonly how: "alter";
    readonly statements: readonly KindStatement[];
    /**
     * Whether an object that depends on it must be out of the way meanwhile:
     * dropped before, and created after. Absent: none must.
     */
    readonly disturbs?: (dependent: SchemaObject) => boolean;
  }
  | {
    /** Dropped and created again, with all that is a part of it. */
    readonly how: "replace";
    /** What is lost by it, beyond what `drop` says. */
    readonly hazards?: readonly Hazard[];
    /**
     * Whether what it is a part of must be replaced: how, its own `follow` says
     * of the part.
     */
    readonly whole?: boolean;
    /**
     * Where what uses it can go over to the new one while both exist: how the
     * old one gets out of the way, and how it is dropped from there.
     */
    readonly aside?: {
      readonly away: readonly KindStatement[];
      readonly gone: readonly KindStatement[];
      /**
       * Whether the old one holds on to what it depends on, so that this can
       * only change once it is gone. Absent: it does not.
       */
      readonly holdsOn?: boolean;
    };
  };

/** How an object gets out of the way of others without being dropped. */
export interface Yielding {
  /** Of phase `release` before they change, and of phase `create` afterwards. */
  readonly statements: readonly KindStatement[];
  /** Whether what depends on it must be out of the way meanwhile. Absent: nothing must. */
  readonly disturbs?: (dependent: SchemaObject) => boolean;
  /**
   * Addresses of what must not change before it is out of the way, and must be
   * as it is to be before it comes back; beside what it yields to.
   */
  readonly outlives?: readonly string[];
}

/** By their addresses, what something that changes finds in its way. */
export interface Ousted {
  /** What is in the way as it was. */
  readonly before: ReadonlySet<string>;
  /** What would be as it is to be. */
  readonly after: ReadonlySet<string>;
}

/** What is there instead of an object, under its name, and fails when it is used. */
export interface StandIn {
  /** The statement that makes one, also of an object that is there. */
  readonly sql: string;
  /** What makes the object of it, instead of creating it. */
  readonly become: readonly KindStatement[];
  /**
   * Whether it needs what the object depends on, too.
   *
   * @param dependency What the object depends on.
   */
  needs(dependency: SchemaObject): boolean;
}

/** An alteration by statements; none where nothing needs to be done. */
export function altered(
  statements: readonly KindStatement[],
  disturbs?: (dependent: SchemaObject) => boolean,
): Alteration {
  return {
    how: "alter",
    statements,
    ...(disturbs === undefined ? {} : { disturbs }),
  };
}

/** An alteration by dropping and creating. */
export const REPLACE: Alteration = { how: "replace" };
