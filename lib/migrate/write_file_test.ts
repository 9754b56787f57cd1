import assert from "@std/assert";
import { join } from "node:path";
import { PawlError } from "../errors.ts";
import { writeFileAtomic } from "./write_file.ts";

/** A directory for one test, and what is in it at the end. */
function inDirectory(body: (directory: string) => readonly string[]): void {
  const directory = Deno.makeTempDirSync({ prefix: "pawl-write-" });
  try {
    const expected = body(directory);
    const found = [...Deno.readDirSync(directory)].map((e) => e.name).sort();
    assert.deepEqual(found, expected);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function fails(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof PawlError && error.code === code &&
    message.test(error.message);
}

Deno.test("a file is written whole, and leaves nothing beside it", () => {
  inDirectory((directory) => {
    const path = join(directory, "a.sql");
    writeFileAtomic(path, "é\r\n");
    assert.deepEqual(
      Deno.readFileSync(path),
      new Uint8Array([0xc3, 0xa9, 13, 10]),
    );
    writeFileAtomic(join(directory, "b"), new Uint8Array([0, 255]));
    assert.deepEqual(
      Deno.readFileSync(join(directory, "b")),
      new Uint8Array([0, 255]),
    );
    return ["a.sql", "b"];
  });
});

Deno.test("a file that exists is replaced only when that is meant", () => {
  inDirectory((directory) => {
    const path = join(directory, "a.sql");
    writeFileAtomic(path, "old");
    Deno.chmodSync(path, 0o640);
    assert.throws(
      () => writeFileAtomic(path, "new", { display: "m/a.sql" }),
      fails("file-exists", /^Cannot write m\/a\.sql: /),
    );
    assert.equal(Deno.readTextFileSync(path), "old");
    writeFileAtomic(path, "new", { replace: true });
    assert.equal(Deno.readTextFileSync(path), "new");
    assert.equal((Deno.statSync(path).mode ?? 0) & 0o777, 0o640);
    return ["a.sql"];
  });
});

Deno.test("a link is followed where a file is replaced, and kept where one is made", () => {
  inDirectory((directory) => {
    const [target, link, broken] = ["target", "link", "broken"]
      .map((name) => join(directory, name));
    assert.ok(target && link && broken);
    Deno.writeTextFileSync(`${target}`, "old");
    Deno.symlinkSync("target", `${link}`);
    Deno.symlinkSync("nowhere", `${broken}`);
    writeFileAtomic(`${link}`, "new", { replace: true });
    assert.equal(Deno.lstatSync(`${link}`).isSymlink, true);
    assert.equal(Deno.readTextFileSync(`${target}`), "new");
    assert.throws(
      () => writeFileAtomic(`${broken}`, "x"),
      fails("file-exists", /broken/),
    );
    return ["broken", "link", "target"];
  });
});

Deno.test("what is no file is not replaced by one", async () => {
  const directory = Deno.makeTempDirSync({ prefix: "pawl-write-" });
  try {
    const pipe = join(directory, "pipe");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    assert.throws(
      () => writeFileAtomic(pipe, "x", { replace: true }),
      fails("file-unwritable", /it is a device, pipe or socket/),
    );
    assert.equal(Deno.lstatSync(pipe).isFifo, true);
    assert.deepEqual([...Deno.readDirSync(directory)].length, 1);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});

Deno.test("what cannot be written leaves nothing behind", () => {
  inDirectory((directory) => {
    Deno.writeTextFileSync(join(directory, "file"), "");
    Deno.mkdirSync(join(directory, "folder"));
    Deno.writeTextFileSync(join(directory, "folder", "inside"), "");
    for (const path of ["file/a.sql", "nowhere/a.sql"]) {
      assert.throws(
        () => writeFileAtomic(join(directory, path), "x"),
        fails("file-unwritable", /Cannot write/),
        path,
      );
    }
    assert.throws(
      () => writeFileAtomic(join(directory, "folder"), "x", { replace: true }),
      fails("file-unwritable", /Cannot write/),
    );
    return ["file", "folder"];
  });
});
