/**
 * The connection service file (`pg_service.conf`): finds a service by name in
 * the user's file and then in the system's, and reads its parameters.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type ConninfoContext, userFile } from "./conninfo_context.ts";
import { parameterRule, unknownParameter } from "./conninfo_parameters.ts";

/** Where packages of libpq look, unless PGSYSCONFDIR names a directory. */
const SYSTEM_DIRECTORIES = [
  "/etc/postgresql-common",
  "/etc/sysconfig/pgsql",
  "/usr/local/pgsql/etc",
] as const;

/** The parameters of a service, and the file that they stand in. */
export interface Service {
  /** The parameters by name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The file. */
  readonly file: string;
}

/**
 * Finds a service.
 *
 * @param name The service's name.
 * @param context Environment, home directory and file reader.
 * @returns Its parameters.
 * @throws {PawlError} `conninfo-invalid` when no file defines it, or when its
 * section is broken; the location says where.
 */
export function findService(name: string, context: ConninfoContext): Service {
  const own = context.env.PGSERVICEFILE ||
    userFile(context, ".pg_service.conf", ".pg_service.conf");
  const directory = context.env.PGSYSCONFDIR;
  const system = directory !== undefined && directory !== ""
    ? [directory]
    : context.windows === true
    ? []
    : SYSTEM_DIRECTORIES;
  const files = [
    ...(own === undefined ? [] : [own]),
    ...system.map((each) => `${each.replace(/\/$/, "")}/pg_service.conf`),
  ];
  for (const file of files) {
    const text = readServiceFile(file, context);
    const parameters = text === undefined
      ? undefined
      : parseServiceFile(text, name, file);
    if (parameters !== undefined) return { parameters, file };
  }
  throw new PawlError(
    "conninfo-invalid",
    `Cannot connect: no service file defines the service "${name}"`,
    { details: files.map((file) => `looked in ${file}`) },
  );
}

/**
 * Reads the section of one service.
 *
 * @param text The text of a service file.
 * @param name The service's name.
 * @param file The file's path, for messages.
 * @returns Its parameters, or undefined when there is no such section.
 * @throws {PawlError} `conninfo-invalid` with file and line.
 */
export function parseServiceFile(
  text: string,
  name: string,
  file: string,
): ReadonlyMap<string, string> | undefined {
  let found: Map<string, string> | undefined;
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (found !== undefined) return found;
      if (line === `[${name}]`) found = new Map();
      continue;
    }
    if (found === undefined) continue;
    const fail = (state: string) =>
      new PawlError(
        "conninfo-invalid",
        `Cannot use the service "${name}": ${state}`,
        { location: { file, line: index + 1 } },
      );
    // The line itself is not shown: it may hold a password.
    if (/^ldap:/i.test(line)) throw fail("LDAP look-up is not supported");
    const equals = line.indexOf("=");
    if (equals < 0) throw fail('a line lacks its "="');
    const key = line.slice(0, equals).trim();
    if (key === "service") throw fail("a service cannot name another service");
    if (parameterRule(key) === undefined) {
      const unknown = unknownParameter(key, "the service file");
      throw new PawlError("conninfo-invalid", unknown.message, {
        ...(unknown.hint === undefined ? {} : { hint: unknown.hint }),
        location: { file, line: index + 1 },
      });
    }
    // The first of several wins, as in libpq.
    if (!found.has(key)) found.set(key, line.slice(equals + 1).trim());
  }
  return found;
}

function readServiceFile(
  file: string,
  context: ConninfoContext,
): string | undefined {
  try {
    return context.readFile(file)?.text;
  } catch (cause) {
    throw new PawlError(
      "conninfo-invalid",
      `Cannot read the service file ${file}: ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      { cause },
    );
  }
}
