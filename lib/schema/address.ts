/**
 * The address of an object of a schema: its kind and the parts of its name,
 * with one text form, such as `table:public.users`,
 * `column:public.users.email` or `function:public.add(integer, integer)`.
 * Pure.
 *
 * @module
 */

/**
 * One part of a name in an address's text: quoted as SQL quotes, where it is
 * anything but lower-case letters, digits and `_`.
 */
function quotePart(part: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(part)
    ? part
    : `"${part.replaceAll('"', '""')}"`;
}

/**
 * The text of an address.
 *
 * @param kind The kind of the object.
 * @param parts The parts of its name, outermost first.
 * @param argumentTypes For functions, procedures, aggregates and operators:
 * the identity arguments as PostgreSQL writes them.
 * @returns Such as `column:public.users.email`.
 */
export function address(
  kind: string,
  parts: readonly string[],
  argumentTypes?: string,
): string {
  if (argumentTypes !== undefined) {
    return `${kind}:${parts.map(quotePart).join(".")}(${argumentTypes})`;
  }
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 2) {
    const { qualified } = qualifiedBy(first, second);
    if (last.kind !== kind || last.qualified !== qualified) {
      last = { kind, qualified, text: `${kind}:${qualified}` };
    }
    return last.text;
  }
  if (parts.length === 3) {
    return `${kind}:${qualifiedBy(first, second).qualified}.${
      quotePart(third)
    }`;
  }
  return `${kind}:${parts.map(quotePart).join(".")}`;
}

/** The parts of a table come one after the other, and each asks for its table. */
function qualifiedBy(first: string, second: string): typeof whole {
  if (whole.second !== second || whole.first !== first) {
    const qualified = `${quotePart(first)}.${quotePart(second)}`;
    whole = { first, second, qualified };
  }
  return whole;
}

/** The last qualified name, and the last address of two parts. */
let whole = { first: "", second: "", qualified: '"".""' };
let last = { kind: "", qualified: "", text: "" };

/** The parts of an address. */
export interface AddressParts {
  readonly kind: string;
  /** What stands behind the colon. */
  readonly name: string;
}

/** Takes an address apart at its first colon. */
export function splitAddress(text: string): AddressParts {
  const colon = text.indexOf(":");
  return { kind: text.slice(0, colon), name: text.slice(colon + 1) };
}

/**
 * Orders addresses by code units, the same in every locale.
 *
 * @returns Negative, zero or positive.
 */
export function compareAddresses(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
