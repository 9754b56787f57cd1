/**
 * What functions and procedures have in common: their catalog query, their
 * payload attribute by attribute, and the SQL that says it again.
 *
 * @module
 */

import type { Row } from "./row.ts";
import { address } from "../schema/address.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import {
  extensionAddresses,
  extensionsJoin,
  goesWithExtension,
} from "./depends_on_extension.ts";
import type { CatalogContext, KindModule } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import { alterRoutine, followRoutine, makeRoom } from "./routine_alter.ts";
import {
  ARGUMENT,
  ARGUMENTS,
  argumentsOf,
  IDENTITY_ARGUMENTS,
} from "./routine_arguments.ts";
import { createRoutine, routineStandIn } from "./routine_stand_in.ts";
import {
  overloadPlace,
  routineBody,
  routineSignature,
  routineTypes,
} from "./routine_statement.ts";
import { transformAddress } from "./transform.ts";

/** The keys of a function's or procedure's payload; what is absent is the server's default. */
const ROUTINE_SHAPE = {
  arguments: shape.list(ARGUMENT),
  /** The type without SETOF; `record` for several output arguments. Absent for procedures. */
  returns: optional(shape.type()),
  returnsSet: optional(shape.boolean()),
  language: shape.text(),
  window: optional(shape.boolean()),
  volatility: optional(shape.word("immutable", "stable")),
  strict: optional(shape.boolean()),
  securityDefiner: optional(shape.boolean()),
  leakproof: optional(shape.boolean()),
  parallel: optional(shape.word("safe", "restricted")),
  cost: optional(minor(shape.text())),
  rows: optional(minor(shape.text())),
  /** The planner support function, as `schema.name`. */
  support: optional(minor(shape.text())),
  /** Types whose transforms apply. */
  transforms: optional(shape.list(shape.type())),
  /** `SET name TO value` by name, as the catalog keeps it. */
  settings: optional(shape.map(shape.text())),
  /** The body, verbatim; the link symbol of a function in C. */
  body: optional(shape.text()),
  /** A body that the server has parsed: `RETURN …` or `BEGIN ATOMIC … END`. */
  sqlBody: optional(shape.statement()),
  /** The shared library of a function in C. */
  library: optional(shape.text()),
  /** Extensions whose DROP takes it along. */
  extensions: optional(minor(shape.list(shape.text()))),
} as const;

/** A function's or procedure's payload. */
export type RoutinePayload = RecordOf<typeof ROUTINE_SHAPE>;

/**
 * An SQL expression: a function's qualified name, or NULL for none.
 *
 * @param oid The expression of its OID.
 */
export function functionName(oid: string): string {
  return `(SELECT pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.proname) FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace WHERE f.oid = ${oid})`;
}

/** The kinds of routines, and how they differ. */
const ROUTINES = {
  function: { word: "FUNCTION", prokinds: "'f', 'w'" },
  procedure: { word: "PROCEDURE", prokinds: "'p'" },
} as const;

/**
 * The kind `function` or `procedure`, by the types of its input arguments.
 *
 * @param kind Which of them.
 */
export function routineKind<K extends "function" | "procedure">(
  kind: K,
): KindModule<K, RoutinePayload> {
  const { word, prokinds } = ROUTINES[kind];
  return {
    kind,
    catalog: "pg_proc",
    shape: ROUTINE_SHAPE,
    holds: holdsRecord(ROUTINE_SHAPE),
    commentOn: (object) => `${word} ${routineSignature(object)}`,
    query: (context) => routineQuery(context, prokinds),
    read: (row) => {
      const name = [row.text("schema"), row.text("name")];
      return {
        address: address(kind, name, row.text("identity")),
        name,
        depends: [
          ...extensionAddresses(row.list("extensions")),
          // Until 14 the server records none of these.
          ...row.list("transforms").map((type) =>
            transformAddress(type, row.text("language"))
          ),
        ],
        payload: routinePayload(row),
      };
    },
    create: (object) => createRoutine(word, object),
    standIn: (object) => routineStandIn(word, object),
    alter: (from, to, keys, target) =>
      alterRoutine(word, { from, to, keys, target }),
    follow: (from, to, replaced, target) =>
      followRoutine(word, { from, to, replaced, target }),
    makeRoom: (object, target) => makeRoom(word, object, target),
    goesWith: goesWithExtension,
    occupies: overloadPlace,
    rename: (object, name) =>
      renameStatements(`ALTER ${word}`, object.name, {
        name,
        suffix: routineTypes(object),
      }),
    body: (object) => routineBody(word, object),
  };
}

