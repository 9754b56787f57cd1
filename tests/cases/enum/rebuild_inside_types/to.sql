CREATE TYPE unit AS ENUM ('g', 'kg');
CREATE DOMAIN metric_unit AS unit DEFAULT 'kg' CHECK (VALUE <> 'g');
CREATE TYPE amount AS (value numeric, unit unit);
CREATE TYPE unit_range AS RANGE (SUBTYPE = unit);
CREATE TABLE recipes (
    id integer PRIMARY KEY,
    unit metric_unit,
    units metric_unit[],
    amount amount,
    amounts amount[],
    span unit_range,
    spans unit_multirange
);
