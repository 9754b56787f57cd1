CREATE PUBLICATION "my; news" WITH (publish = 'insert, update, truncate', publish_via_partition_root = true);
COMMENT ON PUBLICATION "my; news" IS 'kept';
CREATE PUBLICATION nothing;
CREATE PUBLICATION everything WITH (publish = '');
CREATE PUBLICATION root;
