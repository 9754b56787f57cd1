-- not embedded
CREATE COLLATION ci (PROVIDER = icu, LOCALE = 'und-u-ks-level1', DETERMINISTIC = false);
CREATE TABLE t (name text COLLATE ci, UNIQUE (name));
