-- Runs after the rows: anything that SQL can say.
UPDATE books SET tags = tags || ARRAY['long'] WHERE length(title) > 20 AND NOT 'long' = ANY (tags);
