/**
 * The way from some rights to others: what is granted and what is revoked so
 * that what stays is never touched. It knows no role and no object. Pure.
 *
 * @module
 */

/** Rights by name, as payloads have them: sorted, `all` for a full set. */
export interface Rights {
  /** What is granted. */
  readonly privileges?: readonly string[] | undefined;
  /** What of that may be granted on. */
  readonly grantable?: readonly string[] | undefined;
  /** What is there from the start, and was revoked. */
  readonly revoked?: readonly string[] | undefined;
}

/** A GRANT or a REVOKE. */
export interface AclChange {
  readonly verb: "GRANT" | "REVOKE";
  /** The names of the privileges; `all` alone for a full set. */
  readonly names: readonly string[];
  /** Whether it is WITH GRANT OPTION, or revokes that option only. */
  readonly option: boolean;
}

/**
 * The names that a list stands for.
 *
 * @param names The list, in which `all` may stand for a full set.
 * @param all The names of all privileges that there are.
 */
export function expandNames(
  names: readonly string[] | undefined,
  all: readonly string[],
): readonly string[] {
  return names?.includes("all") ? all : names ?? [];
}

/**
 * What turns some rights into others: what is revoked first, then what is
 * granted.
 *
 * @param from The rights as they are.
 * @param to The rights as they are to be.
 * @param all The names of all privileges that there are on the server.
 */
export function aclChanges(
  from: Rights,
  to: Rights,
  all: readonly string[],
): AclChange[] {
  const [had, has] = [from, to].map((r) => expandNames(r.privileges, all));
  const [could, can] = [from, to].map((r) => expandNames(r.grantable, all));
  const [lacked, lacks] = [from, to].map((r) => expandNames(r.revoked, all));
  const lost = [...minus(had, has), ...minus(lacks, lacked)];
  const optionLost = minus(minus(could, can), lost);
  const optionGained = minus(can, could);
  const gained = [...minus(has, had), ...minus(lacked, lacks)];
  const changes: AclChange[] = [
    { verb: "REVOKE", names: lost, option: false },
    { verb: "REVOKE", names: optionLost, option: true },
    { verb: "GRANT", names: minus(gained, optionGained), option: false },
    { verb: "GRANT", names: optionGained, option: true },
  ];
  return changes.flatMap((change) => {
    const names = collapseNames(change.names, all);
    return names === undefined ? [] : [{ ...change, names }];
  });
}

/**
 * Names as payloads have them.
 *
 * @param names Names in any order.
 * @param all The names of all privileges that there are.
 * @returns Sorted, `all` for a full set; undefined for none.
 */
export function collapseNames(
  names: readonly string[],
  all: readonly string[],
): readonly string[] | undefined {
  if (names.length === 0) return undefined;
  return minus(all, names).length === 0 ? ["all"] : [...names].sort();
}

/**
 * What is in the first list and not in the second.
 *
 * @param list The first.
 * @param other The second.
 */
export function minus(
  list: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] {
  return (list ?? []).filter((name) => !other?.includes(name));
}
