/**
 * Stops what PGlite runs, and notices that it broke down. It knows how
 * PostgreSQL as WASM calls out; it must not know what it runs.
 *
 * @module
 */

import type { Extension, PGlite } from "@electric-sql/pglite";
import { CELL } from "./embedded_messages.ts";

/** Calls by which PostgreSQL leaves WASM often: for files, and the time. */
const INTERRUPTIBLE = new Set([
  "clock_time_get",
  "emscripten_date_now",
  "fd_pread",
  "fd_pwrite",
  "fd_read",
  "fd_seek",
  "fd_write",
  "__syscall_openat",
  "__syscall_poll",
]);

/** A hundred years in nanoseconds. */
const CENTURY_NS = 3_155_760_000_000_000_000n;

/** A guard over one instance. */
export interface Interruption {
  /** What PGlite must be started with. */
  readonly extension: Extension;
  /** Begins, once it has started. */
  readonly watch: (pg: PGlite) => void;
  /** What broke it; undefined while nothing has. */
  readonly broken: () => unknown;
}

/**
 * What makes a statement stop, and what notices that PGlite broke down.
 *
 * No signal reaches WASM, and Deno's `terminate()` ends a busy Worker after two
 * seconds or (2.9) never. But PostgreSQL leaves WASM for every file and clock
 * it reads: there the shared cell is looked at, and PostgreSQL's own flags are
 * set, on which it cancels the statement as for a signal.
 */
export function interruption(
  cells: Int32Array<SharedArrayBuffer>,
): Interruption {
  let running: PGlite | undefined;
  let broken: unknown;
  const interrupt = () => {
    // While it starts there is no statement to cancel; nothing is lost either.
    if (running === undefined) throw new Error("interrupted");
    const { buffer } = running.Module.wasmMemory;
    for (const name of ["_QueryCancelPending", "_InterruptPending"]) {
      const address: unknown = Reflect.get(running.Module, name);
      if (typeof address === "number") {
        new Int32Array(buffer, address, 1)[0] = 1;
      }
    }
  };
  const wrap = (imports: WebAssembly.ModuleImports) => {
    for (const [name, original] of Object.entries(imports)) {
      if (!INTERRUPTIBLE.has(name) || typeof original !== "function") continue;
      imports[name] = (...values: unknown[]) => {
        if (Atomics.load(cells, CELL.cancel) === 0) return original(...values);
        interrupt();
        const result = original(...values);
        if (name === "clock_time_get") leap(values[2]);
        return result;
      };
    }
  };
  // pg_sleep() spins until the clock says that it is over.
  const leap = (pointer: unknown) => {
    if (running === undefined || typeof pointer !== "number") return;
    const memory = new DataView(running.Module.wasmMemory.buffer);
    const now = memory.getBigUint64(pointer, true);
    memory.setBigUint64(pointer, now + CENTURY_NS, true);
  };
  const extension: Extension = {
    name: "interruption",
    setup: (_pg, emscripten: EmscriptenOptions) =>
      Promise.resolve({
        emscriptenOpts: {
          ...emscripten,
          instantiateWasm: (imports, done) => {
            new Set(Object.values(imports)).forEach(wrap);
            return emscripten.instantiateWasm(imports, done);
          },
        } satisfies EmscriptenOptions,
      }),
  };
  const watch = (pg: PGlite) => {
    running = pg;
    const { Module } = pg;
    const { _PostgresMainLoopOnce: once, stackRestore } = Module;
    // PGlite goes on after any exception, PostgreSQL's own (status 100) or not;
    // what is none of those has unwound past PostgreSQL's cleaning up.
    Module._PostgresMainLoopOnce = () => {
      try {
        once();
      } catch (error) {
        if (!isLongjmp(error)) broken = error;
        throw error;
      }
    };
    Module.stackRestore = (pointer) => {
      if (broken !== undefined) throw broken;
      return stackRestore(pointer);
    };
  };
  return { extension, watch, broken: () => broken };
}

/** What Emscripten gives to those who prepare a module. */
export interface StartingModule {
  readonly FS: {
    mkdirTree(path: string): void;
    writeFile(
      path: string,
      data: Uint8Array,
      options: { readonly canOwn: boolean },
    ): void;
    lookupPath(path: string): { readonly node: FileNode };
  };
}

/** A file in memory. */
export interface FileNode {
  /** Its bytes, and room for more. */
  contents: Uint8Array;
}

/** The part of Emscripten's options that is wrapped. */
export interface EmscriptenOptions {
  readonly preRun: readonly ((module: StartingModule) => void)[];
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: (
      instance: WebAssembly.Instance,
      module: WebAssembly.Module,
    ) => unknown,
  ) => unknown;
}

/** The status with which PGlite's PostgreSQL leaves for its error handler. */
const LONGJMP_STATUS = 100;

function isLongjmp(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error &&
    error.status === LONGJMP_STATUS;
}
