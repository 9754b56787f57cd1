/**
 * From what is written - an entry of the file, a variable, a flag - to the
 * value of a key. It decides nothing about which of them wins.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import { acceptedHint, badValue } from "./config_errors.ts";
import type { Entry } from "./config_file.ts";
import type { AnyKey, Key } from "./keys.ts";
import {
  expandVariables,
  refersToVariable,
  type Variables,
} from "./variables.ts";

/** The value of a key as the command line gave it. */
export interface FlagValue {
  /** The key, such as `timeouts.lock_wait`. */
  readonly key: string;
  /** The flag as typed, such as `--lock-wait`. */
  readonly flag: string;
  /** Its value. */
  readonly text: string;
}

/**
 * Reads an entry of the file, its variables put in.
 *
 * @param key The key it belongs to.
 * @param entry The entry.
 * @param variables The variables that `${NAME}` may name.
 * @returns The value.
 * @throws {PawlError} `variable-unset`, or `config-invalid` naming file and line.
 */
export function readEntry<T>(
  key: Key<T, unknown>,
  entry: Entry,
  variables: Variables,
): T {
  const expanded = expandVariables(entry.value, variables, entry);
  // "${FLAG}" can only be a string in TOML: it is read as a variable is.
  const reading = typeof expanded === "string" && refersToVariable(entry.value)
    ? key.kind.readText(expanded)
    : key.kind.read(expanded);
  if (reading.ok) return reading.value;
  const because = refersToVariable(entry.value) && !key.kind.secret
    // What came from a variable may be a secret in the wrong place.
    ? "has a value from the environment that is not accepted"
    : reading.because;
  throw badValue(key, { ok: false, because }, entry);
}

/**
 * Reads an environment variable.
 *
 * @param key The key it sets.
 * @param variable The variable's value, and what messages call it.
 * @returns The value.
 * @throws {PawlError} `config-invalid` naming the variable.
 */
export function readVariable<T>(
  key: Key<T, unknown>,
  variable: { readonly value: string; readonly origin: string },
): T {
  const reading = key.kind.readText(variable.value);
  if (reading.ok) return reading.value;
  throw new PawlError(
    "config-invalid",
    `Cannot use ${variable.origin}: it ${
      variable.value === "" ? "is set but empty" : reading.because
    }`,
    { hint: acceptedHint(key, variable.value) },
  );
}

/**
 * Reads the value of a flag.
 *
 * @param key The key it sets.
 * @param flag The flag.
 * @returns The value.
 * @throws {PawlError} `usage` naming the flag.
 */
export function readFlag<T>(key: Key<T, unknown>, flag: FlagValue): T {
  const reading = key.kind.readText(flag.text);
  if (reading.ok) return reading.value;
  throw new PawlError(
    "usage",
    `Cannot use ${flag.flag}: it ${reading.because}`,
    {
      hint: acceptedHint(key, flag.text),
    },
  );
}

/** The name of a key as flags and messages write it. */
export function keyAddress(key: AnyKey): string {
  return `${key.table}.${key.name}`;
}
