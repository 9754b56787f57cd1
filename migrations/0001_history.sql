-- The history of pawl, version 1. Names are unqualified: pawl runs this file
-- with search_path set to the history schema (`[history] schema`, by default
-- `pawl`), in the transaction that creates it. What it made is recorded in
-- `meta`, never in `migrations`.

CREATE TABLE meta (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    tool_version text NOT NULL
);
COMMENT ON TABLE meta IS 'Versions of this history schema itself';

CREATE TABLE migrations (
    project text NOT NULL,
    version text COLLATE "C" NOT NULL,
    name text NOT NULL,
    message text NOT NULL DEFAULT '',
    state text NOT NULL
        CHECK (state IN ('applied', 'partial', 'rolled_back', 'stamped')),
    up_raw text,
    up_tokens text,
    down_raw text,
    down_tokens text,
    up_sql text,
    down_sql text,
    steps_done integer NOT NULL DEFAULT 0,
    steps_total integer NOT NULL DEFAULT 0,
    applied_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    applied_by text NOT NULL DEFAULT session_user,
    execution_ms bigint NOT NULL DEFAULT 0,
    rolled_back_at timestamptz,
    schema_hash text,
    tool_version text NOT NULL,
    PRIMARY KEY (project, version),
    CHECK (steps_done BETWEEN 0 AND steps_total)
);
COMMENT ON TABLE migrations IS 'One row a migration: what is in force';

CREATE TABLE progress (
    project text NOT NULL,
    version text COLLATE "C" NOT NULL,
    direction text NOT NULL CHECK (direction IN ('up', 'down')),
    step integer NOT NULL,
    tokens text NOT NULL,
    statement text NOT NULL,
    before jsonb,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (project, version, direction, step),
    FOREIGN KEY (project, version)
        REFERENCES migrations (project, version) ON DELETE CASCADE
);
COMMENT ON TABLE progress IS 'Steps of partial migrations: intended, and done';

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL,
    project text NOT NULL,
    version text COLLATE "C",
    event text NOT NULL,
    at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    by_role text NOT NULL DEFAULT session_user,
    origin text,
    detail jsonb
);
COMMENT ON TABLE events IS 'Append-only: every attempt, by whom, from where, how it ended';

CREATE TABLE objects (
    project text NOT NULL,
    object_type text NOT NULL,
    object_name text NOT NULL,
    hash text NOT NULL,
    source_hash text,
    PRIMARY KEY (project, object_type, object_name)
);
COMMENT ON TABLE objects IS 'The last known state of the schema, object by object';
