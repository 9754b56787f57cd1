import assert from "@std/assert";
import { dumpDifferences } from "./pg_dump.ts";

const DUMP = `--
-- PostgreSQL database dump
--

SET statement_timeout = 0;

CREATE TABLE public.t (
    a integer CONSTRAINT t_a_not_null NOT NULL,
    b text DEFAULT 'x'::text
);


CREATE VIEW public.v AS
 SELECT a,
    b
   FROM public.t;


GRANT SELECT ON TABLE public.t TO x;
GRANT SELECT ON TABLE public.t TO y;


ALTER PUBLICATION news ADD TABLE ONLY public.t ("B b", a) WHERE ((a > 2));
`;

Deno.test("a dump is the same whatever the order of statements, columns, those of publications too, and grants, and the names of not-null constraints", () => {
  const other =
    `ALTER PUBLICATION news ADD TABLE ONLY public.t (a, "B b") WHERE ((a > 2));


CREATE VIEW public.v AS
 SELECT a,
    b
   FROM public.t;


CREATE TABLE public.t (
    b text DEFAULT 'x'::text,
    a integer NOT NULL
);


GRANT SELECT ON TABLE public.t TO y;
GRANT SELECT ON TABLE public.t TO x;
`;
  assert.deepEqual(dumpDifferences(DUMP, other), []);
});

Deno.test("a dump differs by a column's type, a view's order of columns, a statement more", () => {
  const changed = (from: string, to: string) =>
    dumpDifferences(DUMP.replace(from, to), DUMP).length;
  assert.equal(changed("a integer", "a bigint"), 2);
  assert.equal(changed("SELECT a,\n    b", "SELECT b,\n    a"), 2);
  assert.equal(changed("GRANT SELECT ON TABLE public.t TO y;\n", ""), 1);
  assert.equal(changed(" NOT NULL", ""), 2);
  assert.equal(changed('"B b", a', '"B b", b'), 2);
  assert.equal(changed("a > 2", "a > 3"), 2);
});
