/**
 * What differs between two schemas, object by object and attribute by
 * attribute. Names no kind: what is the same is decided by canonical forms,
 * which are passed in. Pure.
 *
 * @module
 */

import { compareAddresses } from "./schema/address.ts";
import { type CanonicalOptions, prepareCanonical } from "./schema/canonical.ts";
import { canonicalJson, type Data } from "./schema/data.ts";
import type { Canonicalize } from "./schema/hash.ts";
import type { Payload, Schema, SchemaObject } from "./schema/schema.ts";

/** The two canonical forms that objects are compared by. */
export interface Forms {
  /** Of everything. */
  readonly whole: Canonicalize;
  /** Without what an application does not notice. */
  readonly essential: Canonicalize;
}

/** An attribute that differs: a key of the payload. */
export interface AttributeChange {
  /** The key. */
  readonly key: string;
  /** What it was, as it was written; undefined: nothing. */
  readonly from: Data | undefined;
  /** What it is. */
  readonly to: Data | undefined;
  /** Whether an application does not notice. */
  readonly minor: boolean;
}

/** An object that differs. */
export type Change =
  | {
    readonly kind: "created";
    readonly address: string;
    readonly object: SchemaObject;
    readonly minor: boolean;
  }
  | {
    readonly kind: "dropped";
    readonly address: string;
    readonly object: SchemaObject;
    readonly minor: boolean;
  }
  | {
    readonly kind: "altered";
    readonly address: string;
    readonly from: SchemaObject;
    readonly to: SchemaObject;
    /** At least one, in the order of keys. */
    readonly attributes: readonly AttributeChange[];
    /** Whether all of them are minor. */
    readonly minor: boolean;
  };

/**
 * Makes the forms ready that schemas are compared by.
 *
 * @param schemas The schemas.
 * @param shapeOf The shape of a kind's payload.
 */
export async function prepareForms(
  schemas: readonly Schema[],
  shapeOf: CanonicalOptions["shapeOf"],
): Promise<Forms> {
  return {
    whole: await prepareCanonical(schemas, { shapeOf }),
    essential: await prepareCanonical(schemas, { shapeOf, minor: false }),
  };
}

/**
 * Compares two schemas. Where an object stands among the parts of its parent
 * is no difference, nor is what it depends on.
 *
 * @param from The schema as it was.
 * @param to The schema as it is.
 * @param forms The canonical forms, made ready for both; and addresses, where
 * it is known that nothing differs at any others.
 * @returns What differs, in the order of addresses.
 *
 * @example
 * ```ts ignore
 * const forms = await prepareForms([from, to], (kind) => kindOf(kind)?.shape);
 * for (const change of diff(from, to, forms)) {
 *   console.log(change.kind, change.address);
 * }
 * ```
 */
export function diff(
  from: Schema,
  to: Schema,
  forms: Forms & { readonly at?: readonly string[] | undefined },
): Change[] {
  const changes: Change[] = [];
  for (const address of forms.at ?? from.objects.keys()) {
    const object = from.objects.get(address);
    if (object === undefined) continue;
    const now = to.objects.get(address);
    if (now === undefined) {
      const minor = isMinor(object, forms);
      changes.push({ kind: "dropped", address, object, minor });
      continue;
    }
    const attributes = attributeChanges(object, now, forms);
    if (attributes.length === 0) continue;
    changes.push({
      kind: "altered",
      address,
      from: object,
      to: now,
      attributes,
      minor: attributes.every((attribute) => attribute.minor),
    });
  }
  for (const address of forms.at ?? to.objects.keys()) {
    const object = to.objects.get(address);
    if (object === undefined || from.objects.has(address)) continue;
    changes.push({
      kind: "created",
      address,
      object,
      minor: isMinor(object, forms),
    });
  }
  return changes.sort((a, b) => compareAddresses(a.address, b.address));
}

/**
 * Whether an application does not notice that an object is there: all that it
 * says is minor.
 *
 * @param object The object.
 * @param forms The canonical forms, made ready for its schema.
 */
function isMinor(object: SchemaObject, forms: Forms): boolean {
  return keysOf(forms.whole(object)).length > 0 &&
    keysOf(forms.essential(object)).length === 0;
}

/** The attributes in which two objects of one address differ. */
function attributeChanges(
  from: SchemaObject,
  to: SchemaObject,
  forms: Forms,
): AttributeChange[] {
  const whole = [forms.whole(from), forms.whole(to)] as const;
  const keys = [...new Set(whole.flatMap(keysOf))].sort()
    .filter((key) => !same(whole[0][key], whole[1][key]));
  if (keys.length === 0) return [];
  const essential = [forms.essential(from), forms.essential(to)] as const;
  return keys.map((key) => ({
    key,
    from: from.payload[key],
    to: to.payload[key],
    minor: same(essential[0][key], essential[1][key]),
  }));
}

function keysOf(payload: Payload): string[] {
  return Object.keys(payload).filter((key) => payload[key] !== undefined);
}

function same(a: Data | undefined, b: Data | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || canonicalJson(a) === canonicalJson(b);
}
