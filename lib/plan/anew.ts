/**
 * Which objects become new ones of the same name, as far as that can be told
 * from what they are, before all that has to happen is known. Names no kind.
 * Pure.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import type { Alteration, ChangeTarget } from "../kinds/kind.ts";
import { kind } from "./work.ts";

type Altered = Extract<Change, { readonly kind: "altered" }>;

function alterationOf(
  { attributes, from, to }: Altered,
  target: ChangeTarget,
): Alteration {
  return kind(from).alter(from, to, attributes.map(({ key }) => key), target);
}

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
  const altered = new Map<string, Altered>();
  const parts = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.kind === "altered") altered.set(change.address, change);
    const { parent } = change.kind === "altered" ? change.to : change.object;
    if (parent === undefined) continue;
    const known = parts.get(parent);
    if (known === undefined) parts.set(parent, [change]);
    else known.push(change);
  }
  const takesWhole = (change: Change): boolean => {
    switch (change.kind) {
      case "created":
        return kind(change.object).needsWhole(change.object, target());
      case "altered": {
        const alteration = alterationOf(change, target());
        return alteration.how === "replace" && alteration.whole === true;
      }
      case "dropped":
        return false;
      default:
        return change satisfies never;
    }
  };
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
    const found = change !== undefined &&
        alterationOf(change, target()).how === "replace" ||
      (parts.get(address) ?? []).some(takesWhole) ||
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
