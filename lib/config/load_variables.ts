/**
 * The variables of the process together with those of an env file, where one
 * is asked for. It knows which settings ask for one.
 *
 * @module
 */
import { resolve } from "node:path";
import { PawlError } from "../errors.ts";
import type { ConfigFile } from "./config_file.ts";
import { addVariables, parseEnvFile } from "./env_file.ts";
import type { ConfigFiles } from "./files.ts";
import { PROJECT } from "./keys.ts";
import { readEntry, readVariable } from "./read_value.ts";
import type { Variables } from "./variables.ts";

/** What says which env file to read. */
export interface VariablesRequest {
  /** The configuration file, where there is one. */
  readonly config: ConfigFile | undefined;
  /** The absolute current directory. */
  readonly cwd: string;
  /** The variables of the process. */
  readonly variables: Variables;
  /** The file system. */
  readonly files: ConfigFiles;
  /** The value of `--env-file`. */
  readonly envFile?: string | undefined;
}

/** Variables that are looked at before an env file is read. */
const EARLY = ["PAWL_CONFIG", "PAWL_ENV_FILE"] as const;

/**
 * Reads the env file that `--env-file`, `PAWL_ENV_FILE` or `[project] env_file`
 * names. A file that the configuration names may be absent, as `.env` is in CI.
 *
 * @param request What says which file.
 * @param root The directory that paths of file and variable are relative to.
 * @returns All variables, and warnings about those in the file that come too late.
 * @throws {PawlError} `file-unreadable` where a named file is absent, `config-invalid` where it is wrong.
 */
export function loadVariables(
  request: VariablesRequest,
  root: string,
): { readonly variables: Variables; readonly unread: readonly string[] } {
  const found = envFile(request, root);
  if (found === undefined) {
    return { variables: request.variables, unread: [] };
  }
  const text = request.files.isDirectory(found.path)
    ? undefined
    : request.files.read(found.path);
  if (text === undefined) {
    if (!found.required) return { variables: request.variables, unread: [] };
    throw new PawlError(
      "file-unreadable",
      `Cannot read ${found.name}: there is no such file (${found.setting})`,
    );
  }
  const added = parseEnvFile(text, found.name);
  return {
    variables: addVariables(request.variables, added),
    unread: EARLY.filter((name) => added.has(name)).map((name) =>
      `${
        added.get(name)?.origin
      } is not used: it is looked at before the file is read`
    ),
  };
}

interface EnvFile {
  readonly name: string;
  readonly path: string;
  readonly setting: string;
  readonly required: boolean;
}

function envFile(
  request: VariablesRequest,
  root: string,
): EnvFile | undefined {
  const key = PROJECT.envFile;
  if (request.envFile !== undefined) {
    const name = request.envFile;
    const path = resolve(request.cwd, name);
    return { name, path, setting: "--env-file", required: true };
  }
  const variable = request.variables.get("PAWL_ENV_FILE");
  if (variable !== undefined) {
    const name = readVariable(key, variable);
    const path = resolve(root, name);
    return { name, path, setting: variable.origin, required: true };
  }
  const entry = request.config?.tables.project.get(key.name);
  if (entry === undefined) return undefined;
  const name = readEntry(key, entry, request.variables);
  const path = resolve(root, name);
  return { name, path, setting: entry.what, required: false };
}
