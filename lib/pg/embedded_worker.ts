/**
 * The Worker in which PGlite runs, so that a statement blocks nothing but
 * itself. It knows PGlite and PostgreSQL's protocol; it must not know who holds
 * the directory's lock, nor what the statements are for.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { type Extension, PGlite, protocol } from "@electric-sql/pglite";
import {
  cachedImagePath,
  extensionNames,
  findImage,
  keepImage,
  packImage,
  readExtension,
  readTar,
  unpackImage,
} from "./embedded_image.ts";
import { splitStatements } from "../sql/split.ts";
import { commandTag, errorFields, noticeFields } from "./server_query.ts";
import type {
  Field,
  Notice,
  Parameter,
  ServerErrorFields,
  StatementResult,
} from "./session.ts";

/** What the Worker is asked. One request at a time. */
export type Request =
  | {
    readonly kind: "open";
    /** The data directory; undefined for a database in memory. */
    readonly directory: string | undefined;
    /** Whether the directory holds no cluster yet. */
    readonly create: boolean;
    /** What a database in memory starts from; undefined: a fresh cluster. */
    readonly image: Uint8Array<ArrayBuffer> | undefined;
    /** Extensions to have from the start. */
    readonly extensions: readonly string[];
    /** Shared with the other side: see {@linkcode CELL}. */
    readonly cells: Int32Array<SharedArrayBuffer>;
  }
  | {
    readonly kind: "run";
    readonly sql: string;
    /** Null for the simple protocol. */
    readonly parameters: readonly Parameter[] | null;
  }
  /** For an image of the database as it is now. */
  | { readonly kind: "dump" }
  | { readonly kind: "close" };

/** What the Worker answers. */
export type Answer =
  | { readonly kind: "opened"; readonly info: readonly string[] }
  | { readonly kind: "unopened"; readonly reason: string }
  | { readonly kind: "notice"; readonly notice: Notice; readonly size: number }
  | {
    /** Statements that have ended, and rows of the one that has not. */
    readonly kind: "part";
    readonly results: readonly StatementResult[];
    readonly rows: StatementResult["rows"];
    readonly size: number;
  }
  | {
    readonly kind: "done";
    readonly error: ServerErrorFields | undefined;
    readonly completed: number;
  }
  /** The statement was interrupted; the Worker touches nothing any more. */
  | { readonly kind: "stopped" }
  /** PGlite broke down; the Worker touches nothing any more. */
  | {
    readonly kind: "lost";
    readonly reason: string;
    readonly fields: ServerErrorFields | undefined;
  }
  | { readonly kind: "dumped"; readonly image: Uint8Array<ArrayBuffer> }
  | { readonly kind: "undumped"; readonly reason: string }
  | { readonly kind: "closed" };

/** The indexes of the cells that both sides share. */
export const CELL = {
  /** Not 0: stop what is running. */
  cancel: 0,
  /** The bytes on their way to the other side, about. */
  underway: 1,
} as const;

/** Results are sent in parts of about so many bytes. */
const PART_BYTES = 1 << 18;
/** So many bytes may be underway; then the statement waits for the reader. */
const UNDERWAY_BYTES = 1 << 24;
/** A checkpoint after so much SQL: without a checkpointer, the WAL only grows. */
const CHECKPOINT_BYTES = 1 << 26;

/**
 * PGlite's own parameters, but for four: its `-O` lets statements change system
 * catalogs; its `search_path` is not a server's; its `max_stack_depth` is more
 * than a Worker's stack bears, and beyond it the instance breaks where
 * PostgreSQL would say "stack depth limit exceeded"; and `posix_fallocate`
 * copies the whole file in memory each time a table grows.
 */
const START_PARAMETERS: readonly string[] = [
  "--single",
  "-F",
  "-j",
  ...[
    "exit_on_error=false",
    "log_checkpoints=false",
    "max_worker_processes=0",
    "max_parallel_workers=0",
    "max_parallel_workers_per_gather=0",
    "max_parallel_maintenance_workers=0",
    "io_method=sync",
    "max_stack_depth=200kB",
    "file_extend_method=write_zeros",
  ].flatMap((setting) => ["-c", setting]),
];

/**
 * In memory a buffer saves no disk, and all of them are touched at the start:
 * the 128 MB of a server would be 128 MB of memory, and a fifth of the start.
 */
