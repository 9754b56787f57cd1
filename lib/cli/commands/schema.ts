/**
 * `pawl schema`: the declared schema against the live one, object by object.
 *
 * @module
 */

import type {
  CheckedObject,
  ObjectStanding,
  SchemaReport,
} from "../../drift/check_schema.ts";
import { EXIT } from "../../errors.ts";
import { addressParts } from "../../schema/address_parts.ts";
import { type Command, command, type JsonDocument } from "../command.ts";
import { positional } from "../option.ts";
import type { Style } from "../style.ts";
import { attributeText, shadowOption } from "./drift.ts";
import { announce, count, project, warningDiagnostics } from "./shared.ts";

/** The command. */
export const schemaCommand: Command = command({
  name: "schema",
  group: "look",
  summary: "Show the declared schema against the live one",
  description:
    'Shows every declared object with its columns, constraints, indexes and other parts: ✓ as declared, ~ differs in what convergence mends (an index, a constraint, a foreign key\'s action, NOT NULL, a default), ✗ differs otherwise. Index methods of [converge] unmanaged are shown and left alone. What is live and not declared is listed at the end, and is an issue with undeclared = "drop" only. Exits 1 if there is an issue.',
  globals: ["config", "env", "db", "project"],
  json: "pawl.schema-check/1",
  exits: [
    EXIT.ok,
    EXIT.no,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl schema", does: "Shows everything that is declared" },
    { line: "pawl schema users", does: "Shows one table" },
    {
      line: "pawl schema public.users.email",
      does: "Shows one column",
    },
    { line: "pawl schema --json", does: "Writes the same for scripts" },
  ],
  positionals: {
    object: positional.optional({
      name: "OBJECT",
      description:
        "A name, such as users or public.users, or an address, such as table:public.users",
    }),
  },
  options: { shadow: shadowOption },
  run: async (options, io) => {
    const opened = project(io);
    announce(io, opened);
    const { checkSchema, flatten } = await import(
      "../../drift/check_schema.ts"
    );
    const progress = io.progress("Reading the schema");
    const report = await checkSchema(opened, {
      object: options.object,
      shadow: options.shadow,
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    }).finally(progress.done);
    return {
      exit: report.issues === 0 ? EXIT.ok : EXIT.no,
      document: document(report, report.objects.flatMap(flatten)),
      diagnostics: warningDiagnostics(report.warnings),
      text: (style) => schemaLines(report, style),
    };
  },
});

function document(
  report: SchemaReport,
  objects: readonly CheckedObject[],
): JsonDocument<"pawl.schema-check/1"> {
  return {
    format: "pawl.schema-check/1",
    project: report.project,
    database: report.database,
    declared: report.declared,
    objectsChecked: report.checked,
    totalIssues: report.issues,
    fixable: report.fixable,
    objects: objects.map(({ object, standing, issue, attributes }) => ({
      address: object.address,
      kind: object.kind,
      parent: object.parent ?? null,
      status: standing,
      issue: issue ?? null,
      drift: attributes.map(({ key, minor, from, to }) => ({
        key,
        minor,
        declared: from ?? null,
        live: to ?? null,
      })),
    })),
  };
}

function schemaLines(report: SchemaReport, style: Style): string[] {
  const declared = report.objects.filter((o) => o.standing !== "undeclared");
  const unknown = report.objects.filter((o) => o.standing === "undeclared");
  const lines = declared.flatMap((checked) => objectLines(checked, 0, style));
  if (unknown.length > 0) {
    lines.push(
      "",
      "Not declared:",
      ...unknown.map(({ object }) => `  ${object.address}`),
    );
  }
  lines.push(
    "",
    report.issues === 0
      ? style.ok(
        `${
          count(report.checked, "object")
        }, no issue: as in ${report.declared}`,
      )
      : style.bad(
        `${count(report.issues, "issue")} in ${
          count(report.checked, "object")
        }${
          report.fixable === 0
            ? ""
            : `, ${report.fixable} of them for convergence to mend`
        }`,
      ),
  );
  return lines;
}

/** An object and its parts, each a step further in. */
function objectLines(
  checked: CheckedObject,
  depth: number,
  style: Style,
): string[] {
  const line = `${labelOf(checked, depth)}${issueText(checked, style)}`;
  return [
    `${"    ".repeat(depth)}${MARKS[checked.standing](line, style)}`,
    // Of what is missing or too many as a whole, that is all there is to say.
    ...(checked.issue === "missing" || checked.issue === "extra" ? [] : checked
      .parts.flatMap((part) => objectLines(part, depth + 1, style))),
  ];
}

const MARKS: Readonly<
  Record<ObjectStanding, (line: string, style: Style) => string>
> = {
  ok: (line, style) => style.ok(line),
  error: (line, style) => style.bad(line),
  fixable: (line, style) => style.fix(line),
  minor: (line, style) => style.ok(line),
  unmanaged: (line, style) => style.dim(`  ${line}`),
  undeclared: (line, style) => style.dim(`  ${line}`),
};

function labelOf({ object }: CheckedObject, depth: number): string {
  const { kinds } = addressParts(object.address);
  const kind = kinds.join(" ").replaceAll("_", " ");
  const name = depth === 0
    ? addressParts(object.address).name
    : kinds.length > 1
    ? ""
    : object.name.at(-1) ?? "";
  const { type, notNull, definition, role, text } = object.payload;
  const more = object.kind === "column"
    ? ` ${type}${notNull === true ? " NOT NULL" : ""}`
    : object.kind === "constraint"
    ? ` ${definition}`
    : typeof role === "string"
    ? ` ${role}`
    : typeof text === "string"
    ? ` "${text}"`
    : "";
  return depth > 0 && object.kind === "column"
    ? `${name}${more}`
    : `${kind} ${name}${more}`.replaceAll(/\s+/g, " ").trimEnd();
}

function issueText(checked: CheckedObject, style: Style): string {
  const { standing, issue, attributes } = checked;
  const differs = attributes.map((a) => attributeText({ ...a, known: true }))
    .join(", ");
  switch (standing) {
    case "ok":
      return "";
    case "minor":
      return style.dim(` (${differs || issue}; no application notices)`);
    case "unmanaged":
      return ` unmanaged (${checked.object.payload["method"]})`;
    case "undeclared":
      return " not declared";
    case "fixable":
      return `: ${differs || ISSUES[issue ?? "differs"]} (auto-fix)`;
    case "error":
      return `: ${differs || ISSUES[issue ?? "differs"]}`;
    default:
      return standing satisfies never;
  }
}

const ISSUES = {
  missing: "missing in the database",
  extra: "not declared",
  differs: "differs",
} as const;
