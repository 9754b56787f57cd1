CREATE SCHEMA other;

-- changes: conversion:public.c | created
-- changes: conversion:public.neighbour | created
-- changes: owner:conversion:public.c | created
-- changes: owner:conversion:public.neighbour | created
-- not embedded
CREATE CONVERSION public.c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1; CREATE CONVERSION public.neighbour FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;

-- changes: conversion:public.c | default
-- not embedded
DROP CONVERSION public.c; CREATE DEFAULT CONVERSION public.c FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;

-- changes: conversion:public.c | to function
-- not embedded
DROP CONVERSION public.c; CREATE DEFAULT CONVERSION public.c FOR 'UTF8' TO 'LATIN2' FROM utf8_to_iso8859;

-- changes: conversion:public.c | from to function
-- not embedded
DROP CONVERSION public.c; CREATE DEFAULT CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
