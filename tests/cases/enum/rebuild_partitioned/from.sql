CREATE TYPE region AS ENUM ('north', 'south', 'east');
CREATE TABLE sales (id integer, region region, other region) PARTITION BY RANGE (id);
CREATE TABLE sales_1 PARTITION OF sales FOR VALUES FROM (0) TO (10);
CREATE TABLE sales_2 PARTITION OF sales FOR VALUES FROM (10) TO (20);
CREATE INDEX sales_region ON sales (region);
CREATE TABLE base (region region);
CREATE TABLE child (note text) INHERITS (base);
