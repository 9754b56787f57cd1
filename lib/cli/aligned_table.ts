/**
 * What a statement returned, as aligned text the way psql shows it. Pure.
 *
 * @module
 */

import type { StatementResult } from "../pg/session.ts";
import { displayWidth } from "./style.ts";

/** Types that are aligned to the right: numbers, money, OIDs. */
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);

/**
 * Shows a result.
 *
 * @param result What a statement returned.
 * @returns A table with its number of rows, or the command's tag.
 */
export function alignedTable(result: StatementResult): string[] {
  const { fields, rows, command, rowCount } = result;
  if (fields.length === 0 && rows.length === 0) {
    return [rowCount === null ? command : `${command} ${rowCount}`];
  }
  const cells = rows.map((row) => fields.map((_, i) => oneLine(row[i] ?? "")));
  const names = fields.map((field) => oneLine(field.name));
  const widths = names.map((name, i) =>
    cells.reduce(
      (most, row) => Math.max(most, displayWidth(row[i] ?? "")),
      displayWidth(name),
    )
  );
  const line = (
    values: readonly string[],
    pad: (value: string, i: number, room: string) => string,
  ) =>
    values.map((value, i) =>
      ` ${pad(value, i, " ".repeat((widths[i] ?? 0) - displayWidth(value)))} `
    ).join("|").trimEnd();
  return [
    line(names, centred),
    widths.map((width) => "-".repeat(width + 2)).join("+"),
    ...cells.map((row) =>
      line(
        row,
        (value, i, room) =>
          NUMBERS.has(fields[i]?.typeOid ?? 0) ? room + value : value + room,
      )
    ),
    rows.length === 1 ? "(1 row)" : `(${rows.length} rows)`,
  ];
}

function centred(value: string, _: number, room: string): string {
  const left = Math.floor(room.length / 2);
  return room.slice(0, left) + value + room.slice(left);
}

/** A value with line ends would break the table; psql's own sign is ↵ in such places. */
function oneLine(value: string): string {
  return value.replace(/\r?\n/g, "↵").replaceAll("\t", "    ");
}
