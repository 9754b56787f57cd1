/**
 * Models as DDL: the same text for the same models. What one thing needs of
 * another stands before it, as far as models know that. Pure.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { indexStatement } from "./index_ddl.ts";
import type { EnumModel, Model } from "./model.ts";
import { about, ModelError } from "./place.ts";
import { nameSql, renamedFrom } from "./relation_name.ts";
import {
  createTable,
  foreignKeyStatements,
  referencedTables,
  tableDetails,
} from "./table_ddl.ts";

/** What DDL is made for. */
export interface ModelsOptions {
  /** The environment; without one nothing is left out. */
  readonly environment?: string | undefined;
}

/**
 * The DDL of models: schemas, enums, tables, then foreign keys, indexes and
 * comments, raw SQL, views.
 *
 * @param models The models, in any order; equal kinds keep theirs.
 * @param options The environment.
 * @returns Statements, each ended by `;` and a new line; "" for no models.
 * @throws {TypeError} For a model that contradicts itself.
 */
export function modelsDdl(
  models: readonly Model[],
  options: ModelsOptions = {},
): string {
  const here = models.filter((model) => isHere(model, options.environment));
  refuseLeftOut(here, options.environment);
  const of = (kind: Model["model"]) =>
    here.filter(({ model }) => model === kind);
  const statements = [
    ...[...of("schema"), ...of("enum"), ...of("table")].flatMap((model) =>
      about(model, () => first(model))
    ),
    ...here.flatMap((model) =>
      model.model === "table"
        ? about(model, () => foreignKeyStatements(model))
        : []
    ),
    ...here.flatMap((model) =>
      model.model === "table" ? about(model, () => tableDetails(model)) : []
    ),
    ...here.flatMap((model) =>
      model.model === "view" || model.model === "materialized view" ||
        model.model === "sql"
        ? about(model, () => first(model))
        : []
    ),
  ];
  return statements.map((sql) => `${sql.trim().replace(/;$/, "")};\n`)
    .join("\n");
}

/** A foreign key to a table that is not there is better said in a model's words. */
function refuseLeftOut(
  here: readonly Model[],
  environment: string | undefined,
): void {
  const there: ReadonlySet<Model> = new Set(here);
  for (const table of here) {
    if (table.model !== "table") continue;
    const missing = about(table, () => referencedTables(table))
      .find((to) => !there.has(to));
    if (missing === undefined) continue;
    throw new ModelError(
      `table ${nameSql(table.name)} refers to ${
        nameSql(missing.name)
      }, which is ${
        isHere(missing, environment)
          ? "not in the list that is returned"
          : `not in the environment ${environment}`
      }`,
      table,
    );
  }
}

function isHere(model: Model, environment: string | undefined): boolean {
  if (environment === undefined) return true;
  const environments = environmentsOf(model);
  return environments === undefined || environments.includes(environment);
}

function environmentsOf(model: Model): readonly string[] | undefined {
  switch (model.model) {
    case "table":
    case "view":
    case "materialized view":
      return model.options.environments;
    case "sql":
      return model.environments;
    case "schema":
    case "enum":
      return undefined;
    default:
      return model satisfies never;
  }
}

/** The statements that make it, but for what needs other models. */
function first(model: Model): string[] {
  switch (model.model) {
    case "schema":
      return [
        `${renamedFrom(model.renamedFrom)}CREATE SCHEMA ${
          quoteIdentifier(model.name)
        }`,
      ];
    case "enum": {
      const name = nameSql(model.name);
      return [
        `${
          renamedFrom(model.options.renamedFrom)
        }CREATE TYPE ${name} AS ENUM (${enumLabels(model)})`,
        ...comment(`TYPE ${name}`, model.options.comment),
      ];
    }
    case "table":
      return [createTable(model)];
    case "view": {
      const { options } = model;
      const name = nameSql(model.name);
      const said = [
        ...(options.securityInvoker ? ["security_invoker = true"] : []),
        ...(options.securityBarrier ? ["security_barrier = true"] : []),
      ];
      const check = options.checkOption === undefined
        ? ""
        : `\nWITH ${options.checkOption.toUpperCase()} CHECK OPTION`;
      return [
        `${renamedFrom(options.renamedFrom)}CREATE VIEW ${name}${
          columns(options.columns)
        }${said.length === 0 ? "" : ` WITH (${said.join(", ")})`} AS\n${
          query(model.query)
        }${check}`,
        ...comment(`VIEW ${name}`, options.comment),
      ];
    }
    case "materialized view": {
      const { options } = model;
      const name = nameSql(model.name);
      return [
        `${renamedFrom(options.renamedFrom)}CREATE MATERIALIZED VIEW ${name}${
          columns(options.columns)
        } AS\n${query(model.query)}`,
        ...(options.indexes ?? []).map((index) =>
          indexStatement(model.name, index)
        ),
        ...comment(`MATERIALIZED VIEW ${name}`, options.comment),
      ];
    }
    case "sql":
      return [model.sql];
    default:
      return model satisfies never;
  }
}

/** Labels, each on a line behind its old name if it had one. */
function enumLabels({ name, labels, options }: EnumModel): string {
  const { renamedLabels = {} } = options;
  const unknown = Object.keys(renamedLabels).find((label) =>
    !labels.includes(label)
  );
  if (unknown !== undefined) {
    throw new TypeError(`enum ${nameSql(name)} has no label ${unknown}`);
  }
  return labels.map((label) => {
    const comment = renamedFrom(
      Object.hasOwn(renamedLabels, label) ? renamedLabels[label] : undefined,
    );
    return `${comment === "" ? "" : `\n${comment}`}${quoteLiteral(label)}`;
  }).join(", ");
}

function columns(names: readonly string[] | undefined): string {
  return names === undefined
    ? ""
    : ` (${names.map(quoteIdentifier).join(", ")})`;
}

function query(text: string): string {
  return text.trim().replace(/;$/, "");
}

function comment(on: string, text: string | undefined): string[] {
  return text === undefined
    ? []
    : [`COMMENT ON ${on} IS ${quoteLiteral(text)}`];
}
