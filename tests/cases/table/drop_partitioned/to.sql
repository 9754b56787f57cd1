CREATE TABLE p2 (id int NOT NULL, x text, CONSTRAINT p2_pkey PRIMARY KEY (id));
