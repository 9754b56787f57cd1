/**
 * What the first Worker makes ready for all others of this process: PostgreSQL
 * compiled, and a fresh cluster unpacked. Where several start at once, the
 * others wait for the first.
 *
 * @module
 */

import type { Ready } from "./embedded_messages.ts";

let ready: Ready = { module: undefined, image: undefined };
let preparing: Promise<void> | undefined;

/** What there is, for a Worker that starts. */
export interface Preparation {
  /** What need not be made again. */
  readonly ready: Ready;
  /** Keeps what the Worker has made. */
  readonly keep: (made: Ready) => void;
  /** The Worker makes nothing any more. */
  readonly end: () => void;
}

/** Begins to start a Worker. */
export async function prepare(): Promise<Preparation> {
  while (ready.module === undefined && preparing !== undefined) await preparing;
  const { promise, resolve } = Promise.withResolvers<void>();
  if (ready.module === undefined) preparing = promise;
  const end = () => {
    if (preparing === promise) preparing = undefined;
    resolve();
  };
  return {
    ready,
    keep: (made) => {
      ready = {
        module: ready.module ?? made.module,
        image: ready.image ?? made.image,
      };
      // The module is what it makes last.
      if (made.module !== undefined) end();
    },
    end,
  };
}
