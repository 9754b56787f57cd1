CREATE FOREIGN DATA WRAPPER w;
CREATE FOREIGN DATA WRAPPER w2;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE SERVER neighbour FOREIGN DATA WRAPPER w;

-- changes: server:s | version
ALTER SERVER s VERSION '9';

-- changes: server:s | options
ALTER SERVER s OPTIONS (host 'a');

-- changes: server:s | options
ALTER SERVER s OPTIONS (SET host 'b');

-- changes: server:s | secrets
ALTER SERVER s OPTIONS (passwd 'b');

-- changes: server:s | secrets
ALTER SERVER s OPTIONS (SET passwd 'c');

-- changes: server:s | type
DROP SERVER s; CREATE SERVER s TYPE 't' VERSION '9' FOREIGN DATA WRAPPER w OPTIONS (host 'b', passwd 'c');

-- changes: server:s | wrapper
DROP SERVER s; CREATE SERVER s TYPE 't' VERSION '9' FOREIGN DATA WRAPPER w2 OPTIONS (passwd 'c', host 'b');

-- changes: server:s | secrets
ALTER SERVER s OPTIONS (DROP passwd);
