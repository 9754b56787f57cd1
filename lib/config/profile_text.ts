/**
 * The saved connections as data and as the text of their file. Pure.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import {
  checkProfile,
  formatPasswordSource,
  parsePasswordSource,
  type Profile,
} from "./profile.ts";

/** The saved connections of a user. */
export interface ProfileSet {
  /** The profile that is used where nothing names a database; undefined in an empty set only. */
  readonly default: string | undefined;
  /** The profiles by name, in the order they were saved. */
  readonly profiles: ReadonlyMap<string, Profile>;
}

/** A set with nothing in it. */
export const NO_PROFILES: ProfileSet = {
  default: undefined,
  profiles: new Map(),
};

/** The format that the file says it has. */
const FORMAT = "pawl.profiles/1";

/**
 * Writes a set as the text of its file.
 *
 * @param set The profiles.
 * @returns JSON, one profile a line.
 */
export function serializeProfiles(set: ProfileSet): string {
  const lines = [...set.profiles].map(([name, profile]) =>
    "    " + JSON.stringify({
      name,
      url: profile.url,
      ...(profile.password === undefined
        ? {}
        : { password: formatPasswordSource(profile.password) }),
    })
  );
  return [
    "{",
    `  "format": ${JSON.stringify(FORMAT)},`,
    `  "default": ${JSON.stringify(set.default ?? null)},`,
    lines.length === 0
      ? '  "profiles": []'
      : `  "profiles": [\n${lines.join(",\n")}\n  ]`,
    "}",
    "",
  ].join("\n");
}

/**
 * Reads the text of a profiles file.
 *
 * @param text The text.
 * @param file Its path, for messages.
 * @returns The profiles.
 * @throws {PawlError} `profile-invalid` where the text is not what pawl writes.
 */
export function parseProfiles(text: string, file: string): ProfileSet {
  const damaged = (because: string): PawlError =>
    new PawlError("profile-invalid", `Cannot read ${file}: ${because}`, {
      location: { file },
      hint: "Mend the file, or remove it and save the profiles again",
    });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which somebody may have put a password in.
    throw damaged("it is not JSON");
  }
  if (property(document, "format") !== FORMAT) {
    throw damaged(`its format is not ${FORMAT}`);
  }
  const list = property(document, "profiles");
  if (!Array.isArray(list)) throw damaged("it has no list of profiles");
  const profiles = new Map<string, Profile>();
  for (const item of list) {
    const name = property(item, "name");
    const url = property(item, "url");
    const password = property(item, "password");
    if (
      typeof name !== "string" || typeof url !== "string" ||
      (password !== undefined && typeof password !== "string") ||
      profiles.has(name)
    ) {
      throw damaged("an entry is not a name of its own with a URL");
    }
    const profile: Profile = password === undefined
      ? { url }
      : { url, password: parsePasswordSource(password) };
    checkProfile(name, profile);
    profiles.set(name, profile);
  }
  const chosen = property(document, "default");
  const [oldest] = profiles.keys();
  if (typeof chosen === "string" && profiles.has(chosen)) {
    return { default: chosen, profiles };
  }
  if (oldest !== undefined) {
    throw damaged("its default is none of its profiles");
  }
  return { default: undefined, profiles };
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null &&
      Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
