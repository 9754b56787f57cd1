/**
 * What the embedded database's session and its Worker say to each other, and
 * the memory that they share. It must not know PGlite, which is in the Worker
 * only.
 *
 * @module
 */

import type {
  Notice,
  Parameter,
  ServerErrorFields,
  StatementResult,
} from "./session.ts";

/** What the Worker is asked. One request at a time. */
export type Request =
  | {
    readonly kind: "open";
    /** The data directory; undefined for a database in memory. */
    readonly directory: string | undefined;
    /** Whether the directory holds no cluster yet. */
    readonly create: boolean;
    /** What a database in memory starts from; undefined: a fresh cluster. */
    readonly image: Uint8Array<ArrayBuffer> | undefined;
    /** Extensions to have from the start. */
    readonly extensions: readonly string[];
    /** Shared with the other side: see {@linkcode CELL}. */
    readonly cells: Int32Array<SharedArrayBuffer>;
    /** What an earlier Worker has made ready. */
    readonly ready: Ready;
  }
  | {
    readonly kind: "run";
    readonly sql: string;
    /** Null for the simple protocol. */
    readonly parameters: readonly Parameter[] | null;
  }
  /** For an image of the database as it is now. */
  | { readonly kind: "dump" }
  | { readonly kind: "close" };

/** What takes a Worker a while, and is the same for all of them. */
export interface Ready {
  /** PostgreSQL; what of it has been compiled comes along. */
  readonly module: WebAssembly.Module | undefined;
  /** The image of a fresh cluster. */
  readonly image: Uint8Array<SharedArrayBuffer> | undefined;
}

/** What the Worker answers. */
export type Answer =
  /** What it has made ready, before anything else. */
  | { readonly kind: "ready"; readonly ready: Ready }
  | { readonly kind: "opened"; readonly info: readonly string[] }
  | { readonly kind: "unopened"; readonly reason: string }
  | { readonly kind: "notice"; readonly notice: Notice; readonly size: number }
  | {
    /** Statements that have ended, and rows of the one that has not. */
    readonly kind: "part";
    readonly results: readonly StatementResult[];
    readonly rows: StatementResult["rows"];
    readonly size: number;
  }
  | {
    readonly kind: "done";
    readonly error: ServerErrorFields | undefined;
    readonly completed: number;
  }
  /** The statement was interrupted; the Worker touches nothing any more. */
  | { readonly kind: "stopped" }
  /** PGlite broke down; the Worker touches nothing any more. */
  | {
    readonly kind: "lost";
    readonly reason: string;
    readonly fields: ServerErrorFields | undefined;
  }
  | { readonly kind: "dumped"; readonly image: Uint8Array<ArrayBuffer> }
  | { readonly kind: "undumped"; readonly reason: string }
  | { readonly kind: "closed" };

/** The indexes of the cells that both sides share. */
export const CELL = {
  /** Not 0: stop what is running. */
  cancel: 0,
  /** The bytes on their way to the other side, about. */
  underway: 1,
} as const;
