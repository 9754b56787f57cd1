/**
 * Text for a terminal or a pipe: colour, widths, wrapping, alignment, and what
 * makes foreign text harmless on a terminal. It knows nothing of streams,
 * commands or errors, and decides nothing about what is said. Pure.
 *
 * @module
 */

/** When colour is wanted: the values of `--color`. */
export type ColorChoice = "auto" | "always" | "never";

/** How one stream wants its text. */
export interface Style {
  /** Whether escape sequences for colour are written. */
  readonly color: boolean;
  /** The columns that text is wrapped to. */
  readonly width: number;
  /** Bold text. */
  readonly bold: (text: string) => string;
  /** Faint text. */
  readonly dim: (text: string) => string;
  /** Red text, for failures. */
  readonly red: (text: string) => string;
  /** Green text, for what is well. */
  readonly green: (text: string) => string;
  /** Yellow text, for warnings. */
  readonly yellow: (text: string) => string;
  /** Cyan text, for names and commands. */
  readonly cyan: (text: string) => string;
  /** A line with the mark ✓. The words must say the same without it. */
  readonly ok: (text: string) => string;
  /** A line with the mark ✗. */
  readonly bad: (text: string) => string;
  /** A line with the mark ~: differs, and pawl can mend it. */
  readonly fix: (text: string) => string;
}

/** What decides about colour on one stream. */
export interface ColorSetting {
  /** The value of `--color`. */
  readonly choice: ColorChoice;
  /** Whether the stream is a terminal. */
  readonly isTerminal: boolean;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
}

/**
 * Whether a stream gets colour.
 *
 * `--color` wins; then a non-empty `NO_COLOR` (no-color.org), then
 * `CLICOLOR_FORCE` and `FORCE_COLOR`, then `TERM=dumb` and `CLICOLOR=0`; else
 * terminals get it.
 *
 * @param setting The flag, the stream and the environment.
 * @returns True when escape sequences may be written.
 */
export function wantsColor(setting: ColorSetting): boolean {
  if (setting.choice !== "auto") return setting.choice === "always";
  if ((setting.env("NO_COLOR") ?? "") !== "") return false;
  for (const name of ["CLICOLOR_FORCE", "FORCE_COLOR"]) {
    const value = setting.env(name) ?? "";
    if (value !== "" && value !== "0" && value !== "false") return true;
  }
  if (setting.env("TERM") === "dumb") return false;
  if (setting.env("CLICOLOR") === "0") return false;
  return setting.isTerminal;
}

/**
 * Makes the style of a stream.
 *
 * @param options Whether colour is wanted, and the columns of the stream.
 * @returns Functions that dress text.
 */
export function makeStyle(
  options: { readonly color: boolean; readonly width: number },
): Style {
  const dress = (on: number, off: number) => (text: string) =>
    options.color && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  const [red, green, yellow] = [dress(31, 39), dress(32, 39), dress(33, 39)];
  return {
    color: options.color,
    width: options.width,
    bold: dress(1, 22),
    dim: dress(2, 22),
    red,
    green,
    yellow,
    cyan: dress(36, 39),
    ok: (text) => `${green("✓")} ${text}`,
    bad: (text) => `${red("✗")} ${text}`,
    fix: (text) => `${yellow("~")} ${text}`,
  };
}

// deno-lint-ignore no-control-regex
const COLOR_SEQUENCE = /\x1b\[[0-9;]*m/g;

/** Columns that a terminal gives a character: 0, 1 or 2. */
function characterWidth(character: string): number {
  if (/^[\p{Mn}\p{Me}\u200b-\u200d\ufe0e\ufe0f]$/u.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  // The blocks that Unicode's East Asian Width calls wide, coarsely.
  return (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f300 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd)
    ? 2
    : 1;
}

/**
 * The columns that a text takes on a terminal.
 *
 * @param text One line, with or without colour.
 * @returns Columns; colour takes none, East Asian characters take two.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(COLOR_SEQUENCE, "")) {
    width += characterWidth(character);
  }
  return width;
}

/**
 * Cuts a plain line to a number of columns.
 *
 * @param text One line without colour.
 * @param columns The most columns it may take.
 * @returns The line, ending in `…` where it was cut.
 */
export function truncate(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let [kept, width] = ["", 0];
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Fills paragraphs to a width. Blank lines part paragraphs; a line that begins
 * with white space is kept as it is.
 *
 * @param text The text.
 * @param width The columns of a line; words longer than that stand alone.
 * @returns The lines.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  const flush = () => {
    if (line !== "") lines.push(line);
    line = "";
  };
  for (const source of text.split("\n")) {
    if (source.trim() === "" || /^\s/.test(source)) {
      flush();
      lines.push(source.trimEnd());
      continue;
    }
    for (const word of source.split(/ +/)) {
      if (word === "") continue;
      if (line === "") line = word;
      else if (displayWidth(line) + 1 + displayWidth(word) <= width) {
        line += ` ${word}`;
      } else {
        flush();
        line = word;
      }
    }
  }
  flush();
  return lines;
}

/** A term and what it means, for {@linkcode definitionList}. */
export type Definition = readonly [term: string, meaning: string];

/** The widest term that still has its meaning on the same line. */
const WIDEST_TERM = 28;

/**
 * Lays out terms on the left and their meaning, wrapped, on the right.
 *
 * @param rows The terms and meanings.
 * @param style Gives the width, and the colour of the terms.
 * @returns The lines, indented by two columns.
 */
export function definitionList(
  rows: readonly Definition[],
  style: Style,
): string[] {
  const widths = rows.map(([term]) => displayWidth(term));
  const column = Math.min(Math.max(0, ...widths), WIDEST_TERM);
  const indent = " ".repeat(column + 4);
  return rows.flatMap(([term, meaning], i) => {
    const width = widths[i] ?? 0;
    const lines = wrap(meaning, Math.max(20, style.width - indent.length));
    const head = `  ${style.cyan(term)}`;
    if (lines.length === 0) return [head];
    if (width > column) return [head, ...lines.map((line) => indent + line)];
    return lines.map((line, j) =>
      j === 0 ? head + " ".repeat(column - width + 2) + line : indent + line
    );
  });
}

/**
 * Makes foreign text harmless on a terminal: names and server messages may
 * hold escape sequences that move the cursor or set the window's title.
 * Colour, tabs and line ends stay; CRLF becomes LF; every other control
 * character is shown as a picture or a replacement character.
 *
 * @param text Any text.
 * @returns The text without other control characters.
 */
export function harmless(text: string): string {
  // deno-lint-ignore no-control-regex
  const control = /\r\n|\x1b\[[0-9;]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;
  return text.replace(control, (found) => {
    if (found === "\r\n") return "\n";
    if (found.length > 1) return found;
    const code = found.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? "\u2421" : "\ufffd";
  });
}
