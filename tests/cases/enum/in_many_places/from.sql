CREATE TYPE state AS ENUM ('on', 'off', 'broken');
CREATE TABLE m (
    id integer PRIMARY KEY,
    state state DEFAULT 'on' NOT NULL,
    previous state,
    is_on boolean GENERATED ALWAYS AS (state = 'on') STORED,
    copy state GENERATED ALWAYS AS (state) STORED,
    CHECK (state <> previous),
    EXCLUDE USING btree (state WITH =),
    UNIQUE (state, previous)
);
CREATE INDEX m_text ON m ((state = 'on'), id) INCLUDE (previous);
CREATE STATISTICS m_stats ON state, previous FROM m;
CREATE AGGREGATE last_state(state) (SFUNC = enum_larger, STYPE = state);
CREATE FUNCTION rows() RETURNS TABLE (id integer, state state) LANGUAGE sql AS $$ SELECT id, state FROM m $$;
CREATE PROCEDURE set_state(IN id integer, IN new state DEFAULT 'off') LANGUAGE sql AS $$ UPDATE m SET state = $2 $$;
CREATE FUNCTION state_text(state) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text $$;
CREATE CAST (state AS json) WITH INOUT;
CREATE VIEW v AS SELECT id, coalesce(previous, 'on') AS s, state_text(state) AS t FROM m;
CREATE VIEW w AS SELECT * FROM v WHERE s = 'off'::state;
