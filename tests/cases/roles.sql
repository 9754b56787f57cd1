-- Roles that the cases name; they are of the whole server.
DO $$ DECLARE role text; BEGIN
  FOREACH role IN ARRAY ARRAY['pawl_owner','pawl_reader','"Pawl other"','"Pawl ""quoted"" role"','pawl_admin SUPERUSER'] LOOP
    BEGIN EXECUTE 'CREATE ROLE ' || role;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  END LOOP; END $$
