/**
 * What a models file was refused with, as data that crosses from the Worker
 * it runs in. Pure.
 *
 * @module
 */

import { placesOf } from "./place.ts";

/** What went wrong in a models file. */
export interface ModelsFailure {
  /** What went wrong, on one line and without the file. */
  readonly message: string;
  /** The line in the file, from 1. */
  readonly line?: number | undefined;
  /** The column, from 1. */
  readonly column?: number | undefined;
  /** What to do instead, where that is known. */
  readonly hint?: string | undefined;
}

/**
 * What was thrown, as data.
 *
 * @param thrown Anything: the type stripper throws plain objects with
 * `message` and `startLine`.
 */
export function failureOf(thrown: unknown): ModelsFailure {
  return { message: messageOf(thrown), ...placeOf(thrown) };
}

function messageOf(thrown: unknown): string {
  const text =
    typeof thrown === "object" && thrown !== null && "message" in thrown
      ? String(thrown.message)
      : String(thrown);
  const first = plain(text).split("\n").find((line) => line.trim() !== "");
  return (first ?? text).trim().replace(/ (?:at|from) "?data:\S+$/, "");
}

/** Where in the file: the innermost frame that is not ours. */
function placeOf(
  thrown: unknown,
): { readonly line?: number; readonly column?: number } {
  if (typeof thrown !== "object" || thrown === null) return {};
  if ("startLine" in thrown && typeof thrown.startLine === "number") {
    return { line: thrown.startLine };
  }
  if (!(thrown instanceof Error)) return {};
  const stacks = placesOf(thrown).map(({ stack }) => stack ?? "");
  const frame = /data:text\/javascript;base64,[^:\s]*:(\d+):(\d+)/.exec(
    plain([thrown.message, ...stacks].join("\n")),
  );
  return frame === null
    ? {}
    : { line: Number(frame[1]), column: Number(frame[2]) };
}

/** Without the colours that the runtime puts into some messages. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- colours begin with one
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
}
