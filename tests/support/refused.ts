/**
 * What pawl's own code refuses: the error, which must be a PawlError.
 *
 * @module
 */

import assert from "@std/assert";
import { PawlError } from "../../lib/errors.ts";

/**
 * What a function refuses.
 *
 * @param work What must throw a PawlError.
 * @param what What to say where it does not.
 */
export function refused(work: () => unknown, what = ""): PawlError {
  try {
    work();
  } catch (error) {
    return known(error);
  }
  throw accepted(what);
}

/**
 * What a promise is rejected with.
 *
 * @param work What must be rejected with a PawlError.
 */
export async function rejected(work: Promise<unknown>): Promise<PawlError> {
  let result: unknown;
  try {
    result = await work;
  } catch (error) {
    return known(error);
  }
  throw accepted(JSON.stringify(result));
}

function known(error: unknown): PawlError {
  if (error instanceof PawlError) return error;
  throw error;
}

function accepted(what = ""): Error {
  return new assert.AssertionError({ message: `nothing was refused: ${what}` });
}
