/**
 * `sql`: writes the script that a person runs instead of `upgrade` or
 * `downgrade`, with the same history rows in it. Needs no database; pure but
 * for reading the files.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { PawlError } from "../errors.ts";
import type { MigrationDirectory } from "./directory.ts";
import { requireOneHead } from "./graph.ts";
import type { Migration } from "./model.ts";
import { planDowngrade, planUpgrade } from "./plan.ts";
import { prepareDown, prepareUp, refuseDiscardAll } from "./prepare.ts";
import { closingLines, openingLines, standsAt } from "./script_guards.ts";
import { headerLines } from "./script_header.ts";
import { migrationLines, sessionAfter } from "./script_migration.ts";
import type { Entry, ScriptOptions } from "./script_options.ts";
import {
  goesDown,
  position,
  replacedBy,
  standingAt,
  versionBehind,
} from "./script_range.ts";
import type { RecordContext } from "./unit_run.ts";

/** A script and what it does. */
export interface OfflineScript {
  /** The script. */
  readonly sql: string;
  /** Which direction. */
  readonly direction: "up" | "down";
  /** The version that the history must stand at; undefined for base. */
  readonly from: string | undefined;
  /** The version that the history stands at afterwards; undefined for base. */
  readonly to: string | undefined;
  /** The versions of the range, in order. */
  readonly versions: readonly string[];
  /** What to know, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Writes a script.
 *
 * @param directory The files.
 * @param options Range, dialect, settings.
 * @throws {PawlError} `target-unknown`, `not-offline`, `irreversible`.
 */
export function offlineScript(
  directory: MigrationDirectory,
  options: ScriptOptions,
): OfflineScript {
  const { environment } = options;
  const start = position(directory, { word: options.from, environment });
  const history = standingAt(directory, start.versions);
  const input = {
    graph: directory.graph,
    history,
    environment,
  };
  const down = goesDown(directory, { start, to: options.to });
  if (!down && options.to === "head") requireOneHead(directory.graph);
  const entries = down
    ? planDowngrade(input, options.to).map((p) =>
      downEntry(p.migration, options)
    )
    : planUpgrade(input, { target: options.to }).map((p) =>
      upEntry(p.migration, p.action === "record", options)
    );
  const direction = down ? "down" : "up";
  const versions = entries.map((e) => e.migration.version);
  const to = down
    ? versionBehind(directory, { start, gone: versions })
    : versions.at(-1) ?? start.target;
  const runId = runIdOf(entries, options);
  const context: RecordContext = {
    scope: options.scope,
    toolVersion: options.toolVersion,
    runId,
    origin: "pawl sql",
  };
  const required = [...start.versions];
  const stands = standsAt(context, {
    required,
    replaced: replacedBy(directory, start),
  });
  const lines = [
    ...headerLines(entries, { options, direction, from: start.target, to }),
    ...openingLines({ options, required, stands }),
    ...entries.flatMap((entry, i) => [
      ...migrationLines(entry, {
        options,
        context,
        previous: entries[i - 1]?.migration.version,
        stands: i === 0 ? stands : undefined,
      }),
      ...(i < entries.length - 1 ? sessionAfter(entry, options) : []),
    ]),
    ...closingLines(options),
  ];
  return {
    sql: lines.join("\n") + "\n",
    direction,
    from: start.target,
    to,
    versions,
    warnings: entries.flatMap((e) => e.prepared.warnings),
  };
}

function upEntry(
  migration: Migration,
  recordOnly: boolean,
  options: ScriptOptions,
): Entry {
  const prepared = prepareUp(migration, options.prepare);
  if (prepared.program !== undefined) throw notOffline(migration);
  if (!recordOnly) refuseDiscardAll(prepared.run);
  return { migration, prepared, recordOnly };
}

function downEntry(
  migration: Migration | undefined,
  options: ScriptOptions,
): Entry {
  if (migration === undefined) {
    throw new TypeError("a planned downgrade of a file has the file");
  }
  const prepared = prepareDown(migration, options.prepare);
  if (prepared?.program !== undefined) throw notOffline(migration);
  if (prepared === undefined || migration.header.irreversible !== undefined) {
    throw new PawlError(
      "irreversible",
      `Cannot write SQL: ${migration.file} ${
        migration.header.irreversible === undefined
          ? "has no down section"
          : `is irreversible: ${migration.header.irreversible}`
      }`,
      { location: { file: migration.file }, hint: "End the range before it" },
    );
  }
  refuseDiscardAll(prepared.run);
  return { migration, prepared, recordOnly: false };
}

function notOffline(migration: Migration): PawlError {
  return new PawlError(
    "not-offline",
    `Cannot write SQL: ${migration.file} is a program, which no SQL script can run`,
    {
      location: { file: migration.file },
      hint:
        `Write the range up to the file before it, run pawl upgrade ${migration.version}, then write the rest`,
    },
  );
}

/** The same script has the same id, so that it can be written again byte for byte. */
function runIdOf(entries: readonly Entry[], options: ScriptOptions): string {
  const hash = createHash("sha256").update(
    `${options.scope.schema}\0${options.scope.project}\0${options.from}\0`,
  );
  for (const { prepared } of entries) {
    hash.update(`${prepared.run.recorded.upRaw}\0`);
  }
  const hex = hash.digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${
    hex.slice(17, 20)
  }-${hex.slice(20, 32)}`;
}
