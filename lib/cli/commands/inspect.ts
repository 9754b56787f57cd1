/**
 * `pawl inspect`: a schema to read, to run, to draw.
 *
 * @module
 */

import { resolve } from "node:path";
import { withoutKinds } from "../../catalog/scope.ts";
import { didYouMean } from "../../config/suggest.ts";
import { EXIT, PawlError } from "../../errors.ts";
import { hashesOf } from "../../inspect/hash.ts";
import { readManaged } from "../../inspect/read.ts";
import { writeSplit } from "../../inspect/write_split.ts";
import { ddlScript } from "../../render/ddl_script.ts";
import { schemaData } from "../../render/json.ts";
import { drawnTables, mermaid } from "../../render/mermaid.ts";
import { splitSchema } from "../../render/split.ts";
import { schemaTree } from "../../render/text.ts";
import type { Schema } from "../../schema/schema.ts";
import { versionText } from "../../schema/snapshot.ts";
import { command, type CommandResult, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";
import {
  leftOutDiagnostics,
  noticeDiagnostics,
  openSource,
  sourceOptions,
  sourcePositional,
} from "./schema_shared.ts";
import { count } from "./shared.ts";

const FORMAT = "pawl.schema/1";

/** The command. */
export const inspectCommand = command({
  name: "inspect",
  group: "look",
  summary: "Show a schema as text, SQL, JSON or a picture",
  description:
    "Reads the schema of a source and shows it: as a tree (text), as DDL in the order of dependencies that recreates it in an empty database (sql), with every object, its hash and what it depends on (json), or as an entity-relationship diagram (mermaid).\n\nWhat managed_schemas and ignore leave out is not shown, nor are members of extensions, the system's schemas and pawl's own. Secrets, such as the password of a user mapping, are not shown: what cannot be created without one is a comment in the SQL, and a warning says so. --with-secrets writes them, where the source has them and the role may read them: a snapshot has hashes only.\n\n--split writes the DDL into a directory, a folder for each kind of object and a file for each object, which is a source itself.",
  globals: ["config", "env", "db", "project"],
  formats: ["text", "json", "sql", "mermaid"],
  json: FORMAT,
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl inspect", does: "Shows the database's schema as a tree" },
    {
      line: "pawl inspect -e production --format sql > schema.sql",
      does: "Writes DDL that psql loads into an empty database",
    },
    {
      line: "pawl inspect --format sql --with-secrets > copy.sql",
      does: "Writes the same with the passwords of user mappings in it",
    },
    {
      line: "pawl inspect --split schema",
      does: "Writes a directory of DDL to go on from",
    },
    {
      line: "pawl inspect migrations:migrations --json",
      does: "Shows what the migrations leave, without a database",
    },
    {
      line: "pawl inspect models.ts --format sql",
      does: "Shows the DDL of TypeScript models",
    },
    {
      line: "pawl inspect --format mermaid --focus orders --depth 2",
      does: "Draws a table and what is two foreign keys around it",
    },
  ],
  positionals: { source: sourcePositional },
  options: {
    ...sourceOptions,
    owner: option.unlessNot({ description: "Leave out who owns what" }),
    privileges: option.unlessNot({ description: "Leave out what is granted" }),
    withSecrets: option.flag({
      description:
        "With sql or --split: write passwords and other secrets into the SQL, so that all of it runs",
    }),
    split: option.string({
      value: "DIR",
      description: "Write the DDL into a directory, a file for each object",
      completes: "directory",
    }),
    focus: option.string({
      value: "TABLE",
      description: "With mermaid: only this table and what is near it",
    }),
    depth: option.integer({
      value: "N",
      min: 0,
      description: "With --focus: how many foreign keys away (default 1)",
    }),
  },
  run: async (options, io) => {
    const { format } = io.globals;
    checkFocus(options, format);
    checkSecrets(options, format);
    const { opened, shown, request } = openSource(io, options);
    const progress = io.progress("Reading the schema");
    const secrets = new Map<string, string>();
    const onSecret = options.withSecrets
      ? (hash: string, value: string) => void secrets.set(hash, value)
      : undefined;
    const read = await readManaged(opened, {
      ...request,
      onSecret,
      sizes: format === "text" && options.split === undefined,
    }).finally(progress.done);
    const schema = withoutKinds(read.schema, [
      ...options.owner ? [] : ["owner"],
      ...options.privileges ? [] : ["privilege", "default_privilege"],
    ]);
    const notices = noticeDiagnostics(schema.notices);
    if (options.split !== undefined) {
      return await split({ schema, secrets }, options.split, io);
    }
    switch (format) {
      case "sql": {
        const script = ddlScript(schema, {
          header: headerOf(schema),
          secrets,
        });
        return {
          exit: EXIT.ok,
          document: { format: FORMAT },
          sql: script.sql,
          diagnostics: [...notices, ...leftOutDiagnostics(script.leftOut)],
        };
      }
      case "mermaid":
        return {
          exit: EXIT.ok,
          document: { format: FORMAT },
          raw: mermaid(schema, {
            focus: focusOf(schema, options.focus),
            depth: options.depth,
          }),
          diagnostics: notices,
        };
      case "json":
        return {
          exit: EXIT.ok,
          document: await documentOf(schema, shown),
          diagnostics: notices,
        };
      case "text": {
        const { hash } = await hashesOf(schema);
        return {
          exit: EXIT.ok,
          document: { format: FORMAT },
          diagnostics: notices,
          text: (style) => [
            `PostgreSQL ${versionText(schema.version)}, ${
              count(schema.objects.size, "object")
            }, ${style.dim(hash)}`,
            ...schemaTree(schema, { paint: style, sizes: read.sizes }),
          ],
        };
      }
      default:
        return format satisfies never;
    }
  },
});

