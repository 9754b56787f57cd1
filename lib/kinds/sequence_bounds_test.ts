import assert from "@std/assert";
import { fitValue } from "./sequence_bounds.ts";

const bounds = (minimum: string, maximum: string) => ({ minimum, maximum });

Deno.test("wider limits leave the number where it is", () => {
  assert.deepEqual(fitValue("s", bounds("1", "10"), bounds("0", "20")), []);
});

Deno.test("narrower limits take the number along, before they are set", () => {
  const [only, more] = fitValue(
    "public.s",
    bounds("1", "9223372036854775807"),
    bounds("10", "20"),
  );
  assert.equal(more, undefined);
  assert.equal(
    only?.sql,
    "SELECT pg_catalog.setval('public.s'::pg_catalog.regclass, LEAST(GREATEST(last_value, 10), 20), is_called) FROM public.s WHERE last_value NOT BETWEEN 10 AND 20",
  );
});

Deno.test("limits that have nothing in common are widened first", () => {
  const [first, second] = fitValue("s", bounds("1", "10"), bounds("20", "30"));
  assert.equal(first?.sql, "ALTER SEQUENCE s MINVALUE 1 MAXVALUE 30");
  assert.match(second?.sql ?? "", /BETWEEN 20 AND 30$/);
});
