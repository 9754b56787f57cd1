-- Types of types, the inner ones later by name.
CREATE TYPE public.z AS (a integer);
CREATE TYPE public.y AS (z public.z, zs public.z[]);
CREATE DOMAIN public.x AS public.y;
CREATE TYPE public.a AS (x public.x);
CREATE TABLE public.u (a integer);
CREATE TYPE public.b AS (u public.u);
