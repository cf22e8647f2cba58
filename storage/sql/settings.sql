-- Settings of servers (guild 0: direct messages) and the bot's notes to itself.

-- name: guild
SELECT waiting_per_member FROM guild_settings WHERE guild_id = :guild_id;

-- name: save_guild
INSERT INTO guild_settings (guild_id, waiting_per_member) VALUES (:guild_id, :waiting_per_member)
ON CONFLICT (guild_id) DO UPDATE SET waiting_per_member = excluded.waiting_per_member;

-- name: note
SELECT value FROM notes WHERE key = :key;

-- name: save_note
INSERT INTO notes (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
