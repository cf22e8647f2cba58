-- Blind comparisons of two videos, and who chose which.

-- left: shown as A. due_at: when somebody must look at it next; claimed_until: a process works on it until then.
-- filled: the videos stand in the message; shown: so does the end. withdrawn: a video was deleted, none may be shown.
CREATE TABLE comparisons (
    id TEXT NOT NULL PRIMARY KEY,
    guild_id BIGINT,
    channel_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    left_job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    right_job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    enough INTEGER NOT NULL,
    ends_at BIGINT NOT NULL,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT,
    filled INTEGER NOT NULL CHECK (filled IN (0, 1)),
    revealed_at BIGINT,
    shown INTEGER NOT NULL CHECK (shown IN (0, 1)),
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1))
);
CREATE INDEX comparisons_due ON comparisons (due_at) WHERE shown = 0;
CREATE INDEX comparisons_of_guild ON comparisons (guild_id, created_at);
CREATE INDEX comparisons_of_user ON comparisons (user_id, shown);
CREATE INDEX comparisons_of_left ON comparisons (left_job_id);
CREATE INDEX comparisons_of_right ON comparisons (right_job_id);

CREATE TABLE comparison_votes (
    comparison_id TEXT NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    job_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (comparison_id, user_id)
);
CREATE INDEX comparison_votes_of_user ON comparison_votes (user_id);
