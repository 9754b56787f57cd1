-- address: to role
CREATE TABLE public.t (id integer);
CREATE TABLE public.neighbour (id integer);
GRANT SELECT ON public.neighbour TO pawl_reader;
GRANT USAGE ON SCHEMA public TO pawl_owner;

-- changes: privilege:table:public.t to pawl_reader | created
GRANT SELECT ON public.t TO pawl_reader;

-- changes: privilege:table:public.t to pawl_reader | privileges
GRANT INSERT ON public.t TO pawl_reader;

-- changes: privilege:table:public.t to pawl_reader | grantable
GRANT INSERT ON public.t TO pawl_reader WITH GRANT OPTION;

-- changes: privilege:table:public.t to OWNER | created
REVOKE DELETE ON public.t FROM CURRENT_USER;

-- changes: privilege:table:public.t to OWNER | revoked
REVOKE UPDATE ON public.t FROM CURRENT_USER;

-- changes: privilege:column:public.t.id to pawl_reader | created
GRANT UPDATE (id) ON public.t TO pawl_reader;

-- changes: privilege:table:public.t to pawl_owner | created
GRANT SELECT ON public.t TO pawl_owner WITH GRANT OPTION;

-- the same once more, from somebody else
-- changes: privilege:table:public.t to pawl_reader | by.grantor by.privileges
SET ROLE pawl_owner; GRANT SELECT ON public.t TO pawl_reader; RESET ROLE;

-- changes: privilege:table:public.t to pawl_reader | by.grantable
SET ROLE pawl_owner; GRANT SELECT ON public.t TO pawl_reader WITH GRANT OPTION; RESET ROLE;

-- changes: privilege:table:public.t to PUBLIC | created
GRANT SELECT ON public.t TO PUBLIC;

-- changes nothing
GRANT SELECT ON public.t TO PUBLIC;
