/**
 * How a live database differs from the last recorded state of its project,
 * by hashes alone, and which of that is not the project's concern: what an
 * application does not notice, partitions that come and go, what another
 * project or somebody else's schema brought.
 *
 * @module
 */

import { withoutIgnored, withoutUnnamedPartitions } from "../catalog/scope.ts";
import type { Settings } from "../config/settings_type.ts";
import type { Session } from "../pg/session.ts";
import { standInFor } from "../schema/address_parts.ts";
import { address } from "../schema/address.ts";
import {
  compareStates,
  type SchemaState,
  type StateDifference,
} from "../schema/object_state.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import type { HistoryScope } from "./history_sql.ts";
import {
  type ReadHashes,
  readLive,
  readLiveHashes,
  stateOfHashed,
} from "./live_state.ts";
import {
  recordedElsewhere,
  recordedState,
  type RecordedSummary,
  recordedSummaryBeside,
} from "./recorded_state.ts";

/** Why a difference is shown apart from drift. */
export type Apart =
  /** An application does not notice it. */
  | { readonly why: "minor" }
  /** A partition that is no longer there. */
  | { readonly why: "partition" }
  /** Another project of the same database has recorded it as it is. */
  | { readonly why: "project"; readonly project: string }
  /** It is in a schema of which nothing is recorded. */
  | { readonly why: "schema"; readonly schema: string }
  /** The role may not see what it is: then, or now. */
  | { readonly why: "unreadable" }
  /** The declared schema says nothing of it, nor of what it is a part of. */
  | { readonly why: "undeclared" };

/** A difference from the recorded state. */
export interface RecordedDifference extends StateDifference {
  /** Why it is no drift; undefined: it is. */
  readonly apart: Apart | undefined;
  /** The object that it was created or dropped with, as a part of it. */
  readonly partOf: string | undefined;
}

/** How a database differs from the recorded state. */
export interface RecordedDrift {
  /** What is recorded, in short. */
  readonly summary: RecordedSummary;
  /** What there is; with its objects where there are differences. */
  readonly live: ReadHashes;
  /** What was recorded; empty where the hashes are equal or nothing can be compared. */
  readonly recorded: SchemaState;
  /** In the order of addresses. */
  readonly differences: readonly RecordedDifference[];
}

/**
 * Compares a database with the recorded state. Where the hash of the schema is
 * the recorded one, that is all that is read; otherwise the schema is read
 * again, with its objects.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options The settings, and which history.
 */
export async function recordedDrift(
  session: Session,
  options: { readonly settings: Settings; readonly scope: HistoryScope },
): Promise<RecordedDrift> {
  const { settings, scope } = options;
  const [summary, hashes] = await recordedSummaryBeside(
    session,
    scope,
    (also) => readLiveHashes(session, settings, also),
  );
  if (summary.hash === undefined || summary.hash === hashes.hash) {
    return { summary, live: hashes, recorded: new Map(), differences: [] };
  }
  const read = hashes.schema === undefined
    ? await readLive(session, settings)
    : { ...hashes, schema: hashes.schema };
  const { schema, hashes: objects } = read;
  const recorded = await recordedState(session, scope);
  const known = recordedSchema(recorded, settings.ignore);
  const own = withoutUnnamedPartitions(schema, known);
  const now = await stateOfHashed({ schema, hashes: objects });
  const found = compareStates(within(recorded, known), within(now, own));
  const others = await recordedElsewhere(
    session,
    scope,
    new Map(
      found.flatMap(({ kind, address }) =>
        kind === "dropped"
          ? []
          : [[address, now.get(address)?.hash ?? ""] as const]
      ),
    ),
  );
  const schemas = new Set(
    [...known.objects.values()].map(({ name }) => name[0]),
  );
  const changed = new Set(
    found.map(({ kind, address }) => `${kind} ${address}`),
  );
  const differences = found.map((difference) => ({
    ...difference,
    apart: apartFor(difference, { known, own, recorded, others, schemas }),
    partOf: wholeOf(difference, changed, { known, own }),
  }));
  const { version, notices } = schema;
  return {
    summary,
    live: { ...read, version, notices },
    recorded,
    differences,
  };
}

/** Those of a state that a schema has. */
function within(state: SchemaState, schema: Schema): SchemaState {
  return new Map([...state].filter(([address]) => schema.objects.has(address)));
}

/** What is known of recorded objects by their addresses, as far as that goes. */
function recordedSchema(
  recorded: SchemaState,
  ignore: readonly string[],
): Schema {
  const objects = standInFor([...recorded.keys()]);
  return withoutIgnored(makeSchema(objects, { version: 0 }), {
    patterns: ignore,
  });
}

interface Sides {
  readonly known: Schema;
  readonly own: Schema;
}

function apartFor(
  difference: StateDifference,
  at: Sides & {
    readonly recorded: SchemaState;
    readonly others: ReadonlyMap<string, string>;
    /** The schemas of which something is recorded. */
    readonly schemas: ReadonlySet<string | undefined>;
  },
): Apart | undefined {
  const { kind, address: changed, minor, attributes } = difference;
  if (isUnreadable(attributes)) return { why: "unreadable" };
  if (minor) return { why: "minor" };
  const project = at.others.get(changed);
  if (project !== undefined) return { why: "project", project };
  if (kind === "created") {
    const [schema] = at.own.objects.get(changed)?.name ?? [];
    if (schema === undefined) return undefined;
    const home = address("schema", [schema]);
    return at.own.objects.has(home) && !at.schemas.has(schema)
      ? { why: "schema", schema }
      : undefined;
  }
  if (kind === "altered") return undefined;
  // What a partition's address does not say, its attributes do.
  const gone = [changed, ...parentsOf(changed, at.known)];
  return gone.some((each) =>
      /[:,]partitionOf=/.test(at.recorded.get(each)?.attributes ?? "")
    )
    ? { why: "partition" }
    : undefined;
}

/** Whether one side of an altered object could not be read, so that nobody knows. */
export function isUnreadable(
  attributes: readonly { readonly key: string }[],
): boolean {
  return attributes.some(({ key }) => key === "unreadable");
}

function parentsOf(of: string, schema: Schema): string[] {
  const parents: string[] = [];
  for (
    let parent = schema.objects.get(of)?.parent;
    parent !== undefined && !parents.includes(parent);
    parent = schema.objects.get(parent)?.parent
  ) parents.push(parent);
  return parents;
}

/** The outermost object that came or went together with a part of it. */
function wholeOf(
  { kind, address }: StateDifference,
  changed: ReadonlySet<string>,
  { known, own }: Sides,
): string | undefined {
  if (kind === "altered") return undefined;
  return parentsOf(address, kind === "created" ? own : known)
    .findLast((parent) =>
      parent !== address && changed.has(`${kind} ${parent}`)
    );
}
