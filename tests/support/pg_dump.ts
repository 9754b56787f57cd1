/**
 * What an independent pg_dump says of a schema, and whether two databases are
 * the same to it. Column order, the order of statements and the names of
 * not-null constraints are no differences, nor is the comment of an extension,
 * which its control file makes.
 *
 * @module
 */

import type { ServerVersion } from "./servers.ts";

/**
 * The schema of a server's database, by the pg_dump on PATH.
 *
 * @param url The database.
 * @param version The server's major version.
 * @returns The dump; undefined where there is no pg_dump, or an older one.
 * @throws {Error} When pg_dump fails; the message has what it said.
 */
export async function dumpOfServer(
  url: string,
  version: ServerVersion,
): Promise<string | undefined> {
  if ((await clientVersion) < version) return undefined;
  const { success, stdout, stderr } = await new Deno.Command("pg_dump", {
    args: ["-s", "-d", url],
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      LC_ALL: "C",
      PGPASSFILE: "/dev/null",
    },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`pg_dump failed: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

/** The major version of the pg_dump on PATH; 0 where there is none. */
const clientVersion: Promise<number> = new Deno.Command("pg_dump", {
  args: ["--version"],
  stdin: "null",
}).output().then(
  ({ stdout }) =>
    Number(/ (\d+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? 0),
  (error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error("No pg_dump on PATH: nothing is compared with it.");
    return 0;
  },
);

/**
 * A dump as statements that can be compared: sorted, and each table's columns
 * and constraints sorted by name.
 *
 * @param dump What pg_dump wrote.
 */
export function dumpStatements(dump: string): string[] {
  return dump.split("\n")
    .filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\)/.test(line))
    .join("\n").split(/;\n\n+/)
    // Grants follow one another without a blank line, in the order in which
    // they were made.
    .flatMap((statement) =>
      statement.split(/;\n(?=(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) )/)
    )
    .map((statement) => statement.trim().replace(/;$/, ""))
    .filter((statement) => !statement.startsWith("COMMENT ON EXTENSION "))
    .map(sortedColumns)
    .map(sortedList)
    .filter((statement) => statement !== "")
    .sort();
}

/** A table's statement without the order of its columns and the names of its not-null constraints. */
function sortedColumns(statement: string): string {
  const match =
    /^(CREATE (?:UNLOGGED |FOREIGN )?TABLE [^]*?\(\n)([^]*?)(\n\)[^]*)$/
      .exec(statement);
  if (match === null) {
    return statement.replace(
      /\bCONSTRAINT (?:"(?:[^"]|"")*"|\w+) NOT NULL\b/,
      "NOT NULL",
    );
  }
  const [, head = "", columns = "", tail = ""] = match;
  const lines = columns.split("\n").map((line) =>
    line.replace(/,$/, "")
      .replace(/ CONSTRAINT (?:"(?:[^"]|"")*"|\w+) NOT NULL\b/, " NOT NULL")
  );
  return head + lines.sort().join("\n") + tail;
}

/** The columns of a table that a publication has, which come in the table's order. */
function sortedList(statement: string): string {
  return statement.replace(
    /^(ALTER PUBLICATION .* ADD TABLE ONLY [^(]*\()([^()]*)\)/,
    (_, head: string, list: string) =>
      `${head}${list.split(", ").sort().join(", ")})`,
  );
}

/**
 * What two dumps do not share.
 *
 * @param actual One dump.
 * @param wanted The other.
 * @returns Statements with `+` that are too many in the first and with `-`
 * that it lacks; none where they are the same.
 */
export function dumpDifferences(actual: string, wanted: string): string[] {
  const count = new Map<string, number>();
  for (const statement of dumpStatements(actual)) {
    count.set(statement, (count.get(statement) ?? 0) + 1);
  }
  for (const statement of dumpStatements(wanted)) {
    count.set(statement, (count.get(statement) ?? 0) - 1);
  }
  return [...count].filter(([, n]) => n !== 0).sort(([a], [b]) =>
    a < b ? -1 : 1
  )
    .map(([statement, n]) => `${n > 0 ? "+" : "-"} ${statement}`);
}
