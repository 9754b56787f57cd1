-- A foreign key may refer to a unique index that is no constraint.
CREATE TABLE t (id integer, a integer);
CREATE UNIQUE INDEX t_id ON t (id);
CREATE TABLE u (t_id integer CONSTRAINT u_t REFERENCES t (id));
COMMENT ON CONSTRAINT u_t ON u IS 'kept';