const IN_MEMORY: readonly string[] = ["-c", "shared_buffers=16MB"];

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

/** COPY FROM STDIN would wait for data for ever; elsewhere this is ignored. */
const COPY_FAIL = protocol.serialize.copyFail("pawl has no data to send");

/** Extensions that need another one's files. */
const NEEDS: { readonly [name: string]: readonly string[] } = {
  earthdistance: ["cube"],
};

/** What runs instead of CREATE SUBSCRIPTION, so that it fails as a statement does. */
const REFUSAL = {
  severity: "ERROR",
  sqlstate: "0A000",
  message: "CREATE SUBSCRIPTION cannot run on the embedded database",
  hint: "run it on a PostgreSQL server",
} as const;
const RAISE_REFUSAL =
  `DO $$BEGIN RAISE feature_not_supported USING MESSAGE = '${REFUSAL.message}'; END$$`;

interface Embedded {
  readonly pg: PGlite;
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** The extensions whose files PGlite has. */
  readonly loaded: Set<string>;
  /** What broke PGlite, when something did. */
  readonly broken: () => unknown;
  /** Characters of SQL since the last checkpoint. */
  written: number;
}

let database: Embedded | undefined;

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  switch (data.kind) {
    case "open":
      try {
        database = await open(data);
        answer({ kind: "opened", info: await describe(database, data) });
      } catch (error) {
        answer({ kind: "unopened", reason: reasonOf(error) });
      }
      return;
    case "run":
      if (database !== undefined) await run(database, data);
      return;
    case "dump":
      try {
        if (database === undefined) throw new Error("it is not open");
        const image = await dump(database.pg);
        answer({ kind: "dumped", image }, [image.buffer]);
      } catch (error) {
        answer({ kind: "undumped", reason: reasonOf(error) });
      }
      return;
    case "close":
      await database?.pg.close();
      return answer({ kind: "closed" });
    default:
      data satisfies never;
  }
};

function answer(
  message: Answer,
  transfer: readonly Transferable[] = [],
): void {
  self.postMessage(message, [...transfer]);
}

async function open(
  { directory, create, image: given, cells }: Request & {
    readonly kind: "open";
  },
): Promise<Embedded> {
  const hooks = interruption(cells);
  const start = async (
    place: string | undefined,
    image?: Uint8Array<ArrayBuffer>,
  ) => {
    const pg = await PGlite.create({
      startParams: [
        ...START_PARAMETERS,
        ...place === undefined ? IN_MEMORY : [],
      ],
      extensions: {
        interruption: hooks.extension,
        ...(image === undefined ? {} : { cluster: clusterOf(image) }),
      },
      ...(place === undefined ? {} : { dataDir: place }),
    });
    hooks.watch(pg);
    return pg;
  };
  const embedded = (pg: PGlite): Embedded => ({
    pg,
    cells,
    loaded: new Set(),
    broken: hooks.broken,
    written: 0,
  });
  if (directory !== undefined && !create) {
    return embedded(await start(directory));
  }
  let image = given ?? await findImage(cachedImagePath());
  let fresh: PGlite | undefined;
  if (image === undefined) {
    fresh = await start(undefined);
    image = await dump(fresh);
    await keepImage(cachedImagePath(), await packImage(image));
  }
  if (directory === undefined) {
    return embedded(fresh ?? await start(undefined, image));
  }
  await fresh?.close();
  await unpackImage(image, directory);
  return embedded(await start(directory));
}

/**
 * Puts a cluster where PGlite looks for one before it starts. Its own
 * `loadDataDir` copies the image four times on the way; here the files are the
 * image's bytes, which are PGlite's from then on.
 */
function clusterOf(image: Uint8Array<ArrayBuffer>): Extension {
  const unpack = ({ FS }: StartingModule) => {
    FS.mkdirTree(PGlite.paths.PGDATA);
    for (const { name, kind, data } of readTar(image)) {
      const path = `${PGlite.paths.PGDATA}/${name}`;
      if (kind === "directory") FS.mkdirTree(path);
      else FS.writeFile(path, data, { canOwn: true });
    }
  };
  return {
    name: "cluster",
    setup: (_pg, emscripten: EmscriptenOptions) =>
      Promise.resolve({
        emscriptenOpts: {
          ...emscripten,
          preRun: [...emscripten.preRun, unpack],
        },
      }),
  };
}

