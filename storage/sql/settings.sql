-- Settings of servers (guild 0: direct messages) and the bot's notes to itself.

-- name: guild
SELECT running_per_member, running_per_server, waiting_per_member, waiting_per_server
FROM guild_settings WHERE guild_id = :guild_id;

-- name: save_guild
INSERT INTO guild_settings (
    guild_id, running_per_member, running_per_server, waiting_per_member, waiting_per_server
) VALUES (:guild_id, :running_per_member, :running_per_server, :waiting_per_member, :waiting_per_server)
ON CONFLICT (guild_id) DO UPDATE SET
    running_per_member = excluded.running_per_member, running_per_server = excluded.running_per_server,
    waiting_per_member = excluded.waiting_per_member, waiting_per_server = excluded.waiting_per_server;

-- name: note
SELECT value FROM notes WHERE key = :key;

-- name: save_note
INSERT INTO notes (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;
