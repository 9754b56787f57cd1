/**
 * `pawl profiles list|save|remove|use`, and `pawl users` with the same as
 * options, for habits from elsewhere.
 *
 * @module
 */

import { resolve } from "node:path";
import { diskFiles } from "../../config/files.ts";
import {
  formatPasswordSource,
  parsePasswordSource,
  type Profile,
} from "../../config/profile.ts";
import type { ProfileSet } from "../../config/profile_text.ts";
import {
  forgetProfile,
  loadProfiles,
  profilesPath,
  type ProfileStore,
  saveProfile,
  useProfile,
} from "../../config/profiles.ts";
import { processVariables } from "../../config/variables.ts";
import { EXIT, PawlError } from "../../errors.ts";
import { type Command, command, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional } from "../option.ts";
import { displayWidth, type Style } from "../style.ts";

const EXITS = [EXIT.ok, EXIT.usage, EXIT.failed] as const;
const FORMAT = "pawl.profiles/1";

const name = {
  name: "NAME",
  description: "The profile, which -e NAME uses",
} as const;

const password = option.string({
  value: "FROM",
  description:
    "Where the password comes from: var:NAME, pgpass or service:NAME",
});

/** The variables that say where the profiles are kept. */
const PLACES = ["PAWL_PROFILES", "XDG_CONFIG_HOME", "HOME", "USERPROFILE"];

function store(io: Io): ProfileStore {
  const variables = processVariables(
    Object.fromEntries(PLACES.flatMap((each) => {
      const value = io.env(each);
      return value === undefined ? [] : [[each, value]];
    })),
  );
  return { path: resolve(io.cwd, profilesPath(variables)), files: diskFiles };
}

/** What a profile command did, and the profiles after it. */
function result(
  kept: ProfileStore,
  set: ProfileSet,
  text: (style: Style) => string | readonly string[],
): {
  readonly exit: 0;
  readonly document: JsonDocument<typeof FORMAT>;
  readonly text: (style: Style) => string | readonly string[];
} {
  return {
    exit: EXIT.ok,
    document: {
      format: FORMAT,
      path: kept.path,
      default: set.default ?? null,
      profiles: [...set.profiles].map(([name, profile]) => ({
        name,
        url: profile.url,
        password: profile.password === undefined
          ? null
          : formatPasswordSource(profile.password),
      })),
    },
    text,
  };
}

function list(io: Io) {
  const kept = store(io);
  const set = loadProfiles(kept);
  return result(kept, set, (style) => listLines(set, style));
}

function listLines(set: ProfileSet, style: Style): string[] {
  if (set.profiles.size === 0) {
    return ["No profiles. `pawl profiles save NAME URL` saves one."];
  }
  const width = Math.max(...[...set.profiles.keys()].map(displayWidth));
  return [...set.profiles].map(([name, profile]) => {
    const mark = name === set.default ? "*" : " ";
    const from = profile.password === undefined
      ? ""
      : style.dim(` (password: ${formatPasswordSource(profile.password)})`);
    return `${mark} ${name.padEnd(width)}  ${profile.url}${from}`;
  });
}

function save(
  io: Io,
  named: {
    readonly name: string;
    readonly url: string;
    readonly password: string | undefined;
  },
) {
  const kept = store(io);
  const profile: Profile = named.password === undefined
    ? { url: named.url }
    : { url: named.url, password: parsePasswordSource(named.password) };
  const replaced = loadProfiles(kept).profiles.has(named.name);
  const set = saveProfile(kept, named.name, profile);
  const standard = set.default === named.name ? ", the default" : "";
  return result(
    kept,
    set,
    (style) =>
      style.ok(
        `Profile ${named.name} ${replaced ? "replaced" : "saved"}${standard}`,
      ),
  );
}

function remove(io: Io, name: string) {
  const kept = store(io);
  const before = loadProfiles(kept).default;
  const set = forgetProfile(kept, name);
  const next = before === name && set.default !== undefined
    ? `; the default is ${set.default} now`
    : "";
  return result(
    kept,
    set,
    (style) => style.ok(`Profile ${name} removed${next}`),
  );
}

function use(io: Io, name: string) {
  const kept = store(io);
  const set = useProfile(kept, name);
  return result(
    kept,
    set,
    (style) => style.ok(`Profile ${name} is the default now`),
  );
}

