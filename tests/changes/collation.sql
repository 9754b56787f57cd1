CREATE COLLATION public.c (PROVIDER = libc, LOCALE = 'C');
CREATE COLLATION public.neighbour (PROVIDER = libc, LOCALE = 'C');

-- changes: collation:public.c | locale
DROP COLLATION public.c; CREATE COLLATION public.c (PROVIDER = libc, LOCALE = 'POSIX');

-- changes: collation:public.c | locale lcCollate lcCtype
DROP COLLATION public.c; CREATE COLLATION public.c (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'POSIX');

-- changes: collation:public.c | lcCollate lcCtype
DROP COLLATION public.c; CREATE COLLATION public.c (PROVIDER = libc, LC_COLLATE = 'POSIX', LC_CTYPE = 'C');

-- since: 17
-- changes: collation:public.c | provider locale lcCollate lcCtype
DROP COLLATION public.c; CREATE COLLATION public.c (PROVIDER = builtin, LOCALE = 'C');

-- not embedded
-- changes: collation:public.icu | created
-- changes: owner:collation:public.icu | created
CREATE COLLATION public.icu (PROVIDER = icu, LOCALE = 'und');

-- not embedded
-- changes: collation:public.icu | nondeterministic
DROP COLLATION public.icu; CREATE COLLATION public.icu (PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = false);

-- since: 16
-- not embedded
-- changes: collation:public.icu | rules
DROP COLLATION public.icu; CREATE COLLATION public.icu (PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = false, RULES = '&a < g');

-- since: 16
-- not embedded
-- changes: collation:public.icu | rules
DROP COLLATION public.icu; CREATE COLLATION public.icu (PROVIDER = icu, LOCALE = 'und', DETERMINISTIC = false, RULES = '&a < h');
