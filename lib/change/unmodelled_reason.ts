/**
 * A change that cannot be tried out because of what is not part of the model:
 * nobody has made it in the shadow, and no plan makes it. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Schema } from "../schema/schema.ts";
import { Lexer } from "../sql/lexer.ts";

/** Errors that may come of something that is not there. */
const CODES: ReadonlySet<string> = new Set(["proof-failed", "schema-invalid"]);

/**
 * An error of a proof, or what it comes of.
 *
 * @param error The error.
 * @param schemas Both schemas, with their notices.
 * @returns The error itself, where it names nothing that is not part of the
 * model.
 */
export function unmodelledReason(
  error: unknown,
  schemas: readonly Schema[],
): unknown {
  if (!(error instanceof PawlError) || !CODES.has(error.code)) return error;
  const said = [error.message, ...error.details];
  const words = new Set(said.flatMap(wordsOf));
  const missing = new Set(
    schemas.flatMap(({ notices }) => notices)
      .filter(({ code, message }) =>
        code === "unmodelled" &&
        words.has(
          wordsOf(message.split(" is not part of")[0] ?? "").at(-1) ?? "",
        )
      ).map(({ message }) => message),
  );
  if (missing.size === 0) return error;
  return new PawlError(
    "shadow-lacks",
    "Cannot prove the change: it needs something that is not part of the model",
    {
      details: [...missing, ...said],
      hint:
        "Make it where it is missing, in a migration of your own; --no-prove goes on without the proof",
      cause: error,
    },
  );
}

/** Words and quoted names, as SQL reads them; an error's quotes are just such. */
function wordsOf(text: string): string[] {
  const lexer = new Lexer(text);
  const words: string[] = [];
  while (lexer.next()) {
    const token = text.slice(lexer.start, lexer.end);
    if (lexer.kind === "word") words.push(token);
    else if (lexer.kind === "quoted_identifier") {
      words.push(token, ...token.slice(1, -1).split("."));
    }
  }
  return words;
}
