CREATE TYPE state AS ENUM ('on', 'idle', 'off');
CREATE TABLE m (
    id integer PRIMARY KEY,
    state state DEFAULT 'idle' NOT NULL,
    other state DEFAULT 'idle' NOT NULL CHECK (other <> 'off'),
    is_idle boolean GENERATED ALWAYS AS (state = 'idle') STORED
);
CREATE INDEX m_idle ON m (id) WHERE state = 'idle';
CREATE VIEW v AS SELECT id FROM m WHERE state IN ('on', 'idle');
CREATE FUNCTION idle() RETURNS state LANGUAGE sql IMMUTABLE RETURN 'idle'::state;
CREATE TABLE n (state state DEFAULT 'idle');
