/**
 * HyperDjango: `0001_name_YYYYMMDD_HHMMSS.sql` with `-- UP` and `-- DOWN`
 * sections, and the table `hyper_migrations`.
 *
 * pawl reads such a file as it is: the number is its version, so that nothing
 * changes for the history when a project goes on in pawl's own layout. What is
 * particular: `-- hyper:atomic = false` (or `-- atomic:false`) before `-- UP`,
 * which lets the up section run statement by statement, and that pawl's own
 * time-outs do not apply. A file with a `-- pawl:` line is pawl's own, and so
 * is one with any other name.
 *
 * @module
 */

import { readMigration } from "../file.ts";
import type { Layout } from "../layout.ts";
import type { FileText, Migration } from "../model.ts";
import { parseFileName } from "../version.ts";
import { isMarked } from "./foreign_file.ts";
import { fileStem, type ForeignHistory } from "./foreign_history.ts";

/** Eight digits in front are a date: a timestamp of pawl's. */
const FILE = /^\d{4,7}_.+_\d{8}_\d{6}\.sql$/;

/** The layout. */
export const HYPERDJANGO_LAYOUT: Layout = {
  name: "hyperdjango",
  detect: (listing) => listing.files.some((file) => FILE.test(file)),
  read: (listing) => {
    const migrations: Migration[] = [];
    const others: string[] = [];
    for (const file of listing.files) {
      const named = !file.includes("/") && parseFileName(file) !== undefined;
      const text = named ? listing.read(file) : undefined;
      const migration = text === undefined ? undefined : readMigration(text);
      if (text === undefined || migration === undefined) others.push(file);
      else if (FILE.test(file) && !isMarked(text.text)) {
        migrations.push(asHyper(text, migration));
      } else migrations.push(migration);
    }
    return { migrations, others, warnings: [] };
  },
};

/** Whether the lines before `-- UP` say that no transaction may be around it. */
function isAtomic(text: string): boolean {
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    const words = line.toLowerCase().replaceAll(/\s/g, "");
    if (words === "--up") return true;
    if (
      words.startsWith("--hyper:atomic=false") ||
      words.startsWith("--atomic:false")
    ) return false;
  }
  return true;
}

function asHyper(text: FileText, migration: Migration): Migration {
  const hyper = { ...migration, ownTimeouts: false };
  if (isAtomic(text.text)) return hyper;
  return {
    ...hyper,
    header: { ...migration.header, transaction: "none" },
    body: () => {
      const body = migration.body();
      if (body.kind !== "sql") return body;
      // The tool takes every migration back in a transaction.
      const steps = body.up.steps.map((step) => ({
        ...step,
        transaction: "none" as const,
      }));
      return { ...body, up: { ...body.up, steps } };
    },
  };
}

/** The history. Its checksums are not of files: there is nothing to compare. */
export const HYPERDJANGO_HISTORY: ForeignHistory = {
  tool: "hyperdjango",
  table: "hyper_migrations",
  columns: ["id", "name", "applied_at", "checksum"],
  layout: "hyperdjango",
  rows: "each",
  select: { recorded: "name", appliedAt: "applied_at", order: "id" },
  recordedKey: (recorded) => recorded,
  fileKey: fileStem,
  versionOf: (recorded) => /^\d+/.exec(recorded)?.[0] ?? recorded,
};
