CREATE TYPE member_role AS ENUM ('owner', 'member');
CREATE TABLE org (id bigint, plan text DEFAULT 'free');
CREATE TABLE member (org bigint, role member_role DEFAULT 'member');
CREATE FUNCTION is_member(o bigint, r member_role) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT 1 FROM public.member WHERE org = o AND role = r)';
CREATE POLICY see ON org FOR SELECT USING (is_member(id, 'owner'));
