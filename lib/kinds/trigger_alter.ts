/**
 * The SQL of triggers: how one is created, dropped and changed, with the
 * states of those that partitions have from it.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  dependsOnExtension,
  extensionChanges,
} from "./depends_on_extension.ts";
import { firingClause, type FiringState } from "./firing_state.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";
import type { TriggerPayload } from "./trigger.ts";

type Trigger = SchemaObject<string, TriggerPayload>;

/** The SQL that creates a trigger. */
export function createTrigger(trigger: Trigger): readonly KindStatement[] {
  const { definition, inherited, state, extensions } = trigger.payload;
  return [
    ...(inherited ? [] : [create(definition)]),
    // After every partition has its own: this changes them too.
    ...(state === undefined ? [] : [firing(trigger, state)]),
    ...dependsOnExtension(phraseOf(trigger), extensions),
  ];
}

/** The SQL that drops a trigger; of a parent's, what differs. */
export function dropTrigger(
  trigger: Trigger,
  target: ChangeTarget,
): readonly KindStatement[] {
  if (!trigger.payload.inherited) {
    return [create(`DROP ${phraseOf(trigger)}`)];
  }
  const parent = parentOf(trigger, target);
  return parent === undefined
    ? []
    : [create(firing(trigger, parent.payload.state ?? "enabled").sql)];
}

/**
 * How a trigger becomes another. Constraint triggers have no CREATE OR
 * REPLACE.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys What differs.
 * @param target What it is written for.
 */
export function alterTrigger(
  from: Trigger,
  to: Trigger,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const was = from.payload;
  const is = to.payload;
  if (was.inherited && !is.inherited) {
    // Its partition is one no more, and what came from the parent is gone.
    return altered(createTrigger(to));
  }
  const phrase = phraseOf(to);
  if (!was.inherited && is.inherited) {
    return altered([release(`DROP ${phrase}`), ...createTrigger(to)]);
  }
  const anew = keys.includes("definition") && !is.inherited;
  if (anew && !(isOrdinary(from) && isOrdinary(to))) return REPLACE;
  const extensions = extensionChanges(phrase, was.extensions, is.extensions);
  const statements: KindStatement[] = anew
    ? [
      ...extensions.filter(({ phase }) => phase === "release"),
      create(is.definition.replace(ORDINARY, "CREATE OR REPLACE TRIGGER ")),
      // Which forgets the state and the extensions.
      ...(is.state === undefined ? [] : [firing(to, is.state)]),
      ...dependsOnExtension(phrase, is.extensions),
    ]
    : [
      ...(keys.includes("state") ? [firing(to, is.state ?? "enabled")] : []),
      ...extensions,
    ];
  if (anew || keys.includes("state")) {
    statements.push(
      ...differing(to, target).map((clone) =>
        firing(clone, clone.payload.state ?? "enabled")
      ),
    );
  }
  return altered(statements);
}

const ORDINARY = /^CREATE TRIGGER /;

function isOrdinary({ payload }: Trigger): boolean {
  return ORDINARY.test(payload.definition);
}

/** A state, of its partitions' triggers too. */
function firing(trigger: Trigger, state: FiringState): KindStatement {
  return attach(
    `ALTER TABLE ${qualify(trigger.name.slice(0, 2))} ${
      firingClause(state)
    } TRIGGER ${quoteIdentifier(trigger.name[2] ?? "")}`,
  );
}

function phraseOf({ name }: Trigger): string {
  return `TRIGGER ${quoteIdentifier(name[2] ?? "")} ON ${
    qualify(name.slice(0, 2))
  }`;
}

function isTrigger(object: SchemaObject | undefined): object is Trigger {
  return object?.kind === "trigger" &&
    typeof object.payload["definition"] === "string";
}

/** The nearest trigger of that name that a partition's table is below of. */
function parentOf(
  trigger: Trigger,
  target: CreateTarget,
): Trigger | undefined {
  for (const table of above(trigger, target)) {
    const object = target.objects.get(
      address("trigger", [...table.name, trigger.name[2] ?? ""]),
    );
    if (isTrigger(object)) return object;
  }
  return undefined;
}

/**
 * Triggers of partitions that differ from a trigger by their state and are to
 * keep it, outer partitions first.
 */
function differing(trigger: Trigger, target: ChangeTarget): Trigger[] {
  const found: { readonly trigger: Trigger; readonly depth: number }[] = [];
  const table = qualify(trigger.name.slice(0, 2));
  for (const object of target.objects.values()) {
    if (
      !isTrigger(object) || !object.payload.inherited ||
      object.name[2] !== trigger.name[2] ||
      target.before.objects.get(object.address)?.payload["state"] !==
        object.payload.state
    ) continue;
    const tables = above(object, target).map(({ name }) => qualify(name));
    if (tables.includes(table)) {
      found.push({ trigger: object, depth: tables.length });
    }
  }
  return found.sort((a, b) => a.depth - b.depth).map(({ trigger }) => trigger);
}

/** The partitioned tables that a trigger's table is a partition of, inner ones first. */
function above(trigger: Trigger, target: CreateTarget): SchemaObject[] {
  const tables: SchemaObject[] = [];
  let table = target.objects.get(trigger.parent ?? "");
  while (table?.payload["partitionOf"] !== undefined) {
    const parents: string[] = table.depends.filter((dep) =>
      dep.startsWith("table:")
    );
    table = parents.map((parent) => target.objects.get(parent)).find((parent) =>
      parent?.payload["partitionBy"] !== undefined
    );
    if (table !== undefined) tables.push(table);
  }
  return tables;
}
