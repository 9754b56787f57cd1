/**
 * Models: a schema written in TypeScript.
 *
 * @module
 */

export {
  type ModelsFunction,
  type SchemaBuilder,
  schemaBuilder,
  type ValueClass,
} from "./builder.ts";
export { modelsDdl, type ModelsOptions } from "./ddl.ts";
export type { Constant, Expression } from "./expression.ts";
export { Field } from "./field.ts";
export type { JunctionOptions } from "./junction.ts";
export {
  type ModelsFile,
  modelsFileDdl,
  type ModelsFileOptions,
} from "./load.ts";
export type * from "./model.ts";
