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
  const keys: string[] = [];
  for (const key of Object.keys(value)) {
    if (value[key] !== undefined) keys.push(key);
  }
  let text = "";
  for (const key of keys.sort()) {
    const item = value[key];
    if (item === undefined) continue;
    text += `${text === "" ? "" : ","}${quotedKey(key)}:${canonicalJson(item)}`;
  }
  return `{${text}}`;
}

/** Keys are few, and each is written for thousands of objects. */
const QUOTED_KEYS = new Map<string, string>();
const MOST_KEYS = 1000;

function quotedKey(key: string): string {
  let quoted = QUOTED_KEYS.get(key);
  if (quoted === undefined) {
    quoted = JSON.stringify(key);
    if (QUOTED_KEYS.size < MOST_KEYS) QUOTED_KEYS.set(key, quoted);
  }
  return quoted;
}

function isList(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}
