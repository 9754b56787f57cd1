/**
 * What the corpus is run on, by name.
 *
 * @module
 */

import type { BenchTarget } from "../../tests/support/bench.ts";
import { SERVER_VERSIONS } from "../../tests/support/servers.ts";

/**
 * The target of a name.
 *
 * @param name Such as `15` or `embedded`.
 * @throws {Error} For another one.
 */
export function targetOf(name: string): BenchTarget {
  if (name === "embedded") return name;
  const version = SERVER_VERSIONS.find((known) => String(known) === name);
  if (version === undefined) {
    throw new Error(
      `Cannot run the corpus on "${name}": there are ${
        SERVER_VERSIONS.join(", ")
      } and embedded`,
    );
  }
  return version;
}
