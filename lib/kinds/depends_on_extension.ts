/**
 * `ALTER … DEPENDS ON EXTENSION`: what is dropped together with an extension
 * without being one of its members.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { Payload, SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { attach, type KindStatement, release } from "./kind.ts";

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

/**
 * The addresses of extensions, for what depends on them: `pg_depend`'s word
 * for it is not read.
 *
 * @param extensions Their names.
 */
export function extensionAddresses(extensions: readonly string[]): string[] {
  return extensions.map((name) => address("extension", [name]));
}

/**
 * Whether an object goes with an extension that is dropped.
 *
 * @param object An object whose payload may name `extensions`.
 * @param dropped Whether an object is dropped by its own statement.
 */
export function goesWithExtension(
  object: SchemaObject<
    string,
    Payload & { readonly extensions?: readonly string[] | undefined }
  >,
  dropped: (address: string) => boolean,
): boolean {
  return extensionAddresses(object.payload.extensions ?? []).some(dropped);
}

/**
 * The statements that make an object depend on other extensions.
 *
 * @param object What ALTER calls it, such as `FUNCTION public.f()`.
 * @param was The names of the extensions as they were.
 * @param is The names of those that are to be.
 */
export function extensionChanges(
  object: string,
  was: readonly string[] | undefined,
  is: readonly string[] | undefined,
): KindStatement[] {
  return [
    ...(was ?? []).filter((name) => !is?.includes(name)).map((name) =>
      release(
        `ALTER ${object} NO DEPENDS ON EXTENSION ${quoteIdentifier(name)}`,
      )
    ),
    ...dependsOnExtension(object, is?.filter((name) => !was?.includes(name))),
  ];
}
