-- 0004: where a person works.

-- IDs of warehouses as a JSON array, never an empty one; '' = all of them.
ALTER TABLE user ADD COLUMN reach TEXT NOT NULL DEFAULT '' CHECK (reach = '' OR json_valid(reach) AND json_array_length(reach) > 0);
