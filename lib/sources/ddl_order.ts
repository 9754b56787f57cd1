/**
 * An order in which statements may run: definitions before what mentions them,
 * otherwise as the files have it. Hints only; trying decides. Pure.
 *
 * @module
 */

import { type Node, topologicalOrder } from "../schema/order.ts";
import type { DdlFacts, MentionedName } from "./ddl_facts.ts";
import type { DdlStatement } from "./ddl_script.ts";

/** A statement and what is known of it. */
export interface KnownStatement {
  /** The statement. */
  readonly ddl: DdlStatement;
  /** What it defines and mentions. */
  readonly facts: DdlFacts;
}

/**
 * Whether two names may mean one object.
 *
 * @param a One.
 * @param b The other; either may leave the schema open.
 */
export function mayMean(a: MentionedName, b: MentionedName): boolean {
  return a.name === b.name &&
    (a.schema === undefined || b.schema === undefined || a.schema === b.schema);
}

/** Which statements define a name. */
export class Definitions {
  readonly #byName = new Map<
    string,
    { readonly name: MentionedName; readonly index: number }[]
  >();

  /** Takes down what each statement defines. */
  constructor(statements: readonly KnownStatement[]) {
    for (const [index, { facts }] of statements.entries()) {
      for (const name of facts.defines) {
        const list = this.#byName.get(name.name);
        if (list === undefined) this.#byName.set(name.name, [{ name, index }]);
        else list.push({ name, index });
      }
    }
  }

  /** The indexes of the statements that may define what is mentioned. */
  of(mention: MentionedName): number[] {
    return (this.#byName.get(mention.name) ?? [])
      .filter(({ name }) => mayMean(name, mention)).map(({ index }) => index);
  }
}

/**
 * Puts statements in order.
 *
 * @param statements The statements as the files have them.
 * @returns The same, each behind what it mentions where that is possible.
 */
export function orderStatements(
  statements: readonly KnownStatement[],
): DdlStatement[] {
  const definitions = new Definitions(statements);
  /** The last statement that defined or changed a relation, by file and name. */
  const last = new Map<string, number>();
  const width = String(statements.length).length;
  const creating = new Set(
    statements.flatMap(({ ddl, facts }) =>
      facts.defines.length > 0 ? [ddl.file.path] : []
    ),
  );
  const nodes = statements.map(({ ddl, facts }, index): Node => {
    const after = facts.mentions.flatMap((name) => definitions.of(name));
    // One file's changes of one relation stay in their order.
    const subject = facts.changes ?? facts.defines[0];
    if (subject !== undefined) {
      const key = `${ddl.file.path}\0${subject.name}`;
      const before = last.get(key);
      const defines = facts.defines.some(({ name }) => name === subject.name);
      if (before !== undefined && !defines) after.push(before);
      last.set(key, index);
    }
    const place = String(index).padStart(width, "0");
    // In a file that creates something they are meant for what is behind them.
    const stage = facts.node === "AlterDefaultPrivilegesStmt" &&
        creating.has(ddl.file.path)
      ? 1
      : facts.stage;
    return {
      id: String(index),
      key: `${stage} ${place}`,
      after: after.filter((i) => i !== index).map(String),
    };
  });
  return topologicalOrder(nodes).order.flatMap((id) =>
    statements[Number(id)]?.ddl ?? []
  );
}
