/**
 * What a column has that no application notices: storage, compression,
 * statistics target, parameters; and the options of a foreign table's column.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import type { ColumnPayload } from "./column.ts";
import { optionChanges } from "./foreign_options.ts";
import {
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { parameterChanges } from "./storage_parameters.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * The statements that make a column's settings what they are to be.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param options Whether its type changes, and what SQL is written for.
 */
export function settingChanges(
  from: Column,
  to: Column,
  { retyped, target }: {
    readonly retyped: boolean;
    readonly target: ChangeTarget;
  },
): KindStatement[] {
  const column = `ALTER COLUMN ${quoteIdentifier(to.name[2] ?? "")}`;
  const relation = qualify(to.name.slice(0, 2));
  const { payload: was } = from;
  const { payload: is } = to;
  const clauses: string[] = [];
  // A new type brings its own storage and compression.
  const storage = retyped ? undefined : was.storage;
  const compression = retyped ? undefined : was.compression;
  if (storage !== is.storage) {
    clauses.push(
      `SET STORAGE ${
        is.storage?.toUpperCase() ?? ownStorage(is.type, target.version)
      }`,
    );
  }
  if (compression !== is.compression) {
    clauses.push(`SET COMPRESSION ${is.compression ?? "DEFAULT"}`);
  }
  if (was.statistics !== is.statistics) {
    clauses.push(`SET STATISTICS ${is.statistics ?? -1}`);
  }
  clauses.push(...parameterChanges(was.parameters, is.parameters));
  const options = optionChanges(was.foreignOptions, is.foreignOptions);
  return [
    ...clauses.map((clause) =>
      create(`ALTER TABLE ONLY ${relation} ${column} ${clause}`)
    ),
    ...(options === undefined
      ? []
      : [create(`ALTER FOREIGN TABLE ONLY ${relation} ${column} ${options}`)]),
  ];
}

/** SET STORAGE DEFAULT is there since 16. */
function ownStorage(type: string, version: number): string {
  if (version >= 160000) return "DEFAULT";
  if (/^(numeric|inet|cidr)\b(?!.*\[\])/.test(type)) return "MAIN";
  return /\[\]$|^(text|character|bytea|json|jsonb|xml|bit|tsvector|path|polygon|"?[\w$]+"?\.)/
      .test(type)
    ? "EXTENDED"
    : "PLAIN";
}
