/**
 * Snapshots as pawl writes them, one object a line in the order of addresses:
 * read line by line, each payload looked at once, and what another snapshot has
 * in the same words taken from there. Whatever is written otherwise, or has
 * anything wrong with it, is left to `snapshot_reader.ts`, which says what.
 * Knows no kind. Pure.
 *
 * @module
 */

import { splitAddress } from "./address.ts";
import { AddressMap, placesOf } from "./address_map.ts";
import type { Payload, Schema, SchemaObject } from "./schema.ts";
import { problemOf, type Shape } from "./shape.ts";
import {
  isPayload,
  isTexts,
  SNAPSHOT_FORMAT,
  type SnapshotOptions,
} from "./snapshot_reader.ts";

/** A payload of a kind, whichever objects have it. */
export interface LinePayload {
  readonly kind: string;
  readonly payload: Payload;
  /** The hash of an object that has it, as soon as somebody has made it. */
  hash: string | undefined;
}

/** A snapshot that was read line by line. Its lists are about the same objects. */
export interface SnapshotLines {
  /** The schema's hash as the file says it. */
  readonly hash: string;
  /** `server_version_num` of the server that it was made on. */
  readonly version: number;
  /** The text of the file. */
  readonly text: string;
  /** The addresses of the objects, in order. */
  readonly addresses: readonly string[];
  /** Where each address stands. */
  readonly places: ReadonlyMap<string, number>;
  /** The objects. */
  readonly objects: readonly SchemaObject[];
  /** Their payloads: of objects with equal ones the same. */
  readonly payloads: readonly LinePayload[];
  /** What the schema's hash is over, as far as somebody has made it; else empty. */
  readonly hashed: string[];
}

/** What a snapshot is read against. */
export interface LinesOptions extends Pick<SnapshotOptions, "shapeOf"> {
  /** Another snapshot, read against the same, that may have many of the lines. */
  readonly known?: SnapshotLines | undefined;
}

/**
 * Reads a snapshot that is written as pawl writes them.
 *
 * @param text The text of the file.
 * @param options What payloads must hold.
 * @returns What `SnapshotReader` makes of it; undefined where that is to be
 * asked.
 */
export function readLines(
  text: string,
  options: LinesOptions,
): SnapshotLines | undefined {
  const head = HEAD.exec(text);
  if (head === null || !text.endsWith(END)) return undefined;
  const [, hash = "", major, minor] = head;
  const version = Number(major) * 10000 + Number(minor);
  const read = new LineReader(linesIn(text), options).read();
  return read === undefined ? undefined : { hash, version, text, ...read };
}

/** The lines of the objects. */
function linesIn(text: string): readonly string[] {
  return text.split("\n").slice(1, -2);
}

/**
 * The schema of a snapshot.
 *
 * @param lines The snapshot.
 */
export function schemaOfLines(lines: SnapshotLines): Schema {
  const { addresses, objects, places, version } = lines;
  return {
    objects: new AddressMap(addresses, objects, places),
    version,
    notices: [],
    databaseOwner: undefined,
  };
}

const HEAD = new RegExp(
  `^\\{"format":"${
    SNAPSHOT_FORMAT.replace(".", "\\.")
  }","hash":"(h\\d+:[0-9a-f]{64})","postgres":"(\\d{2})\\.(\\d{1,4})","objects":\\[\n`,
);
const END = "\n]}\n";

/** What a line begins with. */
const START = '{"address":"';
/** What stands for itself in a text of JSON. */
const CHARACTER = '[^"\\\\\\x00-\\x1f]';
const PLAIN = new RegExp(`^${CHARACTER}+$`);
const TEXT = `"${CHARACTER}*(?:\\\\.${CHARACTER}*)*"`;
const TEXTS = `\\[((?:${TEXT}(?:,${TEXT})*)?)\\]`;
const QUOTED_ADDRESS = new RegExp(`^\\{"address":(${TEXT}),`);
/** What stands between address and payload. */
const MIDDLE = new RegExp(
  `,"name":${TEXTS}(?:,"parent":(${TEXT}))?(?:,"position":(-?[1-9]\\d{0,14}))?(?:,"depends":${TEXTS})?,"payload":(?=\\{)`,
  "y",
);