/** `pawl profiles list`. */
export const profilesListCommand: Command = command({
  name: "profiles list",
  group: "set up",
  summary: "List the saved connections",
  description:
    "Lists the connection profiles of this user; * marks the default, which is used where nothing else names a database. They are kept in pawl/profiles.json below XDG_CONFIG_HOME or ~/.config, or in the file that PAWL_PROFILES names.",
  json: FORMAT,
  exits: EXITS,
  examples: [{ line: "pawl profiles list", does: "Lists the profiles" }],
  run: (_, io) => Promise.resolve(list(io)),
});

/** `pawl profiles save`. */
export const profilesSaveCommand: Command = command({
  name: "profiles save",
  group: "set up",
  summary: "Save a connection under a name",
  description:
    "Saves a connection for -e NAME, or replaces one of that name. The first one becomes the default.\n\nNo password is ever stored. Without --password it comes from ~/.pgpass or PGPASSWORD as for psql; var:NAME takes it from that environment variable, service:NAME from an entry of ~/.pg_service.conf.",
  json: FORMAT,
  exits: EXITS,
  examples: [
    {
      line: "pawl profiles save staging postgres://app@db.example.com/app",
      does: "Saves a connection whose password is in ~/.pgpass",
    },
    {
      line:
        "pawl profiles save ci postgres://app@localhost/app --password var:DB_PASSWORD",
      does: "Takes the password from an environment variable",
    },
  ],
  positionals: {
    name: positional.required(name),
    url: positional.required({
      name: "URL",
      description: "postgres://…, key=value …, or pglite: and a directory",
    }),
  },
  options: { password },
  run: (options, io) => Promise.resolve(save(io, options)),
});

/** `pawl profiles remove`. */
export const profilesRemoveCommand: Command = command({
  name: "profiles remove",
  group: "set up",
  summary: "Remove a saved connection",
  description:
    "Removes a profile. If it was the default, the oldest of the others becomes it. The database is not touched.",
  json: FORMAT,
  exits: EXITS,
  examples: [
    { line: "pawl profiles remove staging", does: "Removes a profile" },
  ],
  positionals: { name: positional.required(name) },
  run: (options, io) => Promise.resolve(remove(io, options.name)),
});

/** `pawl profiles use`. */
export const profilesUseCommand: Command = command({
  name: "profiles use",
  group: "set up",
  summary: "Make a saved connection the default",
  description:
    "Makes a profile the one that is used where no option, variable or pawl.toml names a database.",
  json: FORMAT,
  exits: EXITS,
  examples: [
    { line: "pawl profiles use staging", does: "Makes it the default" },
  ],
  positionals: { name: positional.required(name) },
  run: (options, io) => Promise.resolve(use(io, options.name)),
});

/** `pawl users --list|--save|--remove|--use`, hidden. */
export const usersCommand: Command = command({
  name: "users",
  hidden: true,
  group: "set up",
  summary: "Manage saved connections",
  description: "The same as pawl profiles, with options in place of words.",
  json: FORMAT,
  exits: EXITS,
  examples: [
    { line: "pawl users --list", does: "Lists the profiles" },
    {
      line: "pawl users --save dev postgres://localhost/app",
      does: "Saves a connection",
    },
  ],
  positionals: {
    url: positional.optional({ name: "URL", description: "What --save saves" }),
  },
  options: {
    list: option.flag({ description: "List the profiles" }),
    save: option.string({ value: "NAME", description: "Save URL as NAME" }),
    remove: option.string({ value: "NAME", description: "Remove NAME" }),
    use: option.string({ value: "NAME", description: "Make NAME the default" }),
    password,
  },
  run: (options, io) => {
    const { url } = options;
    const asked = [
      options.list || undefined,
      options.save,
      options.remove,
      options.use,
    ].filter((one) => one !== undefined);
    const refuse = (state: string) =>
      new PawlError("usage", `Cannot run \`pawl users\`: ${state}`, {
        hint: "pawl profiles list, save, remove and use do the same",
      });
    if (asked.length !== 1) {
      throw refuse("it takes one of --list, --save, --remove and --use");
    }
    if (options.save === undefined) {
      if (url !== undefined || options.password !== undefined) {
        throw refuse("URL and --password go with --save only");
      }
    } else {
      if (url === undefined) throw refuse("--save NAME needs a URL");
      return Promise.resolve(save(io, {
        name: options.save,
        url,
        password: options.password,
      }));
    }
    if (options.remove !== undefined) {
      return Promise.resolve(remove(io, options.remove));
    }
    return Promise.resolve(
      options.use === undefined ? list(io) : use(io, options.use),
    );
  },
});
