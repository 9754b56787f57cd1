/**
 * Starts PGlite in a directory or in memory, from a cluster's image. It must
 * not know what it is started for.
 *
 * @module
 */

import { type Extension, PGlite } from "@electric-sql/pglite";
import {
  cachedImagePath,
  findImage,
  keepImage,
  packImage,
  unpackImage,
} from "./embedded_image.ts";
import {
  type EmscriptenOptions,
  type FileNode,
  interruption,
  type StartingModule,
} from "./embedded_interruption.ts";
import type { Ready, Request } from "./embedded_messages.ts";
import { readTar, shrinkTar, type TarEntry } from "./tar.ts";

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

/** A database that runs. */
export interface Embedded {
  readonly pg: PGlite;
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** The extensions whose files PGlite has. */
  readonly loaded: Set<string>;
  /** What broke PGlite, when something did. */
  readonly broken: () => unknown;
  /** Characters of SQL since the last checkpoint. */
  written: number;
}

/**
 * PGlite asks for the types of arrays when it starts, to read their values;
 * here values stay as the server sends them.
 */
class PlainPGlite extends PGlite {
  override _initArrayTypes(): Promise<void> {
    return Promise.resolve();
  }
}

/**
 * Starts PGlite as a request says, and makes the cluster where there is none.
 *
 * @param request Directory, image, and the cells that both sides share.
 * @param onReady Told of what is ready for those that start later, part by
 * part.
 */
export async function start(
  request: Request & { readonly kind: "open" },
  onReady: (ready: Ready) => void,
): Promise<Embedded> {
  const { directory, create, cells } = request;
  const hooks = interruption(cells);
  let { module, image } = request.ready;
  const onModule = (compiled: WebAssembly.Module) => {
    if (module === undefined) onReady({ module: module = compiled, image });
  };
  const launch = async (
    place: string | undefined,
    cluster: readonly TarEntry<ArrayBufferLike>[],
  ) => {
    const pg = new PlainPGlite({
      startParams: [
        ...START_PARAMETERS,
        ...place === undefined ? IN_MEMORY : [],
      ],
      initDbStartParams: ["--wal-segsize=1"],
      extensions: {
        interruption: hooks.extension,
        module: moduleWatch(onModule),
        cluster: clusterOf(cluster),
      },
      ...(module === undefined ? {} : { pgliteWasmModule: module }),
      ...(place === undefined ? {} : { dataDir: place }),
    });
    await pg.waitReady;
    hooks.watch(pg);
    return pg;
  };
  const fresh = async () => {
    if (image !== undefined) return image;
    const found = await findImage(cachedImagePath());
    if (found !== undefined) return image = shared(found);
    const pg = await launch(undefined, []);
    const made = await dump(pg);
    await pg.close();
    await keepImage(cachedImagePath(), await packImage(made));
    return image = shared(made);
  };
  const embedded = (pg: PGlite): Embedded => ({
    pg,
    cells,
    loaded: new Set(),
    broken: hooks.broken,
    written: 0,
  });
  if (directory === undefined) {
    const cluster = readTar<ArrayBufferLike>(request.image ?? await fresh());
    return embedded(await launch(undefined, cluster));
  }
  if (create) await unpackImage(await fresh(), directory);
  return embedded(await launch(directory, []));
}

/** A copy that several Workers can have. */
function shared(image: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(image.length));
  copy.set(image);
  return copy;
}

/** Tells of the module as soon as it is compiled. */
function moduleWatch(
  onModule: (module: WebAssembly.Module) => void,
): Extension {
  return {
    name: "module",
    setup: (_pg, emscripten: EmscriptenOptions) =>
      Promise.resolve({
        emscriptenOpts: {
          ...emscripten,
          instantiateWasm: (imports, done) =>
            emscripten.instantiateWasm(imports, (instance, module) => {
              onModule(module);
              return done(instance, module);
            }),
        } satisfies EmscriptenOptions,
      }),
  };
}

/**
 * Puts a cluster where PGlite looks for one before it starts. Its own
 * `loadDataDir` copies the image four times on the way; here the files are the
 * image's bytes until they are written to, which most never are.
 */
function clusterOf(entries: readonly TarEntry<ArrayBufferLike>[]): Extension {
  const unpack = ({ FS }: StartingModule) => {
    if (entries.length > 0) FS.mkdirTree(PGlite.paths.PGDATA);
    for (const { name, kind, data } of entries) {
      const path = `${PGlite.paths.PGDATA}/${name}`;
      if (kind === "directory") FS.mkdirTree(path);
      else {
        FS.writeFile(path, data, { canOwn: true });
        // All empty files have the same contents.
        if (data.length > 0) copyOnWrite(FS.lookupPath(path).node);
      }
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

/** What Emscripten's files in memory change in place, they change by `set()`. */
function copyOnWrite(file: FileNode): void {
  const original = file.contents;
  Object.defineProperty(original, "set", {
    value: (bytes: ArrayLike<number>, offset?: number) => {
      file.contents = new Uint8Array(original);
      file.contents.set(bytes, offset);
    },
  });
}

/**
 * The data directory as tar, as of a checkpoint: starting from it replays
 * nothing. Of the write-ahead log only what is read then is in it.
 *
 * @throws {Error} In a transaction, or where the role may not do that.
 */
export async function dump(pg: PGlite): Promise<Uint8Array<ArrayBuffer>> {
  await pg.exec("CHECKPOINT");
  const { rows: [needed] } = await pg.query<string[]>(
    `SELECT redo_wal_file,
        pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn() OPERATOR(pg_catalog.+) 1::pg_catalog.numeric)
      FROM pg_catalog.pg_control_checkpoint()`,
    [],
    { rowMode: "array" },
  );
  const [first = "", last = ""] = needed ?? [];
  const file = await pg.dumpDataDir("none");
  return shrinkTar(new Uint8Array(await file.arrayBuffer()), (path) => {
    const segment = /^pg_wal\/([0-9A-F]{24})$/.exec(path)?.[1];
    return segment === undefined || (segment >= first && segment <= last);
  });
}
