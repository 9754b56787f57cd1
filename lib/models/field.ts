/**
 * A column of a model: its type and what else is said of it. Each method
 * returns a new field, so that one may be the start of several. Pure.
 *
 * @module
 */

import type { Constant, Expression } from "./expression.ts";
import type {
  FieldData,
  FieldReference,
  IdentityOptions,
  IndexOptions,
  NamedOptions,
  ReferenceOptions,
  RelationName,
  UniqueOptions,
} from "./model.ts";
import { placed } from "./place.ts";

/** A column. */
export class Field {
  /** What was said of it. */
  readonly data: FieldData;

  /** Makes a field; `s.text()` and the like are what a model calls. */
  constructor(data: FieldData) {
    this.data = data;
  }

  #with(more: Partial<FieldData>): Field {
    return new Field({ ...this.data, ...more });
  }

  /** `NOT NULL`. Without it a column may be NULL, as in SQL. */
  notNull(): Field {
    return this.#with({ notNull: true });
  }

  /** May be NULL, where an earlier `notNull()` said otherwise. */
  nullable(): Field {
    return this.#with({ notNull: false });
  }

  /**
   * `DEFAULT`.
   *
   * @param value A constant, or an expression: `s.raw("…")`, `s.now()`. Lists
   * are arrays where the column is one, and objects are JSON.
   */
  default(value: Constant | Expression): Field {
    return this.#with({ default: { value } });
  }

  /**
   * `GENERATED … AS IDENTITY`. Such a column is the primary key, unless the
   * table says what is.
   *
   * @param mode `always` by default: INSERT gives no value of its own.
   * @param options The sequence's.
   */
  identity(
    mode: "always" | "by default" = "always",
    options: IdentityOptions = {},
  ): Field {
    return this.#with({ identity: { mode, options: placed(options) } });
  }

  /**
   * `GENERATED ALWAYS AS (…)`.
   *
   * @param expression SQL over other columns.
   * @param kind `stored`, or `virtual` (PostgreSQL 18).
   */
  generated(expression: string, kind: "stored" | "virtual" = "stored"): Field {
    return this.#with({ generated: { expression, kind } });
  }

  /** A column of the primary key; of several, in their order. */
  primaryKey(): Field {
    return this.#with({ primaryKey: true });
  }

  /** `UNIQUE` by itself. */
  unique(options: UniqueOptions = {}): Field {
    return this.#with({ unique: placed(options) });
  }

  /**
   * `CHECK (…)`.
   *
   * @param expression SQL.
   * @param options Its name.
   */
  check(expression: string, options: NamedOptions = {}): Field {
    const check = placed({ ...options, expression });
    return this.#with({ checks: [...this.data.checks ?? [], check] });
  }

  /** An index on this column alone. */
  index(options: IndexOptions = {}): Field {
    return this.#with({
      indexes: [...this.data.indexes ?? [], placed(options)],
    });
  }

  /**
   * A foreign key of this column alone.
   *
   * @param table The table that it refers to.
   * @param options The column there (the primary key by default), actions.
   */
  references(
    table: RelationName,
    options: ReferenceOptions = {},
  ): Field {
    const reference: FieldReference = {
      table: () => table,
      options: placed(options),
    };
    return this.#with({ reference });
  }

  /** An array of the type, of so many dimensions. */
  array(dimensions = 1): Field {
    return this.#with({ dimensions });
  }

  /** `COLLATE`: a collation's name, or its schema and name. */
  collate(collation: RelationName): Field {
    return this.#with({ collation });
  }

  /** `STORAGE`, where it is not the type's own. */
  storage(storage: "plain" | "external" | "extended" | "main"): Field {
    return this.#with({ storage });
  }

  /** `COMPRESSION`. */
  compression(compression: "pglz" | "lz4"): Field {
    return this.#with({ compression });
  }

  /**
   * What the column was called before: its values stay. It may stand for good;
   * once the column is renamed it says nothing new.
   *
   * @param name The old name.
   */
  renamedFrom(name: string): Field {
    return this.#with({ renamedFrom: name });
  }

  /** `COMMENT ON COLUMN`. */
  comment(comment: string): Field {
    return this.#with({ comment });
  }
}
