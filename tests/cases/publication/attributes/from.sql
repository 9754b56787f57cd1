-- What is published, how, and by a name that must be quoted.
CREATE PUBLICATION "my; news" WITH (publish = 'insert, delete');
COMMENT ON PUBLICATION "my; news" IS 'kept';
CREATE PUBLICATION nothing WITH (publish = '');
CREATE PUBLICATION everything;
CREATE PUBLICATION root WITH (publish_via_partition_root = true);
CREATE PUBLICATION gone FOR ALL TABLES;
