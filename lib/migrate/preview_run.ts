/**
 * The texts that a run would send, for `--dry-run`. Pure.
 *
 * @module
 */

import type { PreparedMigration } from "./prepare.ts";
import type { Unfinished } from "./resume.ts";
import {
  afterOutside,
  finalText,
  intentText,
  outsideText,
  transactionText,
} from "./unit_text.ts";
import type { TextContext } from "./unit_run.ts";

/**
 * The texts that a run would send, as one SQL text; of its lock, only what
 * `context` knows.
 *
 * @param context What the texts must know.
 * @param prepared The migration, cut as it would run.
 * @param from What of a partial migration has run; undefined: it begins.
 */
export function previewRun(
  context: TextContext,
  prepared: PreparedMigration,
  from?: Unfinished,
): string {
  const { run, program } = prepared;
  if (program !== undefined) return "";
  const done = from?.done ?? 0;
  let begun = from !== undefined;
  let fresh = true;
  const texts = run.units.slice(done).flatMap((unit) => {
    const place = { unit, begun, fresh, done: unit.number };
    begun = true;
    fresh = false;
    const [statement] = unit.statements;
    if (unit.kind === "transaction" || statement === undefined) {
      return transactionText(context, run, place);
    }
    return [
      ...intentText(context, run, place),
      ...outsideText(statement).map((t) => ({ ...t, sql: `${t.sql};\n` })),
      ...afterOutside(context, run, place),
    ];
  });
  const verifyApart = run.units.at(-1)?.kind === "outside" &&
    run.verify.length > 0;
  if (verifyApart || done >= run.units.length) {
    texts.push(...finalText(context, run, fresh));
  }
  const open = from?.progress.some((p) =>
    p.version === run.version && p.direction === run.direction && !p.finished
  );
  return [
    ...(open === true
      ? [
        `-- step ${
          done + 1
        } was begun: first the catalog is asked whether it has happened\n`,
      ]
      : []),
    ...texts.map((text) => text.sql),
  ].join("");
}
