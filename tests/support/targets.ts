/**
 * What the tests run on: `PAWL_TEST_POSTGRES`, such as `14,18,embedded`.
 *
 * @module
 */

import { SERVER_VERSIONS, type ServerVersion } from "./postgres_files.ts";

/**
 * The versions that tests run on.
 *
 * @returns What `PAWL_TEST_POSTGRES` lists, beside `embedded`; 18 without it.
 * @throws {Error} When it names a version that there is no server for.
 */
export function serversUnderTest(): ServerVersion[] {
  return targetsUnderTest().filter((target) => target !== "embedded");
}

/**
 * What tests run on that can run on the embedded database too.
 *
 * @returns What `PAWL_TEST_POSTGRES` lists; 18 without it.
 * @throws {Error} When it names a version that there is no server for.
 */
export function targetsUnderTest(): (ServerVersion | "embedded")[] {
  const list = Deno.env.get("PAWL_TEST_POSTGRES") ?? "18";
  const words = list.split(",").map((word) => word.trim());
  return words.filter((word) => word !== "").map((word) => {
    if (word === "embedded") return word;
    const version = SERVER_VERSIONS.find((known) => String(known) === word);
    if (version === undefined) {
      throw new Error(
        `Cannot test on "${word}" (PAWL_TEST_POSTGRES): there are ` +
          `${SERVER_VERSIONS.join(", ")} and embedded`,
      );
    }
    return version;
  });
}
