import assert from "@std/assert";
import {
  chosenName,
  isTemporaryName,
  joinedColumns,
  temporaryName,
} from "./chosen_name.ts";

Deno.test("chosenName() shortens the longer of table and columns to 63 bytes", () => {
  const long = "x".repeat(60);
  assert.equal(chosenName("users", "email", "idx"), "users_email_idx");
  assert.equal(chosenName("users", undefined, "pkey"), "users_pkey");
  assert.equal(chosenName(long, "a", "idx"), `${"x".repeat(57)}_a_idx`);
  assert.equal(chosenName("a", long, "idx"), `a_${"x".repeat(57)}_idx`);
  assert.equal(
    chosenName(long, "y".repeat(60), "key"),
    `${"x".repeat(29)}_${"y".repeat(29)}_key`,
  );
});

Deno.test("chosenName() cuts no character in two", () => {
  const made = chosenName("ä".repeat(31), undefined, "pkey");
  assert.equal(made, `${"ä".repeat(29)}_pkey`);
});

Deno.test("joinedColumns() ends with the column that makes it too long", () => {
  assert.equal(joinedColumns(["a", "b"]), "a_b");
  const long = "c".repeat(40);
  assert.equal(joinedColumns([long, long, "d"]), `${long}_${long}`);
});

Deno.test("temporaryName() takes the first name that is free, and fits", () => {
  assert.equal(temporaryName("a", () => false), "a_pawl");
  assert.equal(
    temporaryName("a", (name) => name === "a_pawl"),
    "a_pawl1",
  );
  const made = temporaryName("ü".repeat(31), () => false);
  assert.equal(made, `${"ü".repeat(29)}_pawl`);
  assert.ok(new TextEncoder().encode(made).length <= 63);
});

Deno.test("isTemporaryName() knows the names that temporaryName() makes, and no others", () => {
  const long = "ü".repeat(31);
  for (let taken = 0; taken < 12; taken++) {
    for (const name of ["a", "a_pawl", long]) {
      let n = 0;
      const made = temporaryName(name, () => n++ < taken);
      assert.ok(isTemporaryName(made, name), made);
      assert.ok(!isTemporaryName(name, name));
    }
  }
  for (const other of ["a", "b_pawl", "a_pawl0", "a_pawl01", "a_pawls"]) {
    assert.ok(!isTemporaryName(other, "a"), other);
  }
});