/** What stands in a line between address and payload. */
interface Middle {
  /** Texts of JSON, with commas between them. */
  readonly name: string;
  /** One text, or none. */
  readonly parent: string;
  readonly depends: string;
  readonly position: number;
  /** Where the payload begins. */
  readonly end: number;
}

/** A kind that lines are of. */
interface LineKind {
  readonly kind: string;
  /** What its addresses begin with. */
  readonly start: string;
  readonly shape: Readonly<Record<string, Shape<unknown>>>;
  /** By their texts. */
  readonly payloads: Map<string, LinePayload>;
}

/** Reads the lines of objects; what says no has found something that is not as usual. */
class LineReader {
  readonly #lines: readonly string[];
  readonly #shapeOf: LinesOptions["shapeOf"];
  readonly #known: SnapshotLines | undefined;
  readonly #addresses: string[] = [];
  /** Where in the other snapshot the same line stands, or -1. */
  readonly #twins: number[] = [];
  readonly #objects: SchemaObject[] = [];
  readonly #payloads: LinePayload[] = [];
  readonly #hashed: string[] = [];
  #places: ReadonlyMap<string, number> = new Map();
  #kind: LineKind | undefined;
  /** The parts of a table come one after the other, and each needs the table. */
  #needed: { readonly text: string; readonly addresses: readonly string[] } = {
    text: "",
    addresses: [],
  };
  #name: readonly string[] = [];

  constructor(lines: readonly string[], options: LinesOptions) {
    this.#lines = lines;
    this.#shapeOf = options.shapeOf;
    this.#known = options.known;
  }

  read(): Omit<SnapshotLines, "hash" | "version" | "text"> | undefined {
    if (!this.#findAddresses()) return undefined;
    this.#places = placesOf(this.#addresses);
    const lacks = this.#lacksAny();
    for (const [i, line] of this.#lines.entries()) {
      const twin = this.#twins[i] ?? -1;
      const done = twin < 0 ? this.#make(i, line) : this.#take(twin, lacks);
      if (!done) return undefined;
    }
    return {
      addresses: this.#addresses,
      places: this.#places,
      objects: this.#objects,
      payloads: this.#payloads,
      hashed: this.#hashed,
    };
  }

  /** Whether there are addresses, one after the other, and nothing but commas between lines. */
  #findAddresses(): boolean {
    const lines = this.#lines;
    const known = this.#known;
    // They are cut from the text anew: kept, they would be a tenth of it all.
    const others = known === undefined ? [] : linesIn(known.text);
    let before = "";
    let next = 0;
    for (const [i, line] of lines.entries()) {
      if (!line.endsWith(i + 1 < lines.length ? "}," : "}")) return false;
      let address: string | undefined;
      // Mostly the line that comes next there comes next here.
      if (line !== others[next]) {
        address = addressIn(line);
        if (address === undefined) return false;
        while ((known?.addresses[next] ?? address) < address) next++;
      }
      const isTwin = line === others[next];
      if (isTwin) address = known?.addresses[next];
      this.#twins.push(isTwin ? next++ : -1);
      if (address === undefined || before >= address) return false;
      this.#addresses.push(address);
      before = address;
    }
    return true;
  }

  /** Whether the other snapshot has addresses that are not in this one. */
  #lacksAny(): boolean {
    const known = this.#known;
    if (known === undefined) return false;
    let common = 0;
    for (const [i, address] of this.#addresses.entries()) {
      if (this.#twins[i] !== -1 || known.places.has(address)) common++;
    }
    return common < known.addresses.length;
  }

  /** Takes an object of the other snapshot, if what it needs is in this one as well. */
  #take(twin: number, lacks: boolean): boolean {
    const known = this.#known;
    const object = known?.objects[twin];
    const payload = known?.payloads[twin];
    if (object === undefined || payload === undefined) return false;
    const { parent, depends } = object;
    if (lacks) {
      if (parent !== undefined && !this.#places.has(parent)) return false;
      if (!depends.every((each) => this.#places.has(each))) return false;
    }
    this.#objects.push(object);
    this.#payloads.push(payload);
    this.#hashed.push(known?.hashed[twin] ?? "");
    return true;
  }

  #make(i: number, line: string): boolean {
    const address = this.#addresses[i] ?? "";
    const kind = this.#kindOf(address);
    if (kind === undefined) return false;
    const middle = middleIn(line, address);
    if (middle === undefined) return false;
    const name = this.#nameIn(middle.name);
    const parent = this.#addressesIn(middle.parent);
    const depends = this.#addressesIn(middle.depends);
    const end = i + 1 < this.#lines.length ? -2 : -1;
    const made = this.#payload(kind, line.slice(middle.end, end));
    if (
      name === undefined || parent === undefined || depends === undefined ||
      made === undefined
    ) return false;
    this.#objects.push({
      kind: kind.kind,
      address,
      name,
      parent: parent[0],
      position: middle.position,
      depends,
      payload: made.payload,
    });
    this.#payloads.push(made);
    this.#hashed.push("");
    return true;
  }

  /** Kinds come one after the other as well. */
  #kindOf(address: string): LineKind | undefined {
    const last = this.#kind;
    if (last !== undefined && address.startsWith(last.start)) {
      return address.length > last.start.length ? last : undefined;
    }
    if (!/^[a-z_]+:./s.test(address)) return undefined;
    const { kind } = splitAddress(address);
    const shape = this.#shapeOf(kind);
    if (shape === undefined) return undefined;
    const payloads = new Map<string, LinePayload>();
    return this.#kind = { kind, start: `${kind}:`, shape, payloads };
  }

  #payload(
    { kind, shape, payloads }: LineKind,
    text: string,
  ): LinePayload | undefined {
    const known = payloads.get(text);
    if (known !== undefined) return known;
    const payload = parsed(text);
    if (!isPayload(payload) || problemOf(payload, shape) !== undefined) {
      return undefined;
    }
    const made = { kind, payload, hash: undefined };
    payloads.set(text, made);
    return made;
  }

  /** Its first parts are mostly those of the name before. */
  #nameIn(text: string): readonly string[] | undefined {
    const before = this.#name;
    const name = textsIn(text)?.map((part, i) => {
      const same = before[i];
      return part === same ? same : part;
    });
    return name === undefined ? name : this.#name = name;
  }

  /** The addresses that a list names; undefined where one of them is not there. */
  #addressesIn(text: string): readonly string[] | undefined {
    if (text === this.#needed.text) return this.#needed.addresses;
    const addresses: string[] = [];
    for (const each of textsIn(text) ?? [""]) {
      // The same text as the other object's, so that it is kept and hashed once.
      const place = this.#places.get(each);
      const address = place === undefined ? place : this.#addresses[place];
      if (address === undefined) return undefined;
      addresses.push(address);
    }
    this.#needed = { text, addresses };
    return addresses;
  }
}

function addressIn(line: string): string | undefined {
  if (!line.startsWith(START)) return undefined;
  const plain = line.slice(START.length, line.indexOf('"', START.length));
  if (PLAIN.test(plain)) return plain;
  return textsIn(QUOTED_ADDRESS.exec(line)?.[1] ?? "")?.[0];
}

function middleIn(line: string, address: string): Middle | undefined {
  const found = middleBehind(line, START.length + address.length + 1) ??
    middleBehind(line, START.length - 1 + JSON.stringify(address).length);
  if (found === undefined) return undefined;
  const [, name = "", parent = "", position, depends = ""] = found;
  return {
    name,
    parent,
    depends,
    position: Number(position ?? 0),
    end: MIDDLE.lastIndex,
  };
}

function middleBehind(line: string, start: number): string[] | undefined {
  MIDDLE.lastIndex = start;
  return MIDDLE.exec(line) ?? undefined;
}

/** Texts of JSON with commas between them; undefined where one of them is none. */
function textsIn(list: string): readonly string[] | undefined {
  if (list === "") return [];
  if (!list.includes("\\")) return list.slice(1, -1).split('","');
  const texts = parsed(`[${list}]`);
  return isTexts(texts) ? texts : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
