import assert from "@std/assert";
import { typeChange } from "./column_type.ts";

function change(from: string, to: string) {
  return typeChange({ type: from, base: from }, { type: to, base: to }, "c");
}

Deno.test("a wider type is safe, and only needs a rewrite where it is stored otherwise", () => {
  const cases: readonly [string, string, boolean][] = [
    ["integer", "bigint", true],
    ["smallint", "numeric", true],
    ["character varying(10)", "character varying(20)", false],
    ["character varying(10)", "text", false],
    ["text", "character varying", false],
    ["character varying(10)[]", "character varying[]", false],
    ["numeric(8,2)", "numeric(12,2)", false],
    ["numeric(8,2)", "numeric", false],
    ["numeric(8,2)", "numeric(12,4)", true],
    [
      "timestamp(0) without time zone",
      "timestamp without time zone",
      false,
    ],
    ["character(3)", "character(5)", true],
    ["character(3)", "text", true],
    ["cidr", "inet", false],
    ["date", "timestamp without time zone", true],
    ["real", "double precision", true],
  ];
  for (const [from, to, rewrites] of cases) {
    assert.deepEqual(
      change(from, to),
      { using: undefined, rewrites, safe: true },
      `${from} to ${to}`,
    );
  }
});

Deno.test("what may lose something or fail is not safe", () => {
  for (
    const [from, to] of [
      ["bigint", "integer"],
      ["integer", "real"],
      ["bigint", "double precision"],
      ["integer", "numeric(5,0)"],
      ["text", "character varying(10)"],
      ["character varying(20)", "character varying(10)"],
      ["numeric(8,2)", "numeric(8,4)"],
      ["numeric", "numeric(8,2)"],
      ["bit(3)", "bit(4)"],
      ["timestamp without time zone", "timestamp with time zone"],
      ["timestamp without time zone", "timestamp(0) without time zone"],
      ["json", "jsonb"],
      ["uuid", "text"],
    ] as const
  ) assert.equal(change(from, to).safe, false, `${from} to ${to}`);
});

Deno.test("a shorter text has no USING, which would cut it without a word", () => {
  assert.equal(change("text", "character varying(3)").using, undefined);
  assert.equal(change("character varying(5)", "character(3)").using, undefined);
});

Deno.test("USING stands where there is no cast on assignment", () => {
  const cases: readonly [string, string, string | undefined][] = [
    ["text", "integer", "c::integer"],
    ["character varying(5)", "uuid", "c::uuid"],
    ["integer", "text", undefined],
    ["integer", "boolean", "c::integer::boolean"],
    ["boolean", "bigint", "c::integer::bigint"],
    ["uuid", "bigint", "c::text::bigint"],
    ["oid", "regclass", undefined],
    ["regtype", "bigint", undefined],
    ["integer[]", "bigint[]", undefined],
    ["integer[]", "uuid[]", "c::text[]::uuid[]"],
    ["text[]", "integer", "c::text::integer"],
    ["text", "text[]", "CASE WHEN c IS NOT NULL THEN ARRAY[c]::text[] END"],
    ["public.mood", "public.other", "c::text::public.other"],
    ["interval", "interval day to second(3)", undefined],
  ];
  for (const [from, to, using] of cases) {
    assert.equal(change(from, to).using, using, `${from} to ${to}`);
  }
});

Deno.test("values that go over to a domain have to fit it; those that leave it do", () => {
  const email = { type: "public.email", base: "text" };
  const text = { type: "text", base: "text" };
  assert.equal(typeChange(text, email, "c").safe, false);
  assert.deepEqual(typeChange(email, text, "c"), {
    using: undefined,
    rewrites: false,
    safe: true,
  });
});
