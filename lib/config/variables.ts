/**
 * The environment variables of a process as plain data, and `${NAME}` in the
 * strings of a configuration. It knows no variable by name and reads no process.
 *
 * @module
 */
import { PawlError, type SourceLocation } from "../errors.ts";
import { nearest } from "./suggest.ts";

/** One environment variable. */
export interface Variable {
  /** Its value. */
  readonly value: string;
  /** What a message calls it: `PAWL_URL`, or `PAWL_URL (.env:3)`. */
  readonly origin: string;
}

/** Environment variables by name. */
export type Variables = ReadonlyMap<string, Variable>;

/**
 * The variables of a process.
 *
 * @param environment What `Deno.env.toObject()` returns.
 * @returns The same as a map, so that no name can reach an object's prototype.
 */
export function processVariables(
  environment: Readonly<Record<string, string>>,
): Variables {
  return new Map(
    Object.entries(environment).map(([name, value]) => [
      name,
      { value, origin: name },
    ]),
  );
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Whether a value holds a `${NAME}`, so that it can be judged only when it is used.
 *
 * @param value A value of a TOML document.
 * @returns True where a string in it refers to a variable.
 */
export function refersToVariable(value: unknown): boolean {
  if (typeof value === "string") {
    return [...value.matchAll(REFERENCE)].some((match) => match[0] !== "$${");
  }
  if (Array.isArray(value)) return value.some(refersToVariable);
  if (typeof value === "object" && value !== null) {
    return Object.values(value).some(refersToVariable);
  }
  return false;
}

/**
 * Puts variables into the strings of a value. `$${` stands for `${` itself;
 * a `$` without a brace is only a `$`.
 *
 * @param value A value of a TOML document.
 * @param variables The variables that there are.
 * @param place What the value is called in a message, and where it stands.
 * @returns The same value with every reference replaced.
 * @throws {PawlError} `variable-unset`, or `config-invalid` for a malformed reference.
 */
export function expandVariables(
  value: unknown,
  variables: Variables,
  place: { readonly what: string; readonly location?: SourceLocation },
): unknown {
  if (typeof value === "string") return expandText(value, variables, place);
  if (Array.isArray(value)) {
    return value.map((item) => expandVariables(item, variables, place));
  }
  if (
    typeof value === "object" && value !== null && !(value instanceof Date)
  ) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        expandVariables(item, variables, place),
      ]),
    );
  }
  return value;
}

function expandText(
  text: string,
  variables: Variables,
  place: { readonly what: string; readonly location?: SourceLocation },
): string {
  const where = place.location === undefined
    ? {}
    : { location: place.location };
  return text.replace(REFERENCE, (reference, name: string | undefined) => {
    if (reference === "$${") return "${";
    if (
      name === undefined || !VARIABLE_NAME.test(name) ||
      !reference.endsWith("}")
    ) {
      throw new PawlError(
        "config-invalid",
        `Cannot read ${place.what}: "\${" is not followed by a variable's name and "}"`,
        { ...where, hint: 'Write "${NAME}", or "$${" for the characters "${"' },
      );
    }
    const variable = variables.get(name);
    if (variable !== undefined) return variable.value;
    const near = nearest(name, variables.keys());
    throw new PawlError(
      "variable-unset",
      `Cannot read ${place.what}${
        lineOf(place.location)
      }: the environment variable ${name} is not set`,
      {
        ...where,
        hint: near === undefined
          ? `Set ${name}, or write "$\${" for the characters "\${"`
          : `Set ${name}; did you mean ${near}?`,
      },
    );
  });
}

function lineOf(location: SourceLocation | undefined): string {
  if (location === undefined) return "";
  return location.line === undefined
    ? ` in ${location.file}`
    : ` (${location.file}:${location.line})`;
}
