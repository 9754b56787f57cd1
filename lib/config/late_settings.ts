/**
 * Settings that are read when they are used, so that a variable which is not
 * set stops only the command that needs it: `[hooks]` and `[shadow]`.
 *
 * @module
 */
import { HOOKS, SHADOW } from "./keys.ts";
import { lookUp } from "./layers.ts";
import type { Settings } from "./settings_type.ts";

/** What `[shadow]` says. */
export interface ShadowSettings {
  /** `embedded`, or the server for throw-away databases; may hold a password. */
  readonly url: string;
  /** Extensions to create in a shadow before anything else. */
  readonly extensions: readonly string[];
}

/**
 * Reads `[shadow]`.
 *
 * @param settings The settings.
 * @returns What it says, or the defaults.
 * @throws {PawlError} `variable-unset` or `config-invalid`.
 */
export function shadowSettings(settings: Settings): ShadowSettings {
  return {
    url: lookUp(SHADOW.url, settings.layers).value,
    extensions: lookUp(SHADOW.extensions, settings.layers).value,
  };
}

/**
 * Reads a hook.
 *
 * @param settings The settings.
 * @param name Its name, such as `before_upgrade`.
 * @returns What to run, in order; empty where nothing is.
 * @throws {PawlError} `variable-unset` or `config-invalid`.
 */
export function hookCommands(
  settings: Settings,
  name: string,
): readonly string[] {
  const key = HOOKS.find((each) => each.name === name);
  return key === undefined ? [] : lookUp(key, settings.layers).value;
}
