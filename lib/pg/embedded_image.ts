/**
 * What an embedded database is unpacked from. The saved image of a fresh
 * cluster starts it in a fraction of a second where initdb takes several: where
 * it is looked for, checked, kept and unpacked. And the archives of PGlite's
 * extensions. It knows tar and gzip; it must not know sessions or locks.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { readTar, type TarEntry } from "./tar.ts";

/** The version of PGlite whose clusters these are; the import map pins the same. */
export const PGLITE_VERSION = "0.5.16";
/** The major version of PostgreSQL that PGlite is. */
export const POSTGRES_MAJOR = "18";

/** The name of the image; with the second number what is in it, and how, has changed. */
export const IMAGE_NAME: string = `pglite-${PGLITE_VERSION}-2.tar.gz`;

/** Where an image that ships with the program lies; `deno compile --include` it. */
export const SHIPPED_IMAGE: URL = new URL(
  `../../build/${IMAGE_NAME}`,
  import.meta.url,
);

/** What a module of PGlite's contrib says of its extension. */
interface Contrib {
  /** Says where its archive lies, whatever it is given. */
  readonly setup: (
    ...ignored: never[]
  ) => Promise<{ readonly bundlePath?: URL }>;
}

/**
 * Every library and extension that PGlite ships, with the module that knows its
 * archive. The specifiers are literal so that a compiled program holds them.
 */
const EXTENSIONS: { readonly [name: string]: () => Promise<Contrib> } = {
  "amcheck": async () =>
    (await import("@electric-sql/pglite/contrib/amcheck")).amcheck,
  "auto_explain": async () =>
    (await import("@electric-sql/pglite/contrib/auto_explain")).auto_explain,
  "autoinc": async () =>
    (await import("@electric-sql/pglite/contrib/moddatetime")).moddatetime,
  "bloom": async () =>
    (await import("@electric-sql/pglite/contrib/bloom")).bloom,
  "btree_gin": async () =>
    (await import("@electric-sql/pglite/contrib/btree_gin")).btree_gin,
  "btree_gist": async () =>
    (await import("@electric-sql/pglite/contrib/btree_gist")).btree_gist,
  "citext": async () =>
    (await import("@electric-sql/pglite/contrib/citext")).citext,
  "cube": async () => (await import("@electric-sql/pglite/contrib/cube")).cube,
  "dict_int": async () =>
    (await import("@electric-sql/pglite/contrib/dict_int")).dict_int,
  "dict_xsyn": async () =>
    (await import("@electric-sql/pglite/contrib/dict_xsyn")).dict_xsyn,
  "earthdistance": async () =>
    (await import("@electric-sql/pglite/contrib/earthdistance")).earthdistance,
  "file_fdw": async () =>
    (await import("@electric-sql/pglite/contrib/file_fdw")).file_fdw,
  "fuzzystrmatch": async () =>
    (await import("@electric-sql/pglite/contrib/fuzzystrmatch")).fuzzystrmatch,
  "hstore": async () =>
    (await import("@electric-sql/pglite/contrib/hstore")).hstore,
  "insert_username": async () =>
    (await import("@electric-sql/pglite/contrib/moddatetime")).moddatetime,
  "intarray": async () =>
    (await import("@electric-sql/pglite/contrib/intarray")).intarray,
  "isn": async () => (await import("@electric-sql/pglite/contrib/isn")).isn,
  "lo": async () => (await import("@electric-sql/pglite/contrib/lo")).lo,
  "ltree": async () =>
    (await import("@electric-sql/pglite/contrib/ltree")).ltree,
  "moddatetime": async () =>
    (await import("@electric-sql/pglite/contrib/moddatetime")).moddatetime,
  "pageinspect": async () =>
    (await import("@electric-sql/pglite/contrib/pageinspect")).pageinspect,
  "pg_buffercache": async () =>
    (await import("@electric-sql/pglite/contrib/pg_buffercache"))
      .pg_buffercache,
  "pg_stat_statements": async () =>
    (await import("@electric-sql/pglite/contrib/pg_stat_statements"))
      .pg_stat_statements,
  "pg_surgery": async () =>
    (await import("@electric-sql/pglite/contrib/pg_surgery")).pg_surgery,
  "pg_trgm": async () =>
    (await import("@electric-sql/pglite/contrib/pg_trgm")).pg_trgm,
  "pg_visibility": async () =>
    (await import("@electric-sql/pglite/contrib/pg_visibility")).pg_visibility,
  "pg_walinspect": async () =>
    (await import("@electric-sql/pglite/contrib/pg_walinspect")).pg_walinspect,
  "pgcrypto": async () =>
    (await import("@electric-sql/pglite/contrib/pgcrypto")).pgcrypto,
  "refint": async () =>
    (await import("@electric-sql/pglite/contrib/moddatetime")).moddatetime,
  "seg": async () => (await import("@electric-sql/pglite/contrib/seg")).seg,
  "tablefunc": async () =>
    (await import("@electric-sql/pglite/contrib/tablefunc")).tablefunc,
  "tcn": async () => (await import("@electric-sql/pglite/contrib/tcn")).tcn,
  "tsm_system_rows": async () =>
    (await import("@electric-sql/pglite/contrib/tsm_system_rows"))
      .tsm_system_rows,
  "tsm_system_time": async () =>
    (await import("@electric-sql/pglite/contrib/tsm_system_time"))
      .tsm_system_time,
  "unaccent": async () =>
    (await import("@electric-sql/pglite/contrib/unaccent")).unaccent,
  "uuid-ossp": async () =>
    (await import("@electric-sql/pglite/contrib/uuid_ossp")).uuid_ossp,
};

