/**
 * `ALTER … DEPENDS ON EXTENSION`: what is dropped together with an extension
 * without being one of its members.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { attach, type KindStatement } from "./kind.ts";

/**
 * A join that gives a query the column `x.extensions`, JSON or NULL.
 *
 * @param catalog The catalog of the objects, such as `pg_proc`.
 * @param oid The expression of the object's OID.
 */
export function extensionsJoin(catalog: string, oid: string): string {
  // By the index on what is referred to: few objects depend on an extension.
  return [
    "LEFT JOIN (SELECT xd.objid, pg_catalog.json_agg(xe.extname ORDER BY xe.extname) AS extensions",
    "FROM pg_catalog.pg_depend xd JOIN pg_catalog.pg_extension xe ON xe.oid = xd.refobjid",
    `WHERE xd.refclassid = 'pg_catalog.pg_extension'::regclass AND xd.classid = 'pg_catalog.${catalog}'::regclass AND xd.deptype = 'x'`,
    `GROUP BY xd.objid) x ON x.objid = ${oid}`,
  ].join(" ");
}

/**
 * The statements that make an object depend on extensions.
 *
 * @param object What ALTER calls it, such as `FUNCTION public.f()`.
 * @param extensions The names of the extensions.
 */
export function dependsOnExtension(
  object: string,
  extensions: readonly string[] | undefined,
): KindStatement[] {
  return (extensions ?? []).map((name) =>
    attach(`ALTER ${object} DEPENDS ON EXTENSION ${quoteIdentifier(name)}`)
  );
}
