-- REVOKE on a table takes the same from its columns: what they had must stay.
CREATE TABLE t (id integer, "A b" text, c text);
GRANT SELECT, UPDATE ON t TO pawl_reader;
GRANT SELECT (id, "A b"), UPDATE ("A b") ON t TO pawl_reader;
GRANT SELECT ("A b") ON t TO pawl_reader WITH GRANT OPTION;
GRANT ALL (c) ON t TO pawl_reader;
GRANT SELECT (c) ON t TO PUBLIC;
CREATE TABLE half (id integer, a text);
GRANT SELECT ON half TO pawl_reader;
CREATE TABLE own (id integer, a text);
GRANT SELECT (a) ON own TO CURRENT_USER;
CREATE VIEW seen AS SELECT 1 AS one, 2 AS two;
GRANT SELECT ON seen TO PUBLIC;
GRANT SELECT (one) ON seen TO PUBLIC;
