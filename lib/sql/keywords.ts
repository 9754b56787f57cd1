/**
 * PostgreSQL's keywords that cannot stand everywhere as an identifier without
 * quotes: those of version 18, which include those of 14 to 17. It knows
 * nothing else.
 *
 * @module
 */

/** Reserved: never an identifier. */
const RESERVED = `
  all analyse analyze and any array as asc asymmetric both case cast check
  collate column constraint create current_catalog current_date current_role
  current_time current_timestamp current_user default deferrable desc
  distinct do else end except false fetch for foreign from grant group
  having in initially intersect into lateral leading limit localtime
  localtimestamp not null offset on only or order placing primary references
  returning select session_user some symmetric system_user table then to
  trailing true union unique user using variadic when where window with`;

/** Not the name of a function or type. */
const COLUMN_NAME = `
  between bigint bit boolean char character coalesce dec decimal exists
  extract float greatest grouping inout int integer interval json json_array
  json_arrayagg json_exists json_object json_objectagg json_query
  json_scalar json_serialize json_table json_value least merge_action
  national nchar none normalize nullif numeric out overlay position
  precision real row setof smallint substring time timestamp treat trim
  values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest
  xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`;

/** The name of a function or type only. */
const TYPE_OR_FUNCTION_NAME = `
  authorization binary collation concurrently cross current_schema freeze
  full ilike inner is isnull join left like natural notnull outer overlaps
  right similar tablesample verbose`;

/** Every keyword, in lower case, that an identifier must be quoted for. */
export const QUOTED_KEYWORDS: ReadonlySet<string> = new Set(
  [RESERVED, COLUMN_NAME, TYPE_OR_FUNCTION_NAME].flatMap((words) =>
    words.trim().split(/\s+/)
  ),
);
