-- What others than the owner have granted.
CREATE TABLE public.shared (id integer, a text);
GRANT SELECT, INSERT ON public.shared TO pawl_reader WITH GRANT OPTION;
SET ROLE pawl_reader;
GRANT SELECT ON public.shared TO "Pawl other" WITH GRANT OPTION;
SET ROLE "Pawl other";
GRANT SELECT ON public.shared TO PUBLIC;
GRANT SELECT ON public.shared TO pawl_owner;
RESET ROLE;
GRANT UPDATE ON public.shared TO pawl_owner;
