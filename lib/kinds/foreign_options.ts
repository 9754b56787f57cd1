/**
 * Options of foreign-data wrappers, servers, user mappings and foreign tables.
 * Those that are secrets are kept as a hash only; SQL that needs one of them
 * cannot be run as it stands, and says so.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { optional, type Shape, shape } from "../schema/shape.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { create, createWithout, type KindStatement } from "./kind.ts";

/** Options by name. */
export type Options = Readonly<Record<string, string>>;

/** What a payload holds of options. */
export interface OptionsPayload {
  /** Values by name, without secrets. */
  readonly options?: Options | undefined;
  /** Hashes of the values of those that are secrets, by name. */
  readonly secrets?: Options | undefined;
}

/** The keys that a shape with options has. */
export const OPTIONS_SHAPE: {
  readonly options: Shape<Options | undefined>;
  readonly secrets: Shape<Options | undefined>;
} = {
  options: optional(shape.map(shape.text())),
  secrets: optional(shape.map(shape.secret())),
};

/** How options are split. */
export interface SplitOptions {
  /** Which of them are secrets; by default those whose name says so. */
  readonly isSecret?: (name: string) => boolean;
  /** Takes what is secret by its hash. */
  readonly keepSecret?: ((hash: string, value: string) => void) | undefined;
}

/**
 * Splits options into those that may be seen and those that may not.
 *
 * @param options Every option by name.
 * @param owner The address of the object, so that one password does not hash
 * the same in two places.
 * @param split Which are secrets, and who is told of them.
 */
export function splitOptions(
  options: Options | undefined,
  owner: string,
  { isSecret = namesSecret, keepSecret }: SplitOptions = {},
): OptionsPayload {
  if (options === undefined) return {};
  const open: [string, string][] = [];
  const secret: [string, string][] = [];
  for (const [name, value] of Object.entries(options)) {
    if (isSecret(name)) {
      const hash = secretHash(owner, name, value);
      keepSecret?.(hash, value);
      secret.push([name, hash]);
    } else open.push([name, value]);
  }
  return {
    options: open.length === 0 ? undefined : Object.fromEntries(open),
    secrets: secret.length === 0 ? undefined : Object.fromEntries(secret),
  };
}

/** Whether the name of an option says that its value is a secret. */
export function namesSecret(name: string): boolean {
  return /pass_?(word|wd|phrase)|passwd|pwd|secret|token|credential|api_?key/i
    .test(name) && !/^password_required$/i.test(name);
}

/**
 * The hash of a secret.
 *
 * @param owner The address of the object that has it.
 * @param name The name of the option.
 * @param value The secret itself.
 * @returns SHA-256 in hex.
 */
export function secretHash(owner: string, name: string, value: string): string {
  return createHash("sha256").update(`${owner}\0${name}\0${value}`).digest(
    "hex",
  );
}

/** Values of secrets by their hashes. */
export type KnownSecrets = ReadonlyMap<string, string>;

/**
 * The clause ` OPTIONS (…)`.
 *
 * @param payload The options.
 * @param secrets The secrets that it carries.
 * @returns An empty text where there are none; a secret's place is held by
 * what is no SQL, so that it cannot be applied by mistake.
 */
export function optionsClause(
  payload: OptionsPayload,
  secrets?: KnownSecrets,
): string {
  const list = [
    ...Object.entries(payload.options ?? {}).map(([name, value]) =>
      `${quoteIdentifier(name)} ${quoteLiteral(value)}`
    ),
    ...Object.entries(payload.secrets ?? {}).map(([name, hash]) => {
      const value = secrets?.get(hash);
      return `${quoteIdentifier(name)} ${
        value === undefined ? withheldMark(name) : quoteLiteral(value)
      }`;
    }),
  ];
  return list.length === 0 ? "" : ` OPTIONS (${list.join(", ")})`;
}

/**
 * The options whose values SQL from this payload does not carry.
 *
 * @param payload The options.
 * @param secrets The secrets that it carries.
 * @returns Their names.
 */
export function withheldOptions(
  payload: OptionsPayload,
  secrets?: KnownSecrets,
): readonly string[] {
  return Object.entries(payload.secrets ?? {})
    .filter(([, hash]) => secrets?.has(hash) !== true)
    .map(([name]) => name);
}

/** What stands in SQL where the value of an option is withheld. */
export function withheldMark(name: string): string {
  return `<withheld: ${name}>`;
}

/**
 * The statements that change the options of an object. Secrets that it lacks
 * have a statement of their own, so that the rest can run.
 *
 * @param command What stands before the options, such as `ALTER SERVER files`.
 * @param from The options as they were.
 * @param to The options as they are to be, and what else the command changes,
 * such as `VERSION '2'`.
 * @returns Nothing where nothing differs.
 */
export function alterOptions(
  command: string,
  from: OptionsPayload,
  to: OptionsPayload & { readonly clauses?: readonly string[] },
): KindStatement[] {
  const gone = missing(from.secrets, to.secrets);
  const open = optionChanges(
    { ...from.options, ...gone },
    { ...to.options },
  );
  const clauses = [...to.clauses ?? [], ...(open === undefined ? [] : [open])];
  const withheld = Object.entries(to.secrets ?? {})
    .filter(([name, hash]) => valueOf(from.secrets, name) !== hash)
    .map(([name]) => name);
  const secrets = withheld.map((name) =>
    `${valueOf(from.secrets, name) === undefined ? "ADD" : "SET"} ${
      quoteIdentifier(name)
    } ${withheldMark(name)}`
  );
  const lost = Object.keys(gone);
  return [
    ...(clauses.length === 0 ? [] : [
      create(
        `${command} ${clauses.join(" ")}`,
        lost.length === 0 ? {} : {
          hazards: [{
            kind: "irreversible",
            allow: "drop-secret",
            reason: `${
              lost.join(", ")
            } cannot be set again from here: secrets are not kept`,
          }],
        },
      ),
    ]),
    ...(withheld.length === 0 ? [] : [
      createWithout(withheld, `${command} OPTIONS (${secrets.join(", ")})`),
    ]),
  ];
}

/**
 * The clause that changes options, such as `OPTIONS (SET host 'b', DROP port)`.
 *
 * @param from The options as they were.
 * @param to As they are to be.
 * @returns Undefined where nothing differs.
 */
export function optionChanges(
  from: Options | undefined,
  to: Options | undefined,
): string | undefined {
  const set = Object.entries(to ?? {}).flatMap(([name, value]) => {
    const was = valueOf(from, name);
    return was === value ? [] : [
      `${was === undefined ? "ADD" : "SET"} ${quoteIdentifier(name)} ${
        quoteLiteral(value)
      }`,
    ];
  });
  const drop = Object.keys(missing(from, to)).map((name) =>
    `DROP ${quoteIdentifier(name)}`
  );
  const list = [...drop, ...set];
  return list.length === 0 ? undefined : `OPTIONS (${list.join(", ")})`;
}

/** A name may be that of a property that every object has. */
function valueOf(options: Options | undefined, name: string) {
  return options !== undefined && Object.hasOwn(options, name)
    ? options[name]
    : undefined;
}

/** What the first has and the second has not. */
function missing(
  from: Options | undefined,
  to: Options | undefined,
): Options {
  return Object.fromEntries(
    Object.entries(from ?? {}).filter(([name]) =>
      valueOf(to, name) === undefined
    ),
  );
}
