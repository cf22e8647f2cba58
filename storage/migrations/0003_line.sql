-- Limits that a server's owner may set, 0 for none, and indexes for choosing who starts next.

ALTER TABLE guild_settings ADD COLUMN
    running_per_member INTEGER NOT NULL DEFAULT 3;
ALTER TABLE guild_settings ADD COLUMN
    running_per_server INTEGER NOT NULL DEFAULT 0;
ALTER TABLE guild_settings ADD COLUMN
    waiting_per_server INTEGER NOT NULL DEFAULT 200;

-- Every column that the choice looks at, so that a line of ten thousand is read without touching a row.
CREATE INDEX jobs_line ON jobs (
    provider, coalesce(guild_id, 0), user_id, priority DESC, created_at, id, due_at, cancel_requested
) WHERE state = 'queued';
DROP INDEX jobs_queue;

CREATE INDEX jobs_started ON jobs (started_at, guild_id, user_id) WHERE started_at IS NOT NULL;
DROP INDEX jobs_started_of_user;

-- state leads although it is constant here: SQLite's planner counts equal columns to prefer an index.
CREATE INDEX jobs_lengths ON jobs (state, provider, finished_at, started_at, seconds) WHERE state = 'delivered';
