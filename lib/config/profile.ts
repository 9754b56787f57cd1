/**
 * One saved connection: an address without its password, and where the
 * password comes from. Pure; it knows neither the set nor the file.
 *
 * @module
 */
import { isAbsolute } from "node:path";
import { PawlError } from "../errors.ts";
import { isSectionName } from "./config_file.ts";
import { checkSource } from "./database_source.ts";
import { holdsSecret, withParameter } from "./secrets.ts";
import type { Variables } from "./variables.ts";

/** Where a profile's password comes from. */
export type PasswordSource =
  | { readonly kind: "pgpass" }
  | { readonly kind: "var"; readonly variable: string }
  | { readonly kind: "service"; readonly service: string };

/** One saved connection. */
export interface Profile {
  /** The address, without a password. */
  readonly url: string;
  /** Where the password comes from; undefined leaves it to libpq's own rules. */
  readonly password?: PasswordSource;
}

const THREE_WAYS =
  "Leave it out of the URL and say where it comes from: var:NAME (an environment variable), pgpass (a line of ~/.pgpass), or service:NAME (an entry of ~/.pg_service.conf)";

/**
 * Reads where a password comes from.
 *
 * @param text `pgpass`, `var:NAME` or `service:NAME`.
 * @returns The same as data.
 * @throws {PawlError} `profile-invalid`; the text is not repeated, since it may be the password itself.
 */
export function parsePasswordSource(text: string): PasswordSource {
  if (text === "pgpass") return { kind: "pgpass" };
  const match = /^(var|service):(.+)$/.exec(text);
  const name = match?.[2] ?? "";
  if (match?.[1] === "var" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return { kind: "var", variable: name };
  }
  if (match?.[1] === "service" && /^[^\s=&?[\]']+$/.test(name)) {
    return { kind: "service", service: name };
  }
  throw new PawlError(
    "profile-invalid",
    "Cannot tell where the password comes from: it is none of var:NAME, pgpass and service:NAME",
    { hint: THREE_WAYS },
  );
}

/**
 * Writes where a password comes from, as {@linkcode parsePasswordSource} reads it.
 *
 * @param source The source.
 * @returns `pgpass`, `var:NAME` or `service:NAME`.
 */
export function formatPasswordSource(source: PasswordSource): string {
  switch (source.kind) {
    case "pgpass":
      return "pgpass";
    case "var":
      return `var:${source.variable}`;
    case "service":
      return `service:${source.service}`;
    default:
      return source satisfies never;
  }
}

/**
 * Checks that a profile may be saved.
 *
 * @param name Its name.
 * @param profile The profile.
 * @throws {PawlError} `profile-invalid` for a bad name, a bad address or a password in the address.
 */
export function checkProfile(name: string, profile: Profile): void {
  if (!isSectionName(name)) {
    throw new PawlError(
      "profile-invalid",
      "Cannot save the profile: its name may have letters, digits, _, - and . only, at most 63",
    );
  }
  if (holdsSecret(profile.url)) {
    throw new PawlError(
      "profile-invalid",
      `Cannot save the profile ${name}: its URL has a password in it, and pawl stores none`,
      { hint: THREE_WAYS },
    );
  }
  const wrong = checkSource(profile.url);
  if (wrong !== undefined || profile.url === "none") {
    throw new PawlError(
      "profile-invalid",
      `Cannot save the profile ${name}: ${
        wrong === undefined
          ? '"none" is no database to connect to'
          : `its address ${wrong}`
      }`,
      { hint: 'Accepted: postgres://…, "key=value …", pglite:DIR' },
    );
  }
  if (/^pglite:[^/]/.test(profile.url) && !isAbsolute(profile.url.slice(7))) {
    throw new PawlError(
      "profile-invalid",
      `Cannot save the profile ${name}: its directory is relative, and a profile is used from everywhere`,
      { hint: "Write pglite: and an absolute directory" },
    );
  }
  if (profile.password !== undefined && profile.url.startsWith("pglite:")) {
    throw new PawlError(
      "profile-invalid",
      `Cannot save the profile ${name}: an embedded database has no password`,
    );
  }
  if (
    profile.password?.kind === "service" &&
    /(?:^|[?&\s])service\s*=/.test(profile.url)
  ) {
    throw new PawlError(
      "profile-invalid",
      `Cannot save the profile ${name}: its URL names a service already`,
      { hint: "Leave out one of the two" },
    );
  }
}

/**
 * The address that a profile connects to, its password put in.
 *
 * @param name The profile's name, for messages.
 * @param profile The profile.
 * @param variables Where `var:NAME` is looked up.
 * @returns The address. It may hold a secret: show it through `redactSource` only.
 * @throws {PawlError} `variable-unset`.
 */
export function profileSource(
  name: string,
  profile: Profile,
  variables: Variables,
): string {
  const source = profile.password;
  switch (source?.kind) {
    case undefined:
    case "pgpass":
      return profile.url;
    case "service":
      return withParameter(profile.url, {
        keyword: "service",
        value: source.service,
      });
    case "var": {
      const variable = variables.get(source.variable);
      if (variable === undefined || variable.value === "") {
        throw new PawlError(
          "variable-unset",
          `Cannot use the profile ${name}: its password comes from the environment variable ${source.variable}, which is ${
            variable === undefined ? "not set" : "empty"
          }`,
          { hint: `Set ${source.variable}` },
        );
      }
      return withParameter(profile.url, {
        keyword: "password",
        value: variable.value,
      });
    }
    default:
      return source satisfies never;
  }
}
