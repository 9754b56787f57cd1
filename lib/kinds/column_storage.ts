/**
 * How the catalog spells the storage and the compression of a column.
 *
 * @module
 */

/** `pg_attribute.attstorage`, as SET STORAGE has it. */
export const STORAGE: Readonly<
  Record<string, "plain" | "external" | "extended" | "main">
> = {
  p: "plain",
  e: "external",
  x: "extended",
  m: "main",
};

/** `pg_attribute.attcompression`, as SET COMPRESSION has it. */
export const COMPRESSION: Readonly<Record<string, "pglz" | "lz4">> = {
  p: "pglz",
  l: "lz4",
};
