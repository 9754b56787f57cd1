/**
 * Declared options and positional arguments: how a text becomes a typed value,
 * so that a handler gets its options typed from their declaration. It knows no
 * command, no stream and not how an argument list is read. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { nearest } from "./suggest.ts";

/** One value as it was given: its text, and what the user calls that place. */
export interface Given {
  /** The text. */
  readonly text: string;
  /** `--target`, `PAWL_LOCK_WAIT`, `TARGET`. */
  readonly place: string;
}

/** A file-like value, for completions. */
export type Completes = "file" | "directory";

/** A declared option or positional whose value has type `T`. */
export interface Declaration<T> {
  /** What it does; without a full stop. */
  readonly description: string;
  /** The name of its value in capitals; undefined for a flag. */
  readonly valueName: string | undefined;
  /** The letter of its short form. */
  readonly short: string | undefined;
  /** Other long names, which work and are not shown. */
  readonly aliases: readonly string[];
  /** The values that it accepts, where they can be listed. */
  readonly choices: readonly string[] | undefined;
  /** What a shell may complete its value with. */
  readonly completes: Completes | undefined;
  /** Whether it may be given more than once. */
  readonly repeatable: boolean;
  /** For flags: `--x`, `--no-x` (true unless given), or both. */
  readonly polarity: "positive" | "negative" | "both";
  /** The default as it is shown. */
  readonly defaultText: string | undefined;
  /** The environment variable that gives it where the command line does not. */
  readonly variable: string | undefined;
  /** Whether lib/config reads that variable, by its own rules of precedence. */
  readonly variableIsConfiguration: boolean;
  /** Whether it must be given. */
  readonly required: boolean;
  /** Whether help, completions and docs leave it out. */
  readonly hidden: boolean;
  /** For positionals: whether `--key VALUE` says the same. */
  readonly alsoOption: boolean;
  /** Turns what was given into the value, or throws a PawlError. */
  readonly read: (given: readonly Given[]) => T;
}

/** Declared options or positionals by the key that the handler sees. */
export type Declarations = Readonly<Record<string, Declaration<unknown>>>;

/** The values that a handler gets for its declarations. */
export type Values<D extends Declarations> = {
  readonly [K in keyof D]: D[K] extends Declaration<infer T> ? T : never;
};

/** What may be said of any option. */
export interface OptionText {
  /** What it does; without a full stop. */
  readonly description: string;
  /** The letter of its short form. */
  readonly short?: string;
  /** Other long names, which work and are not shown. */
  readonly aliases?: readonly string[];
  /** The environment variable that gives it where the command line does not. */
  readonly variable?: string;
  /** True where lib/config reads that variable, not the parser. */
  readonly variableIsConfiguration?: boolean;
  /** Whether help, completions and docs leave it out. */
  readonly hidden?: boolean;
}

/** What may be said of an option with a value. */
export interface ValueText extends OptionText {
  /** The name of its value in capitals, such as `FILE`. */
  readonly value: string;
  /** What a shell may complete its value with. */
  readonly completes?: Completes;
}

/** What may be said of a positional argument. */
export interface PositionalText {
  /** Its name in capitals, such as `TARGET`. */
  readonly name: string;
  /** What it is; without a full stop. */
  readonly description: string;
  /** The values that it accepts, where they can be listed. */
  readonly choices?: readonly string[];
  /** What a shell may complete it with. */
  readonly completes?: Completes;
  /** Whether `--key VALUE` says the same. */
  readonly alsoOption?: boolean;
  /** A short form of that option. */
  readonly short?: string;
}

/** How a text becomes a value: undefined where it is not accepted. */
export type Reader<T> = (text: string) => T | undefined;

/** A Reader and the words for what it accepts. */
export interface Accepts<T> {
  /** The reader. */
  readonly read: Reader<T>;
  /** What it accepts, such as "a whole number from 1 to 9". */
  readonly accepts: string;
  /** The accepted values, where they can be listed. */
  readonly choices?: readonly string[];
}

/** One value, or a usage error that says what is accepted. */
function accept<T>(given: Given, kind: Accepts<T>): T {
  const value = kind.read(given.text);
  if (value !== undefined) return value;
  const near = nearest(given.text, kind.choices ?? []);
  throw new PawlError(
    "usage",
    `Cannot use ${given.place} "${given.text}": it accepts ${kind.accepts}`,
    near === undefined ? {} : { hint: `Did you mean ${near}?` },
  );
}

