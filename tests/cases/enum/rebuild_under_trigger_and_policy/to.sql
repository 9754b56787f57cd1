CREATE TYPE state AS ENUM ('off', 'on');
CREATE TABLE machines (id integer PRIMARY KEY, state state NOT NULL DEFAULT 'on');
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER state_changes BEFORE UPDATE OF state ON machines FOR EACH ROW WHEN (NEW.state = 'off') EXECUTE FUNCTION note();
ALTER TABLE machines ENABLE ROW LEVEL SECURITY;
CREATE POLICY running ON machines USING (state = 'on');
CREATE RULE quiet AS ON DELETE TO machines WHERE OLD.state = 'on' DO INSTEAD NOTHING;
