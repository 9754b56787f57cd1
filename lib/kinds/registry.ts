/**
 * Every kind of object. The compiler finds what is missing: a kind's payload
 * is named in {@linkcode Payloads}, its module in {@linkcode KINDS}.
 *
 * @module
 */

import { splitAddress } from "../schema/address.ts";
import type { Row } from "./row.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { AGGREGATE, type AggregatePayload } from "./aggregate.ts";
import { COLUMN, type ColumnPayload } from "./column.ts";
import { CONSTRAINT, type ConstraintPayload } from "./constraint.ts";
import { EVENT_TRIGGER, type EventTriggerPayload } from "./event_trigger.ts";
import { FUNCTION } from "./function.ts";
import { INDEX, type IndexPayload } from "./index.ts";
import { altered, create, REPLACE } from "./kind.ts";
import type {
  Alteration,
  AspectContext,
  CatalogContext,
  ChangeTarget,
  CreateTarget,
  KindModule,
  KindStatement,
  OpaqueBody,
  Ousted,
  ReadObject,
  StandIn,
  Subject,
  Yielding,
} from "./kind.ts";
import {
  MATERIALIZED_VIEW,
  type MaterializedViewPayload,
} from "./materialized_view.ts";
import { POLICY, type PolicyPayload } from "./policy.ts";
import { rereadable } from "./rereadable.ts";
import { PROCEDURE } from "./procedure.ts";
import type { RoutinePayload } from "./routine.ts";
import { RULE, type RulePayload } from "./rule.ts";
import { SCHEMA, type SchemaPayload } from "./schema.ts";
import { SEQUENCE, type SequencePayload } from "./sequence.ts";
import { TABLE, type TablePayload } from "./table.ts";
import { TRIGGER, type TriggerPayload } from "./trigger.ts";
import { VIEW, type ViewPayload } from "./view.ts";
import { ACCESS_METHOD, type AccessMethodPayload } from "./access_method.ts";
import { CAST, type CastPayload } from "./cast.ts";
import { CONVERSION, type ConversionPayload } from "./conversion.ts";
import { TRANSFORM, type TransformPayload } from "./transform.ts";
import { COLLATION, type CollationPayload } from "./collation.ts";
import { COMPOSITE, type CompositePayload } from "./composite.ts";
import { DOMAIN, type DomainPayload } from "./domain.ts";
import {
  DOMAIN_CONSTRAINT,
  type DomainConstraintPayload,
} from "./domain_constraint.ts";
import { ENUM, type EnumPayload } from "./enum.ts";
import { EXTENSION, type ExtensionPayload } from "./extension.ts";
import {
  FOREIGN_DATA_WRAPPER,
  type ForeignDataWrapperPayload,
} from "./foreign_data_wrapper.ts";
import { FOREIGN_TABLE, type ForeignTablePayload } from "./foreign_table.ts";
import { OPERATOR, type OperatorPayload } from "./operator.ts";
import { OPERATOR_CLASS, type OperatorClassPayload } from "./operator_class.ts";
import {
  OPERATOR_FAMILY,
  type OperatorFamilyPayload,
} from "./operator_family.ts";
import { PUBLICATION, type PublicationPayload } from "./publication.ts";
import {
  PUBLICATION_SCHEMA,
  type PublicationSchemaPayload,
} from "./publication_schema.ts";
import {
  PUBLICATION_TABLE,
  type PublicationTablePayload,
} from "./publication_table.ts";
import { RANGE, type RangePayload } from "./range.ts";
import { SERVER, type ServerPayload } from "./server.ts";
import { STATISTICS, type StatisticsPayload } from "./statistics.ts";
import {
  TEXT_SEARCH_CONFIGURATION,
  type TextSearchConfigurationPayload,
} from "./text_search_configuration.ts";
import {
  TEXT_SEARCH_DICTIONARY,
  type TextSearchDictionaryPayload,
} from "./text_search_dictionary.ts";
import {
  TEXT_SEARCH_PARSER,
  type TextSearchParserPayload,
} from "./text_search_parser.ts";
import {
  TEXT_SEARCH_TEMPLATE,
  type TextSearchTemplatePayload,
} from "./text_search_template.ts";
import { USER_MAPPING, type UserMappingPayload } from "./user_mapping.ts";
import { COMMENT, type CommentPayload } from "./comment.ts";
import {
  DEFAULT_PRIVILEGE,
  type DefaultPrivilegePayload,
} from "./default_privilege.ts";
import { OWNER, type OwnerPayload } from "./owner.ts";
import { PRIVILEGE, type PrivilegePayload } from "./privilege.ts";
import type { Payload } from "../schema/schema.ts";
import type { Shape } from "../schema/shape.ts";
import type { VersionNeed } from "./version_need.ts";

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
  readonly access_method: AccessMethodPayload;
  readonly cast: CastPayload;
  readonly conversion: ConversionPayload;
  readonly transform: TransformPayload;
  readonly collation: CollationPayload;
  readonly composite: CompositePayload;
  readonly domain: DomainPayload;
  readonly domain_constraint: DomainConstraintPayload;
  readonly enum: EnumPayload;
  readonly extension: ExtensionPayload;
  readonly foreign_data_wrapper: ForeignDataWrapperPayload;
  readonly foreign_table: ForeignTablePayload;
  readonly operator: OperatorPayload;
  readonly operator_class: OperatorClassPayload;
  readonly operator_family: OperatorFamilyPayload;
  readonly publication: PublicationPayload;
  readonly publication_schema: PublicationSchemaPayload;
  readonly publication_table: PublicationTablePayload;
  readonly range: RangePayload;
  readonly server: ServerPayload;
  readonly statistics: StatisticsPayload;
  readonly text_search_configuration: TextSearchConfigurationPayload;
  readonly text_search_dictionary: TextSearchDictionaryPayload;
  readonly text_search_parser: TextSearchParserPayload;
  readonly text_search_template: TextSearchTemplatePayload;
  readonly user_mapping: UserMappingPayload;
  readonly comment: CommentPayload;
  readonly owner: OwnerPayload;
  readonly privilege: PrivilegePayload;
  readonly default_privilege: DefaultPrivilegePayload;
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
  access_method: ACCESS_METHOD,
  cast: CAST,
  conversion: CONVERSION,
  transform: TRANSFORM,
  collation: COLLATION,
  composite: COMPOSITE,
  domain: DOMAIN,
  domain_constraint: DOMAIN_CONSTRAINT,
  enum: ENUM,
  extension: EXTENSION,
  foreign_data_wrapper: FOREIGN_DATA_WRAPPER,
  foreign_table: FOREIGN_TABLE,
  operator: OPERATOR,
  operator_class: OPERATOR_CLASS,
  operator_family: OPERATOR_FAMILY,
  publication: PUBLICATION,
  publication_schema: PUBLICATION_SCHEMA,
  publication_table: PUBLICATION_TABLE,
  range: RANGE,
  server: SERVER,
  statistics: STATISTICS,
  text_search_configuration: TEXT_SEARCH_CONFIGURATION,
  text_search_dictionary: TEXT_SEARCH_DICTIONARY,
  text_search_parser: TEXT_SEARCH_PARSER,
  text_search_template: TEXT_SEARCH_TEMPLATE,
  user_mapping: USER_MAPPING,
  comment: COMMENT,
  owner: OWNER,
  privilege: PRIVILEGE,
  default_privilege: DEFAULT_PRIVILEGE,
};