function declare<T>(
  text: OptionText & Partial<ValueText>,
  rest: Partial<Declaration<T>> & { readonly read: Declaration<T>["read"] },
): Declaration<T> {
  return {
    description: text.description,
    valueName: text.value,
    short: text.short,
    aliases: text.aliases ?? [],
    choices: undefined,
    completes: text.completes,
    repeatable: false,
    polarity: "positive",
    defaultText: undefined,
    variable: text.variable,
    variableIsConfiguration: text.variableIsConfiguration ?? false,
    required: false,
    hidden: text.hidden ?? false,
    alsoOption: false,
    ...rest,
  };
}

const ANY_TEXT: Accepts<string> = {
  // An empty value is a variable that a script forgot to set.
  read: (text) => text === "" ? undefined : text,
  accepts: "a text that is not empty",
};

/** The truth of a flag, which its variable may also give in words. */
const TRUTH: Accepts<"true" | "false"> = {
  read: (text) => {
    if (/^(true|1|yes|on)$/i.test(text)) return "true";
    return /^(false|0|no|off)$/i.test(text) ? "false" : undefined;
  },
  accepts: "true or false",
};

function truth(given: readonly Given[]): boolean | undefined {
  const last = given.at(-1);
  return last === undefined ? undefined : accept(last, TRUTH) === "true";
}

const single = <T>(kind: Accepts<T>) => (given: readonly Given[]) =>
  given[0] === undefined ? undefined : accept(given[0], kind);

/** Milliseconds of a unit. PostgreSQL's own names for the units. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);
/** PostgreSQL's time settings and JavaScript's timers end here. */
const LONGEST_MS = 2_147_483_647;

const DURATION: Accepts<number> = {
  read: (text) => {
    if (/^0+$/.test(text)) return 0;
    const parts = /^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/.exec(text);
    const unit = UNITS.get(parts?.[2] ?? "");
    if (unit === undefined) return undefined;
    const milliseconds = Math.round(Number(parts?.[1]) * unit);
    return milliseconds <= LONGEST_MS ? milliseconds : undefined;
  },
  accepts:
    "a duration to 24d with its unit, such as 500ms, 30s, 5min, 1h, or 0",
};

function choice<const C extends string>(choices: readonly C[]): Accepts<C> {
  return {
    read: (text) => choices.find((known) => known === text),
    accepts: choices.join(", "),
    choices,
  };
}

/** Builders of options. Each names the type that the handler gets. */
export const option = {
  /** `--x`: false unless given. */
  flag: (text: OptionText): Declaration<boolean> =>
    declare(text, { read: (given) => truth(given) ?? false }),
  /** `--no-x`: true unless given. The key is the name without `no`. */
  unlessNot: (text: OptionText): Declaration<boolean> =>
    declare(text, {
      polarity: "negative",
      read: (given) => truth(given) ?? true,
    }),
  /** `--x` or `--no-x`: undefined unless given. */
  toggle: (text: OptionText): Declaration<boolean | undefined> =>
    declare(text, { polarity: "both", read: truth }),
  /** A flag that counts how often it is given. */
  count: (text: OptionText): Declaration<number> =>
    declare(text, { repeatable: true, read: (given) => given.length }),
  /** Any text but the empty one. */
  string: (text: ValueText): Declaration<string | undefined> =>
    declare(text, { read: single(ANY_TEXT) }),
  /** Any number of texts. */
  strings: (text: ValueText): Declaration<readonly string[]> =>
    declare(text, {
      repeatable: true,
      read: (given) => given.map((one) => accept(one, ANY_TEXT)),
    }),
  /** A whole number, within bounds where there are any. */
  integer: (
    text: ValueText & { readonly min?: number; readonly max?: number },
  ): Declaration<number | undefined> => {
    const min = text.min ?? Number.MIN_SAFE_INTEGER;
    const max = text.max ?? Number.MAX_SAFE_INTEGER;
    const bounds = [
      ...text.min === undefined ? [] : [`from ${text.min}`],
      ...text.max === undefined ? [] : [`to ${text.max}`],
    ];
    return declare(text, {
      read: single({
        read: (value) => {
          if (!/^-?\d+$/.test(value)) return undefined;
          const number = Number(value);
          return number >= min && number <= max ? number : undefined;
        },
        accepts: ["a whole number", ...bounds].join(" "),
      }),
    });
  },
  /** A duration, in milliseconds. */
  duration: (text: ValueText): Declaration<number | undefined> =>
    declare(text, { read: single(DURATION) }),
  /** One of some words. */
  choice: <const C extends string>(
    choices: readonly C[],
    text: ValueText,
  ): Declaration<C | undefined> =>
    declare(text, { choices, read: single(choice(choices)) }),
  /** Whatever a reader makes of the text. */
  parsed: <T>(
    kind: Accepts<T>,
    text: ValueText,
  ): Declaration<T | undefined> =>
    declare(text, { choices: kind.choices, read: single(kind) }),
} as const;

