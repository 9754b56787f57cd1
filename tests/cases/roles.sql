-- Roles that the cases name; they are of the whole server.
DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['pawl_owner','pawl_reader','Pawl other','Pawl "quoted" role'] LOOP
    BEGIN EXECUTE format('CREATE ROLE %I', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  END LOOP; END $$
