/**
 * What a source is read with. Data only.
 *
 * @module
 */

import type { Project } from "../migrate/project.ts";
import type { DdlFile } from "./ddl_script.ts";

/** What a source is read with. */
export interface SourceContext {
  /** The project: its settings, and the directory that paths are relative to. */
  readonly project: Project;
  /** `--shadow`: `embedded` or a server; `[shadow] url` by default. */
  readonly shadow?: string | undefined;
  /** Whether dependencies are wanted: for an order, not for a hash. */
  readonly dependencies?: boolean;
  /** The directory of the image cache; the user's own by default. */
  readonly cache?: string | undefined;
  /** Reads standard input; the process's by default. */
  readonly stdin?: (() => Promise<Uint8Array>) | undefined;
  /** Told of the DDL that is loaded, before it is. */
  readonly onDdl?: ((files: readonly DdlFile[]) => void) | undefined;
  /** Cancels what runs. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the user should know. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * The environment variables of a project, as connecting takes them.
 *
 * @param context The project.
 */
export function environmentVariables(
  { project }: SourceContext,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...project.settings.variables].map(([name, { value }]) => [name, value]),
  );
}
