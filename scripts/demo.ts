/**
 * `deno task demo`: the first minutes with pawl, on the embedded database, in
 * a temporary directory that is gone afterwards. Shows each command and what
 * it really writes; a command that ends otherwise than expected ends the demo
 * with exit code 1.
 *
 * It starts pawl as a process, as a user does, and uses none of its code.
 *
 * @module
 */

import { join } from "node:path";

/** The repository. */
const ROOT = new URL("../", import.meta.url);

/** The project of the demo. */
const EXAMPLE = new URL("examples/bookshop/", ROOT);

/** Variables that would lead the demo to somebody's own database or project. */
const FOREIGN = /^(DATABASE_URL|PG[A-Z_]*|PAWL_.*)$/;

/** A part of the demo. */
type Step =
  | { readonly kind: "say"; readonly text: string }
  | {
    readonly kind: "pawl";
    readonly args: readonly string[];
    /** The exit code that it must end with; 0 where nothing is said. */
    readonly exit?: number;
  }
  | {
    /** Copies what the example has in a directory. */
    readonly kind: "copy";
    readonly directory: "migrations" | "schema";
  }
  | {
    readonly kind: "show";
    /** The file; of a directory that ends in a slash, its newest. */
    readonly file: string;
    /** How many lines of it; all where nothing is said. */
    readonly lines?: number;
  }
  | { readonly kind: "append"; readonly file: string; readonly text: string };

const INDEX = "migrations/20260203_140000_index_orders_by_customer.sql";
const SCHEMA = "schema/bookshop.sql";
const BOOKS = "migrations/20260105_090000_create_authors_and_books.sql";

const STEPS: readonly Step[] = [
  say("A project: a configuration and a directory for migrations."),
  pawl("init"),
  say("The migrations of a bookshop. This one builds an index without keeping"),
  say("anybody from writing, and checks afterwards that it is there."),
  { kind: "copy", directory: "migrations" },
  { kind: "show", file: INDEX },
  pawl("sum"),
  say("Apply everything that is pending, one of the files in TypeScript."),
  pawl("upgrade"),
  pawl("status"),
  say("Are the files still what was applied?"),
  pawl("verify"),
  { kind: "append", file: BOOKS, text: "DROP TABLE books;" },
  { kind: "pawl", args: ["verify"], exit: 4 },
  say("No. Put it back; then take two migrations back and apply them again."),
  { kind: "copy", directory: "migrations" },
  pawl("downgrade", "-2"),
  pawl("upgrade"),
  pawl("history"),
  say(
    "The same for somebody who may only run SQL: a script, history included.",
  ),
  pawl("sql", "20260105:20260112", "-o", "orders.sql"),
  { kind: "show", file: "orders.sql", lines: 15 },
  say("Or say what the schema is to be: pawl writes the migration, there and"),
  say("back, and tries both on a throw-away database."),
  { kind: "copy", directory: "schema" },
  {
    kind: "append",
    file: SCHEMA,
    text: "CREATE INDEX books_price_idx ON books (price);",
  },
  { kind: "pawl", args: ["check"], exit: 1 },
  pawl("generate", "find books by price"),
  { kind: "show", file: "migrations/" },
  pawl("upgrade"),
];

function say(text: string): Step {
  return { kind: "say", text };
}

function pawl(...args: readonly string[]): Step {
  return { kind: "pawl", args };
}

/** The environment without what would lead elsewhere. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !FOREIGN.test(name)),
  );
}

/** The arguments that run cli.ts as `deno task pawl` does. */
async function program(): Promise<readonly string[]> {
  const config = new URL("deno.json", ROOT);
  const { tasks }: { readonly tasks: { readonly pawl: string } } = JSON.parse(
    await Deno.readTextFile(config),
  );
  const permissions = tasks.pawl.split(" ").filter((word) =>
    word.startsWith("--")
  );
  return [
    "run",
    "--quiet",
    `--config=${config.pathname}`,
    ...permissions,
    new URL("cli.ts", ROOT).pathname,
  ];
}

