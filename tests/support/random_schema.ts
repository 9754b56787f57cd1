/**
 * Generated schemas, over all kinds: the same seed makes the same two, one
 * made of the other by a few edits. What each kind looks like stands in
 * random_kinds.ts; here is how items refer to one another, and what becomes of
 * them when others go.
 *
 * @module
 */

import { type Draft, type Fact, fact, type RandomKind } from "./random_item.ts";
import { RANDOM_KINDS } from "./random_kinds.ts";
import { randomNumbers } from "./random_numbers.ts";

interface Item extends Draft {
  readonly kind: RandomKind;
  readonly name: string;
  readonly schema: Fact;
  readonly of: Fact;
}

/** How schemas are made. */
export interface RandomOptions {
  /** The server's major version. */
  readonly version: number;
}

/** How many items a schema has, and how many edits lead to the other. */
const ITEMS = 50;
const EDITS = 10;

/**
 * Two schemas as DDL.
 *
 * @param seed Any integer.
 * @param options What they are for.
 */
export function randomPair(
  seed: number,
  options: RandomOptions,
): { readonly a: string; readonly b: string } {
  const generator = new Generator(seed, options);
  const count = 8 + Math.floor(generator.random() * ITEMS);
  for (let i = 0; i < count; i++) generator.add();
  const a = generator.ddl();
  const edits = 1 + Math.floor(generator.random() * EDITS);
  for (let i = 0; i < edits; i++) generator.edit();
  return { a, b: generator.ddl() };
}

const NOTHING = fact("", "");
const PUBLIC = fact("schema", "public");

/** Names that go wrong where somebody forgets to quote. */
const NAMES = [
  "plain",
  "plain",
  "plain",
  '"Mixed Case"',
  '"select"',
  '"a""quote"',
  '"semi;colon -- x"',
  '"naïve 表"',
  `"${"long".repeat(13)}"`,
  '"it\'s"',
  '"dot.ted"',
] as const;

class Generator {
  readonly random: () => number;
  readonly #version: number;
  #items: Item[] = [];
  #count = 0;

  constructor(seed: number, { version }: RandomOptions) {
    this.random = randomNumbers(seed);
    this.#version = version;
  }

  /** Adds something new. */
  add(): void {
    for (let attempt = 0; attempt < 20; attempt++) {
      const kind = this.#kind();
      const of = kind.of === undefined
        ? NOTHING
        : this.#find(this.#items, { tag: kind.of });
      if (of === undefined) continue;
      const taken = kind.single === true &&
        this.#items.some((item) =>
          item.kind === kind && keyOf(item.of) === keyOf(of)
        );
      if (taken) continue;
      const schema = this.#find(this.#items, { tag: "schema" });
      const item = this.#make(
        {
          kind,
          of,
          name: this.#name(),
          schema: schema !== undefined && this.random() < 0.5 ? schema : PUBLIC,
        },
        this.#items,
      );
      if (item === undefined) continue;
      this.#items.push(item);
      return;
    }
  }

  /** Adds, removes or makes anew one item; what needs what is gone goes too. */
  edit(): void {
    const dice = this.random();
    const index = Math.floor(this.random() * this.#items.length);
    const item = this.#items[index];
    if (dice < 0.35 || item === undefined) return this.add();
    if (dice < 0.6) {
      this.#items.splice(index, 1);
    } else {
      const made = this.#make(item, this.#items.slice(0, index));
      if (made !== undefined) this.#items[index] = made;
    }
    this.#settle();
  }

  /** The schema as DDL, statement by statement. */
  ddl(): string {
    return this.#items.flatMap(({ sql }) => sql).map((sql) => `${sql};\n`)
      .join("");
  }

  #make(
    item: Pick<Item, "kind" | "name" | "schema" | "of">,
    before: readonly Item[],
  ): Item | undefined {
    const { kind, name, schema, of } = item;
    const draft = kind.make({
      version: this.#version,
      name,
      schema,
      of,
      full: `${schema.name}.${name}`,
      chance: (probability) => this.random() < probability,
      one: (list) => list[Math.floor(this.random() * list.length)] ?? list[0],
      find: (wanted) => this.#find(before, wanted),
    });
    return draft === undefined
      ? undefined
      : { kind, name, schema, of, ...draft };
  }

  #find(items: readonly Item[], wanted: Partial<Fact>): Fact | undefined {
    const { tag, of, name, type } = wanted;
    const found = items.flatMap((item) => item.facts).filter((fact) =>
      (tag === undefined || fact.tag === tag) &&
      (of === undefined || fact.of === of) &&
      (name === undefined || fact.name === name) &&
      (type === undefined || fact.type === type)
    );
    return found[Math.floor(this.random() * found.length)];
  }

  #kind(): RandomKind {
    const total = RANDOM_KINDS.reduce((sum, kind) => sum + kind.weight, 0);
    let at = this.random() * total;
    for (const kind of RANDOM_KINDS) {
      at -= kind.weight;
      if (at < 0) return kind;
    }
    throw new TypeError("there are no kinds");
  }

  #name(): string {
    const base = NAMES[Math.floor(this.random() * NAMES.length)] ?? NAMES[0];
    const number = `_${this.#count++}`;
    return base.endsWith('"')
      ? `${base.slice(0, -1)}${number}"`
      : base + number;
  }

  /** Removes what needs something that is no longer there. */
  #settle(): void {
    for (;;) {
      const before = this.#items.length;
      const there = new Set([keyOf(PUBLIC), keyOf(NOTHING)]);
      this.#items = this.#items.filter((item) => {
        const holds = [item.of, item.schema, ...item.needs].every((fact) =>
          there.has(keyOf(fact))
        );
        if (holds) { for (const fact of item.facts) there.add(keyOf(fact)); }
        return holds;
      });
      if (this.#items.length === before) return;
    }
  }
}

function keyOf({ tag, of, name, type }: Fact): string {
  return [tag, of, name, type].join("\0");
}
