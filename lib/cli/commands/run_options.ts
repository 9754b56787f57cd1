/**
 * Options that commands which run migrations or write the history share.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import type { ProgressListener } from "../../migrate/report.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";

/** `--no-lock`. */
export const lock = option.unlessNot({ description: "Take no lock" });

/** `--no-transaction`. */
export const transaction = option.unlessNot({
  description: "Run every statement by itself, outside a transaction",
});

/** `--dry-run` of what sends SQL. */
export const dryRun = option.flag({
  description: "Show what would run, and run nothing",
});

/** How a run of migrations may end. */
export const RUN_EXITS = [
  EXIT.ok,
  EXIT.no,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.locked,
  EXIT.blocked,
  EXIT.interrupted,
] as const;

/**
 * Tells which migration a run is at, and with `-v` what became of each.
 *
 * @param io Where to.
 * @param progress The progress that is shown.
 * @param doing The word before the migration's name, such as `Applying`.
 */
export function progressTeller(
  io: Io,
  progress: Pick<ReturnType<Io["progress"]>, "update">,
  doing: string,
): ProgressListener {
  return (name, status, index, total) => {
    if (status === "starting") {
      progress.update(`${doing} ${name} (${index + 1} of ${total})`);
    } else io.detail(`${name}: ${status}`);
  };
}
