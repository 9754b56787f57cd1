/**
 * The reading side of snapshots: every field is looked at, and what is wrong
 * with a text is said with its line. Knows no kind. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { splitAddress } from "./address.ts";
import type { Data } from "./data.ts";
import {
  makeSchema,
  type Payload,
  type Schema,
  type SchemaObject,
} from "./schema.ts";
import { problemOf, type Shape } from "./shape.ts";

/** The format that is written. */
export const SNAPSHOT_FORMAT = "pawl.snapshot/1";

/** A snapshot that has been read. */
export interface Snapshot {
  /** The schema; its version is the one that the snapshot was made on. */
  readonly schema: Schema;
  /** The schema's hash as the file says it: `h1:` and 64 hex digits. */
  readonly hash: string;
}

/** What a snapshot is read against. */
export interface SnapshotOptions {
  /** The path that messages name. */
  readonly file: string;
  /** The keys of a kind's payload; undefined for a kind that this pawl does not know. */
  readonly shapeOf: (
    kind: string,
  ) => Readonly<Record<string, Shape<unknown>>> | undefined;
}

interface Problem {
  readonly what: string;
  readonly line?: number | undefined;
  readonly hint?: string;
}

/** Reads the text of a snapshot, and says of one that is damaged where. */
export class SnapshotReader {
  readonly #text: string;
  readonly #options: SnapshotOptions;
  #lines: readonly string[] | undefined;

  /** Makes a reader of one text. */
  constructor(text: string, options: SnapshotOptions) {
    this.#text = text.replace(/^\uFEFF/, "");
    this.#options = options;
  }

