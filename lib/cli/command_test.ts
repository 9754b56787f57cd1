import assert from "@std/assert";
import { EXIT } from "../errors.ts";
import { command } from "./command.ts";
import {
  bindValues,
  type Declarations,
  option,
  positional,
  required,
  type Values,
  withDefault,
} from "./option.ts";

/** Compiles only where the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

const DECLARED = {
  flag: option.flag({ description: "F" }),
  lock: option.unlessNot({ description: "L" }),
  batch: option.toggle({ description: "B" }),
  name: option.string({ value: "N", description: "N" }),
  must: required(option.string({ value: "M", description: "M" })),
  wait: withDefault(option.duration({ value: "D", description: "D" }), 5),
  layout: withDefault(
    option.choice(["auto", "pawl"], { value: "L", description: "L" }),
    "auto",
  ),
  codes: option.strings({ value: "C", description: "C" }),
  even: option.parsed({
    read: (text) =>
      Number(text) % 2 === 0 ? { half: Number(text) / 2 } : undefined,
    accepts: "an even number",
  }, { value: "E", description: "E" }),
  shell: positional.choice(["bash", "zsh"], { name: "S", description: "S" }),
  rest: positional.variadic({ name: "R", description: "R" }),
} as const satisfies Declarations;

Deno.test("values have the type that their declaration says", () => {
  const same: Same<Values<typeof DECLARED>, {
    readonly flag: boolean;
    readonly lock: boolean;
    readonly batch: boolean | undefined;
    readonly name: string | undefined;
    readonly must: string;
    readonly wait: number;
    readonly layout: "auto" | "pawl";
    readonly codes: readonly string[];
    readonly even: { half: number } | undefined;
    readonly shell: "bash" | "zsh";
    readonly rest: readonly string[];
  }> = true;
  const given = new Map(
    Object.entries({ must: "m", shell: "zsh", even: "8" })
      .map(([key, text]) => [key, [{ text, place: key }]]),
  );
  assert.ok(same);
  assert.deepEqual(bindValues<typeof DECLARED>(DECLARED, given), {
    flag: false,
    lock: true,
    batch: undefined,
    name: undefined,
    must: "m",
    wait: 5,
    layout: "auto",
    codes: [],
    even: { half: 4 },
    shell: "zsh",
    rest: [],
  });
});

Deno.test("a reader of one's own refuses with the words of what it accepts", () => {
  const given = new Map([["even", [{ text: "3", place: "--even" }]]]);
  assert.throws(
    () => bindValues<typeof DECLARED>({ even: DECLARED.even }, given),
    { message: 'Cannot use --even "3": it accepts an even number' },
  );
});

Deno.test("flags take words of truth from their variable, and nothing else", () => {
  const read = (text: string) =>
    option.flag({ description: "F" }).read([{ text, place: "PAWL_F" }]);
  for (const yes of ["1", "true", "YES", "on"]) assert.equal(read(yes), true);
  for (const no of ["0", "false", "no", "OFF"]) assert.equal(read(no), false);
  assert.throws(
    () => read("maybe"),
    /PAWL_F "maybe": it accepts true or false/,
  );
});

Deno.test("durations are milliseconds, to what PostgreSQL and timers can hold [P90]", () => {
  const read = (text: string) =>
    option.duration({ value: "D", description: "D" }).read([{
      text,
      place: "--d",
    }]);
  const good = {
    "0": 0,
    "500ms": 500,
    "1.5s": 1500,
    "5min": 300_000,
    "2 h": 7_200_000,
    "24d": 2_073_600_000,
  };
  for (const [text, milliseconds] of Object.entries(good)) {
    assert.equal(read(text), milliseconds, text);
  }
  for (const bad of ["25d", "1", "-1s", "s", "1S", "1 sec", "١s", "1e3s"]) {
    assert.throws(() => read(bad), /a duration/, bad);
  }
});

Deno.test("a command with a JSON document must return it, by its type", () => {
  const good = command({
    name: "good",
    group: "look",
    summary: "Be good",
    description: "Is good.",
    exits: [0, 2],
    examples: [],
    json: "pawl.good/1",
    // @ts-expect-error: the document is missing
    run: () => Promise.resolve({ exit: EXIT.ok }),
  });
  assert.deepEqual(good.formats, ["text", "json"]);
  assert.equal(typeof good.bind(new Map()), "function");
});
