/**
 * What an interrupted change has left of an index: one that was built beside
 * another one, or for a key, and did not take its place. It is gone on with
 * where it is whole, and else out of the way before it is built again.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { isTemporaryName } from "./chosen_name.ts";
import { type IndexPayload, isIndex } from "./index.ts";
import { indexTail, type IndexText } from "./index_definition.ts";
import { isFree, nameBeside } from "./index_name.ts";
import {
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { partsOf } from "./partitions.ts";

/** An index that is to be built. */
export interface IndexBuild {
  /** The address of its table. */
  readonly table: string;
  readonly schema: string;
  /** The name that it is to have in the end. */
  readonly name: string;
  /** Whether another one has that name yet. */
  readonly beside: boolean;
  /** What it is. */
  readonly index: IndexText;
  /**
   * The statement that builds it.
   *
   * @param name The name that it has at first.
   */
  write(name: string): KindStatement;
}

/** How it comes to be there. */
export interface BuiltIndex {
  /** The name that it has at first. */
  readonly name: string;
  /** What builds it; nothing where it is there already. */
  readonly statements: readonly KindStatement[];
  /** Addresses of what the statement takes that gives it its place. */
  readonly takes: readonly string[];
}

/**
 * Builds an index, or goes on with the one that is left.
 *
 * @param build What is to be built.
 * @param target What it is written for.
 */
export function buildOnce(
  build: IndexBuild,
  target: CreateTarget,
): BuiltIndex {
  const left = leftovers(build, target);
  const ready = left.find((index) => isWhole(index, build.index));
  if (ready !== undefined) {
    return {
      name: ready.name[1] ?? "",
      statements: [],
      takes: [ready.address],
    };
  }
  // Under a temporary name there may be one of somebody's that serves queries.
  const spent = left.find(({ payload }) => !build.beside || !payload.valid);
  const name = !build.beside
    ? build.name
    : spent?.name[1] ?? nameBeside(build.schema, build.name, target);
  const statement = build.write(name);
  const { alone = false, phase } = statement;
  return {
    name,
    statements: spent === undefined ? [statement] : [
      {
        ...create(
          `DROP INDEX ${alone ? "CONCURRENTLY " : ""}${qualify(spent.name)}`,
          { alone, takes: [spent.address] },
        ),
        phase,
      },
      statement,
    ],
    takes: [],
  };
}

type Index = SchemaObject<"index", IndexPayload>;

/** Indexes of the table that go, and that were built for this. */
function leftovers(
  { table, name, beside }: IndexBuild,
  target: CreateTarget,
): Index[] {
  const { before, objects } = target;
  if (before === undefined || target.isReplaced?.(table) === true) return [];
  return partsOf(table, before.objects).filter(isIndex)
    .filter(({ address, name: [schema = "", own = ""] }) =>
      !objects.has(address) &&
      (beside
        ? isTemporaryName(own, name) && isFree(schema, own, objects)
        : own === name)
    ).sort((a, b) => a.address < b.address ? -1 : 1);
}

function isWhole({ payload }: Index, wanted: IndexText): boolean {
  const same = (one: unknown, other: unknown) =>
    JSON.stringify(one) === JSON.stringify(other);
  return payload.valid && payload.unique === wanted.unique &&
    indexTail(payload.definition) === indexTail(wanted.definition) &&
    same(payload.parameters, wanted.parameters) &&
    payload.tablespace === wanted.tablespace &&
    payload.statistics === undefined;
}
