/**
 * Compiles `dist/pawl`, and with `--ops` `dist/pawl-ops`, a pawl for servers
 * without the embedded database and without the right to start processes.
 *
 *     deno task build [--ops] [--entry FILE] [--output FILE]
 *
 * The compiler is the running Deno, or `COMPILE_DENO` where that cannot
 * download its base executable. Facts that shape this (denort 2.4.2):
 *
 * - An executable's start-up is 18 ms and nearly 1 ms for each MB of payload.
 *   `deno compile` packs every package of the lock file, used or not: it gets
 *   a lock file and import map with only what the entry reaches. Source maps,
 *   declarations and second forms of a package are left out: 10 ms less.
 * - V8's code cache lies in /tmp under a name that anybody can guess, and what
 *   is in it gets executed. It saves about 1 ms: `--no-code-cache`.
 * - Bundling our modules beforehand gains 5 ms where all are loaded at start,
 *   nothing where `--version` is answered first: not done.
 *
 * `pawl-ops` is the same modules under an import map that lacks PGlite, and
 * without the embedded database's worker: a static import that leads to PGlite
 * ends the build, a dynamic one is left unresolved. What the executable cannot
 * do is known when it runs: `Deno.permissions.querySync({ name: "run" })` is
 * not granted. Nothing may start the embedded database's Worker then: a module
 * that the executable does not hold is searched on disk, in
 * /tmp/deno-compile-pawl-ops, where anybody may have put one.
 *
 * @module
 */

import { dirname, join, relative } from "node:path";

/** What one executable is made of. */
interface Build {
  readonly entry: string;
  readonly output: string;
  /** Modules that are loaded by URL, so that no import leads to them. */
  readonly modules: readonly string[];
  /** Files that are read by URL. */
  readonly assets: readonly string[];
  readonly permissions: readonly string[];
  /** A package that is left out. */
  readonly without?: string;
}

/** As much of deno.lock as is read here. */
interface Lock {
  readonly version: string;
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, LockedPackage>>;
  readonly workspace: { readonly dependencies: readonly string[] };
}

interface LockedPackage {
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
}

