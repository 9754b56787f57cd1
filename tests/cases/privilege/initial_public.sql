-- What every new database has, and what hardening says everywhere: nothing of ours.
-- expect: nothing
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