/** The names that {@linkcode readExtension} knows. */
export const extensionNames: readonly string[] = Object.keys(EXTENSIONS);

/**
 * Reads the archive of an extension.
 *
 * @param name One of {@linkcode extensionNames}.
 * @returns Its files, by their path below PostgreSQL's installation.
 */
export async function readExtension(name: string): Promise<TarEntry[]> {
  const contrib = await EXTENSIONS[name]?.();
  const archive = (await contrib?.setup())?.bundlePath;
  return archive === undefined
    ? []
    : readTar(await gunzip(await Deno.readFile(archive)));
}

/** Unpacks gzip; its checksum finds what is truncated or damaged. */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  // The last four bytes say how long it gets; only of damaged ones too much.
  const said = bytes.length < 4
    ? 0
    : new DataView(bytes.buffer, bytes.byteOffset).getUint32(
      bytes.length - 4,
      true,
    );
  const { gunzipSync } = await import("node:zlib");
  // In one piece it takes a third of the time of a stream, and of the memory.
  const whole = gunzipSync(bytes, {
    chunkSize: Math.max(Math.min(said, bytes.length * MOST_PACKED), 64),
  });
  const { buffer, byteOffset, length } = whole;
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer, byteOffset, length)
    : new Uint8Array(whole);
}

/** An image is so many times its packed size at most; a tenth is usual. */
const MOST_PACKED = 64;

/**
 * Looks for an image: shipped with the program, then in the user's cache. One
 * that is damaged is removed from the cache, never an error.
 *
 * @param cache The cached image's path, from {@linkcode cachedImagePath}.
 * @returns The image as tar, or undefined where there is none.
 */
export async function findImage(
  cache: string | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const shipped = await readImage(SHIPPED_IMAGE);
  if (shipped !== undefined && shipped !== "damaged") return shipped;
  if (cache === undefined) return undefined;
  const cached = await readImage(cache);
  if (cached !== "damaged") return cached;
  await Deno.remove(cache).catch(() => {});
  return undefined;
}

/**
 * Keeps an image in the user's cache, for the next start. A cache that cannot
 * be written is no error: the next start is slow again.
 *
 * @param cache The cached image's path, from {@linkcode cachedImagePath}.
 * @param image The image, from {@linkcode packImage}.
 */
