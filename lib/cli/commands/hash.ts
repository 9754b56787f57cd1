/**
 * `pawl hash`: a schema in one line.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { hashSource } from "../../inspect/hash.ts";
import { splitAddress } from "../../schema/address.ts";
import { CANONICAL_VERSION } from "../../schema/hash.ts";
import { versionText } from "../../schema/snapshot.ts";
import { command } from "../command.ts";
import { option } from "../option.ts";
import {
  noticeDiagnostics,
  openSource,
  sourceOptions,
  sourcePositional,
} from "./schema_shared.ts";

/** The command. */
export const hashCommand = command({
  name: "hash",
  group: "look",
  summary: "Print the hash of a schema",
  description:
    "Prints h1: and 64 hex digits, and nothing else. Two schemas have the same hash when every object of them is the same, wherever they live: the same DDL hashes the same on PostgreSQL 14 to 18 and on the embedded one. What counts is in docs/schema.md.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.hash/1",
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl hash", does: "Prints the hash of the database's schema" },
    {
      line: "pawl hash migrations:migrations",
      does: "Prints the hash of what the migrations leave",
    },
    {
      line: "pawl hash --objects env:production",
      does: "Prints one line for each object: its hash and its address",
    },
  ],
  positionals: { source: sourcePositional },
  options: {
    ...sourceOptions,
    objects: option.flag({
      description: "One line for each object: its hash and its address",
    }),
  },
  run: async (options, io) => {
    const { opened, shown, request } = openSource(io, options);
    const progress = io.progress("Reading the schema");
    const hashes = await hashSource(opened, request).finally(progress.done);
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.hash/1",
        source: shown,
        hash: hashes.hash,
        meta: {
          version: CANONICAL_VERSION,
          postgres: versionText(hashes.version),
          computedAt: io.clock.now().toISOString(),
        },
        ...(options.objects ? { objects: byKind(hashes.objects) } : {}),
      },
      diagnostics: noticeDiagnostics(hashes.notices),
      text: () =>
        options.objects
          ? [...hashes.objects].map(([address, hash]) => `${hash}  ${address}`)
          : hashes.hash,
    };
  },
});

function byKind(
  hashes: ReadonlyMap<string, string>,
): Record<string, Record<string, string>> {
  const kinds: Record<string, Record<string, string>> = {};
  for (const [address, hash] of hashes) {
    const { kind, name } = splitAddress(address);
    (kinds[kind] ??= {})[name] = hash;
  }
  return kinds;
}
