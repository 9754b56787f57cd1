/**
 * The name of a change, for the file that nobody has named. Pure.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import { addressParts } from "../schema/address_parts.ts";

const VERBS = {
  created: "create",
  dropped: "drop",
  altered: "change",
} as const;

/**
 * Says a change in a few words.
 *
 * @param changes What differs.
 * @param renamed Addresses of what gets another name.
 * @returns Such as `create users` or `add email to users`.
 */
export function changeName(
  changes: readonly Change[],
  renamed: readonly string[] = [],
): string {
  const addresses = new Set(
    changes.map((change) => `${change.kind} ${change.address}`),
  );
  // What comes or goes with its whole is said with the whole.
  const own = changes.filter((change) => {
    const parent = objectOf(change).parent;
    return parent === undefined || !addresses.has(`${change.kind} ${parent}`);
  });
  const [first, second, ...rest] = [
    ...new Set(renamed.map(renaming)),
    ...own.map(phrase),
  ];
  if (first === undefined) return "change the schema";
  if (second === undefined) return first;
  if (rest.length === 0) return `${first} and ${second}`;
  return `${first} and ${rest.length + 1} more`;
}

function objectOf(change: Change) {
  return change.kind === "altered" ? change.to : change.object;
}

/** By the name that it has had. */
function renaming(address: string): string {
  const { kinds: [kind = ""], parts } = addressParts(address);
  const { shown, whole } = shownName(parts);
  return `rename ${wordOf(kind)}${shown}${
    whole === undefined ? "" : ` of ${whole}`
  }`;
}

function shownName([schema, ...parts]: readonly string[]) {
  return {
    shown: parts.length === 0 ? schema ?? "" : parts.at(-1) ?? "",
    whole: parts.length > 1 ? parts[0] : undefined,
  };
}

function wordOf(kind: string): string {
  return kind === "table" || kind === "column"
    ? ""
    : `${kind.replaceAll("_", " ")} `;
}

function phrase(change: Change): string {
  const { kind, name } = objectOf(change);
  const { shown, whole } = shownName(name);
  if (kind === "column" && whole !== undefined) {
    switch (change.kind) {
      case "created":
        return `add ${shown} to ${whole}`;
      case "dropped":
        return `drop ${shown} from ${whole}`;
      case "altered":
        return `change ${shown} of ${whole}`;
      default:
        return change satisfies never;
    }
  }
  return `${VERBS[change.kind]} ${wordOf(kind)}${shown}${
    whole === undefined ? "" : ` of ${whole}`
  }`;
}
