/**
 * Access control lists: `aclitem`s as text, what their letters mean for which
 * kind of object, and what is granted beyond the server's own defaults. Pure.
 *
 * @module
 */

/** One `aclitem`: what one role has granted to another. */
export interface AclItem {
  /** The role, or undefined for PUBLIC. */
  readonly grantee: string | undefined;
  /** The letters of the privileges, such as `arw`. */
  readonly letters: string;
  /** The letters of those that the grantee may grant on. */
  readonly grantable: string;
  readonly grantor: string;
}

/** What privileges are on; each has its own set of them and its own default. */
export type AclClass =
  | "table"
  | "column"
  | "sequence"
  | "function"
  | "schema"
  | "type"
  | "language"
  | "foreign data wrapper"
  | "foreign server"
  | "large object";

const WORDS: Readonly<Record<string, string>> = {
  a: "insert",
  r: "select",
  w: "update",
  d: "delete",
  D: "truncate",
  x: "references",
  t: "trigger",
  m: "maintain",
  X: "execute",
  U: "usage",
  C: "create",
};

/** All privileges of a class, and those that PUBLIC has from the start. */
const CLASSES: Readonly<
  Record<AclClass, { readonly all: string; readonly public: string }>
> = {
  table: { all: "arwdDxt", public: "" },
  column: { all: "arwx", public: "" },
  sequence: { all: "rwU", public: "" },
  function: { all: "X", public: "X" },
  schema: { all: "UC", public: "" },
  type: { all: "U", public: "U" },
  language: { all: "U", public: "U" },
  "foreign data wrapper": { all: "U", public: "" },
  "foreign server": { all: "U", public: "" },
  "large object": { all: "rw", public: "" },
};

/**
 * The letters of every privilege of a class.
 *
 * @param on The class.
 * @param version `server_version_num`: 17 added MAINTAIN for tables.
 */
export function allPrivileges(on: AclClass, version: number): string {
  return on === "table" && version >= 170000
    ? `${CLASSES.table.all}m`
    : CLASSES[on].all;
}

/**
 * The letters of what PUBLIC may do unless somebody says otherwise.
 *
 * @param on The class.
 */
export function publicPrivileges(on: AclClass): string {
  return CLASSES[on].public;
}

/**
 * The names of every privilege of a class, sorted.
 *
 * @param on The class.
 * @param version `server_version_num`.
 */
export function allPrivilegeNames(on: AclClass, version: number): string[] {
  return wordsOf(allPrivileges(on, version));
}

/**
 * The names of what PUBLIC may do unless somebody says otherwise.
 *
 * @param on The class.
 */
export function publicPrivilegeNames(on: AclClass): string[] {
  return wordsOf(publicPrivileges(on));
}

/**
 * Privileges by name, sorted.
 *
 * @param letters Their letters.
 * @param all The letters of all that there are.
 * @returns `["all"]` for a full set, which differs between versions.
 */
function privilegeNames(letters: string, all: string): string[] {
  return sameLetters(letters, all) ? ["all"] : wordsOf(letters);
}

function wordsOf(letters: string): string[] {
  return [...new Set(letters)].map((letter) => WORDS[letter] ?? letter).sort();
}

function sameLetters(a: string, b: string): boolean {
  return [...a].every((letter) => b.includes(letter)) &&
    [...b].every((letter) => a.includes(letter));
}

/**
 * Reads an `aclitem`, such as `"my role"=ar*w/owner`.
 *
 * @param text As the server writes it: a role's name is in double quotes where
 * it has anything but letters, digits and `_` in it.
 */
function parseAclItem(text: string): AclItem {
  const [grantee, afterGrantee] = roleAt(text, 0);
  const slash = text.indexOf("/", afterGrantee);
  const rights = text.slice(afterGrantee + 1, slash < 0 ? undefined : slash);
  const [grantor] = roleAt(text, slash + 1);
  return {
    grantee: grantee === "" ? undefined : grantee,
    letters: rights.replaceAll("*", ""),
    grantable: [...rights.matchAll(/(.)\*/g)].map(([, letter]) => letter).join(
      "",
    ),
    grantor,
  };
}

