-- pawl:message Create notes
-- pawl:up
CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL);
-- pawl:down
DROP TABLE notes;
