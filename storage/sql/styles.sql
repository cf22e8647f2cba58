-- Every statement of SqlStyleStore.

-- name: own
SELECT name, prompt, negative FROM guild_styles WHERE guild_id = :guild_id ORDER BY name;

-- name: others
SELECT COUNT(*) AS others FROM guild_styles WHERE guild_id = :guild_id AND name <> :name;

-- name: put
INSERT INTO guild_styles (guild_id, name, prompt, negative) VALUES (:guild_id, :name, :prompt, :negative)
ON CONFLICT (guild_id, name) DO UPDATE SET prompt = excluded.prompt, negative = excluded.negative;

-- name: remove
DELETE FROM guild_styles WHERE guild_id = :guild_id AND name = :name RETURNING name;