function routineQuery(context: CatalogContext, kinds: string): string {
  return [
    "SELECT p.oid, 0 AS sub, n.nspname AS schema, p.proname AS name, p.prokind AS kind, l.lanname AS language,",
    `${IDENTITY_ARGUMENTS} AS identity, ${ARGUMENTS} AS arguments,`,
    "pg_catalog.format_type(p.prorettype, NULL) AS returns, p.proretset AS returns_set, p.provolatile AS volatility, p.proisstrict AS strict,",
    "p.prosecdef AS security_definer, p.proleakproof AS leakproof, p.proparallel AS parallel,",
    "NULLIF(p.procost, CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END) AS cost,",
    "NULLIF(p.prorows, CASE WHEN p.proretset THEN 1000 ELSE 0 END) AS rows,",
    `CASE WHEN p.prosupport <> 0 THEN ${
      functionName("p.prosupport")
    } END AS support,`,
    "(SELECT pg_catalog.json_agg(pg_catalog.format_type(t.type, NULL)) FROM pg_catalog.unnest(p.protrftypes) t (type)) AS transforms,",
    "pg_catalog.to_json(p.proconfig) AS settings, p.prosrc AS body, p.probin AS library,",
    "CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END AS sql_body, x.extensions,",
    "pg_catalog.pg_get_userbyid(p.proowner) AS owner, pg_catalog.to_json(p.proacl::text[]) AS acl",
    "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang",
    extensionsJoin("pg_proc", "p.oid"),
    `WHERE p.prokind IN (${kinds}) AND ${context.managed} AND ${
      context.notOfExtension("pg_proc", "p.oid")
    }`,
    // The constructors of a range type come with it.
    "AND p.oid NOT IN (SELECT objid FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_proc'::regclass AND refclassid = 'pg_catalog.pg_type'::regclass AND deptype = 'i')",
  ].join(" ");
}

function routinePayload(row: Row): RoutinePayload {
  const sqlBody = row.optional("sql_body");
  const volatility = row.text("volatility");
  const parallel = row.text("parallel");
  const transforms = row.list("transforms");
  const extensions = row.list("extensions");
  const flag = (column: string) => row.boolean(column) ? true : undefined;
  return {
    arguments: argumentsOf(row),
    returns: row.text("kind") === "p" ? undefined : row.text("returns"),
    returnsSet: flag("returns_set"),
    language: row.text("language"),
    window: row.text("kind") === "w" ? true : undefined,
    volatility: volatility === "i"
      ? "immutable"
      : volatility === "s"
      ? "stable"
      : undefined,
    strict: flag("strict"),
    securityDefiner: flag("security_definer"),
    leakproof: flag("leakproof"),
    parallel: parallel === "s"
      ? "safe"
      : parallel === "r"
      ? "restricted"
      : undefined,
    cost: row.optional("cost"),
    rows: row.optional("rows"),
    support: row.optional("support"),
    transforms: transforms.length === 0 ? undefined : transforms,
    settings: row.options("settings"),
    body: sqlBody === undefined ? row.text("body") : undefined,
    sqlBody,
    library: row.optional("library"),
    extensions: extensions.length === 0 ? undefined : extensions,
  };
}
