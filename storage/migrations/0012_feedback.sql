-- Votes in any style, what servers set about feedback, favourites, comparisons, and what is to be posted once.

-- Every emoji that a person holds is kept, so that taking one back brings the one before it to count again.
-- value: 0 (worst) to 100 (best), the scale's weight at the time of the vote; counts: 1 for the one vote that counts;
-- held: 1 as a normal reaction, 2 as a super reaction, 3 as both.
CREATE TABLE votes (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    emoji TEXT NOT NULL,
    value INTEGER NOT NULL,
    at BIGINT NOT NULL,
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    held INTEGER NOT NULL DEFAULT 1 CHECK (held IN (1, 2, 3)),
    PRIMARY KEY (job_id, user_id, emoji)
);
INSERT INTO votes (job_id, user_id, emoji, value, at, counts)
SELECT job_id, user_id, CASE WHEN value > 0 THEN '👍' ELSE '👎' END, CASE WHEN value > 0 THEN 100 ELSE 0 END, at, 1
FROM ratings;
DROP TABLE ratings;
CREATE UNIQUE INDEX votes_one_a_person ON votes (job_id, user_id) WHERE counts = 1;
-- Covers what is summed up, so that the table itself is not read.
CREATE INDEX votes_counting ON votes (job_id, user_id, value, at) WHERE counts = 1;
CREATE INDEX votes_of_user ON votes (user_id);

-- guild 0: direct messages, together. scale: emoji to value, in the order in which the bot adds them, as text.
CREATE TABLE feedback_settings (
    guild_id BIGINT NOT NULL PRIMARY KEY,
    style TEXT NOT NULL,
    scale TEXT NOT NULL,
    author_votes INTEGER NOT NULL CHECK (author_votes IN (0, 1)),
    letter INTEGER NOT NULL CHECK (letter IN (0, 1)),
    favourite INTEGER NOT NULL CHECK (favourite IN (0, 1)),
    removal INTEGER NOT NULL CHECK (removal IN (0, 1)),
    best_channel_id BIGINT,
    best_from INTEGER NOT NULL,
    reel_every TEXT,
    reel_channel_id BIGINT,
    reel_since BIGINT
);

CREATE TABLE favourites (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, user_id)
);
CREATE INDEX favourites_of_user ON favourites (user_id, at);

CREATE INDEX jobs_of_guild ON jobs (guild_id, created_at, id);
-- Of delivered ones alone: else SQLite's planner takes it for the few that are active.
CREATE INDEX jobs_by_author ON jobs (user_id, created_at, id) WHERE state = 'delivered';
CREATE INDEX jobs_by_status_message ON jobs (status_message_id);

-- Lists of videos that members turn the pages of. trail: the short ids after which its pages begin, with spaces.
CREATE TABLE galleries (
    id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    guild_id BIGINT,
    search TEXT NOT NULL,
    style TEXT NOT NULL,
    model TEXT NOT NULL,
    rating TEXT NOT NULL,
    member_id BIGINT NOT NULL,
    trail TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX galleries_by_age ON galleries (created_at);

-- When a member last asked for a copy of what is kept about them, and the file in which it is put together.
CREATE TABLE exports (
    user_id BIGINT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- What a deletion of a person's data has left to do: files, and messages if they wished so. It names nobody.
CREATE TABLE removals (
    id TEXT NOT NULL PRIMARY KEY,
    file TEXT,
    channel_id BIGINT,
    message_id BIGINT,
    created_at BIGINT NOT NULL
);