/** A kind without its types: for code that names no kind. */
export interface AnyKind {
  readonly kind: Kind;
  readonly catalog: string;
  readonly shape: Readonly<Record<string, Shape<unknown>>>;
  readonly foldsInto: boolean;
  readonly pervades: boolean;
  query(context: CatalogContext): string | undefined;
  read(row: Row, context: CatalogContext): ReadObject<Payload> | undefined;
  commentOn(object: SchemaObject): string | undefined;
  announce(object: SchemaObject): string | undefined;
  standIn(object: SchemaObject): StandIn | undefined;
  body(object: SchemaObject): OpaqueBody | undefined;
  /** Whether its rows are about objects of other kinds. */
  readonly hasAspects: boolean;
  /** Whether rows of other kinds say something that is an object of this one. */
  readonly hasSubjects: boolean;
  aspects(
    subject: Subject,
    context: AspectContext,
  ): readonly ReadObject<Payload>[];
  readAspects(row: Row, context: AspectContext): readonly ReadObject<Payload>[];
  create(
    object: SchemaObject,
    children: readonly SchemaObject[],
    target: CreateTarget,
  ): readonly KindStatement[];
  /** The SQL that drops it; by default `DROP` and what COMMENT calls it. */
  drop(object: SchemaObject, target: ChangeTarget): readonly KindStatement[];
  alter(
    from: SchemaObject,
    to: SchemaObject,
    keys: readonly string[],
    target: ChangeTarget,
  ): Alteration;
  needsWhole(object: SchemaObject, target: ChangeTarget): boolean;
  follow(
    from: SchemaObject,
    to: SchemaObject,
    replaced: SchemaObject,
    target: ChangeTarget,
  ): Alteration;
  makeRoom(object: SchemaObject, target: ChangeTarget): Alteration;
  /** Undefined where nothing is. */
  ousts(
    object: SchemaObject,
    statements: readonly KindStatement[] | undefined,
    target: ChangeTarget,
  ): Ousted | undefined;
  /** Undefined where it cannot but be replaced. */
  yields(
    from: SchemaObject,
    to: SchemaObject,
    target: ChangeTarget,
  ): Yielding | undefined;
  goesWith(
    object: SchemaObject,
    dropped: (address: string) => boolean,
    target: ChangeTarget,
  ): boolean;
  occupies(object: SchemaObject): readonly string[];
  attachesTo(
    object: SchemaObject,
    objects: ReadonlyMap<string, SchemaObject>,
  ): readonly string[];
  kin(
    object: SchemaObject,
    objects: ReadonlyMap<string, SchemaObject>,
  ): readonly string[];
  needs(
    object: SchemaObject,
    objects: ReadonlyMap<string, SchemaObject>,
  ): readonly VersionNeed[];
  /** Undefined where it is never renamed by its structure. */
  structure(object: SchemaObject): string | undefined;
  /** Undefined where it has no name of its own. */
  rename(
    object: SchemaObject,
    name: readonly string[],
  ): readonly KindStatement[] | undefined;
  /** Undefined where it has no such part. */
  renamePart(
    object: SchemaObject,
    from: string,
    to: string,
  ): readonly KindStatement[] | undefined;
  arises(subject: SchemaObject, target: ChangeTarget): readonly SchemaObject[];
  holds(payload: unknown): payload is Payload;
}

