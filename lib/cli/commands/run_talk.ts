/**
 * What is said while a run goes on.
 *
 * @module
 */

import type { RunEvent } from "../../migrate/execution.ts";
import { describeHolder } from "../../pg/lock.ts";
import { describeBlocker } from "../../pg/watch.ts";
import type { Io } from "../io.ts";

/** Tells what happens while a run goes on. */
export function eventTeller(io: Io): (event: RunEvent) => void {
  let lastWait = "";
  let lastBlock = "";
  return (event) => {
    switch (event.type) {
      case "waiting": {
        const who = event.holder === undefined
          ? "another run"
          : describeHolder(event.holder);
        if (who !== lastWait) {
          io.note(`Waiting for the migration lock: ${who} holds it`);
        }
        lastWait = who;
        return;
      }
      case "blocked": {
        const who = event.blockers.map(describeBlocker).join("; ");
        if (who !== lastBlock) io.note(`Waiting for a lock held by ${who}`);
        lastBlock = who;
        return;
      }
      case "building": {
        const percent = event.progress.percent === undefined
          ? ""
          : ` ${event.progress.percent} %`;
        if (io.terminal.stderr) {
          io.detail(`Index build: ${event.progress.phase}${percent}`, 0);
        }
        return;
      }
      case "retry":
        io.note(
          `${event.migration}: ${event.reason}; try ${
            event.attempt + 1
          } of ${event.attempts} in ${Math.round(event.delayMs / 100) / 10} s`,
        );
        for (const blocker of event.blockers) {
          io.note(`  blocked by ${describeBlocker(blocker)}`);
        }
        return;
      case "notice":
        if (event.notice.severity === "LOG") io.note(event.notice.message);
        else if (event.notice.severity === "WARNING") {
          io.note(`WARNING: ${event.notice.message}`);
        } else io.detail(`${event.notice.severity}: ${event.notice.message}`);
        return;
      case "repaired":
        io.note(event.message);
        return;
      default:
        event satisfies never;
    }
  };
}