/** The data directory as tar, as of a checkpoint: starting from it replays nothing. */
async function dump(pg: PGlite): Promise<Uint8Array<ArrayBuffer>> {
  await pg.exec("CHECKPOINT");
  const file = await pg.dumpDataDir("none");
  return new Uint8Array(await file.arrayBuffer());
}

/** Reads the info, and gives PGlite the extensions that are wanted or installed. */
async function describe(
  embedded: Embedded,
  { extensions }: Request & { readonly kind: "open" },
): Promise<readonly string[]> {
  const { rows } = await embedded.pg.query<string[]>(
    `SELECT pg_catalog.current_setting('server_version_num'),
      pg_catalog.current_setting('server_version'),
      pg_catalog.current_database()::text, session_user::text
    UNION ALL SELECT extname::text, NULL, NULL, NULL FROM pg_catalog.pg_extension`,
    [],
    { rowMode: "array" },
  );
  const [info, ...installed] = rows;
  for (
    const name of [
      ...extensions,
      ...installed.map(([name]) => name ?? ""),
    ]
  ) {
    await loadExtension(embedded, name);
  }
  return info ?? [];
}

/**
 * Gives PGlite the files of every extension that a script mentions. A file
 * costs one to ten milliseconds, all of them at the start would cost 100 at
 * every start; and they may come at any time, so nothing has to be reopened.
 */
async function loadMentioned(embedded: Embedded, sql: string): Promise<void> {
  if (!/extension|load|libdir/i.test(sql)) return;
  const all = /pg_available_extension/i.test(sql);
  const words = all
    ? undefined
    : new Set(sql.toLowerCase().match(/[a-z]\w*(?:-[a-z]\w*)*/g));
  for (const name of extensionNames) {
    if (words?.has(name) ?? true) await loadExtension(embedded, name);
  }
}

async function loadExtension(embedded: Embedded, name: string): Promise<void> {
  const { pg, loaded } = embedded;
  if (loaded.has(name) || !extensionNames.includes(name)) return;
  loaded.add(name);
  for (const needed of NEEDS[name] ?? []) await loadExtension(embedded, needed);
  for (const { name: path, kind, data } of await readExtension(name)) {
    if (kind === "file") pg.copyToFS(`${PGlite.paths.PG_ROOT}/${path}`, data);
  }
}

async function run(
  embedded: Embedded,
  request: Request & { readonly kind: "run" },
): Promise<void> {
  const { pg, cells } = embedded;
  const refused = subscriptionOffset(request.sql);
  const round = roundTrip(cells);
  try {
    await loadMentioned(embedded, request.sql);
    await pg.execProtocolRawStream(
      refused === undefined
        ? encode(request)
        // What stands before it runs, as on a server that refuses it.
        : simple(request.sql.slice(0, refused) + RAISE_REFUSAL),
      { onRawData: round.receive },
    );
    embedded.written += request.sql.length;
    if (embedded.written > CHECKPOINT_BYTES && round.status() === "I") {
      embedded.written = 0;
      await pg.execProtocolRawStream(simple("CHECKPOINT"), { onRawData() {} });
    }
  } catch (error) {
    return answer({
      kind: "lost",
      reason: reasonOf(embedded.broken() ?? error),
      fields: round.error(),
    });
  }
  if (Atomics.load(cells, CELL.cancel) !== 0) {
    return answer({ kind: "stopped" });
  }
  round.flush();
  const error = round.error();
  answer({
    kind: "done",
    error: error?.message === REFUSAL.message ? REFUSAL : error,
    completed: round.completed(),
  });
}

function simple(sql: string): Uint8Array {
  return concatenate([protocol.serialize.query(sql), COPY_FAIL]);
}

