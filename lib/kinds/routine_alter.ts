/**
 * How functions and procedures become others, and how they outlive what they
 * use. CREATE OR REPLACE keeps owner, privileges and all that calls them; what
 * it refuses is what the server's ProcedureCreate refuses.
 *
 * @module
 */

import {
  dependsOnExtension,
  extensionChanges,
} from "./depends_on_extension.ts";
import type { Hazard } from "./hazard.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";
import type { Argument } from "./routine_arguments.ts";
import {
  isInput,
  isOutput,
  type Routine,
  routineSignature,
  routineStatement,
  type RoutineWord,
} from "./routine_statement.ts";
import { holds, standInStatement } from "./routine_stand_in.ts";
import { dependentsOf, freeName } from "./stored_type.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";

/**
 * How a routine becomes another.
 *
 * @param word What SQL calls it.
 * @param change As it was and as it is to be, and the keys that differ.
 */
export function alterRoutine(
  word: RoutineWord,
  change: {
    readonly from: Routine;
    readonly to: Routine;
    readonly keys: readonly string[];
    readonly target: ChangeTarget;
  },
): Alteration {
  const { from, to, keys, target } = change;
  if (!canReplace(from, to)) return makeRoom(word, from, target);
  const phrase = `${word} ${routineSignature(to)}`;
  const { extensions } = to.payload;
  if (keys.every((key) => key === "extensions")) {
    return altered(
      extensionChanges(phrase, from.payload.extensions, extensions),
    );
  }
  const hazards = hazardsOf(word, { from, to, target });
  return altered([
    ...extensionChanges(phrase, from.payload.extensions, extensions)
      .filter(({ phase }) => phase === "release"),
    create(
      routineStatement(`CREATE OR REPLACE ${word}`, to),
      hazards.length === 0 ? {} : { hazards },
    ),
    // CREATE OR REPLACE forgets the extensions.
    ...dependsOnExtension(phrase, extensions),
  ]);
}

/** Whether CREATE OR REPLACE may make a routine another of the same input types. */
function canReplace(from: Routine, to: Routine): boolean {
  const was = from.payload;
  const is = to.payload;
  if (
    was.window !== is.window || was.returns !== is.returns ||
    was.returnsSet !== is.returnsSet
  ) return false;
  return keepsInputs(was.arguments, is.arguments) &&
    keepsOutputs(from, to);
}

/** Inputs may be given names and defaults, and keep those that they have. */
function keepsInputs(
  from: readonly Argument[],
  to: readonly Argument[],
): boolean {
  const is = to.filter(isInput);
  return from.filter(isInput).every((was, i) => {
    const now = is[i];
    return now !== undefined &&
      (was.name === undefined || was.name === now.name) &&
      (was.default === undefined || now.default !== undefined) &&
      // The default of a polymorphic argument must keep its own type.
      (was.default === undefined || was.default === now.default ||
        !/^any/.test(was.type));
  });
}

/** The columns of a row that is given back; one column alone has no name there. */
function keepsOutputs(from: Routine, to: Routine): boolean {
  const was = from.payload.arguments.filter(isOutput);
  const is = to.payload.arguments.filter(isOutput);
  const isRow = from.payload.returns === undefined ||
    from.payload.returns === "record";
  return !isRow || was.length === is.length &&
      was.every((column, i) =>
        column.type === is[i]?.type && column.name === is[i]?.name
      );
}

function hazardsOf(
  word: RoutineWord,
  { from, to, target }: {
    readonly from: Routine;
    readonly to: Routine;
    readonly target: ChangeTarget;
  },
): Hazard[] {
  const hazards: Hazard[] = [];
  const phrase = `${word.toLowerCase()} ${routineSignature(to)}`;
  if (to.payload.securityDefiner && !from.payload.securityDefiner) {
    hazards.push({
      kind: "security",
      reason: `the ${phrase} runs with its owner's rights from now on`,
    });
  }
  const { body, sqlBody } = from.payload;
  const keepers = body === to.payload.body && sqlBody === to.payload.sqlBody
    ? []
    : dependentsOf(from.address, target).filter(keepsResults);
  if (keepers.length > 0) {
    hazards.push({
      kind: "data-dependent",
      reason: `${
        keepers.map((keeper) =>
          `the ${keeper.kind.replaceAll("_", " ")} ${qualify(keeper.name)}`
        ).join(", ")
      } ${
        keepers.length === 1 ? "keeps" : "keep"
      } what the ${phrase} gave for the rows that are there`,
    });
  }
  return hazards;
}

/** Whether an object holds what functions gave for rows: for a check it was true. */
function keepsResults(object: SchemaObject): boolean {
  const { kind, payload } = object;
  return isKeyedBy(object) || kind === "index" || kind === "constraint" ||
    kind === "column" && payload["generated"] !== undefined;
}

/**
 * How a routine outlives that something it uses is replaced. Types of
 * arguments, defaults and a body that the server has parsed hold what they
 * name; a body that is a string does not notice.
 *
 * @param word What SQL calls it.
 * @param change As it was and as it is to be, and what is replaced.
 */
export function followRoutine(
  word: RoutineWord,
  change: {
    readonly from: Routine;
    readonly to: Routine;
    readonly replaced: SchemaObject;
    readonly target: ChangeTarget;
  },
): Alteration | readonly KindStatement[] {
  const { from, to, replaced, target } = change;
  if (holds(from, replaced)) return makeRoom(word, from, target);
  if (from.payload.sqlBody === undefined) return [];
  if (!canReplace(from, to) || !isUsed(from, target)) {
    return makeRoom(word, from, target);
  }
  const phrase = `${word} ${routineSignature(to)}`;
  return [
    release(standInStatement(word, from)),
    create(routineStatement(`CREATE OR REPLACE ${word}`, to)),
    ...dependsOnExtension(phrase, to.payload.extensions),
  ];
}

/**
 * How a routine makes room for another one of its name: the partition key of a
 * table that is made anew holds it until the old table is gone.
 *
 * @param word What SQL calls it.
 * @param routine The routine.
 * @param target What SQL is written for.
 */
export function makeRoom(
  word: RoutineWord,
  routine: Routine,
  target: ChangeTarget,
): Alteration {
  const keyed = dependentsOf(routine.address, target).some((user) =>
    isKeyedBy(user) && target.objects.has(user.address)
  );
  if (!keyed) return REPLACE;
  const [schema = "", name = ""] = routine.name;
  // Without arguments it must be the only one of its name.
  const overloads = [...target.before.objects.values()].filter((other) =>
    other.kind === routine.kind && other.name[0] === schema &&
    other.name[1] === name
  ).map(({ address }) => address).sort();
  const numbered = `${overloads.indexOf(routine.address) + 1}_${name}`;
  const old = freeName({ ...routine, name: [schema, numbered] }, target);
  return {
    how: "replace",
    aside: {
      away: [create(
        `ALTER ${word} ${routineSignature(routine)} RENAME TO ${
          quoteIdentifier(old)
        }`,
      )],
      gone: [create(`DROP ${word} ${qualify([schema, old])}`)],
    },
  };
}

/** Whether something that depends on a function does so by its partition key. */
function isKeyedBy({ kind, payload }: SchemaObject): boolean {
  return kind === "table" && payload.partitionBy !== undefined;
}

/** Whether anything but its own parts depends on it, and would have to go with it. */
function isUsed({ address }: Routine, target: ChangeTarget): boolean {
  return dependentsOf(address, target).some((dependent) =>
    dependent.parent !== address && target.objects.has(dependent.address)
  );
}
