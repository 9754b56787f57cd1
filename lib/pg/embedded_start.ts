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
  readTar,
  unpackImage,
} from "./embedded_image.ts";
import {
  type EmscriptenOptions,
  interruption,
  type StartingModule,
} from "./embedded_interruption.ts";
import type { Request } from "./embedded_messages.ts";

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
 * Starts PGlite as a request says, and makes the cluster where there is none.
 *
 * @param request Directory, image, and the cells that both sides share.
 */
export async function start(
  { directory, create, image: given, cells }: Request & {
    readonly kind: "open";
  },
): Promise<Embedded> {
  const hooks = interruption(cells);
  const launch = async (
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
    return embedded(await launch(directory));
  }
  let image = given ?? await findImage(cachedImagePath());
  let fresh: PGlite | undefined;
  if (image === undefined) {
    fresh = await launch(undefined);
    image = await dump(fresh);
    await keepImage(cachedImagePath(), await packImage(image));
  }
  if (directory === undefined) {
    return embedded(fresh ?? await launch(undefined, image));
  }
  await fresh?.close();
  await unpackImage(image, directory);
  return embedded(await launch(directory));
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
export async function dump(pg: PGlite): Promise<Uint8Array<ArrayBuffer>> {
  await pg.exec("CHECKPOINT");
  const file = await pg.dumpDataDir("none");
  return new Uint8Array(await file.arrayBuffer());
}
