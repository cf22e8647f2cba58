-- Where a video comes from, and boards: clips that belong together under one message.

ALTER TABLE jobs ADD COLUMN
    parent_id TEXT;
ALTER TABLE jobs ADD COLUMN
    relation TEXT;
ALTER TABLE jobs ADD COLUMN
    board_id TEXT;
ALTER TABLE jobs ADD COLUMN
    clip INTEGER;
-- The preset's name, and the text before it was enhanced or given a style.
ALTER TABLE jobs ADD COLUMN
    style TEXT;
ALTER TABLE jobs ADD COLUMN
    typed_prompt TEXT;
-- Written out as objects: the jobs whose videos are joined, and how; the video over there that is extended or remixed.
ALTER TABLE jobs ADD COLUMN
    joins TEXT;
ALTER TABLE jobs ADD COLUMN
    source TEXT;

CREATE INDEX jobs_by_parent ON jobs (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX jobs_by_board ON jobs (board_id) WHERE board_id IS NOT NULL;

CREATE TABLE boards (
    id TEXT NOT NULL PRIMARY KEY,
    short_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    guild_id BIGINT,
    channel_id BIGINT,
    message_id BIGINT,
    locale TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    size TEXT NOT NULL,
    title TEXT,
    chained INTEGER NOT NULL CHECK (chained IN (0, 1)),
    joins INTEGER NOT NULL CHECK (joins IN (0, 1)),
    fade INTEGER NOT NULL CHECK (fade IN (0, 1)),
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    due INTEGER NOT NULL CHECK (due IN (0, 1)),
    version BIGINT NOT NULL
);
CREATE INDEX boards_due ON boards (created_at) WHERE due = 1;

-- Position 0 is the joined video. Its plan is written out: what the clip shows; the picture stands beside it, for the sweep.
CREATE TABLE board_clips (
    board_id TEXT NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    plan TEXT NOT NULL,
    picture TEXT,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    job_id TEXT,
    trouble TEXT,
    PRIMARY KEY (board_id, position)
);