/** A demo that is under way. */
interface Demo {
  readonly directory: string;
  readonly program: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a demo looks: dim where it is a terminal. */
function comment(text: string): string {
  const dim = Deno.stdout.isTerminal() &&
    Deno.env.get("NO_COLOR") === undefined;
  return dim ? `\x1b[2m# ${text}\x1b[22m` : `# ${text}`;
}

async function take(step: Step, demo: Demo): Promise<void> {
  switch (step.kind) {
    case "say":
      console.log(`\n${comment(step.text)}`);
      return;
    case "copy":
      await copy(step.directory, demo);
      return;
    case "show": {
      const { lines } = step;
      const file = step.file.endsWith("/")
        ? newestIn(step.file, demo)
        : step.file;
      console.log(
        lines === undefined
          ? `\n$ cat ${file}`
          : `\n$ head -n ${lines} ${file}`,
      );
      const text = await Deno.readTextFile(join(demo.directory, file));
      console.log(text.split("\n").slice(0, lines).join("\n").trimEnd());
      return;
    }
    case "append":
      console.log(`\n$ echo '${step.text}' >> ${step.file}`);
      await Deno.writeTextFile(
        join(demo.directory, step.file),
        `${step.text}\n`,
        { append: true },
      );
      return;
    case "pawl":
      return await runPawl(step.args, step.exit ?? 0, demo);
    default:
      step satisfies never;
  }
}

/** Copies files of the example; never its pawl.sum, which the demo makes. */
async function copy(
  directory: "migrations" | "schema",
  demo: Demo,
): Promise<void> {
  const from = new URL(`${directory}/`, EXAMPLE);
  const files = [...Deno.readDirSync(from)].map(({ name }) => name)
    .filter((name) => name !== "pawl.sum");
  const shown = directory === "schema" ? "bookshop.sql" : "2026*";
  console.log(`\n$ cp examples/bookshop/${directory}/${shown} ${directory}/`);
  const to = join(demo.directory, directory);
  await Deno.mkdir(to, { recursive: true });
  for (const name of files) {
    await Deno.copyFile(new URL(name, from), join(to, name));
  }
}

/** The migration with the latest version. */
function newestIn(directory: string, demo: Demo): string {
  const names = [...Deno.readDirSync(join(demo.directory, directory))]
    .map(({ name }) => name).filter((name) => /^\d/.test(name)).sort();
  return `${directory}${names.at(-1) ?? ""}`;
}

async function runPawl(
  args: readonly string[],
  wanted: number,
  demo: Demo,
): Promise<void> {
  const shown = args.map((arg) => arg.includes(" ") ? `"${arg}"` : arg);
  console.log(`\n$ pawl ${shown.join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...demo.program, ...args],
    cwd: demo.directory,
    clearEnv: true,
    env: { ...demo.env },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (code !== wanted) {
    throw new Error(
      `Cannot go on: pawl ${
        args.join(" ")
      } ended with exit code ${code}, not ${wanted}`,
    );
  }
  if (code !== 0) console.log(comment(`exit code ${code}`));
}

async function main(): Promise<number> {
  const directory = await Deno.makeTempDir({ prefix: "pawl-demo-" });
  const clear = () => Deno.removeSync(directory, { recursive: true });
  // Ctrl-C reaches the command that runs, too: it rolls back and ends first.
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
  };
  Deno.addSignalListener("SIGINT", interrupt);
  const started = performance.now();
  try {
    const demo = { directory, program: await program(), env: environment() };
    for (const step of STEPS) {
      if (interrupted) return 130;
      await take(step, demo);
    }
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    console.log(
      `\n${
        comment(`That was all, in ${seconds} s; ${directory} is gone again.`)
      }`,
    );
    return 0;
  } catch (error) {
    if (interrupted) return 130;
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    Deno.removeSignalListener("SIGINT", interrupt);
    clear();
  }
}

if (import.meta.main) Deno.exit(await main());
