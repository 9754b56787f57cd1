import assert from "@std/assert";
import { prepareCanonical } from "./canonical.ts";
import { objectHashes, schemaHash } from "./hash.ts";
import { makeSchema, type SchemaObject } from "./schema.ts";
import { optional, shape } from "./shape.ts";
import { parseSnapshot, writeSnapshot } from "./snapshot.ts";
import { hashesOfSnapshot } from "./snapshot_hashes.ts";
import {
  readLines,
  schemaOfLines,
  type SnapshotLines,
} from "./snapshot_lines.ts";

const SHAPES = new Map(Object.entries({
  schema: {},
  table: { persistence: shape.text() },
  column: {
    default: optional(shape.expression()),
    notNull: shape.boolean(),
    type: shape.type(),
  },
}));
const shapeOf = (kind: string) => SHAPES.get(kind);
const HASH = `h1:${"5".repeat(64)}`;

function object(
  address: string,
  name: readonly string[],
  more: Partial<SchemaObject> = {},
): SchemaObject {
  const { parent, position = 0, depends = [], payload = {} } = more;
  const kind = address.slice(0, address.indexOf(":"));
  return { kind, address, name, parent, position, depends, payload };
}

function column(
  table: string,
  name: string,
  type = "integer",
): SchemaObject {
  return object(`column:app.${table}.${name}`, ["app", table, name], {
    parent: `table:app.${table}`,
    position: name.length,
    depends: [`table:app.${table}`],
    payload: { notNull: false, type },
  });
}

function table(name: string, text = name): SchemaObject {
  return object(`table:app.${text}`, ["app", name], {
    depends: ["schema:app"],
    payload: { persistence: "permanent" },
  });
}

const ODD = 'a "b"\\\t\u20AC';
const ODD_TEXT = '"a ""b""\\\t\u20AC"';

const OBJECTS = [
  object("schema:app", ["app"]),
  table("t"),
  column("t", "a"),
  column("t", "bb"),
  table(ODD, ODD_TEXT),
  object(`column:app.${ODD_TEXT}.a`, ["app", ODD, "a"], {
    parent: `table:app.${ODD_TEXT}`,
    position: 1,
    depends: [`table:app.${ODD_TEXT}`],
    payload: { default: "'a\\b'::text", notNull: true, type: "text" },
  }),
];

function textOf(objects: readonly SchemaObject[]): string {
  return writeSnapshot(makeSchema(objects, { version: 180004 }), HASH);
}

/** What the reader says that looks at every field; undefined where it refuses. */
function slowly(text: string) {
  try {
    const { schema, hash } = parseSnapshot(text, { file: "s.json", shapeOf });
    return {
      hash,
      version: schema.version,
      objects: [...schema.objects],
    };
  } catch {
    return undefined;
  }
}

function taken(text: string, known?: SnapshotLines): SnapshotLines {
  const lines = readLines(text, { shapeOf, known });
  if (lines === undefined) throw new TypeError(`not taken: ${text}`);
  return lines;
}

function quickly(text: string, known?: SnapshotLines) {
  const lines = readLines(text, { shapeOf, known });
  if (lines === undefined) return undefined;
  const { objects, version } = schemaOfLines(lines);
  return { hash: lines.hash, version, objects: [...objects] };
}

Deno.test("readLines() reads what pawl writes as the other reader does", () => {
  for (const objects of [OBJECTS, [], OBJECTS.slice(0, 1)]) {
    const text = textOf(objects);
    const read = quickly(text);
    assert.notEqual(read, undefined);
    assert.deepEqual(read, slowly(text));
  }
});

Deno.test("readLines() takes nothing, wherever a text is damaged, that the other reader refuses or understands otherwise", () => {
  const whole = textOf(OBJECTS);
  const known = readLines(whole, { shapeOf });
  let accepted = 0;
  for (let i = 0; i <= whole.length; i++) {
    const [before, behind] = [whole.slice(0, i), whole.slice(i)];
    const changed = ["", '"', "\\", ",", "}", "]", "1", "a", "\n", "\0"]
      .map((put) => before + put + behind.slice(1));
    for (const text of [before, before + ",\n" + behind, ...changed]) {
      for (const other of [undefined, known]) {
        const read = quickly(text, other);
        if (read === undefined) continue;
        accepted++;
        assert.deepEqual(read, slowly(text), text);
      }
    }
  }
  assert.ok(accepted > 1000, `${accepted}`);
});

Deno.test("readLines() takes from another snapshot what is the same, and refuses what lacks there what it needs", async () => {
  const known = taken(textOf(OBJECTS));
  const changed = taken(
    textOf([
      ...OBJECTS.filter(({ address }) => address !== "column:app.t.bb"),
      column("t", "a2"),
      column("t", "bb", "bigint"),
    ]),
    known,
  );
  const both = [known, changed] as const;
  const at = (address: string) =>
    both.map((lines) => schemaOfLines(lines).objects.get(address));
  const [was, is] = at("table:app.t");
  assert.ok(was !== undefined && was === is);
  assert.deepEqual(
    at("column:app.t.bb").map((each) => each?.payload["type"]),
    ["integer", "bigint"],
  );
  assert.deepEqual(
    at("column:app.t.a2").map((each) => each?.position),
    [undefined, 2],
  );
  // The columns are as they were, and their table is gone.
  const without = OBJECTS.filter(({ address }) => address !== "table:app.t");
  assert.equal(readLines(textOf(without), { shapeOf, known }), undefined);
  // Whichever was hashed first, each has its own hashes.
  for (const lines of both.toReversed()) {
    const schema = schemaOfLines(lines);
    const canonicalize = await prepareCanonical([schema], { shapeOf });
    const hashes = objectHashes(schema, canonicalize);
    const made = await hashesOfSnapshot(lines, { shapeOf });
    assert.deepEqual([...made.hashes], [...hashes]);
    assert.equal(made.hash, schemaHash(hashes));
  }
});