async function documentOf(
  schema: Schema,
  source: string,
): Promise<JsonDocument<typeof FORMAT>> {
  return {
    format: FORMAT,
    source,
    ...schemaData(schema, await hashesOf(schema)),
  };
}

/** What the first lines of a script say; the same for the same schema. */
function headerOf(schema: Schema): string[] {
  return [
    `A schema of ${count(schema.objects.size, "object")}, as PostgreSQL ${
      Math.floor(schema.version / 10000)
    } writes it.`,
    "For an empty database: psql -v ON_ERROR_STOP=1 -f FILE",
    "The roles that it names must exist.",
  ];
}

function checkFocus(
  options: {
    readonly focus: string | undefined;
    readonly depth: number | undefined;
  },
  format: string,
): void {
  if (options.focus === undefined && options.depth !== undefined) {
    throw new PawlError("usage", "Cannot use --depth without --focus TABLE");
  }
  if (options.focus !== undefined && format !== "mermaid") {
    throw new PawlError(
      "usage",
      "Cannot use --focus without a picture: it goes with --format mermaid",
    );
  }
}

function checkSecrets(
  options: {
    readonly withSecrets: boolean;
    readonly split: string | undefined;
  },
  format: string,
): void {
  if (options.withSecrets && format !== "sql" && options.split === undefined) {
    throw new PawlError(
      "usage",
      `Cannot use --with-secrets with --format ${format}: only SQL carries secrets`,
      { hint: "Add --format sql, or --split DIR" },
    );
  }
}

/** The address of the table that --focus names. */
function focusOf(
  schema: Schema,
  focus: string | undefined,
): string | undefined {
  if (focus === undefined) return undefined;
  const tables = drawnTables(schema).map(({ table }) => table);
  const full = tables.filter(({ address }) => address === `table:${focus}`);
  const found = full.length > 0
    ? full
    : tables.filter(({ name }) =>
      name.join(".") === focus || name[1] === focus
    );
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first.address;
  const names = tables.map(({ name }) => name.join("."));
  if (second !== undefined) {
    throw new PawlError(
      "usage",
      `Cannot focus on ${focus}: several schemas have one`,
      {
        hint: `Name one of ${
          found.map(({ name }) => name.join(".")).join(", ")
        }`,
      },
    );
  }
  const hint = didYouMean(focus, [
    ...names,
    ...tables.map(({ name }) => name[1] ?? ""),
  ]);
  throw new PawlError(
    "usage",
    `Cannot focus on ${focus}: there is no such table`,
    hint === undefined ? {} : { hint },
  );
}

async function split(
  { schema, secrets }: {
    readonly schema: Schema;
    readonly secrets: ReadonlyMap<string, string>;
  },
  directory: string,
  io: Io,
): Promise<CommandResult & { readonly document: JsonDocument<typeof FORMAT> }> {
  const { files, leftOut } = splitSchema(schema, { secrets });
  const done = writeSplit(resolve(io.cwd, directory), files, io.cwd);
  if (done.strays.length > 0) {
    io.warn(
      `${directory} holds ${
        count(done.strays.length, "other .sql file")
      } as well, which a source of files reads too: ${
        done.strays.slice(0, 10).join(", ")
      }${done.strays.length > 10 ? ", …" : ""}`,
      "Remove what is no longer meant",
    );
  }
  const document: JsonDocument<typeof FORMAT> = {
    ...await documentOf(schema, directory),
    files: files.map(({ path }) => path),
    ...done,
  };
  return {
    exit: EXIT.ok,
    document,
    sql: "",
    raw: "",
    diagnostics: [
      ...noticeDiagnostics(schema.notices),
      ...leftOutDiagnostics(leftOut),
    ],
    text: () =>
      `${directory}: ${
        count(done.written.length, "file")
      } written, ${done.unchanged.length} unchanged`,
  };
}
