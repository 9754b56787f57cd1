/**
 * The statements that give an object another schema and another name.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { create, type KindStatement, qualify } from "./kind.ts";

/**
 * Renames an object of a schema.
 *
 * @param command What stands before its name, such as `ALTER TYPE`.
 * @param from Its schema and name.
 * @param to Its new schema and name.
 * @param suffix What stands behind its name, such as ` USING btree`.
 * @returns Up to two statements: first the schema, then the name.
 */
export function renameStatements(
  command: string,
  from: readonly string[],
  to: { readonly name: readonly string[]; readonly suffix?: string },
): KindStatement[] {
  const [schema = "", name = ""] = from;
  const [newSchema = "", newName = ""] = to.name;
  const { suffix = "" } = to;
  return [
    ...(schema === newSchema ? [] : [create(
      `${command} ${qualify([schema, name])}${suffix} SET SCHEMA ${
        quoteIdentifier(newSchema)
      }`,
    )]),
    ...(name === newName ? [] : [create(
      `${command} ${qualify([newSchema, name])}${suffix} RENAME TO ${
        quoteIdentifier(newName)
      }`,
    )]),
  ];
}
