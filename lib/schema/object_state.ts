/**
 * The state of a schema as texts small enough to be kept in a database: of
 * each object its hash, and a digest of each of its attributes, so that what
 * differs can be named where the object itself is no longer known. Knows no
 * kind. Pure.
 *
 * A hash is `h1:` and 64 hex digits, an object's attributes are
 * `a1:key=digest,…`: the number is the version of the canonical form. Where
 * minor parts of an attribute count, a second digest behind `+` leaves them
 * out; it is empty where nothing is left.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { compareAddresses, splitAddress } from "./address.ts";
import { canonicalJson, type Data } from "./data.ts";
import { CANONICAL_VERSION, type Canonicalize } from "./hash.ts";
import type { Schema, SchemaObject } from "./schema.ts";

/** The two canonical forms: of everything, and of what an application notices. */
export interface StateForms {
  /** Of everything. */
  readonly whole: Canonicalize;
  /** Without what an application does not notice. */
  readonly essential: Canonicalize;
}

/** What is kept of an object. */
export interface ObjectState {
  /** `h1:` and 64 hex digits. */
  readonly hash: string;
  /** Its attributes' digests; empty where they are not known. */
  readonly attributes: string;
}

/** What is kept of a schema, by address. */
export type SchemaState = ReadonlyMap<string, ObjectState>;

/** What stands before a hash of this canonical form. */
export const HASH_PREFIX = `h${CANONICAL_VERSION}:`;

const ATTRIBUTES_PREFIX = `a${CANONICAL_VERSION}:`;

/** An attribute that differs between two states. */
export interface AttributeDifference {
  /** The key of the payload. */
  readonly key: string;
  /** Whether an application does not notice. */
  readonly minor: boolean;
}

/** An object that differs between two states. */
export interface StateDifference {
  /** How it differs. */
  readonly kind: "created" | "dropped" | "altered";
  /** Its address. */
  readonly address: string;
  /** Which attributes differ; empty but for altered objects, and where nobody knows. */
  readonly attributes: readonly AttributeDifference[];
  /** Whether an application does not notice. */
  readonly minor: boolean;
}

/**
 * The state of a schema.
 *
 * @param schema The schema.
 * @param hashes The hash of each of its objects, without a prefix.
 * @param forms The canonical forms, made ready for it.
 */
export function stateOf(
  schema: Schema,
  hashes: ReadonlyMap<string, string>,
  forms: StateForms,
): SchemaState {
  const digests = new Map<string, string>();
  const digest = (value: Data): string => {
    const text = canonicalJson(value);
    const known = digests.get(text);
    if (known !== undefined) return known;
    const made = createHash("sha256").update(text).digest("base64url")
      .slice(0, 10);
    digests.set(text, made);
    return made;
  };
  const state = new Map<string, ObjectState>();
  for (const [address, object] of schema.objects) {
    state.set(address, {
      hash: HASH_PREFIX + (hashes.get(address) ?? ""),
      attributes: attributesOf(object, forms, digest),
    });
  }
  return state;
}

function attributesOf(
  object: SchemaObject,
  forms: StateForms,
  digest: (value: Data) => string,
): string {
  const whole = forms.whole(object);
  const essential = forms.essential(object);
  const parts: string[] = [];
  for (const key of Object.keys(whole).sort()) {
    const value = whole[key];
    if (value === undefined) continue;
    const rest = essential[key];
    const all = digest(value);
    const noticed = rest === undefined
      ? ""
      : rest === value
      ? all
      : digest(rest);
    parts.push(`${key}=${all}${noticed === all ? "" : `+${noticed}`}`);
  }
  return ATTRIBUTES_PREFIX + parts.join(",");
}

/** Whether every hash of a state is of this canonical form: others cannot be compared. */
export function isComparable(state: SchemaState): boolean {
  for (const { hash } of state.values()) {
    if (!hash.startsWith(HASH_PREFIX)) return false;
  }
  return true;
}

/**
 * Compares two states of this canonical form.
 *
 * @param from As it was.
 * @param to As it is.
 * @returns What differs, in the order of addresses.
 */
export function compareStates(
  from: SchemaState,
  to: SchemaState,
): StateDifference[] {
  const found: StateDifference[] = [];
  for (const [address, was] of from) {
    const is = to.get(address);
    if (is === undefined) found.push(present("dropped", address, was));
    else if (is.hash !== was.hash) found.push(altered(address, was, is));
  }
  for (const [address, is] of to) {
    if (!from.has(address)) found.push(present("created", address, is));
  }
  return found.sort((a, b) => compareAddresses(a.address, b.address));
}

function present(
  kind: "created" | "dropped",
  address: string,
  state: ObjectState,
): StateDifference {
  const digests = [...digestsOf(state.attributes).values()];
  const minor = digests.length > 0 && digests.every((d) => d.noticed === "");
  return { kind, address, attributes: [], minor };
}

function altered(
  address: string,
  was: ObjectState,
  is: ObjectState,
): StateDifference {
  const from = digestsOf(was.attributes);
  const to = digestsOf(is.attributes);
  const keys = was.attributes === "" || is.attributes === ""
    ? []
    : [...new Set([...from.keys(), ...to.keys()])].sort();
  const attributes = keys.flatMap((key) => {
    const [a, b] = [from.get(key) ?? NOTHING, to.get(key) ?? NOTHING];
    return a.all === b.all ? [] : [{ key, minor: a.noticed === b.noticed }];
  });
  const minor = attributes.length > 0 && attributes.every((a) => a.minor);
  return { kind: "altered", address, attributes, minor };
}

interface Digests {
  readonly all: string;
  /** Of what an application notices; empty where that is nothing. */
  readonly noticed: string;
}

const NOTHING: Digests = { all: "", noticed: "" };

function digestsOf(attributes: string): ReadonlyMap<string, Digests> {
  const found = new Map<string, Digests>();
  if (!attributes.startsWith(ATTRIBUTES_PREFIX)) return found;
  for (const part of attributes.slice(ATTRIBUTES_PREFIX.length).split(",")) {
    const [, key, all, noticed] = /^([^=]+)=([^+]+)(?:\+(.*))?$/.exec(part) ??
      [];
    if (key === undefined || all === undefined) continue;
    found.set(key, { all, noticed: noticed ?? all });
  }
  return found;
}

/** The kind of an object, as `object_type` has it. */
export function typeOf(address: string): string {
  return splitAddress(address).kind;
}
