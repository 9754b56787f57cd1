CREATE TYPE state AS ENUM ('on', 'off');
CREATE TABLE m (id integer PRIMARY KEY, state state DEFAULT 'on' NOT NULL);
CREATE VIEW v AS SELECT id FROM m WHERE state = 'on';
