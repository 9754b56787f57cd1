/**
 * Directories of migrations to measure with. It knows pawl's and dbmate's file
 * format, and nothing of what is measured.
 *
 * @module
 */

import { join } from "node:path";

/** What a directory of migrations is to hold. */
export interface FixtureOptions {
  /** How many files. */
  readonly files: number;
  /** The SQL of a file, from 1. */
  readonly sql: (number: number) => string;
  /** Whether they are dbmate's; pawl's otherwise. */
  readonly dbmate?: boolean;
}

/**
 * Writes migrations.
 *
 * @param directory Where; it is made.
 * @param options How many, and what is in them.
 */
export async function writeMigrations(
  directory: string,
  options: FixtureOptions,
): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  for (let number = 1; number <= options.files; number++) {
    // Versions that pawl and dbmate both accept, and sort alike.
    const version = 20250101000000 + number;
    const sql = `${options.sql(number)}\n`;
    const text = options.dbmate === true
      ? `-- migrate:up\n${sql}-- migrate:down\n`
      : sql;
    await Deno.writeTextFile(
      join(directory, `${version}_m${number}.sql`),
      text,
    );
  }
}

/** One statement that takes a server little time. */
export function smallTable(number: number): string {
  return `CREATE TABLE t${number} (id bigint PRIMARY KEY, name text NOT NULL);`;
}

/**
 * A text of ordinary DDL: words, names, a comment, a function's body.
 *
 * @param number Makes its names unlike any other's.
 * @param bytes How long it is at least.
 * @returns The SQL.
 */
export function ddlText(number: number, bytes: number): string {
  const parts: string[] = [];
  let length = 0;
  for (let i = 1; length < bytes; i++) {
    const name = `item_${number}_${i}`;
    const part = `-- What was ordered, and what became of it.
CREATE TABLE ${name} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL DEFAULT 'none yet' CHECK (length(title) < 200),
  price numeric(12, 2) NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ${name}_title ON ${name} (lower(title)) WHERE price > 0;
CREATE FUNCTION ${name}_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.made_at := now(); -- the latest counts
  RETURN NEW;
END
$$;
`;
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
}
