/**
 * What must not be shown: a register of passwords, and how text is cleared of
 * them. It knows no stream and not where a password came from. Pure.
 *
 * @module
 */

/** What must not be shown. */
export interface Secrets {
  /** Registers a secret. Empty ones are ignored. */
  readonly add: (secret: string) => void;
  /** Registers the passwords in a connection URL or key=value string. */
  readonly addFrom: (conninfo: string) => void;
  /** For talk: replaces every registered secret, and passwords in URLs. */
  readonly redact: (text: string) => string;
  /**
   * For data, which programs read and may run: replaces a registered secret
   * only where it stands as a password in a connection string.
   */
  readonly redactConnections: (text: string) => string;
  /** Whether a registered secret stands in the text. */
  readonly within: (text: string) => boolean;
}

const HIDDEN = "***";
/**
 * The user name may be empty, and a careless password may hold `@`: the last
 * one ends it. The bound keeps the time linear on text that is no URL.
 */
const URL_PASSWORD = /(:\/\/[^\s:/@]{0,256}:)(\S{0,1024})@/g;
const KEY_PASSWORD =
  /\b((?:pg|ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s'"&;,]+)/gi;
/** Passwords that are also words of every message: hiding them would hide nothing. */
const PLAIN_WORDS = new Set(["postgres", "password", "database", "user"]);

/** The forms in which a secret may be written. */
function spellings(secret: string): string[] {
  // encodeURIComponent throws on a lone surrogate, which no UTF-8 text has.
  const encoded = secret.isWellFormed() ? encodeURIComponent(secret) : secret;
  return [
    ...new Set([
      secret,
      encoded,
      secret.replaceAll("'", "''"),
      secret.replaceAll(/['\\]/g, "\\$&"),
    ]),
  ];
}

const literally = (text: string) =>
  text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** The text after percent-decoding, or as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Makes an empty register of secrets.
 *
 * @returns The register.
 */
export function makeSecrets(): Secrets {
  const known = new Set<string>();
  let anywhere: RegExp | undefined;
  let connections: RegExp | undefined;
  const compile = () => {
    const forms = [...known].flatMap(spellings)
      .sort((left, right) => right.length - left.length);
    // A short secret inside a longer word is that word.
    const free = forms
      .filter((form) => form.length > 3 && !PLAIN_WORDS.has(form))
      .map((form) =>
        form.length < 8
          ? `(?<![\\p{L}\\p{N}_])${literally(form)}(?![\\p{L}\\p{N}_])`
          : literally(form)
      );
    anywhere = free.length === 0 ? undefined : new RegExp(free.join("|"), "gu");
    const any = forms.map(literally).join("|");
    connections = new RegExp(
      `(:\\/\\/[^\\s:/@]*:)(?:${any})(?=@)|(password\\s*=\\s*'?)(?:${any})(?![^\\s'"&;,])`,
      "giu",
    );
  };
  const add = (secret: string) => {
    if (secret === "" || known.has(secret)) return;
    known.add(secret);
    compile();
  };
  const redactConnections = (text: string) =>
    connections === undefined
      ? text
      : text.replace(connections, (_, url, key) => `${url ?? key}${HIDDEN}`);
  return {
    add,
    addFrom: (conninfo) => {
      for (const found of conninfo.matchAll(URL_PASSWORD)) {
        add(decoded(found[2] ?? ""));
      }
      for (const found of conninfo.matchAll(KEY_PASSWORD)) {
        const value = found[2] ?? "";
        add(
          value.startsWith("'")
            ? value.slice(1, -1).replace(/\\(.)/g, "$1")
            : decoded(value),
        );
      }
    },
    redact: (text) => {
      const shaped = text.replace(URL_PASSWORD, `$1${HIDDEN}@`)
        .replace(KEY_PASSWORD, `$1${HIDDEN}`);
      return anywhere === undefined ? shaped : shaped.replace(anywhere, HIDDEN);
    },
    redactConnections,
    within: (text) => anywhere !== undefined && text.search(anywhere) >= 0,
  };
}