/**
 * Gives an option a default, which help shows.
 *
 * @param declared The option.
 * @param value Its value where it is not given.
 * @param shown How help shows that value.
 * @returns The option, whose value is never undefined.
 */
export function withDefault<T>(
  declared: Declaration<T | undefined>,
  value: NoInfer<T>,
  shown: string = String(value),
): Declaration<T> {
  return {
    ...declared,
    defaultText: shown,
    read: (given) => declared.read(given) ?? value,
  };
}

/**
 * Makes an option one that must be given.
 *
 * @param declared The option.
 * @returns The option, whose value is never undefined.
 */
export function required<T>(
  declared: Declaration<T | undefined>,
): Declaration<T> {
  return {
    ...declared,
    required: true,
    read: (given) => {
      const value = declared.read(given);
      if (value !== undefined) return value;
      // The parser has named what is missing before this can be reached.
      throw new PawlError("usage", "Cannot go on: a required value is missing");
    },
  };
}

function declarePositional<T>(
  text: PositionalText,
  rest: Partial<Declaration<T>> & { readonly read: Declaration<T>["read"] },
): Declaration<T> {
  return declare({ ...text, value: text.name }, {
    choices: text.choices,
    alsoOption: text.alsoOption ?? false,
    ...rest,
  });
}

const among = (text: PositionalText): Accepts<string> =>
  text.choices === undefined ? ANY_TEXT : choice(text.choices);

/** Builders of positional arguments, declared in the order they are given in. */
export const positional = {
  /** One that may be left out; none but optional or variadic ones may follow. */
  optional: (text: PositionalText): Declaration<string | undefined> =>
    declarePositional(text, { read: single(among(text)) }),
  /** One that must be given. */
  required: (text: PositionalText): Declaration<string> =>
    required(positional.optional(text)),
  /** One of some words, which must be given. */
  choice: <const C extends string>(
    choices: readonly C[],
    text: PositionalText,
  ): Declaration<C> =>
    required(
      declarePositional(text, { choices, read: single(choice(choices)) }),
    ),
  /** All that are left, in order; the last one declared. */
  variadic: (
    text: PositionalText & { readonly required?: boolean },
  ): Declaration<readonly string[]> =>
    declarePositional(text, {
      repeatable: true,
      required: text.required ?? false,
      read: (given) => given.map((one) => accept(one, among(text))),
    }),
} as const;

/** No declarations. */
export type None = Readonly<Record<never, never>>;

/** Proves that every declared key has got its value from its own reader. */
function isBound<D extends Declarations>(
  declared: Declarations,
  values: object,
): values is Values<D> {
  return Object.keys(declared).every((key) => Object.hasOwn(values, key));
}

/**
 * Reads the values of some declarations.
 *
 * @param declared The declarations, which are those of `D`.
 * @param given What was given, by key.
 * @returns The typed values.
 * @throws {PawlError} "usage" for a value that is not accepted.
 */
export function bindValues<D extends Declarations>(
  declared: Declarations,
  given: ReadonlyMap<string, readonly Given[]>,
): Values<D> {
  const values = Object.fromEntries(
    Object.entries(declared).map(([key, one]) => [
      key,
      one.read(given.get(key) ?? []),
    ]),
  );
  if (isBound<D>(declared, values)) return values;
  throw new TypeError("Cannot read the options: a declared key has no value");
}
