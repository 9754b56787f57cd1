/**
 * Storage parameters as SQL writes them.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";

/** What says where and how a relation keeps its rows. */
export interface RelationStorage {
  readonly accessMethod?: string | undefined;
  readonly parameters?: Options;
  readonly toastParameters?: Options;
  readonly tablespace?: string | undefined;
}

type Options = Readonly<Record<string, string>> | undefined;

/**
 * The inside of a `WITH (…)`.
 *
 * @param parameters The parameters of the relation.
 * @param toast Those of its TOAST table.
 * @returns An empty text where there are none.
 */
export function storageParameters(
  parameters: Options,
  toast?: Options,
): string {
  const write = (prefix: string) => ([name, value]: [string, string]) =>
    `${prefix}${quoteIdentifier(name)}=${
      /^(\w|\.)+$/.test(value) ? value : quoteLiteral(value)
    }`;
  return [
    ...Object.entries(parameters ?? {}).map(write("")),
    ...Object.entries(toast ?? {}).map(write("toast.")),
  ].join(", ");
}

/**
 * The clauses of ALTER that make parameters of a relation, a column or a view
 * others.
 *
 * @param was The parameters as they were.
 * @param is As they are to be.
 * @param prefix What stands before their names, such as `toast.`.
 * @returns `RESET (…)` and `SET (…)`, as far as there is anything to do.
 */
export function parameterChanges(
  was: Options,
  is: Options,
  prefix: "" | "toast." = "",
): string[] {
  const gone = Object.keys(was ?? {}).filter((name) =>
    is?.[name] === undefined
  );
  const changed = Object.fromEntries(
    Object.entries(is ?? {}).filter(([name, value]) => was?.[name] !== value),
  );
  const set = prefix === ""
    ? storageParameters(changed)
    : storageParameters(undefined, changed);
  return [
    ...(gone.length === 0 ? [] : [
      `RESET (${
        gone.map((name) => prefix + quoteIdentifier(name)).join(", ")
      })`,
    ]),
    ...(set === "" ? [] : [`SET (${set})`]),
  ];
}

/** The clauses of CREATE that say where and how a relation keeps its rows. */
export function storageClauses(payload: RelationStorage): string[] {
  const { accessMethod, tablespace } = payload;
  const parameters = storageParameters(
    payload.parameters,
    payload.toastParameters,
  );
  return [
    ...(accessMethod === undefined
      ? []
      : [`USING ${quoteIdentifier(accessMethod)}`]),
    ...(parameters === "" ? [] : [`WITH (${parameters})`]),
    ...(tablespace === undefined
      ? []
      : [`TABLESPACE ${quoteIdentifier(tablespace)}`]),
  ];
}