function encode(
  { sql, parameters }: Request & { readonly kind: "run" },
): Uint8Array {
  if (parameters === null) return simple(sql);
  const { parse, bind, describe, execute, sync } = protocol.serialize;
  return concatenate([
    parse({ text: sql }),
    bind({ values: [...parameters] }),
    describe({ type: "P" }),
    execute(),
    COPY_FAIL,
    sync(),
  ]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Where a script creates a subscription, which PGlite cannot: there is no
 * process to receive anything.
 */
function subscriptionOffset(sql: string): number | undefined {
  if (!/subscription/i.test(sql)) return undefined;
  return splitStatements(sql).statements.find(({ words: [first, second] }) =>
    first === "create" && second === "subscription"
  )?.start;
}

/** Decodes what comes back and passes it on in parts. */
function roundTrip(cells: Int32Array<SharedArrayBuffer>) {
  const { messages } = protocol;
  const parser = new protocol.Parser();
  let results: StatementResult[] = [];
  let rows: (readonly (string | null)[])[] = [];
  let fields: readonly Field[] = [];
  let size = 0;
  let completed = 0;
  let copyRefused = false;
  let failure: ServerErrorFields | undefined;
  let status = "";

  const send = (message: Answer, bytes: number) => {
    Atomics.add(cells, CELL.underway, bytes);
    answer(message);
    // A flood must not outrun its reader.
    for (;;) {
      const underway = Atomics.load(cells, CELL.underway);
      if (underway < UNDERWAY_BYTES || Atomics.load(cells, CELL.cancel) !== 0) {
        return;
      }
      Atomics.wait(cells, CELL.underway, underway, 100);
    }
  };
  const flush = () => {
    if (size === 0) return;
    const part: Answer = { kind: "part", results, rows, size };
    results = [];
    rows = [];
    size = 0;
    send(part, part.size);
  };
  const add = (bytes: number) => {
    size += bytes;
    if (size > PART_BYTES) flush();
  };
  const handle: Parameters<typeof parser.parse>[1] = (message) => {
    if (message instanceof messages.DataRowMessage) {
      rows.push(message.fields);
      add(message.length);
    } else if (message instanceof messages.RowDescriptionMessage) {
      fields = message.fields.map(({ name, dataTypeID }) => ({
        name,
        typeOid: dataTypeID,
      }));
    } else if (message instanceof messages.CommandCompleteMessage) {
      completed++;
      results.push({ ...commandTag(message.text), fields, rows });
      rows = [];
      fields = [];
      add(message.length);
    } else if (message instanceof messages.NoticeMessage) {
      const notice = noticeFields(message);
      if (notice === undefined) return;
      flush();
      send({ kind: "notice", notice, size: message.length }, message.length);
    } else if (message instanceof messages.DatabaseError) {
      failure ??= copyFailure(errorFields(message), copyRefused);
    } else if (message instanceof messages.ReadyForQueryMessage) {
      status = message.status;
    } else if (message.name === "copyInResponse") {
      copyRefused = true;
    }
  };
  return {
    receive: (bytes: Uint8Array) => parser.parse(bytes, handle),
    flush,
    completed: () => completed,
    error: () => failure,
    status: () => status,
  };
}

/**
 * The server calls a failed COPY a cancelled one (57014), which would read as a
 * time-out or an interrupt.
 */
function copyFailure(
  fields: ServerErrorFields | undefined,
  copyRefused: boolean,
): ServerErrorFields | undefined {
  return copyRefused && fields?.sqlstate === "57014"
    ? {
      ...fields,
      sqlstate: "0A000",
      message: "COPY FROM STDIN cannot run here: there is no data to send",
      hint: "put the rows into INSERT statements, or load the file with psql",
    }
    : fields;
}

/**
 * What makes a statement stop, and what notices that PGlite broke down.
 *
 * No signal reaches WASM, and Deno's `terminate()` ends a busy Worker after two
 * seconds or (2.9) never. But PostgreSQL leaves WASM for every file and clock
 * it reads: there the shared cell is looked at, and PostgreSQL's own flags are
 * set, on which it cancels the statement as for a signal.
 */
function interruption(cells: Int32Array<SharedArrayBuffer>) {
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
          instantiateWasm: (imports: WebAssembly.Imports, done: unknown) => {
            new Set(Object.values(imports)).forEach(wrap);
            return emscripten.instantiateWasm(imports, done);
          },
        },
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
interface StartingModule {
  readonly FS: {
    mkdirTree(path: string): void;
    writeFile(
      path: string,
      data: Uint8Array,
      options: { readonly canOwn: boolean },
    ): void;
  };
}

/** The part of Emscripten's options that is wrapped. */
interface EmscriptenOptions {
  readonly preRun: readonly ((module: StartingModule) => void)[];
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    done: unknown,
  ) => unknown;
}

/** The status with which PGlite's PostgreSQL leaves for its error handler. */
const LONGJMP_STATUS = 100;

function isLongjmp(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error &&
    error.status === LONGJMP_STATUS;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
