import assert from "@std/assert";
import { withoutImplicitCasts } from "./implicit_casts.ts";

const ARRAY =
  "ARRAY['it''s'::character varying, '])::text[])'::character varying]";

Deno.test("the cast of an array of varchar goes where the other side is text", () => {
  for (const operator of ["= ANY", "<> ALL", "~~ ANY", "!~~* ALL"]) {
    assert.equal(
      withoutImplicitCasts(
        `(((t.s)::text ${operator} ((${ARRAY})::text[])) OR x)`,
      ),
      `(((t.s)::text ${operator} (${ARRAY})) OR x)`,
    );
  }
  assert.equal(
    withoutImplicitCasts(
      "(((s)::text COLLATE \"C\") = ANY ((ARRAY['a'::character varying(2), NULL::character varying])::text[]))",
    ),
    "(((s)::text COLLATE \"C\") = ANY (ARRAY['a'::character varying(2), NULL::character varying]))",
  );
  assert.equal(
    withoutImplicitCasts(
      "((c)::inet = ANY ((ARRAY['1.1.1.0/24'::cidr])::inet[]))",
    ),
    "((c)::inet = ANY (ARRAY['1.1.1.0/24'::cidr]))",
  );
});

Deno.test("casts stay that mean something: other types, other elements, another left side", () => {
  for (
    const sql of [
      `(n = ANY ((${ARRAY})::text[]))`,
      "((s)::text = ANY ((ARRAY[(n)::character varying])::text[]))",
      "((s)::text = ANY ((ARRAY['a'::bpchar])::text[]))",
      "((s)::text = ANY (ARRAY[('a'::character varying)::text]))",
    ]
  ) assert.equal(withoutImplicitCasts(sql), sql);
});

Deno.test("what is quoted stays as it is", () => {
  const sql =
    `('x::text = ANY ((ARRAY[''a''::character varying])::text[])' || "y::text = ANY ((ARRAY['a'::character varying])::text[])")`;
  assert.equal(withoutImplicitCasts(sql), sql);
});
