/**
 * Reads both sources of a change at once; of two live databases only what the
 * change is about, where that takes less.
 *
 * @module
 */

import type { ReadOptions } from "../catalog/read.ts";
import {
  chooseSource,
  readManaged,
  type ReadRequest,
  type ReadResult,
} from "../inspect/read.ts";
import type { Project } from "../migrate/project.ts";
import type { Session } from "../pg/session.ts";
import type { Schema } from "../schema/schema.ts";
import type { ToldRename } from "../sources/mod.ts";
import {
  bothSettled,
  type ReadDiffering,
  readDiffering,
  type ReadSide,
  readWhole,
} from "./read_differing.ts";

/** Which sources are read, and how. */
export interface BothRequest
  extends Omit<ReadRequest, "source" | "sizes" | "read">, ReadDiffering {
  /** The source of the schema as it is. */
  readonly from: string;
  /** The source of the schema as it is to be. */
  readonly to: string;
  /** Renames that were told before: for them everything is read. */
  readonly renames: readonly ToldRename[];
}

/**
 * Reads both sources.
 *
 * @param project The project.
 * @param request Which ones.
 * @returns The schema as it is, with sizes where it is a live database's, and
 * the one as it is to be. Their hashes are known.
 * @throws {PawlError} As `readManaged()`.
 */
export async function readBoth(
  project: Project,
  request: BothRequest,
): Promise<[ReadResult, ReadResult]> {
  const { from, to, renames, onDdl, ...common } = request;
  const live = {
    from: chooseSource(project, from).live,
    to: chooseSource(project, to).live,
  };
  const [readFrom, readTo] = live.from && live.to && renames.length === 0
    ? meeting(request)
    : [alone, alone];
  return await bothSettled(
    readFrom((read) =>
      readManaged(project, {
        ...common,
        read,
        source: from,
        sizes: live.from,
      })
    ),
    readTo((read) =>
      readManaged(project, { ...common, read, source: to, onDdl })
    ),
  );
}

/** Reads an open database. */
type Read = (session: Session, options: ReadOptions) => Promise<Schema>;

/** Opens a source, with what reads its database. */
type Opener = (
  open: (read: Read) => Promise<ReadResult>,
) => Promise<ReadResult>;

const alone: Opener = (open) =>
  open((session, options) => readWhole({ session, options }));

/** Two databases that are read together, once both are open. */
function meeting(how: ReadDiffering): readonly [Opener, Opener] {
  const sides = [
    Promise.withResolvers<ReadSide>(),
    Promise.withResolvers<ReadSide>(),
  ] as const;
  const both = bothSettled(sides[0].promise, sides[1].promise)
    .then((opened) => readDiffering(opened, how));
  // Whoever waits for it is told.
  both.catch(() => {});
  const opener = (side: 0 | 1): Opener => (open) =>
    open(async (session, options) => {
      sides[side].resolve({ session, options });
      return (await both)[side];
    }).catch((error: unknown) => {
      // The other must not wait for one that does not open.
      sides[side].reject(error);
      throw error;
    });
  return [opener(0), opener(1)];
}
