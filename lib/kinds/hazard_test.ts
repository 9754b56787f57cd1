import assert from "@std/assert";
import { adviceOf, type Hazard, hazardReason } from "./hazard.ts";

const SCAN: Hazard = { kind: "scan", reason: "every row is read" };

function withRows(
  hazard: Hazard,
  rows: number | undefined,
  bytes = 0,
): Hazard {
  return { ...hazard, size: { rows, bytes } };
}

Deno.test("hazardReason() says how many rows there are, and from 100,000 on what is better", () => {
  const online: Hazard = { ...SCAN, instead: "online" };
  assert.equal(hazardReason(online), "every row is read");
  assert.equal(
    hazardReason(withRows(online, 1)),
    "every row is read (about 1 row)",
  );
  assert.equal(
    hazardReason(withRows(online, 99_999)),
    "every row is read (about 99,999 rows)",
  );
  assert.equal(adviceOf(withRows(online, 99_999)), undefined);
  assert.equal(
    hazardReason(withRows(online, 100_000)),
    "every row is read (about 100,000 rows; with so many, better without --locking, so that writers go on meanwhile)",
  );
  assert.equal(
    hazardReason(withRows(SCAN, 100_000)),
    "every row is read (about 100,000 rows, which takes its time)",
  );
});

Deno.test("hazardReason() goes by the size of a table that was never analyzed", () => {
  assert.equal(
    hazardReason(withRows(SCAN, undefined, 8192)),
    "every row is read (1 MB, never analyzed)",
  );
  assert.match(
    hazardReason(withRows(SCAN, undefined, 50_000_000)),
    /\(50 MB, never analyzed, which takes its time\)$/,
  );
});

Deno.test("hazardReason() does not say that all rows are in the way", () => {
  const fails: Hazard = { kind: "data-dependent", reason: "fails on NULL" };
  assert.equal(
    hazardReason(withRows(fails, 200_000)),
    "fails on NULL (among about 200,000 rows)",
  );
});
