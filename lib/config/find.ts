/**
 * Which `pawl.toml` is meant: the one that is named, or the nearest one from a
 * directory upwards. It reads files through the interface it is given.
 *
 * @module
 */
import { basename, dirname, join, relative, resolve } from "node:path";
import { PawlError } from "../errors.ts";
import { type ConfigData, configFromData } from "./config_data.ts";
import type { ConfigFile } from "./config_file.ts";
import type { ConfigFiles } from "./files.ts";
import { nearest } from "./suggest.ts";
import { parseConfig } from "./toml.ts";
import type { Variables } from "./variables.ts";

/** The name of the configuration file. */
export const CONFIG_NAME = "pawl.toml";

/** Where to look for the configuration. */
export interface FindOptions {
  /** The value of `--config`, or a configuration that stands for a file. */
  readonly config?: string | ConfigData | undefined;
  /** The variables of the process; `PAWL_CONFIG` is looked at. */
  readonly variables: Variables;
}

/**
 * Finds and reads the configuration: the one that is given, `--config`, then `PAWL_CONFIG`, then
 * `pawl.toml` in the directory or the nearest one above it.
 *
 * @param directory The absolute directory to start from.
 * @param files The file system.
 * @param options What names a file.
 * @returns The checked configuration, or undefined where there is none and none was named.
 * @throws {PawlError} `config-missing` where a named file is absent, `config-invalid`
 * where it is wrong or may have been planted by another user.
 */
export function findConfig(
  directory: string,
  files: ConfigFiles,
  options: FindOptions,
): ConfigFile | undefined {
  if (typeof options.config === "object") {
    return configFromData(options.config, directory);
  }
  const variable = options.variables.get("PAWL_CONFIG");
  const named = options.config ?? variable?.value;
  if (named !== undefined) {
    const setting = options.config === undefined ? "PAWL_CONFIG" : "--config";
    return readNamed(resolve(directory, named), files, { named, setting });
  }
  for (let at = directory;; at = dirname(at)) {
    const path = join(at, CONFIG_NAME);
    const text = files.isDirectory(path) ? undefined : files.read(path);
    if (text !== undefined) {
      const file = relative(directory, path);
      // A file of another user in /tmp could name programs for us to run.
      if (at !== directory && files.isForeign(path)) {
        throw new PawlError(
          "config-invalid",
          `Cannot use ${file}: it belongs to another user and lies in a directory that everybody may write to`,
          { hint: `If it is meant, say --config ${file}` },
        );
      }
      return parseConfig(text, { file, path });
    }
    if (dirname(at) === at) return undefined;
  }
}

function readNamed(
  path: string,
  files: ConfigFiles,
  by: { readonly named: string; readonly setting: string },
): ConfigFile {
  if (by.named === "") {
    throw new PawlError(
      "config-missing",
      `Cannot use ${by.setting}: it is set but empty`,
      { hint: "Unset it, or name a file" },
    );
  }
  const text = files.isDirectory(path) ? undefined : files.read(path);
  if (text !== undefined) return parseConfig(text, { file: by.named, path });
  const inside = files.exists(join(path, CONFIG_NAME));
  const near = nearest(basename(path), [CONFIG_NAME]);
  throw new PawlError(
    "config-missing",
    `Cannot read ${by.named}: there is no such file (${by.setting})`,
    {
      hint: inside
        ? `Did you mean ${join(by.named, CONFIG_NAME)}?`
        : near !== undefined && near !== basename(path) &&
            files.exists(join(dirname(path), near))
        ? `Did you mean ${join(dirname(by.named), near)}?`
        : "`pawl init` writes one",
    },
  );
}
