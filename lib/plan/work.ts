/**
 * What has to happen to each object so that one schema becomes another: what
 * is created, dropped, altered; what must be replaced with what it depends on,
 * and what follows. Names no kind. Pure.
 *
 * @module
 */

import type { Change, Forms } from "../diff.ts";
import type { Alteration, ChangeTarget, KindStatement } from "../kinds/kind.ts";
import { type AnyKind, kindOf, KINDS } from "../kinds/registry.ts";
import { canonicalJson } from "../schema/data.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { dependentsIn, type Links, partsIn } from "./links.ts";

/** What has to happen, object by object. */
export interface Work {
  /** By address: what is dropped, for good or to be created again. */
  readonly drops: ReadonlyMap<string, SchemaObject>;
  /** By address: what is created, for the first time or again. */
  readonly creates: ReadonlyMap<string, SchemaObject>;
  /** By address: what stays, and the statements that make it what it is to be. */
  readonly alters: ReadonlyMap<string, Alter>;
  /** By address: what is replaced while the old one stands aside. */
  readonly asides: ReadonlyMap<string, Aside>;
  /** What comes into being by itself with something, and must go. */
  readonly strays: readonly Stray[];
  /** What is out of the way of others that it does not depend on. */
  readonly ousted: readonly Oustee[];
  /** What a replacement loses beyond what dropping says, by address. */
  readonly losses: ReadonlyMap<string, NonNullable<KindStatement["hazards"]>>;
}

/** The statements that change an object that stays. */
export interface Alter {
  readonly object: SchemaObject;
  readonly statements: readonly KindStatement[];
  /** Addresses of replaced objects that it goes over to. */
  readonly follows: ReadonlySet<string>;
}

/** How an object gets out of the way. */
export interface Aside {
  readonly away: readonly KindStatement[];
  readonly gone: readonly KindStatement[];
  /** Whether what it depends on can only change once it is gone. */
  readonly holdsOn?: boolean;
}

/** Something that came by itself. */
export interface Stray {
  readonly object: SchemaObject;
  /** The object that it came with. */
  readonly subject: string;
}

/** Something that is in the way of another object, which does not depend on it. */
export interface Oustee {
  readonly address: string;
  /** What is created or altered. */
  readonly by: string;
  /** Whether it is in the way as it was. */
  readonly before: boolean;
  /** Whether it would be as it is to be. */
  readonly after: boolean;
}

/** What the work is found from. */
export interface WorkContext {
  /** The schema as it is. */
  readonly from: Schema;
  /** The schema as it is to be. */
  readonly to: Schema;
  readonly forms: Forms;
  readonly target: ChangeTarget;
}

/**
 * Finds what has to happen.
 *
 * @param changes What differs.
 * @param context Both schemas, and what SQL is written for.
 */
export function workOf(
  changes: readonly Change[],
  context: WorkContext,
): Work {
  const builder = new WorkBuilder(context);
  for (const change of changes) builder.add(change);
  builder.settle();
  return builder.finish();
}

interface MutableAlter {
  readonly object: SchemaObject;
  readonly statements: KindStatement[];
  readonly follows: Set<string>;
}