/** The role's name at a place, and where it ends. */
function roleAt(text: string, start: number): readonly [string, number] {
  if (text[start] === '"') {
    const quoted = /"((?:[^"]|"")*)"/y;
    quoted.lastIndex = start;
    const name = quoted.exec(text)?.[1] ?? "";
    return [name.replaceAll('""', '"'), quoted.lastIndex];
  }
  const plain = /[^=/]*/y;
  plain.lastIndex = start;
  const name = plain.exec(text)?.[0] ?? "";
  return [name, start + name.length];
}

/** What a role has from one grantor. */
export interface Grant {
  readonly letters: string;
  readonly grantable: string;
  readonly grantor: string;
}

/** What one role has beyond what it has from the start, and what less. */
export interface Grantee {
  /** `PUBLIC`; `OWNER`: who owns the object; else a role. */
  readonly to: "role" | "PUBLIC" | "OWNER";
  /** Its name, for a role. */
  readonly role: string | undefined;
  /** What the owner has granted. */
  readonly letters: string;
  /** What of that may be granted on. */
  readonly grantable: string;
  /** What it had from the start, and has no more. */
  readonly revoked: string;
  /** What others have granted, by the grantors' names. */
  readonly by: readonly Grant[];
}

/**
 * Who has what, where that is not what everybody has from the start: full
 * rights for the owner, and PUBLIC's.
 *
 * @param acl The `aclitem`s.
 * @param owner The role that owns the object.
 * @param from The letters of what owner and PUBLIC have from the start.
 */
export function grantees(
  acl: readonly string[],
  owner: string,
  from: { readonly owner: string; readonly public: string },
): Grantee[] {
  const items = acl.map(parseAclItem);
  // A revoked default leaves no item behind.
  const names = new Set([owner, undefined, ...items.map((i) => i.grantee)]);
  return [...names].map((name): Grantee => {
    const own = items.filter((item) => item.grantee === name);
    const to = name === undefined
      ? "PUBLIC"
      : name === owner
      ? "OWNER"
      : "role";
    const initial = to === "OWNER"
      ? from.owner
      : to === "PUBLIC"
      ? from.public
      : "";
    const main = own.filter((item) => to === "OWNER" || item.grantor === owner);
    const letters = main.map((item) => item.letters).join("");
    return {
      to,
      role: to === "role" ? name : undefined,
      letters: without(letters, initial),
      // The owner may grant everything, whether that is written down or not.
      grantable: to === "OWNER"
        ? ""
        : main.map((item) => item.grantable).join(""),
      revoked: without(initial, letters),
      by: own.filter((item) => !main.includes(item)).sort((a, b) =>
        a.grantor < b.grantor ? -1 : 1
      ),
    };
  }).filter(({ letters, revoked, by }) =>
    letters !== "" || revoked !== "" || by.length > 0
  );
}

function without(letters: string, others: string): string {
  return [...letters].filter((letter) => !others.includes(letter)).join("");
}

/** The names of what is granted or revoked, as payloads have them. */
export interface PrivilegeNames {
  /** What was granted. */
  readonly privileges: string[] | undefined;
  /** What of that may be granted on. */
  readonly grantable: string[] | undefined;
  /** What is there from the start, and was revoked. */
  readonly revoked: string[] | undefined;
}

/**
 * Names what was granted and revoked; what is empty is absent.
 *
 * @param grant Its letters.
 * @param all The letters of all privileges that there are.
 */
export function namesOf(
  grant: Pick<Grantee, "letters" | "grantable"> & { readonly revoked?: string },
  all: string,
): PrivilegeNames {
  const names = (letters: string) =>
    letters === "" ? undefined : privilegeNames(letters, all);
  return {
    privileges: names(grant.letters),
    grantable: names(grant.grantable),
    revoked: names(grant.revoked ?? ""),
  };
}
