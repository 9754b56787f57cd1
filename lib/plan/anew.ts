/**
 * Which objects become new ones of the same name, as far as that can be told
 * from what they are, before all that has to happen is known. Names no kind.
 * Pure.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import type { ChangeTarget } from "../kinds/kind.ts";
import { kind } from "./work.ts";

/**
 * Finds out whether objects are replaced because they differ, or because
 * something that they depend on is.
 *
 * @param changes What differs.
 * @param target What SQL is written for; asked for when it is complete.
 * @returns What tells it of an address.
 */
export function anewAmong(
  changes: readonly Change[],
  target: () => ChangeTarget,
): (address: string) => boolean {
  const altered = new Map(
    changes.flatMap((change) =>
      change.kind === "altered" ? [[change.address, change]] : []
    ),
  );
  const known = new Map<string, boolean>();
  const isAnew = (address: string): boolean => {
    const before = known.get(address);
    if (before !== undefined) return before;
    // In a circle nothing is replaced because of itself.
    known.set(address, false);
    const from = target().before.objects.get(address);
    const to = target().objects.get(address);
    if (from === undefined || to === undefined) return false;
    const change = altered.get(address);
    const keys = change?.attributes.map(({ key }) => key) ?? [];
    const found = keys.length > 0 &&
        kind(from).alter(from, to, keys, target()).how === "replace" ||
      from.depends.some((dep) => {
        const needed = target().before.objects.get(dep);
        return needed !== undefined && isAnew(dep) &&
          kind(from).follow(from, to, needed, target()).how === "replace";
      });
    known.set(address, found);
    return found;
  };
  return isAnew;
}
