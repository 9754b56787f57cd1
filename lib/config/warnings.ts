/**
 * What a person should be told of their settings although nothing is wrong
 * enough to stop: a variable that is not used, a variable that is almost one.
 *
 * @module
 */
import { MANAGEMENT_VARIABLE } from "./database.ts";
import { ALL_KEYS, SELECTORS } from "./keys.ts";
import type { Selection } from "./select_database.ts";
import { nearest } from "./suggest.ts";
import type { Variables } from "./variables.ts";

const PREFIX = "PAWL_";

/** Every variable that pawl reads its configuration from, without the prefix. */
const KNOWN: readonly string[] = [
  ...SELECTORS.map((selector) => selector.variable),
  ...ALL_KEYS.flatMap((key) => key.variable ?? []),
].map((variable) => variable.slice(PREFIX.length));

/**
 * Looks for settings that somebody may believe to be in force and are not.
 *
 * @param selection What names the database.
 * @param variables The variables of the process.
 * @returns Sentences, without a full stop.
 */
export function configWarnings(
  selection: Selection,
  variables: Variables,
): readonly string[] {
  const { naming } = selection;
  const management = variables.get(MANAGEMENT_VARIABLE);
  const unused = management !== undefined && naming.by !== "nothing" &&
      naming.typed
    ? [
      `${management.origin} is not used: ${naming.setting} names the database`,
    ]
    : [];
  const mistyped = [...variables].flatMap(([name, variable]) => {
    if (!name.startsWith(PREFIX)) return [];
    const own = name.slice(PREFIX.length);
    if (KNOWN.includes(own)) return [];
    const near = nearest(own, KNOWN);
    return near === undefined
      ? []
      : [`${variable.origin} is not used: did you mean ${PREFIX}${near}?`];
  });
  return [...unused, ...mistyped];
}