class WorkBuilder {
  readonly #context: WorkContext;
  readonly #drops = new Map<string, SchemaObject>();
  readonly #creates = new Map<string, SchemaObject>();
  readonly #alters = new Map<string, MutableAlter>();
  readonly #followed = new Map<string, MutableAlter>();
  readonly #asides = new Map<string, Aside>();
  readonly #losses = new Map<
    string,
    NonNullable<KindStatement["hazards"]>
  >();
  /** Replaced objects whose parts and dependents have not been looked at. */
  readonly #queue: SchemaObject[] = [];
  readonly #disturbing: {
    readonly address: string;
    readonly disturbs: (dependent: SchemaObject) => boolean;
  }[] = [];
  readonly #ousted = new Map<string, Oustee>();
  /** What was asked for what it ousts, and with how many statements. */
  readonly #asked = new Map<string, number>();

  constructor(context: WorkContext) {
    this.#context = context;
  }

  get #dependents(): Links {
    return dependentsIn(this.#context.from);
  }

  get #parts(): Links {
    return partsIn(this.#context.from);
  }

  get #newParts(): Links {
    return partsIn(this.#context.to);
  }

  add(change: Change): void {
    switch (change.kind) {
      case "created":
        this.#creates.set(change.address, change.object);
        if (
          kind(change.object).needsWhole(change.object, this.#context.target)
        ) {
          this.#giveWay(change.object, { how: "replace", whole: true });
        }
        return;
      case "dropped":
        this.#drops.set(change.address, change.object);
        return;
      case "altered":
        this.#alter(change);
        return;
      default:
        change satisfies never;
    }
  }

  /** Replaces and follows until nothing more is touched. */
  settle(): void {
    this.#adopt();
    this.#bereave();
    for (;;) {
      const object = this.#queue.pop();
      if (object !== undefined) {
        this.#touch(object);
        continue;
      }
      this.#oust();
      if (!this.#disturb()) return;
    }
  }

  finish(): Work {
    const alters = new Map<string, MutableAlter>();
    for (
      const address of new Set([
        ...this.#followed.keys(),
        ...this.#alters.keys(),
      ])
    ) {
      if (this.#drops.has(address)) continue;
      const first = this.#followed.get(address);
      const then = this.#alters.get(address);
      const object = (then ?? first)?.object;
      if (object === undefined) continue;
      alters.set(address, {
        object,
        statements: distinct([
          ...first?.statements ?? [],
          ...then?.statements ?? [],
        ]),
        follows: first?.follows ?? new Set(),
      });
    }
    const strays = this.#strays(alters);
    return {
      drops: this.#drops,
      creates: this.#creates,
      alters,
      asides: this.#asides,
      strays,
      ousted: [...this.#ousted.values()],
      losses: this.#losses,
    };
  }

  /**
   * What reads the same and yet belongs to something new went with the old one:
   * the comment on a sequence that was an identity column's.
   */
  #adopt(): void {
    for (const whole of [...this.#creates.values()]) {
      for (const part of this.#newParts.get(whole.address) ?? []) {
        const was = this.#context.from.objects.get(part.address);
        if (was !== undefined) this.#replace(was);
      }
    }
  }

  /**
   * What reads the same and yet depends on something that is gone means another
   * object by it; where that one comes into the same place, so does what is
   * altered: it cannot wait for the new one while the old one waits for it.
   */
  #bereave(): void {
    const places = new Set<string>();
    for (const object of this.#creates.values()) {
      for (const place of kind(object).occupies(object)) places.add(place);
    }
    for (const object of [...this.#drops.values()]) {
      if (this.#context.to.objects.has(object.address)) continue;
      const yields = kind(object).occupies(object).some((place) =>
        places.has(place)
      );
      const room = yields
        ? kind(object).makeRoom(object, this.#context.target)
        : undefined;
      if (room?.how === "replace" && room.aside !== undefined) {
        this.#asides.set(object.address, room.aside);
      }
      for (const dependent of this.#dependents.get(object.address) ?? []) {
        if (yields || !this.#alters.has(dependent.address)) {
          this.#follow(dependent, object);
        }
      }
    }
  }

  #alter(change: Extract<Change, { readonly kind: "altered" }>): void {
    const { address, from, to } = change;
    const keys = change.attributes.map((attribute) => attribute.key);
    const alteration = kind(from).alter(from, to, keys, this.#context.target);
    if (alteration.how === "replace") {
      this.#giveWay(from, alteration);
      return;
    }
    this.#alters.set(address, {
      object: to,
      statements: [...alteration.statements],
      follows: new Set(),
    });
    if (alteration.disturbs !== undefined) {
      this.#disturbing.push({ address, disturbs: alteration.disturbs });
    }
  }

  #giveWay(
    object: SchemaObject,
    { aside, hazards, whole }: Extract<Alteration, {
      readonly how: "replace";
    }>,
  ): void {
    const { address, parent = "" } = object;
    const was = this.#context.from.objects.get(parent);
    const is = this.#context.to.objects.get(parent);
    if (whole === true && was !== undefined && is !== undefined) {
      const follows = kind(was).follow(was, is, object, this.#context.target);
      if (follows.how === "replace") this.#giveWay(was, follows);
      else this.#replace(was);
      return;
    }
    if (aside !== undefined) this.#asides.set(address, aside);
    if (hazards !== undefined) this.#losses.set(address, hazards);
    this.#replace(object);
  }

  #replace(object: SchemaObject): void {
    const { address } = object;
    const to = this.#context.to.objects.get(address);
    if (to === undefined || this.#drops.has(address)) return;
    this.#drops.set(address, object);
    this.#creates.set(address, to);
    this.#queue.push(object);
  }

  /** What a replaced object takes along. */
  #touch(object: SchemaObject): void {
    for (const part of this.#parts.get(object.address) ?? []) {
      this.#replace(part);
    }
    // What belongs to it from now on cannot be altered before it is there.
    for (const part of this.#newParts.get(object.address) ?? []) {
      const was = this.#context.from.objects.get(part.address);
      if (was !== undefined) this.#replace(was);
    }
    for (const dependent of this.#dependents.get(object.address) ?? []) {
      this.#follow(dependent, object);
    }
  }

  #follow(dependent: SchemaObject, replaced: SchemaObject): void {
    const { address } = dependent;
    if (this.#drops.has(address)) return;
    const to = this.#context.to.objects.get(address);
    if (to === undefined) return;
    const follows = kind(dependent).follow(
      dependent,
      to,
      replaced,
      this.#context.target,
    );
    if (follows.how === "replace") {
      this.#giveWay(dependent, follows);
      return;
    }
    const { statements, disturbs } = follows;
    if (statements.length === 0) return;
    if (disturbs !== undefined) this.#disturbing.push({ address, disturbs });
    this.#goAlong(to, statements, replaced.address);
  }

  /** Takes statements by which something that stays outlives what becomes of another. */
  #goAlong(
    to: SchemaObject,
    statements: readonly KindStatement[],
    other: string,
  ): void {
    const { address } = to;
    const known = this.#followed.get(address) ??
      { object: to, statements: [], follows: new Set<string>() };
    known.follows.add(other);
    for (const statement of statements) {
      if (!known.statements.some(({ sql }) => sql === statement.sql)) {
        known.statements.push(statement);
      }
    }
    this.#followed.set(address, known);
  }

  /** Takes out of the way what others find in theirs without being depended on. */
  #oust(): void {
    for (let found = true; found;) {
      found = false;
      for (
        const address of new Set([
          ...this.#creates.keys(),
          ...this.#alters.keys(),
          ...this.#followed.keys(),
        ])
      ) {
        const created = this.#creates.get(address);
        const statements = [
          ...this.#followed.get(address)?.statements ?? [],
          ...this.#alters.get(address)?.statements ?? [],
        ];
        const count = created === undefined ? statements.length : -1;
        if (this.#asked.get(address) === count) continue;
        this.#asked.set(address, count);
        const object = created ?? this.#context.to.objects.get(address);
        if (object === undefined) continue;
        found = this.#oustBy(object, created ? undefined : statements) || found;
      }
    }
  }

  /** Takes out of the way what one object ousts; whether there was anything new. */
  #oustBy(
    object: SchemaObject,
    statements: readonly KindStatement[] | undefined,
  ): boolean {
    const { from, target } = this.#context;
    const ousted = kind(object).ousts(object, statements, target);
    if (ousted === undefined) return false;
    const known = this.#ousted.size;
    for (const address of new Set([...ousted.before, ...ousted.after])) {
      const [before, after] = [
        ousted.before.has(address),
        ousted.after.has(address),
      ];
      this.#ousted.set(`${address} ${object.address}`, {
        address,
        by: object.address,
        before,
        after,
      });
      const was = from.objects.get(address);
      if (was !== undefined && before && after && !this.#drops.has(address)) {
        this.#yield(was, object.address);
      }
    }
    return this.#ousted.size > known;
  }

  /** Takes out of the way what alterations disturb; whether there was anything. */
  #disturb(): boolean {
    for (const { address, disturbs } of this.#disturbing) {
      if (this.#drops.has(address)) continue;
      for (const dependent of this.#dependents.get(address) ?? []) {
        if (!this.#drops.has(dependent.address) && disturbs(dependent)) {
          this.#yield(dependent, address);
        }
      }
    }
    return this.#queue.length > 0;
  }

  #yield(dependent: SchemaObject, other: string): void {
    const { target, to: goal } = this.#context;
    const to = goal.objects.get(dependent.address);
    const yields = to === undefined
      ? undefined
      : kind(dependent).yields(dependent, to, target);
    if (to === undefined || yields === undefined) {
      this.#replace(dependent);
      return;
    }
    const { disturbs, outlives = [], statements } = yields;
    const { address } = dependent;
    if (disturbs !== undefined) this.#disturbing.push({ address, disturbs });
    if (statements.length === 0) return;
    this.#goAlong(to, statements, other);
    for (const one of outlives) this.#followed.get(address)?.follows.add(one);
  }

  /** What comes by itself with what is created is not created again. */
  #strays(alters: Map<string, MutableAlter>): Stray[] {
    const strays: Stray[] = [];
    const { forms, from, target, to } = this.#context;
    const subjects = [
      ...this.#creates.values(),
      ...[...alters.values()].map(({ object }) => object),
    ];
    for (const subject of subjects) {
      // A column that becomes an identity column gets a sequence.
      const was = alters.has(subject.address)
        ? from.objects.get(subject.address)
        : undefined;
      for (const module of KINDS) {
        const had = was === undefined ? [] : module.arises(was, target);
        for (const object of module.arises(subject, target)) {
          if (had.some(({ address }) => address === object.address)) continue;
          const wanted = to.objects.get(object.address);
          if (wanted === undefined) {
            strays.push({ object, subject: subject.address });
            continue;
          }
          const [is, be] = [forms.whole(object), forms.whole(wanted)];
          const keys = [...new Set([...Object.keys(is), ...Object.keys(be)])]
            .filter((key) =>
              canonicalJson(is[key] ?? null) !== canonicalJson(be[key] ?? null)
            ).sort();
          this.#creates.delete(wanted.address);
          if (keys.length === 0) continue;
          const alteration = module.alter(object, wanted, keys, target);
          if (alteration.how === "replace") {
            strays.push({ object, subject: subject.address });
            this.#creates.set(wanted.address, wanted);
          } else {
            this.#drops.delete(wanted.address);
            alters.set(wanted.address, {
              object: wanted,
              statements: [...alteration.statements],
              follows: new Set(),
            });
          }
        }
      }
    }
    return strays;
  }
}

/** What follows and what alters may say the same. */
function distinct(statements: readonly KindStatement[]): KindStatement[] {
  return [...new Map(statements.map((one) => [one.sql, one])).values()];
}

/** The kind of an object, which is known: it was read, or checked on reading. */
export function kind(object: SchemaObject): AnyKind {
  const module = kindOf(object.kind);
  if (module === undefined) throw new TypeError(`no kind ${object.kind}`);
  return module;
}
