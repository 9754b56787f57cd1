/**
 * Storage parameters as SQL writes them.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";

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
