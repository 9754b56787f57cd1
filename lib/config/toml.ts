/**
 * The text of a `pawl.toml` as checked data, each value with the line it stands
 * on. It reads no file and chooses nothing.
 *
 * @module
 */
import { dirname } from "node:path";
import { parse, TomlError } from "@std/toml";
import { PawlError, type SourceLocation } from "../errors.ts";
import { checkConfig } from "./config_data.ts";
import type { ConfigFile } from "./config_file.ts";
import { showableLine } from "./secrets.ts";
import { type KeyPath, locateKeys } from "./toml_lines.ts";

/** Where a configuration's text comes from. */
export interface ConfigPlace {
  /** Its path as a user would type it, for messages. */
  readonly file: string;
  /** Its absolute path. */
  readonly path: string;
}

/**
 * Reads the text of a `pawl.toml`.
 *
 * @param text The text.
 * @param place Where it comes from.
 * @returns The checked configuration.
 * @throws {PawlError} `config-invalid` with file, line and what is accepted.
 */
export function parseConfig(text: string, place: ConfigPlace): ConfigFile {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const document = parseToml(source, place.file);
  return checkConfig(document, {
    file: place.file,
    directory: dirname(place.path),
    locate: locator(source, place.file),
  });
}

function parseToml(
  source: string,
  file: string,
): Readonly<Record<string, unknown>> {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser's message goes on with the lines around, which may hold a password.
    const because = (error.message.split("\n", 1)[0] ?? "")
      .replace(/^Invalid TOML document: /, "");
    const line = source.split("\n")[error.line - 1]?.replace(/\r$/, "") ?? "";
    const shown = showableLine(line);
    throw new PawlError(
      "config-invalid",
      `Cannot read ${file}:${error.line}: ${because}`,
      {
        location: {
          file,
          line: error.line,
          column: error.column,
          ...(shown === undefined ? {} : { text: shown }),
        },
        hint: "The file is TOML 1.0; strings need quotes",
      },
    );
  }
}

function locator(
  source: string,
  file: string,
): (path: KeyPath) => SourceLocation {
  const find = locateKeys(source);
  return (path) => {
    const position = find(path);
    return position === undefined ? { file } : { file, ...position };
  };
}