function untyped<K extends Kind>(kind: KindModule<K, Payloads[K]>): AnyKind {
  const isOne = (
    object: SchemaObject,
  ): object is SchemaObject<K, Payloads[K]> =>
    object.kind === kind.kind && kind.holds(object.payload);
  const written = (object: SchemaObject) => rereadable(object, kind.shape);
  return {
    kind: kind.kind,
    catalog: kind.catalog,
    shape: kind.shape,
    foldsInto: kind.foldsInto ?? false,
    pervades: kind.pervades ?? false,
    query: (context) => kind.query(context),
    read: (row, context) => kind.read(row, context),
    commentOn: (object) =>
      kind.commentOn !== undefined && isOne(object)
        ? kind.commentOn(object)
        : undefined,
    announce: (object) =>
      kind.announce !== undefined && isOne(object)
        ? kind.announce(object)
        : undefined,
    standIn: (object) => {
      const made = written(object);
      return isOne(made) ? kind.standIn?.(made) : undefined;
    },
    body: (object) =>
      kind.body !== undefined && isOne(object) ? kind.body(object) : undefined,
    hasAspects: kind.readAspects !== undefined,
    hasSubjects: kind.aspects !== undefined,
    aspects: (subject, context) => kind.aspects?.(subject, context) ?? [],
    readAspects: (row, context) => kind.readAspects?.(row, context) ?? [],
    create: (object, children, target) => {
      const made = written(object);
      if (!isOne(made)) throw wrongKind(object, kind.kind);
      return kind.create(
        made,
        children.map((child) =>
          rereadable(child, BY_NAME.get(child.kind)?.shape ?? {})
        ),
        target,
      );
    },
    drop: (object, target) => {
      if (!isOne(object)) throw wrongKind(object, kind.kind);
      if (kind.drop !== undefined) return kind.drop(object, target);
      const phrase = kind.commentOn?.(object);
      return phrase === undefined ? [] : [create(`DROP ${phrase}`)];
    },
    alter: (from, to, keys, target) => {
      const [was, is] = [written(from), written(to)];
      if (!isOne(was) || !isOne(is)) throw wrongKind(from, kind.kind);
      return kind.alter?.(was, is, keys, target) ?? REPLACE;
    },
    needsWhole: (object, target) =>
      isOne(object) && (kind.needsWhole?.(object, target) ?? false),
    follow: (from, to, replaced, target) => {
      const [was, is] = [written(from), written(to)];
      if (!isOne(was) || !isOne(is)) throw wrongKind(from, kind.kind);
      const follows = kind.follow?.(was, is, replaced, target) ?? REPLACE;
      return "how" in follows ? follows : altered(follows);
    },
    makeRoom: (object, target) =>
      isOne(object) ? kind.makeRoom?.(object, target) ?? REPLACE : REPLACE,
    ousts: (object, statements, target) =>
      isOne(object) ? kind.ousts?.(object, statements, target) : undefined,
    yields: (from, to, target) => {
      const [was, is] = [written(from), written(to)];
      return isOne(was) && isOne(is)
        ? kind.yields?.(was, is, target)
        : undefined;
    },
    goesWith: (object, dropped, target) =>
      isOne(object) && (kind.goesWith?.(object, dropped, target) ?? false),
    occupies: (object) => [
      `${kind.catalog} ${splitAddress(object.address).name}`,
      ...(isOne(object) ? kind.occupies?.(object) ?? [] : []),
    ],
    attachesTo: (object, objects) =>
      isOne(object) ? kind.attachesTo?.(object, objects) ?? [] : [],
    kin: (object, objects) =>
      isOne(object) ? kind.kin?.(object, objects) ?? [] : [],
    needs: (object, objects) =>
      isOne(object) ? kind.needs?.(object, objects) ?? [] : [],
    structure: (object) => isOne(object) ? kind.structure?.(object) : undefined,
    rename: (object, name) =>
      isOne(object) ? kind.rename?.(object, name) : undefined,
    renamePart: (object, from, to) =>
      isOne(object) ? kind.renamePart?.(object, from, to) : undefined,
    arises: (subject, target) => kind.arises?.(subject, target) ?? [],
    holds: (payload): payload is Payload => kind.holds(payload),
  };
}

