/**
 * The saved connections of a user: saved, listed, chosen, removed. The changes
 * are pure; the last four functions read and write the file through an
 * interface. It knows nothing of what a profile is used for.
 *
 * @module
 */
import { join } from "node:path";
import { PawlError } from "../errors.ts";
import type { ConfigFiles } from "./files.ts";
import { checkProfile, type Profile } from "./profile.ts";
import {
  NO_PROFILES,
  parseProfiles,
  type ProfileSet,
  serializeProfiles,
} from "./profile_text.ts";
import { didYouMean } from "./suggest.ts";
import type { Variables } from "./variables.ts";

/**
 * Where the profiles are kept: `PAWL_PROFILES`, else `pawl/profiles.json` in
 * `XDG_CONFIG_HOME` or `~/.config`.
 *
 * @param variables The variables of the process.
 * @returns The file's path.
 * @throws {PawlError} `profile-invalid` where no variable says where.
 */
export function profilesPath(variables: Variables): string {
  const named = variables.get("PAWL_PROFILES")?.value;
  if (named !== undefined && named !== "") return named;
  const xdg = variables.get("XDG_CONFIG_HOME")?.value;
  // The XDG specification has a relative path ignored.
  if (xdg?.startsWith("/")) return join(xdg, "pawl", "profiles.json");
  const home = variables.get("HOME")?.value ||
    variables.get("USERPROFILE")?.value;
  if (home === undefined || home === "") {
    throw new PawlError(
      "profile-invalid",
      "Cannot find the connection profiles: neither HOME nor XDG_CONFIG_HOME is set",
      { hint: "Set PAWL_PROFILES to the file's path" },
    );
  }
  return join(home, ".config", "pawl", "profiles.json");
}

/**
 * Adds or replaces a profile. The first one becomes the default.
 *
 * @param set The profiles so far.
 * @param name The profile's name.
 * @param profile The profile.
 * @returns The new set.
 * @throws {PawlError} `profile-invalid` for a bad name, a bad address or a password in the address.
 */
export function addProfile(
  set: ProfileSet,
  name: string,
  profile: Profile,
): ProfileSet {
  checkProfile(name, profile);
  return {
    default: set.default ?? name,
    profiles: new Map([...set.profiles, [name, profile]]),
  };
}

/**
 * Removes a profile. If it was the default, the oldest of the others becomes it.
 *
 * @param set The profiles so far.
 * @param name The profile's name.
 * @returns The new set.
 * @throws {PawlError} `profile-invalid` where there is none of that name.
 */
export function removeProfile(set: ProfileSet, name: string): ProfileSet {
  requireProfile(set, name);
  const profiles = new Map(set.profiles);
  profiles.delete(name);
  const [oldest] = profiles.keys();
  return {
    default: set.default === name ? oldest : set.default,
    profiles,
  };
}

/**
 * Makes a profile the default.
 *
 * @param set The profiles so far.
 * @param name The profile's name.
 * @returns The new set.
 * @throws {PawlError} `profile-invalid` where there is none of that name.
 */
export function chooseProfile(set: ProfileSet, name: string): ProfileSet {
  requireProfile(set, name);
  return { ...set, default: name };
}

function requireProfile(set: ProfileSet, name: string): Profile {
  const profile = set.profiles.get(name);
  if (profile !== undefined) return profile;
  const hint = didYouMean(name, [...set.profiles.keys()]);
  throw new PawlError(
    "profile-invalid",
    `Cannot find the profile ${JSON.stringify(name)}: it was never saved`,
    { hint: hint ?? "`pawl profiles save NAME URL` saves one" },
  );
}

/** The file that profiles are kept in. */
export interface ProfileStore {
  /** Its path: {@linkcode profilesPath}. */
  readonly path: string;
  /** The file system. */
  readonly files: ConfigFiles;
}

/**
 * Reads the saved profiles.
 *
 * @param store Where they are kept.
 * @returns The profiles; an empty set where there is no file.
 * @throws {PawlError} `profile-invalid` where the file is damaged.
 */
export function loadProfiles(store: ProfileStore): ProfileSet {
  const text = store.files.read(store.path);
  return text === undefined ? NO_PROFILES : parseProfiles(text, store.path);
}

/**
 * Saves a profile, replacing one of the same name.
 *
 * @param store Where profiles are kept.
 * @param name The profile's name.
 * @param profile The profile.
 * @returns All profiles after that.
 * @throws {PawlError} `profile-invalid` or `file-unwritable`.
 */
export function saveProfile(
  store: ProfileStore,
  name: string,
  profile: Profile,
): ProfileSet {
  return change(store, (set) => addProfile(set, name, profile));
}

/**
 * Removes a saved profile.
 *
 * @param store Where profiles are kept.
 * @param name The profile's name.
 * @returns All profiles after that.
 * @throws {PawlError} `profile-invalid` or `file-unwritable`.
 */
export function forgetProfile(store: ProfileStore, name: string): ProfileSet {
  return change(store, (set) => removeProfile(set, name));
}

/**
 * Makes a saved profile the default.
 *
 * @param store Where profiles are kept.
 * @param name The profile's name.
 * @returns All profiles after that.
 * @throws {PawlError} `profile-invalid` or `file-unwritable`.
 */
export function useProfile(store: ProfileStore, name: string): ProfileSet {
  return change(store, (set) => chooseProfile(set, name));
}

function change(
  store: ProfileStore,
  by: (set: ProfileSet) => ProfileSet,
): ProfileSet {
  const set = by(loadProfiles(store));
  store.files.writePrivate(store.path, serializeProfiles(set));
  return set;
}
