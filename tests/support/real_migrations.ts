/**
 * Real migrations of other projects, where `../shared/data` is beside the
 * checkout.
 *
 * @module
 */

/** One entry of a `manifest.json`. */
export interface ManifestEntry {
  readonly version: string;
  readonly up: string;
  readonly down?: string;
  readonly down_result: string;
}

/** Where they are. */
export const REAL_MIGRATIONS =
  new URL("../../../shared/data/migrations/", import.meta.url).pathname;

/** Whether they are not there, which is said once. */
export const realMigrationsMissing = missing();

/** Whether a file is there. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The migrations of a project, in order. */
export function manifest(name: string): readonly ManifestEntry[] {
  return JSON.parse(
    Deno.readTextFileSync(`${REAL_MIGRATIONS}${name}/manifest.json`),
  ).migrations;
}

function missing(): boolean {
  if (exists(`${REAL_MIGRATIONS}crates_io/manifest.json`)) return false;
  console.error(
    `No ${REAL_MIGRATIONS}: the tests on real migrations of other projects are skipped.`,
  );
  return true;
}
