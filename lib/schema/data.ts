/**
 * Plain data, as payloads hold it, and its canonical JSON. Pure.
 *
 * @module
 */

/** A value of a payload. */
export type Data =
  | string
  | number
  | boolean
  | null
  | readonly Data[]
  | { readonly [key: string]: Data | undefined };

/**
 * JSON with sorted keys and without white space; keys whose value is
 * undefined are left out.
 *
 * @param value The data.
 * @returns The same text for the same data, whatever the order of its keys.
 */
export function canonicalJson(value: Data): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const item = value[key];
    if (item !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(item)}`);
  }
  return `{${parts.join(",")}}`;
}

function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}