export async function keepImage(
  cache: string | undefined,
  image: Uint8Array<ArrayBuffer>,
): Promise<void> {
  if (cache === undefined) return;
  // Written beside and renamed: nobody ever reads half an image.
  const draft = `${cache}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(dirname(cache), { recursive: true });
    await Deno.writeFile(draft, image);
    await Deno.rename(draft, cache);
  } catch {
    await Deno.remove(draft).catch(() => {});
  }
}

/** Packs an image for {@linkcode keepImage}, or for shipping it. */
export async function packImage(
  tar: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([tar]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Where the user's cache keeps the image: `$XDG_CACHE_HOME/pawl`, else
 * `~/.cache/pawl` (`%LOCALAPPDATA%\pawl` on Windows).
 *
 * @param variable Reads an environment variable; the process's own by default.
 * @returns The path, or undefined where there is no home.
 */
export function cachedImagePath(
  variable: (name: string) => string | undefined = readVariable,
): string | undefined {
  const home = variable("HOME");
  const base = variable("XDG_CACHE_HOME") || variable("LOCALAPPDATA") ||
    (home ? join(home, ".cache") : undefined);
  return base === undefined ? undefined : join(base, "pawl", IMAGE_NAME);
}

/** Written while a cluster is being unpacked, and removed when it is whole. */
const DRAFT_MARK = "pawl.creating";

/**
 * Whether a directory holds a cluster, nothing, or something else.
 *
 * @param directory The directory, which exists.
 * @param ours Names in it that belong to the lock.
 * @returns The cluster's major version; `empty`; or `foreign`, with a name
 * that is none of a cluster. A cluster whose making was interrupted is `empty`.
 */
export async function inspectDirectory(
  directory: string,
  ours: readonly string[],
): Promise<
  | { readonly kind: "cluster"; readonly major: string }
  | { readonly kind: "empty" }
  | { readonly kind: "foreign"; readonly name: string }
> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(directory)) names.push(entry.name);
  if (names.includes("PG_VERSION")) {
    const text = await Deno.readTextFile(join(directory, "PG_VERSION"));
    return { kind: "cluster", major: text.trim() };
  }
  if (names.includes(DRAFT_MARK)) return { kind: "empty" };
  const foreign = names.filter((name) => !ours.includes(name)).sort();
  return foreign[0] === undefined
    ? { kind: "empty" }
    : { kind: "foreign", name: foreign[0] };
}

/**
 * Unpacks an image into a directory that {@linkcode inspectDirectory} calls
 * empty. `PG_VERSION`, without which nobody takes it for a cluster, comes last,
 * so that a process that is killed on the way leaves nothing that misleads.
 *
 * @param image The image as tar.
 * @param directory The directory, which the caller has locked.
 * @throws What writing throws.
 */
export async function unpackImage(
  image: Uint8Array,
  directory: string,
): Promise<void> {
  const entries = readTar(image);
  const mark = join(directory, DRAFT_MARK);
  await Deno.writeFile(mark, new Uint8Array());
  // What an interrupted attempt left; its names are an image's own.
  for (const name of new Set(entries.map((e) => e.name.split("/")[0] ?? ""))) {
    await Deno.remove(join(directory, name), { recursive: true }).catch(
      (error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      },
    );
  }
  for (const { name, kind, data } of entries) {
    const path = join(directory, name);
    if (kind === "directory") {
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    } else if (name !== "PG_VERSION") {
      await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await Deno.writeFile(path, data, { mode: 0o600 });
    }
  }
  const draft = join(directory, `${DRAFT_MARK}.version`);
  await Deno.writeTextFile(draft, `${POSTGRES_MAJOR}\n`, { mode: 0o600 });
  await Deno.rename(draft, join(directory, "PG_VERSION"));
  await Deno.remove(mark);
}

/** The image in a file; undefined where there is none. */
async function readImage(
  path: string | URL,
): Promise<Uint8Array<ArrayBuffer> | "damaged" | undefined> {
  let packed: Uint8Array<ArrayBuffer>;
  try {
    packed = await Deno.readFile(path);
  } catch {
    return undefined;
  }
  try {
    const tar = await gunzip(packed);
    return isImage(tar) ? tar : "damaged";
  } catch {
    return "damaged";
  }
}

/** Whether an archive is a cluster of our major version. */
function isImage(tar: Uint8Array<ArrayBuffer>): boolean {
  const entries = new Map(readTar(tar).map((entry) => [entry.name, entry]));
  const version = entries.get("PG_VERSION");
  return version !== undefined && entries.has("global/pg_control") &&
    new TextDecoder().decode(version.data).trim() === POSTGRES_MAJOR;
}

function readVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined; // without permission there is no cache
  }
}
