/**
 * Reads YAML 1.2 with the place of every value and the text of every number.
 * It knows YAML's nodes, anchors, aliases and merge keys, and nothing of seeds.
 * Pure.
 *
 * @module
 */

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import type { PawlError } from "../errors.ts";
import type { FileText } from "./model.ts";
import {
  DEEPEST,
  describeValue,
  type SeedEntry,
  seedError,
  type SeedValue,
} from "./seed_value.ts";

/** More values than a seed has: aliases of aliases can make any number of them. */
const MOST_VALUES = 5_000_000;

/**
 * Reads a YAML text.
 *
 * @param file The text, without a byte order mark, and the path for messages.
 * @returns Its value; null for an empty document.
 * @throws {PawlError} `seed-invalid` with line and column.
 */
export function readYaml(file: FileText): SeedValue {
  const document = parseDocument(file.text, {
    customTags: ["binary"],
    intAsBigInt: true,
    keepSourceTokens: false,
    logLevel: "error",
    prettyErrors: false,
  });
  // A warning here is an unknown tag: its value would be taken for a string.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const several = problem.code === "MULTIPLE_DOCS";
    throw seedError(file, several ? undefined : problem.pos[0], {
      message: several
        ? `Cannot read ${file.path}: it holds several documents (---)`
        : `Cannot read ${file.path}: ${problem.message}`,
      ...(several ? { hint: "Put them into files of their own" } : {}),
    });
  }
  const { contents } = document;
  if (contents === null) return { kind: "null", offset: 0 };
  return new YamlReader(file, targets(document)).value(contents, 0);
}

/** What each alias stands for: the last anchor of its name before it. */
function targets(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const found = new Map<Alias, Node>();
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) found.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return found;
}

class YamlReader {
  readonly #file: FileText;
  readonly #targets: ReadonlyMap<Alias, Node>;
  /** What aliases stand for, read once, and how many values each is. */
  readonly #read = new Map<Node, { value: SeedValue; values: number }>();
  #values = 0;

  constructor(file: FileText, targets: ReadonlyMap<Alias, Node>) {
    this.#file = file;
    this.#targets = targets;
  }

  value(node: unknown, depth: number): SeedValue {
    // An alias inside of its own anchor never ends.
    if (depth > DEEPEST) {
      throw this.#wrong(node, `it is nested deeper than ${DEEPEST} levels`);
    }
    if (++this.#values > MOST_VALUES) {
      throw this.#wrong(node, "its aliases make millions of values");
    }
    const offset = offsetOf(node) ?? 0;
    if (isAlias(node)) {
      // Its own place, not the anchor's: there somebody chose this value.
      return { ...this.#aliased(node, depth), offset };
    }
    if (isMap(node)) {
      return { kind: "map", offset, entries: this.#map(node, depth) };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.value(item, depth + 1));
      return { kind: "list", offset, items };
    }
    if (isScalar(node)) return this.#scalar(node, offset);
    // What is missing behind a dash or a colon.
    return { kind: "null", offset };
  }

  #aliased(alias: Alias, depth: number): SeedValue {
    const target = this.#target(alias);
    const before = this.#values;
    const known = this.#read.get(target);
    if (known === undefined) {
      const value = this.value(target, depth + 1);
      this.#read.set(target, { value, values: this.#values - before });
      return value;
    }
    this.#values += known.values;
    if (this.#values > MOST_VALUES) {
      throw this.#wrong(alias, "its aliases make millions of values");
    }
    return known.value;
  }

  #scalar(node: Scalar, offset: number): SeedValue {
    const { value, source } = node;
    if (value === null || value === undefined) return { kind: "null", offset };
    if (typeof value === "boolean") return { kind: "boolean", offset, value };
    if (typeof value === "string") return { kind: "string", offset, value };
    if (typeof value === "number" || typeof value === "bigint") {
      return { kind: "number", offset, text: source ?? String(value) };
    }
    if (value instanceof Uint8Array) {
      // !!binary, as bytea reads it.
      const hex = [...value].map((byte) => byte.toString(16).padStart(2, "0"));
      return { kind: "string", offset, value: `\\x${hex.join("")}` };
    }
    throw this.#wrong(node, `the tag ${node.tag ?? "?"} is not known here`);
  }

  #map(node: YAMLMap, depth: number): SeedEntry[] {
    const entries = new Map<string, SeedEntry>();
    const merged: SeedEntry[] = [];
    for (const { key, value } of node.items) {
      const name = this.#key(key, depth);
      const offset = offsetOf(key) ?? offsetOf(node) ?? 0;
      if (name === "<<" && isScalar(key) && key.type === "PLAIN") {
        merged.push(...this.#merge(this.value(value, depth + 1), node));
        continue;
      }
      if (entries.has(name)) {
        throw this.#wrong(key, `the key ${JSON.stringify(name)} stands twice`);
      }
      entries.set(name, {
        key: name,
        offset,
        value: value === null
          ? { kind: "null", offset }
          : this.value(value, depth + 1),
      });
    }
    // The map's own keys win, and of merged maps the first.
    for (const entry of merged) {
      if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
    return [...entries.values()];
  }

  #merge(value: SeedValue, node: YAMLMap): SeedEntry[] {
    if (value.kind === "map") return [...value.entries];
    if (value.kind === "list") {
      return value.items.flatMap((item) => this.#merge(item, node));
    }
    throw this.#wrong(node, `<< merges ${describeValue(value)}, not a map`);
  }

  #key(key: unknown, depth: number): string {
    const node = isAlias(key) ? this.#target(key) : key;
    if (!isScalar(node)) {
      throw this.#wrong(node, "a key is a list or a map, not a name");
    }
    const value = this.#scalar(node, offsetOf(node) ?? depth);
    if (value.kind === "string") return value.value;
    return node.source ?? String(node.value);
  }

  #target(alias: Alias): Node {
    const target = this.#targets.get(alias);
    if (target !== undefined) return target;
    throw this.#wrong(alias, `there is no anchor &${alias.source} before`);
  }

  #wrong(node: unknown, state: string): PawlError {
    return seedError(this.#file, offsetOf(node), {
      message: `Cannot read ${this.#file.path}: ${state}`,
    });
  }
}

function offsetOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node)
    ? node.range?.[0]
    : undefined;
}
