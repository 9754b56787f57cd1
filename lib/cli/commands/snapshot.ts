/**
 * `pawl snapshot`: a schema in a file.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { takeSnapshot } from "../../inspect/snapshot.ts";
import { displayPath } from "../../migrate/project.ts";
import { command } from "../command.ts";
import { option } from "../option.ts";
import {
  noticeDiagnostics,
  openSource,
  sourceOptions,
  sourcePositional,
} from "./schema_shared.ts";
import { count } from "./shared.ts";

/** The command. */
export const snapshotCommand = command({
  name: "snapshot",
  aliases: ["db snapshot"],
  group: "look",
  summary: "Keep a schema in a file",
  description:
    "Writes the schema of a source into a snapshot: JSON with one object a line, sorted, so that a difference reads well. The file is named by the version that the database stands at, VERSION_snapshot.json in the directory of snapshots, or by the time where there is none; its path is printed. It is written whole or not at all.\n\nA snapshot is a source itself. Secrets are in it as hashes only.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.snapshot-file/1",
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl snapshot", does: "Writes a snapshot of the database" },
    {
      line: "pawl snapshot migrations:migrations -o schema.json",
      does: "Keeps what the migrations leave",
    },
    {
      line: "pawl snapshot -e production -o -",
      does: "Writes it to standard output",
    },
  ],
  positionals: { source: sourcePositional },
  options: {
    ...sourceOptions,
    output: option.string({
      value: "FILE",
      short: "o",
      description: "Write into this file; - is standard output",
      completes: "file",
    }),
  },
  run: async (options, io) => {
    const { opened, request } = openSource(io, options);
    const progress = io.progress("Reading the schema");
    const keep = options.output === "-";
    const taken = await takeSnapshot(opened, {
      ...request,
      output: options.output,
      keep,
      now: io.clock.now(),
    }).finally(progress.done);
    const path = taken.path === undefined
      ? null
      : displayPath(opened, taken.path);
    io.note(`${count(taken.schema.objects.size, "object")}, ${taken.hash}`);
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.snapshot-file/1",
        path,
        hash: taken.hash,
        version: taken.version ?? null,
        objects: taken.schema.objects.size,
      },
      diagnostics: noticeDiagnostics(taken.schema.notices),
      ...(path === null ? { raw: taken.text } : { text: () => path }),
    };
  },
});
