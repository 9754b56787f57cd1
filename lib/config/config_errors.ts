/**
 * The wording of what is wrong in a configuration, shared by everything that
 * checks one. It knows no rule itself.
 *
 * @module
 */
import { PawlError, type SourceLocation } from "../errors.ts";
import type { Entry } from "./config_file.ts";
import type { AnyKey } from "./keys.ts";
import type { Reading } from "./kinds.ts";
import { nearest } from "./suggest.ts";

/**
 * A place as a message names it.
 *
 * @param location The place.
 * @returns `FILE:LINE`, or the file alone.
 */
export function placeText(location: SourceLocation): string {
  return location.line === undefined
    ? location.file
    : `${location.file}:${location.line}`;
}

/**
 * A place and, where there is one, a hint, as options of an error.
 *
 * @param location The place.
 * @param hint The hint.
 * @returns Both, without a key for what is undefined.
 */
export function withHint(
  location: SourceLocation,
  hint: string | undefined,
): { readonly location: SourceLocation; readonly hint?: string } {
  return hint === undefined ? { location } : { location, hint };
}

/**
 * The error for a value that is not of its key's kind. A secret is not repeated.
 *
 * @param key The key.
 * @param reading Why the value was refused.
 * @param entry The value and where it stands.
 * @returns A `config-invalid` with what is accepted.
 */
export function badValue(
  key: AnyKey,
  reading: Extract<Reading<unknown>, { ok: false }>,
  entry: Entry,
): PawlError {
  return new PawlError(
    "config-invalid",
    `Cannot read ${
      placeText(entry.location)
    }: ${entry.what} ${reading.because}`,
    {
      location: entry.location,
      hint: acceptedHint(
        key,
        typeof entry.value === "string" ? entry.value : "",
      ),
    },
  );
}

/**
 * What a key accepts, as a hint.
 *
 * @param key The key.
 * @param typed What was written instead.
 * @returns "Accepted: …", with the near word where there is one.
 */
export function acceptedHint(key: AnyKey, typed: string): string {
  const near = nearest(typed, key.kind.words);
  return `Accepted: ${key.kind.accepts}${
    near === undefined || near === typed ? "" : `. Did you mean "${near}"?`
  }`;
}
