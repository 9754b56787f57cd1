/**
 * Sources: where schemas are read from.
 *
 * @module
 */

export type { SourceContext } from "./context.ts";
export { type DdlOptions, loadDdl } from "./ddl_load.ts";
export { roleRemedy } from "./shadow_roles.ts";
export type { DdlFile } from "./ddl_script.ts";
export { parseSource, type Source } from "./parse_source.ts";
export {
  hashOf,
  readSnapshotFile,
  writeSnapshotFile,
} from "./snapshot_file.ts";
export {
  declaredSource,
  readOptions,
  readSource,
  withSource,
} from "./source.ts";
export { dottedName, renamesIn, type ToldRename } from "./renamed_from.ts";
