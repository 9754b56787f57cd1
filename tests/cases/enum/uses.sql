-- What uses an enum comes after it, also by its array type.
CREATE TYPE public.z AS ENUM ('a', 'b');
CREATE TABLE public.t (one public.z DEFAULT 'a', many public.z[] DEFAULT '{a,b}');
CREATE DOMAIN public.a AS public.z DEFAULT 'b' CHECK (VALUE <> 'a');
CREATE TYPE public.b AS (x public.z[]);
