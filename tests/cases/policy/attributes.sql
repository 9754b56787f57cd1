-- Commands, roles, both expressions, permissive and restrictive.
CREATE SCHEMA secure;
CREATE TABLE secure.doc (id integer PRIMARY KEY, owner text, team integer);
CREATE TABLE secure.member (team integer, name text);
CREATE FUNCTION secure.may(integer) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true';
ALTER TABLE secure.doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON secure.doc USING (true);
CREATE POLICY reading ON secure.doc FOR SELECT TO PUBLIC USING (owner = CURRENT_USER);
CREATE POLICY "New ones" ON secure.doc FOR INSERT WITH CHECK (owner = SESSION_USER);
CREATE POLICY changing ON secure.doc FOR UPDATE USING (secure.may(id)) WITH CHECK (id > 0);
CREATE POLICY removing ON secure.doc AS RESTRICTIVE FOR DELETE USING (false);
CREATE POLICY by_team ON secure.doc AS RESTRICTIVE
  USING (EXISTS (SELECT 1 FROM secure.member m WHERE m.team = doc.team AND m.name = CURRENT_USER));
CREATE POLICY nothing ON secure.doc FOR SELECT;
CREATE POLICY named_roles ON secure.doc FOR ALL TO pg_monitor, pg_read_all_data USING (true) WITH CHECK (true);
CREATE POLICY same_name ON secure.member USING (true);
CREATE POLICY same_name ON secure.doc USING (true);