function wrongKind(object: SchemaObject, kind: string): TypeError {
  return new TypeError(`${object.address} is no ${kind}`);
}

/** Every kind, in the order in which the catalog is read. */
export const KINDS: readonly AnyKind[] = [
  untyped(MODULES.schema),
  untyped(MODULES.extension),
  untyped(MODULES.collation),
  untyped(MODULES.enum),
  untyped(MODULES.domain),
  untyped(MODULES.domain_constraint),
  untyped(MODULES.composite),
  untyped(MODULES.range),
  untyped(MODULES.foreign_data_wrapper),
  untyped(MODULES.server),
  untyped(MODULES.user_mapping),
  untyped(MODULES.access_method),
  untyped(MODULES.sequence),
  untyped(MODULES.table),
  untyped(MODULES.foreign_table),
  untyped(MODULES.column),
  untyped(MODULES.constraint),
  untyped(MODULES.index),
  untyped(MODULES.function),
  untyped(MODULES.procedure),
  untyped(MODULES.aggregate),
  untyped(MODULES.cast),
  untyped(MODULES.transform),
  untyped(MODULES.conversion),
  untyped(MODULES.operator),
  untyped(MODULES.operator_family),
  untyped(MODULES.operator_class),
  untyped(MODULES.text_search_parser),
  untyped(MODULES.text_search_template),
  untyped(MODULES.text_search_dictionary),
  untyped(MODULES.text_search_configuration),
  untyped(MODULES.view),
  untyped(MODULES.materialized_view),
  untyped(MODULES.trigger),
  untyped(MODULES.rule),
  untyped(MODULES.policy),
  untyped(MODULES.statistics),
  untyped(MODULES.publication),
  untyped(MODULES.publication_table),
  untyped(MODULES.publication_schema),
  // About the others, when all of them are there; before what fires on that.
  untyped(MODULES.comment),
  untyped(MODULES.owner),
  untyped(MODULES.privilege),
  untyped(MODULES.default_privilege),
  untyped(MODULES.event_trigger),
];

const BY_NAME: ReadonlyMap<string, AnyKind> = new Map(
  KINDS.map((kind) => [kind.kind, kind]),
);

/** The kind of a name, or undefined for one that this pawl does not know. */
export function kindOf(name: string): AnyKind | undefined {
  return BY_NAME.get(name);
}

/**
 * What SQL is written for.
 *
 * @param schema The schema that is to be made.
 * @param databaseOwner The role that owns the database, where it is not
 * whoever runs the SQL.
 */
export function createTarget(
  schema: Pick<Schema, "objects" | "version">,
  databaseOwner?: string,
): CreateTarget {
  const { objects, version } = schema;
  return {
    version,
    objects,
    databaseOwner,
    phrase: (address) => {
      const object = objects.get(address);
      return object === undefined
        ? undefined
        : kindOf(object.kind)?.commentOn(object);
    },
  };
}
