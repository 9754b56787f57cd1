CREATE TABLE org (id bigint, plan text DEFAULT 'free');
CREATE TABLE member (org bigint, role text);
CREATE FUNCTION is_member(o bigint) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT 1 FROM public.member WHERE org = o)';
CREATE POLICY see ON org FOR SELECT USING (is_member(id));
