/**
 * DataRow messages, taken out of what a server sends before the driver's
 * parser sees it: that decodes value by value, which costs a third of a
 * microsecond each, most of the time that large results take. Here a row is
 * decoded at once and cut up. Every other message goes on as it is.
 *
 * It knows how messages are framed, and this one; nothing of connections.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Who takes what is sent. */
export interface DataRowListener {
  /** Bytes of other messages, in order. */
  readonly bytes: (data: Uint8Array) => void;
  /** The values of a row, in text format. */
  readonly row: (fields: readonly (string | null)[]) => void;
}

/** The type and the length of a message, which counts itself but not the type. */
const HEADER = 5;
const DATA_ROW = "D".charCodeAt(0);
const FIRST_SCRATCH = 1 << 13;

/** Splits a server's bytes into rows and the rest. */
export class DataRowSplitter {
  readonly #listener: DataRowListener;
  // A byte order mark is a character like others.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Where values stand one behind the other, without their lengths. */
  #scratch = new Uint8Array(FIRST_SCRATCH);
  /** The beginning of a message that is not all there: of a row, or less than a header. */
  #pending: Uint8Array[] = [];
  #pendingLength = 0;
  /** How many bytes of another message are to come and go on. */
  #passing = 0;

  /**
   * Makes one for a connection that nothing was read from yet.
   *
   * @param listener Who takes what is sent.
   */
  constructor(listener: DataRowListener) {
    this.#listener = listener;
  }

  /**
   * Takes what has come.
   *
   * @param data The bytes; whoever gave them must not change them.
   * @throws {RangeError} For what is no message, or no row.
   */
  take(data: Uint8Array): void {
    let bytes = data;
    if (this.#pendingLength > 0) {
      this.#pending.push(data);
      this.#pendingLength += data.length;
      const head = this.#pendingLength < HEADER ? undefined : this.#head();
      if (head === undefined || this.#pendingLength < head) return;
      bytes = Buffer.concat(this.#pending, this.#pendingLength);
      this.#pending = [];
      this.#pendingLength = 0;
    }
    this.#split(bytes);
  }

  /** How many bytes there must be to go on: those of a row; a header, of other messages. */
  #head(): number {
    let [first] = this.#pending;
    if (first === undefined || first.length < HEADER) {
      first = Buffer.concat(this.#pending, this.#pendingLength);
      this.#pending = [first];
    }
    return first[0] === DATA_ROW ? messageLength(first, 0) : HEADER;
  }

  #split(bytes: Uint8Array): void {
    const end = bytes.length;
    let at = Math.min(this.#passing, end);
    this.#passing -= at;
    // Where bytes begin that are to go on.
    let start = 0;
    while (at + HEADER <= end) {
      const length = messageLength(bytes, at);
      if (bytes[at] !== DATA_ROW) {
        const next = at + length;
        this.#passing = Math.max(next - end, 0);
        at = Math.min(next, end);
        continue;
      }
      if (at + length > end) break;
      if (at > start) this.#listener.bytes(bytes.subarray(start, at));
      this.#listener.row(this.#row(bytes, at + HEADER, at + length));
      at = start = at + length;
    }
    if (at > start) this.#listener.bytes(bytes.subarray(start, at));
    if (at < end) {
      this.#pending = [bytes.subarray(at)];
      this.#pendingLength = end - at;
    }
  }

  #row(bytes: Uint8Array, from: number, end: number): (string | null)[] {
    if (from + 2 > end) throw new RangeError("a row ends before its values");
    const count = (at(bytes, from) << 8) | at(bytes, from + 1);
    if (this.#scratch.length < end - from) {
      this.#scratch = new Uint8Array(2 * (end - from));
    }
    const scratch = this.#scratch;
    const lengths: number[] = [];
    let next = from + 2;
    let used = 0;
    let every = 0;
    for (let i = 0; i < count; i++) {
      if (next + 4 > end) throw new RangeError("a row ends before its values");
      const length = uint32(bytes, next);
      next += 4;
      if (length === NULL) {
        lengths.push(-1);
        continue;
      }
      if (next + length > end) {
        throw new RangeError("a value is longer than its row");
      }
      lengths.push(length);
      if (length > LONG) {
        scratch.set(bytes.subarray(next, next + length), used);
        // Whether it is ASCII is not worth looking for.
        every = 0x80;
        used += length;
        next += length;
        continue;
      }
      for (const stop = next + length; next < stop; next++) {
        const byte = at(bytes, next);
        every |= byte;
        scratch[used++] = byte;
      }
    }
    // In ASCII a character is a byte.
    return every < 0x80
      ? cut(this.#decoder.decode(scratch.subarray(0, used)), lengths)
      : this.#decoded(scratch, lengths);
  }

  #decoded(scratch: Uint8Array, lengths: readonly number[]): (string | null)[] {
    let at = 0;
    return lengths.map((length) => {
      if (length < 0) return null;
      const value = scratch.subarray(at, at += length);
      return this.#decoder.decode(value);
    });
  }
}

/** The length of a value that is NULL: -1, without its sign. */
const NULL = 0xffffffff;

/** Longer values are copied and decoded as a whole: a view's query, a function's body. */
const LONG = 1 << 12;

function cut(text: string, lengths: readonly number[]): (string | null)[] {
  let at = 0;
  return lengths.map((length) =>
    length < 0 ? null : text.slice(at, at += length)
  );
}

/** How long the message at a place is, with its type. */
function messageLength(bytes: Uint8Array, from: number): number {
  const length = 1 + uint32(bytes, from + 1);
  if (length < HEADER) {
    throw new RangeError("a message has an impossible length");
  }
  return length;
}

function uint32(bytes: Uint8Array, from: number): number {
  return ((at(bytes, from) << 24) | (at(bytes, from + 1) << 16) |
    (at(bytes, from + 2) << 8) | at(bytes, from + 3)) >>> 0;
}

/** A byte that is known to be there. */
function at(bytes: Uint8Array, i: number): number {
  return bytes[i] ?? 0;
}