/** As much of `deno info --json` as is read here. */
interface Graph {
  readonly roots: readonly string[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly npmPackage?: string;
    readonly dependencies?: readonly {
      /** Absent for what is imported as a type only. */
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

const EMBEDDED_WORKER = "lib/pg/embedded_worker.ts";
const MODELS_WORKER = "lib/models/models_worker.ts";
const PROGRAM_WORKER = "lib/migrate/program_worker.ts";
const EMBEDDED_PACKAGE = "@electric-sql/pglite";
const STAGING = "dist/.build";

const PERMISSIONS = [
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net",
  "--allow-sys",
];

// Most of what a short run makes is garbage when it ends: with room for it,
// hardly anything is collected before. Nor may that room grow: V8 would double
// it for whoever reads a large schema, 80 MB of memory for nothing gained.
//
// And PostgreSQL as WASM stays with what the first compiler makes of it: the
// second takes up to a gigabyte, and three times the processor time of a short
// run, for functions the size of its interpreter of expressions, to be a fifth
// to a third faster in those that take minutes. Of its 30,000 functions a short
// run calls a tenth: each is checked when it is called first.
const V8_FLAGS = [
  "--min-semi-space-size=16",
  "--max-semi-space-size=16",
  "--liftoff-only",
  "--wasm-lazy-validation",
];

/** Files of packages that no program reads; licences stay. */
const UNREAD = /\.(?:map|md|d\.[cm]?ts)$/;

/** Forms of a package beside the one that is imported. */
const UNUSED_FORMS: Readonly<Record<string, RegExp>> = {
  [EMBEDDED_PACKAGE]: /\.cjs$/,
  // dist/internal.js has the same WASM in it.
  "amaro": /^lib\//,
  "yaml": /^browser\//,
};

async function main(args: readonly string[]): Promise<number> {
  const build = buildOf(args);
  const compiler = Deno.env.get("COMPILE_DENO") ?? Deno.execPath();
  await Deno.remove(STAGING, { recursive: true }).catch(ignoreMissing);
  await Deno.mkdir(STAGING, { recursive: true });

  const used = await packagesOf(build, compiler);
  await stage(used);
  const excluded = await unreadFiles(used, compiler);
  // Renamed into place: an executable that runs cannot be overwritten. The
  // name stays, for it is in the paths of stack traces.
  const compiled = join(STAGING, build.output.split("/").at(-1) ?? "pawl");
  await run(compiler, [
    "compile",
    "--quiet",
    "--no-check",
    "--no-prompt",
    "--no-code-cache",
    `--v8-flags=${V8_FLAGS.join(",")}`,
    "--frozen",
    `--config=${STAGING}/deno.json`,
    `--lock=${STAGING}/deno.lock`,
    ...build.permissions,
    ...[...build.modules, ...build.assets].map((path) => `--include=${path}`),
    ...excluded.map((path) => `--exclude=${path}`),
    `--output=${compiled}`,
    build.entry,
  ]);
  await Deno.mkdir(dirname(build.output), { recursive: true });
  await Deno.rename(compiled, build.output);
  await Deno.remove(STAGING, { recursive: true });
  const { size } = await Deno.stat(build.output);
  console.log(`${build.output}: ${(size / 1e6).toFixed(0)} MB`);
  return 0;
}

function buildOf(args: readonly string[]): Build {
  const value = (name: string) =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  const unknown = args.find((arg) => !/^--(?:ops$|entry=|output=)/.test(arg));
  if (unknown !== undefined) {
    throw new Error(`Cannot build: there is no option ${unknown}`);
  }
  const entry = value("entry") ?? "cli.ts";
  const assets = [...filesBelow("migrations"), ...filesBelow("lib")]
    .filter((path) => !/\.(?:ts|md)$/.test(path));
  // The image of a fresh cluster, for the embedded database's first start.
  const images = filesBelow("build");
  if (args.includes("--ops")) {
    return {
      entry,
      output: value("output") ?? "dist/pawl-ops",
      modules: [MODELS_WORKER, PROGRAM_WORKER],
      assets,
      permissions: PERMISSIONS,
      without: EMBEDDED_PACKAGE,
    };
  }
  return {
    entry,
    output: value("output") ?? "dist/pawl",
    modules: [EMBEDDED_WORKER, MODELS_WORKER, PROGRAM_WORKER],
    assets: [...assets, ...images],
    permissions: [...PERMISSIONS, "--allow-run"],
  };
}

/** The locked packages that the executable needs, in the lock's names. */
async function packagesOf(
  build: Build,
  compiler: string,
): Promise<Set<string>> {
  const used = new Set<string>();
  const { npm }: Lock = JSON.parse(await Deno.readTextFile("deno.lock"));
  const add = (name: string) => {
    // A dependency of which there is one version is named without it.
    const id = name in npm
      ? name
      : Object.keys(npm).find((key) => key.startsWith(`${name}@`));
    if (id === undefined) {
      throw new Error(
        `Cannot build: ${name} is not in deno.lock; run \`deno install\``,
      );
    }
    if (used.has(id)) return;
    used.add(id);
    const { dependencies = [], optionalDependencies = [] } = npm[id] ?? {};
    for (const next of [...dependencies, ...optionalDependencies]) add(next);
  };
  for (const module of [build.entry, ...build.modules]) {
    // A lock of its own: deno.lock is only read.
    const info = await run(compiler, ["info", "--json", "--no-lock", module]);
    for (const npmPackage of packagesIn(JSON.parse(info))) {
      // Without what a peer dependency adds, which is the lock's to say.
      const name = npmPackage.replace(/_.*$/, "");
      if (!name.startsWith(`${build.without}@`)) add(name);
    }
  }
  return used;
}

/** The packages that imports of values lead to, dynamic ones too. */
function packagesIn({ roots, redirects, modules }: Graph): Set<string> {
  const bySpecifier = new Map(modules.map((m) => [m.specifier, m]));
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (specifier: string) => {
    const target = redirects[specifier] ?? specifier;
    if (seen.has(target)) return;
    seen.add(target);
    const module = bySpecifier.get(target);
    if (module?.npmPackage !== undefined) found.add(module.npmPackage);
    for (const { code } of module?.dependencies ?? []) {
      if (code?.specifier !== undefined) visit(code.specifier);
    }
  };
  roots.forEach(visit);
  return found;
}

/** Writes deno.json and deno.lock with nothing but these packages. */
async function stage(used: ReadonlySet<string>): Promise<void> {
  const lock: Lock = JSON.parse(await Deno.readTextFile("deno.lock"));
  const pick = <T>(
    from: Readonly<Record<string, T>>,
    keep: (key: string, value: T) => boolean,
  ) => Object.fromEntries(Object.entries(from).filter(([k, v]) => keep(k, v)));
  const specifiers = pick(
    lock.specifiers,
    (key, version) =>
      used.has(`${key.slice("npm:".length, key.lastIndexOf("@"))}@${version}`),
  );
  const config: { readonly imports: Readonly<Record<string, string>> } = JSON
    .parse(await Deno.readTextFile("deno.json"));
  const imports = pick(
    config.imports,
    (_, target) => !target.startsWith("npm:") || target in specifiers,
  );
  const up = relative(STAGING, ".");
  await Deno.writeTextFile(
    join(STAGING, "deno.json"),
    JSON.stringify({
      nodeModulesDir: "none",
      imports: Object.fromEntries(
        Object.entries(imports).map(([name, target]) => [
          name,
          target.startsWith("./") ? `${up}/${target.slice(2)}` : target,
        ]),
      ),
    }),
  );
  await Deno.writeTextFile(
    join(STAGING, "deno.lock"),
    JSON.stringify({
      version: lock.version,
      specifiers,
      npm: pick(lock.npm, (id) => used.has(id)),
      workspace: {
        dependencies: lock.workspace.dependencies.filter((specifier) =>
          specifier in specifiers
        ),
      },
    }),
  );
}

/** The files of the packages, where the compiler keeps them, that stay out. */
async function unreadFiles(
  used: ReadonlySet<string>,
  compiler: string,
): Promise<string[]> {
  const { npmCache }: { readonly npmCache: string } = JSON.parse(
    await run(compiler, ["info", "--json"]),
  );
  const found: string[] = [];
  for (const id of used) {
    const [, name = "", version = ""] = /^(@?[^@]+)@([^_]+)/.exec(id) ?? [];
    // One directory a registry, whichever it is.
    for (const { name: registry } of Deno.readDirSync(npmCache)) {
      const root = join(npmCache, registry, name, version);
      if (!exists(root)) continue;
      const unused = UNUSED_FORMS[name];
      found.push(
        ...filesBelow(root).filter((path) =>
          UNREAD.test(path) || unused?.test(relative(root, path))
        ),
      );
    }
  }
  return found;
}

function filesBelow(directory: string): string[] {
  if (!exists(directory)) return [];
  return [...Deno.readDirSync(directory)].flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    return entry.isDirectory ? filesBelow(path) : [path];
  }).sort();
}

/** Runs Deno and returns its stdout; what it says on stderr is shown. */
async function run(compiler: string, args: readonly string[]): Promise<string> {
  const { code, stdout } = await new Deno.Command(compiler, {
    args: [...args],
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (code !== 0) {
    throw new Error(
      `Cannot build: \`deno ${args[0]}\` ended with ${code}. Where Deno's ` +
        "download host is out of reach, COMPILE_DENO and DENORT_BIN name a " +
        "Deno and the denort of the same version",
    );
  }
  return new TextDecoder().decode(stdout);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
