/**
 * What keeps the new column of a scaffold like the old one: a trigger, the
 * backfill, and the way back. Pure.
 *
 * @module
 */

import type { PlannedStatement } from "../plan/mod.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import {
  dollarQuote,
  quoteIdentifier,
  quoteLiteral,
  quoteQualified,
} from "../sql/quote.ts";
import { type Case, type Copy, isCopy, planned } from "./scaffold_case.ts";

/** How many pages are written between two commits. */
const PAGES = 200;

function tableOf({ to }: Case): string {
  return quoteQualified(...to.name.slice(0, 2));
}

function columnName({ name }: SchemaObject): string {
  return quoteIdentifier(name[2] ?? "");
}

function syncName(
  { to }: Case,
): { readonly trigger: string; readonly function: string } {
  const [schema = "", table = "", column = ""] = to.name;
  const own = `${table.slice(0, 20)}_${column.slice(0, 20)}_sync`;
  return {
    // Triggers fire in the order of their names: after whatever else sets the
    // column.
    trigger: quoteIdentifier(`~${own}`),
    function: quoteQualified(schema, own),
  };
}

/** What keeps the new column up to date while the old one is written. */
export function syncStatements(one: Copy): PlannedStatement[] {
  const names = syncName(one);
  return [
    planned(one, {
      sql:
        `CREATE FUNCTION ${names.function}() RETURNS trigger\nLANGUAGE plpgsql SET search_path TO ''\nAS ${
          dollarQuote(
            `\nBEGIN\n  NEW.${columnName(one.beside)} := ${
              converted(one.to, `NEW.${columnName(one.to)}`)
            };\n  RETURN NEW;\nEND\n`,
          )
        }`,
    }),
    planned(one, {
      sql: `CREATE TRIGGER ${names.trigger} BEFORE INSERT OR UPDATE ON ${
        tableOf(one)
      } FOR EACH ROW EXECUTE FUNCTION ${names.function}()`,
    }),
  ];
}

/** What ends that. */
export function unsyncStatements(one: Copy): PlannedStatement[] {
  const names = syncName(one);
  return [
    planned(one, {
      sql: `DROP TRIGGER ${names.trigger} ON ${tableOf(one)}`,
    }),
    planned(one, { sql: `DROP FUNCTION ${names.function}()` }),
  ];
}

/** A value as another type, by its text: every type can be read from one. */
function converted({ payload: { type } }: SchemaObject, value: string): string {
  return `${value}::pg_catalog.text::${
    typeof type === "string" ? type : "text"
  }`;
}

/** The old column has its values back, as far as the new one tells them. */
export function restoreStatement(one: Copy): PlannedStatement {
  const { aside, from, to } = one;
  const name = to.name.join(".");
  return planned(one, {
    sql: `UPDATE ${tableOf(one)} SET ${columnName(aside)} = ${
      converted(from, columnName(to))
    } WHERE ${columnName(to)} IS NOT NULL`,
    hazards: [{
      kind: "data-dependent",
      reason: `the values of ${name} are what its new ones are as ${
        String(from.payload["type"])
      }: how they were written before is not known`,
    }, {
      kind: "rewrite",
      reason: `every row of ${tableOf(one)} is written while others wait`,
    }],
  });
}

/**
 * The statements that fill the new columns, for rows that nobody writes.
 *
 * @param cases The columns.
 * @param start The schema that they start from.
 */
export function backfillText(cases: readonly Case[], start: Schema): string {
  return cases.map((one) => isCopy(one) ? copyText(one, start) : required(one))
    .join("\n");
}

/** Nobody but a person knows what rows get that are there. */
function required(one: Case): string {
  const { to } = one;
  const column = columnName(to);
  return `-- ${to.address} has no default: say what the rows that are there get.
DO ${
    dollarQuote(
      `\nBEGIN\n  RAISE EXCEPTION 'fill in the value of ${
        to.name.join(".").replaceAll("'", "''")
      }, then take this line out';\nEND\n`,
    )
  };
-- UPDATE ${tableOf(one)} SET ${column} = … WHERE ${column} IS NULL;
`;
}

function copyText(one: Copy, start: Schema): string {
  const { beside, to } = one;
  const [was, is] = [columnName(to), columnName(beside)];
  const fired = [...start.objects.values()].filter((object) =>
    object.kind === "trigger" && object.parent === to.parent &&
    /\bUPDATE\b/.test(String(object.payload["definition"]))
  ).map(({ name }) => name.at(-1));
  const literal = (text: string) => text.replaceAll("%", "%%");
  // Each page is looked at once: whatever the conversion makes, this ends.
  const update = `UPDATE ONLY %s SET ${literal(is)} = ${
    literal(converted(to, was))
  } WHERE ctid >= '(%s,0)' AND ctid < '(%s,0)' AND ${literal(is)} IS NULL AND ${
    literal(was)
  } IS NOT NULL`;
  return `-- ${PAGES} pages at a time, each lot committed by itself. The conversion is yours to check, here and in the trigger's function.
${
    fired.length === 0
      ? ""
      : `-- Triggers of the table fire for its rows: ${
        fired.sort().join(", ")
      }.\n`
  }DO ${
    dollarQuote(
      `
DECLARE
  part regclass;
  pages bigint;
BEGIN
  FOREACH part IN ARRAY ARRAY(
    WITH RECURSIVE parts AS (
      SELECT ${quoteLiteral(tableOf(one))}::regclass::oid AS id
      UNION
      SELECT inhrelid FROM pg_catalog.pg_inherits JOIN parts ON inhparent = id
    )
    SELECT c.oid::regclass FROM parts JOIN pg_catalog.pg_class c ON c.oid = id WHERE c.relkind = 'r'
  ) LOOP
    pages := pg_relation_size(part) / current_setting('block_size')::integer;
    FOR page IN 0..pages BY ${PAGES} LOOP
      EXECUTE format(${quoteLiteral(update)}, part, page, page + ${PAGES});
      COMMIT;
    END LOOP;
  END LOOP;
END
`,
    )
  };
`;
}
