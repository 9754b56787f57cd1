/**
 * Schemas to look at: read from any source, hashed, kept in snapshots.
 *
 * @module
 */

export { hashesOf, hashSource, type SourceHashes } from "./hash.ts";
export {
  chooseSource,
  type ChosenSource,
  readManaged,
  type ReadRequest,
  type ReadResult,
} from "./read.ts";
export {
  type SnapshotRequest,
  type TakenSnapshot,
  takeSnapshot,
} from "./snapshot.ts";
export { writeSplit, type WrittenSplit } from "./write_split.ts";
