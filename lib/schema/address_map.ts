/**
 * Values by address, for those who have both in the order of addresses: several
 * of them share what it takes to find an address. Pure.
 *
 * @module
 */

/** A map from addresses to values, in the order of addresses. */
export class AddressMap<V> implements ReadonlyMap<string, V> {
  readonly #addresses: readonly string[];
  readonly #values: readonly V[];
  readonly #places: ReadonlyMap<string, number>;

  /**
   * Makes one; nothing is copied.
   *
   * @param addresses The addresses, in order, each once.
   * @param values A value for each of them.
   * @param places Where in the list each address stands: {@linkcode placesOf}.
   */
  constructor(
    addresses: readonly string[],
    values: readonly V[],
    places: ReadonlyMap<string, number>,
  ) {
    this.#addresses = addresses;
    this.#values = values;
    this.#places = places;
  }

  /** How many addresses there are. */
  get size(): number {
    return this.#addresses.length;
  }

  /** The value of an address; undefined where there is none. */
  get(address: string): V | undefined {
    const place = this.#places.get(address);
    return place === undefined ? undefined : this.#values[place];
  }

  /** Whether there is an address. */
  has(address: string): boolean {
    return this.#places.has(address);
  }

  /** The addresses. */
  keys(): MapIterator<string> {
    return this.#addresses.values();
  }

  /** The values. */
  values(): MapIterator<V> {
    return this.#values.values();
  }

  /** Each address with its value. */
  *entries(): MapIterator<[string, V]> {
    const values = this.#values.values();
    for (const address of this.#addresses) {
      const { value, done } = values.next();
      if (done !== true) yield [address, value];
    }
  }

  /** The same as {@linkcode AddressMap.entries}. */
  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  /** Calls a function for each. */
  forEach(
    callback: (value: V, address: string, map: ReadonlyMap<string, V>) => void,
  ): void {
    for (const [address, value] of this) callback(value, address, this);
  }
}

/**
 * Where each address stands.
 *
 * @param addresses The addresses, each once.
 */
export function placesOf(addresses: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, address] of addresses.entries()) {
    places.set(address, place);
  }
  return places;
}
