-- Actions that read from elsewhere.
CREATE TABLE public.a (id integer, n integer);
CREATE TABLE public.z (id integer, total bigint);
CREATE FUNCTION public.double(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 * 2';
CREATE RULE summing AS ON INSERT TO public.a DO ALSO
  UPDATE public.z SET total = z.total + public.double(NEW.n) FROM (SELECT max(id) AS top FROM public.a) m WHERE z.id = m.top;
CREATE RULE copying AS ON UPDATE TO public.a DO ALSO
  INSERT INTO public.z SELECT x.id, count(*) FROM public.a x WHERE x.id = NEW.id GROUP BY x.id;
