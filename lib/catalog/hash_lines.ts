/**
 * The lines that a schema's hash is over, made and sorted while its objects
 * come. Names no kind.
 *
 * @module
 */

import type { Canonicalizer } from "../schema/canonical.ts";
import { ObjectHasher } from "../schema/hash.ts";
import {
  addressIn,
  type HashedLines,
  hashedLines,
  isTwin,
  lineOf,
} from "../schema/hash_lines.ts";
import type { Payload } from "../schema/schema.ts";
import type { ObjectPart } from "./schema_reader.ts";

/** Takes objects; then it has their lines. */
export class HashLines {
  readonly #canonicalizer: Canonicalizer;
  readonly #hasher: ObjectHasher;
  /** By kind. Objects of one kind come one behind the other, and are sorted when another one's begin. */
  readonly #byKind = new Map<string, string[]>();
  #last: { readonly kind: string; readonly lines: string[] } | undefined;
  #looked = 0;
  /** Loading the parser takes a while: those that need it wait for the end. */
  readonly #parsed: ObjectPart[] = [];
  #made: HashedLines | undefined;

  /**
   * Makes one.
   *
   * @param canonicalizer Without its parser, which is loaded where it is needed.
   */
  constructor(canonicalizer: Canonicalizer) {
    this.#canonicalizer = canonicalizer;
    this.#hasher = new ObjectHasher(canonicalizer.canonicalize);
  }

  /** Forgets what it has taken. */
  clear(): void {
    this.#byKind.clear();
    this.#last = undefined;
    this.#parsed.length = 0;
    this.#made = undefined;
  }

  /**
   * Takes an object.
   *
   * @returns Its payload, or an equal one to keep instead.
   */
  add(object: ObjectPart): Payload {
    if (this.#canonicalizer.needsParser(object)) {
      this.#parsed.push(object);
      return object.payload;
    }
    const { hash, payload } = this.#hasher.of(object);
    const made = lineOf(object.address, hash);
    this.#linesOf(object.kind).push(made);
    // A text that is looked into is put together. Until then it keeps its
    // pieces, and with them the row that they were cut from: half of the
    // memory that it all takes.
    this.#looked ^= made.charCodeAt(0);
    return payload;
  }

  /** Does what there is to do at the end, if that can be done at once. */
  settle(): void {
    if (this.#parsed.length === 0) this.#made = this.#sorted(undefined);
  }

  /**
   * The lines, in the order of addresses.
   *
   * @param counts Which addresses count; all by default.
   * @returns Undefined where two objects have one address: of these only one
   * counts.
   */
  async finish(
    counts?: (address: string) => boolean,
  ): Promise<HashedLines | undefined> {
    if (this.#made !== undefined && counts === undefined) return this.#made;
    const parsed = this.#parsed.filter(({ address }) =>
      counts?.(address) ?? true
    );
    if (parsed.length > 0) await this.#canonicalizer.loadParser();
    for (const object of parsed) {
      const { hash } = this.#hasher.of(object);
      this.#linesOf(object.kind).push(lineOf(object.address, hash));
    }
    return this.#sorted(counts);
  }

  #sorted(
    counts: ((address: string) => boolean) | undefined,
  ): HashedLines | undefined {
    const kinds = [...this.#byKind.keys()].sort();
    const all = kinds.flatMap((kind) => this.#byKind.get(kind) ?? []);
    const lines = counts === undefined
      ? all
      : all.filter((line) => counts(addressIn(line)));
    lines.sort();
    return lines.some((line, i) => isTwin(line, lines[i + 1]))
      ? undefined
      : hashedLines(lines);
  }

  #linesOf(kind: string): string[] {
    if (this.#last?.kind === kind) return this.#last.lines;
    // The server is at work on what comes next.
    this.#last?.lines.sort();
    let lines = this.#byKind.get(kind);
    if (lines === undefined) this.#byKind.set(kind, lines = []);
    this.#last = { kind, lines };
    return lines;
  }
}
