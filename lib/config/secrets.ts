/**
 * Passwords in the address of a database: whether there is one, how to show
 * the address without it, how to add one. It knows the shape of a URL and of
 * `key=value` text as libpq reads them, and connects to nothing.
 *
 * @module
 */

/** The parameters of libpq that are secrets in themselves. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  "password",
  "sslpassword",
  "oauth_client_secret",
]);

/** What stands in the place of a secret. */
const HIDDEN = "***";

/** Whether text is a PostgreSQL URL. */
function isUrl(source: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(source);
}

/** Whether text is libpq's `key=value` form. */
export function isConninfo(source: string): boolean {
  return !isUrl(source) && /^\s*[a-z_]+\s*=/.test(source);
}

/**
 * Whether the address of a database holds a secret. When in doubt it does:
 * an unescaped `/` in a password must not hide it.
 *
 * @param source A source as typed.
 * @returns True where {@linkcode redactSource} would hide something.
 */
export function holdsSecret(source: string): boolean {
  return redactSource(source) !== source;
}

/**
 * The address of a database without its secrets.
 *
 * @param source A source as typed.
 * @returns The same text with `***` in the place of every secret.
 */
export function redactSource(source: string): string {
  if (isUrl(source)) return redactUrl(source);
  if (isConninfo(source)) return redactConninfo(source);
  // A version behind a directory of migrations is no host.
  if (/^migrations:[^@\s]+@\d[\d_-]*$/.test(source)) return source;
  // A mistyped scheme ("postgres:/me:secret@host") must not give its password away.
  const credentials = /^([^:@\s]*:\/{0,3})?[^:@\s]*:[^\s]*@/.exec(source);
  if (credentials !== null) {
    return `${credentials[1] ?? ""}${HIDDEN}@${
      source.slice(source.lastIndexOf("@") + 1)
    }`;
  }
  return source;
}

function redactUrl(source: string): string {
  const scheme = source.slice(0, source.indexOf("://") + 3);
  const rest = source.slice(scheme.length);
  const query = queryStart(rest);
  const head = query < 0 ? rest : rest.slice(0, query);
  const tail = query < 0 ? "" : rest.slice(query);
  const at = head.lastIndexOf("@");
  const colon = head.indexOf(":");
  let shown = head;
  if (at >= 0) {
    if (colon >= 0 && colon < at - 1) {
      shown = `${head.slice(0, colon)}:${HIDDEN}${head.slice(at)}`;
    }
  } else if (tail.includes("@") && !looksLikeHosts(head)) {
    // "user:pass?word=x@host": the password is cut by what looks like a query.
    return `${scheme}${HIDDEN}`;
  }
  return scheme + shown + redactQuery(tail);
}

/** Where `?key=value…` starts, or -1. A `?` before something else is part of a password. */
function queryStart(rest: string): number {
  const match = /\?(?=[A-Za-z_%0-9]+=|$)/.exec(rest);
  return match === null ? -1 : match.index;
}

/** Whether text without an `@` reads as hosts with ports, not as `user:password`. */
function looksLikeHosts(head: string): boolean {
  const hosts = head.split("/", 1)[0] ?? "";
  return hosts.split(",").every((host) =>
    /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(host)
  );
}

function redactQuery(query: string): string {
  if (query === "") return query;
  return "?" + query.slice(1).split("&").map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 0 || equals === pair.length - 1) return pair;
    // libpq decodes the keyword too, so "pass%77ord" is a password.
    const keyword = decode(pair.slice(0, equals)).trim().toLowerCase();
    return SECRET_PARAMETERS.has(keyword)
      ? `${pair.slice(0, equals)}=${HIDDEN}`
      : pair;
  }).join("&");
}

function redactConninfo(source: string): string {
  return source.replace(
    /([A-Za-z_]+)(\s*=\s*)('(?:[^'\\]|\\[\s\S]?)*'?|(?:[^\s\\]|\\[\s\S]?)*)/g,
    (all, keyword: string, equals: string, value: string) =>
      SECRET_PARAMETERS.has(keyword.toLowerCase()) && value !== "" &&
        value !== "''"
        ? `${keyword}${equals}${HIDDEN}`
        : all,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Adds a connection parameter to the address of a database.
 *
 * @param source A URL or `key=value` text that does not hold the parameter yet.
 * @param parameter The parameter of libpq, such as `password`, and its value.
 * @returns The address with it; a URL carries it in its query, which suits several hosts too.
 */
export function withParameter(
  source: string,
  parameter: { readonly keyword: string; readonly value: string },
): string {
  const { keyword, value } = parameter;
  if (isUrl(source)) {
    const joint = !source.includes("?") ? "?" : /[?&]$/.test(source) ? "" : "&";
    return `${source}${joint}${keyword}=${encodeURIComponent(value)}`;
  }
  const quoted = value.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `${source.trimEnd()} ${keyword}='${quoted}'`;
}

/**
 * A line of a configuration file, where showing it gives nothing away.
 *
 * @param line The line.
 * @returns The line, or undefined where it may hold a secret.
 */
export function showableLine(line: string): string | undefined {
  return /:\/\/|@|pass|secret|token/i.test(line) ? undefined : line;
}
