/**
 * Every kind of object. The compiler finds what is missing: a kind's payload
 * is named in {@linkcode Payloads}, its module in {@linkcode KINDS}.
 *
 * @module
 */

import type { Row } from "../catalog/row.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { AGGREGATE, type AggregatePayload } from "./aggregate.ts";
import { COLUMN, type ColumnPayload } from "./column.ts";
import { CONSTRAINT, type ConstraintPayload } from "./constraint.ts";
import { EVENT_TRIGGER, type EventTriggerPayload } from "./event_trigger.ts";
import { FUNCTION } from "./function.ts";
import { INDEX, type IndexPayload } from "./index.ts";
import type { CatalogContext, CreateStatement, CreateTarget, KindModule, ReadObject } from "./kind.ts";
import { MATERIALIZED_VIEW, type MaterializedViewPayload } from "./materialized_view.ts";
import { POLICY, type PolicyPayload } from "./policy.ts";
import { PROCEDURE } from "./procedure.ts";
import type { RoutinePayload } from "./routine.ts";
import { RULE, type RulePayload } from "./rule.ts";
import { SCHEMA, type SchemaPayload } from "./schema.ts";
import { SEQUENCE, type SequencePayload } from "./sequence.ts";
import { TABLE, type TablePayload } from "./table.ts";
import { TRIGGER, type TriggerPayload } from "./trigger.ts";
import { VIEW, type ViewPayload } from "./view.ts";
import type { Payload } from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";

/** The payload of every kind. */
export interface Payloads {
  readonly schema: SchemaPayload;
  readonly table: TablePayload;
  readonly column: ColumnPayload;
  readonly constraint: ConstraintPayload;
  readonly index: IndexPayload;
  readonly sequence: SequencePayload;
  readonly function: RoutinePayload;
  readonly procedure: RoutinePayload;
  readonly aggregate: AggregatePayload;
  readonly view: ViewPayload;
  readonly materialized_view: MaterializedViewPayload;
  readonly trigger: TriggerPayload;
  readonly rule: RulePayload;
  readonly policy: PolicyPayload;
  readonly event_trigger: EventTriggerPayload;
}

/** The name of a kind. */
export type Kind = keyof Payloads;

const MODULES: { readonly [K in Kind]: KindModule<K, Payloads[K]> } = {
  schema: SCHEMA,
  table: TABLE,
  column: COLUMN,
  constraint: CONSTRAINT,
  index: INDEX,
  sequence: SEQUENCE,
  function: FUNCTION,
  procedure: PROCEDURE,
  aggregate: AGGREGATE,
  view: VIEW,
  materialized_view: MATERIALIZED_VIEW,
  trigger: TRIGGER,
  rule: RULE,
  policy: POLICY,
  event_trigger: EVENT_TRIGGER,
};

/** A kind without its types: for code that names no kind. */
export interface AnyKind {
  readonly kind: Kind;
  readonly catalog: string;
  readonly shape: Readonly<Record<string, Shape<unknown>>>;
  readonly foldsInto: boolean;
  query(context: CatalogContext): string | undefined;
  read(row: Row, context: CatalogContext): ReadObject<Payload> | undefined;
  commentOn(object: SchemaObject): string | undefined;
  create(
    object: SchemaObject,
    children: readonly SchemaObject[],
    target: CreateTarget,
  ): readonly CreateStatement[];
  holds(payload: unknown): payload is Payload;
}

function untyped<K extends Kind>(kind: KindModule<K, Payloads[K]>): AnyKind {
  const isOne = (object: SchemaObject): object is SchemaObject<K, Payloads[K]> =>
    object.kind === kind.kind && kind.holds(object.payload);
  return {
    kind: kind.kind,
    catalog: kind.catalog,
    shape: kind.shape,
    foldsInto: kind.foldsInto ?? false,
    query: (context) => kind.query(context),
    read: (row, context) => kind.read(row, context),
    commentOn: (object) => isOne(object) ? kind.commentOn?.(object) : undefined,
    create: (object, children, target) => {
      if (isOne(object)) return kind.create(object, children, target);
      throw new TypeError(`${object.address} is no ${kind.kind}`);
    },
    holds: (payload): payload is Payload => kind.holds(payload),
  };
}

/** Every kind, in the order in which the catalog is read. */
export const KINDS: readonly AnyKind[] = [
  untyped(MODULES.schema),
  untyped(MODULES.sequence),
  untyped(MODULES.table),
  untyped(MODULES.column),
  untyped(MODULES.constraint),
  untyped(MODULES.index),
  untyped(MODULES.function),
  untyped(MODULES.procedure),
  untyped(MODULES.aggregate),
  untyped(MODULES.view),
  untyped(MODULES.materialized_view),
  untyped(MODULES.trigger),
  untyped(MODULES.rule),
  untyped(MODULES.policy),
  untyped(MODULES.event_trigger),
];

const BY_NAME: ReadonlyMap<string, AnyKind> = new Map(KINDS.map((kind) => [kind.kind, kind]));

/** The kind of a name, or undefined for one that this pawl does not know. */
export function kindOf(name: string): AnyKind | undefined {
  return BY_NAME.get(name);
}
