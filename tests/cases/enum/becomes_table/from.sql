CREATE TYPE thing AS ENUM ('a');
CREATE TYPE other AS (a integer);
CREATE DOMAIN third AS text;