  /**
   * Reads it.
   *
   * @throws {PawlError} `snapshot-invalid` with field and line.
   */
  read(): Snapshot {
    const file = this.#parse();
    const { format, hash, postgres, objects } = file;
    this.#requireFormat(format);
    if (typeof hash !== "string" || !/^h\d+:[0-9a-f]{64}$/.test(hash)) {
      throw this.#refuse({
        what: 'its "hash" is no hash of a schema',
        line: this.#lineOf('"hash"'),
      });
    }
    const version = typeof postgres === "string"
      ? /^(\d{2})\.(\d{1,4})$/.exec(postgres)
      : null;
    if (version === null) {
      throw this.#refuse({
        what: 'its "postgres" is no version such as "18.4"',
        line: this.#lineOf('"postgres"'),
      });
    }
    if (!Array.isArray(objects)) {
      throw this.#refuse({
        what: 'its "objects" is no list',
        line: this.#lineOf('"objects"'),
      });
    }
    const read = objects.map((object: unknown, i) => this.#object(object, i));
    this.#requireWhole(read);
    return {
      hash,
      schema: makeSchema(read, {
        version: Number(version[1]) * 10000 + Number(version[2]),
      }),
    };
  }

  #parse(): { readonly [key: string]: unknown } {
    let value: unknown;
    try {
      value = JSON.parse(this.#text);
    } catch (cause) {
      throw this.#unparsed(cause);
    }
    if (!isRecord(value)) throw this.#refuse({ what: "it is no snapshot" });
    return value;
  }

  /** Each line of a snapshot is JSON by itself, which tells where it is damaged. */
  #unparsed(cause: unknown): PawlError {
    const { trimmed, lines } = {
      trimmed: this.#text.trimEnd(),
      lines: this.#allLines(),
    };
    if (trimmed === "") return this.#refuse({ what: "it is empty" });
    if (!trimmed.startsWith("{")) {
      return this.#refuse({ what: "it is no snapshot", line: 1 });
    }
    const conflict = lines.findIndex((line) => /^(<{7}|={7}|>{7})/.test(line));
    if (conflict >= 0) {
      return this.#refuse({
        what: "it has a merge conflict in it",
        line: conflict + 1,
        hint: "Merge the schema's sources, then write it anew: pawl snapshot",
      });
    }
    const damaged = lines.findIndex((line, i) =>
      i > 0 && line.trim() !== "" && line !== "]}" && !isJson(line)
    );
    const end = lines.findLastIndex((line) => line.trim() !== "");
    const cutOff = !trimmed.endsWith("]}") && (damaged < 0 || damaged === end);
    const reason = cause instanceof Error ? cause.message : String(cause);
    return this.#refuse({
      what: cutOff ? "it is cut off" : `it is no JSON: ${reason}`,
      line: cutOff ? end + 1 : damaged < 0 ? undefined : damaged + 1,
      hint: "Restore it from version control, or write it anew: pawl snapshot",
    });
  }

  #requireFormat(format: unknown): void {
    if (format === SNAPSHOT_FORMAT) return;
    const version = typeof format === "string"
      ? /^pawl\.snapshot\/(\d+)$/.exec(format)?.[1]
      : undefined;
    throw this.#refuse(
      version === undefined
        ? { what: `it is no snapshot: its "format" is not ${SNAPSHOT_FORMAT}` }
        : {
          what:
            `its format is ${format}, and this pawl knows ${SNAPSHOT_FORMAT}`,
          line: this.#lineOf('"format"'),
          hint: "It was written by a newer pawl: use that one",
        },
    );
  }

  #object(value: unknown, index: number): SchemaObject {
    const refuse = (what: string, hint?: string) => {
      const address = isRecord(value) ? value["address"] : undefined;
      const known = typeof address === "string" ? ` (${address})` : "";
      return this.#refuse({
        what: `object ${index + 1}${known}: ${what}`,
        line: this.#lineOfObject(value, index),
        ...(hint === undefined ? {} : { hint }),
      });
    };
    if (!isRecord(value)) throw refuse("it is no object");
    const { address, name, parent, position = 0, depends = [], payload } =
      value;
    const unknown = Object.keys(value).find((key) => !OBJECT_KEYS.has(key));
    if (unknown !== undefined) throw refuse(`it has a field "${unknown}"`);
    if (typeof address !== "string" || !/^[a-z_]+:./s.test(address)) {
      throw refuse('its "address" is none');
    }
    if (!isTexts(name)) throw refuse('its "name" is no list of texts');
    if (parent !== undefined && typeof parent !== "string") {
      throw refuse('its "parent" is no address');
    }
    if (typeof position !== "number" || !Number.isSafeInteger(position)) {
      throw refuse('its "position" is no integer');
    }
    if (!isTexts(depends)) {
      throw refuse('its "depends" is no list of addresses');
    }
    const { kind } = splitAddress(address);
    const shape = this.#options.shapeOf(kind);
    if (shape === undefined) {
      throw refuse(
        `this pawl knows no kind ${kind}`,
        "It was written by a newer pawl: use that one",
      );
    }
    if (!isPayload(payload)) throw refuse('its "payload" is no object');
    const field = problemOf(payload, shape);
    if (field !== undefined) {
      throw refuse(`the field "${field}" of its payload is wrong`);
    }
    return { kind, address, name, parent, position, depends, payload };
  }

  /** No address twice, and every address that is named is there. */
  #requireWhole(objects: readonly SchemaObject[]): void {
    const known = new Set<string>();
    for (const [i, { address }] of objects.entries()) {
      if (known.has(address)) {
        throw this.#refuse({
          what: `it has ${address} twice`,
          line: this.#lineOfObject({ address }, i),
        });
      }
      known.add(address);
    }
    for (const [i, { address, parent, depends }] of objects.entries()) {
      const missing = parent !== undefined && !known.has(parent)
        ? parent
        : depends.find((each) => !known.has(each));
      if (missing === undefined) continue;
      throw this.#refuse({
        what: `${address} needs ${missing}, which is not in it`,
        line: this.#lineOfObject({ address }, i),
      });
    }
  }

  #allLines(): readonly string[] {
    return this.#lines ??= this.#text.split("\n");
  }

  #lineOf(text: string): number | undefined {
    const line = this.#allLines().findIndex((each) => each.includes(text));
    return line < 0 ? undefined : line + 1;
  }

  /** As it is written, or wherever a formatter has put it. */
  #lineOfObject(value: unknown, index: number): number | undefined {
    const address = isRecord(value) ? value["address"] : undefined;
    const lines = this.#allLines();
    if (typeof address !== "string") {
      const line = lines[index + 1];
      return line !== undefined && isJson(line) ? index + 2 : undefined;
    }
    const text = JSON.stringify(address);
    if (lines[index + 1]?.startsWith(`{"address":${text}`)) return index + 2;
    const found = lines.findIndex((line) =>
      /"address"\s*:/.test(line) && line.includes(text)
    );
    return found < 0 ? undefined : found + 1;
  }

  #refuse({ what, line, hint }: Problem): PawlError {
    const { file } = this.#options;
    const text = line === undefined ? undefined : this.#allLines()[line - 1];
    return new PawlError("snapshot-invalid", `Cannot read ${file}: ${what}`, {
      location: {
        file,
        ...(line === undefined ? {} : { line }),
        ...(text === undefined ? {} : { text: text.slice(0, 200) }),
      },
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

const OBJECT_KEYS: ReadonlySet<string> = new Set([
  "address",
  "name",
  "parent",
  "position",
  "depends",
  "payload",
]);

function isJson(line: string): boolean {
  try {
    JSON.parse(line.replace(/,\s*$/, ""));
    return true;
  } catch {
    return false;
  }
}

function isRecord(
  value: unknown,
): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list of texts. */
export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((item) => typeof item === "string");
}

/** Whether a value is plain data by key. */
export function isPayload(value: unknown): value is Payload {
  return isRecord(value) && isData(value);
}

function isData(value: unknown): value is Data {
  if (value === null) return true;
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return true;
    case "object":
      return Object.values(value).every(isData);
    default:
      return false;
  }
}
