-- Options that are no secrets, of roles, PUBLIC and whoever runs it.
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER "S s" FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR pawl_reader SERVER "S s" OPTIONS ("user" 'a', sslcert 'x');
CREATE USER MAPPING FOR "Pawl ""quoted"" role" SERVER "S s" OPTIONS ("user" 'a');
CREATE USER MAPPING FOR PUBLIC SERVER "S s" OPTIONS ("user" 'a');
CREATE USER MAPPING FOR pawl_owner SERVER "S s";
