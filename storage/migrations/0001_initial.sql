-- Times are milliseconds since 1970 UTC, flags 0 or 1, ids of Discord BIGINT.

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    short_id TEXT NOT NULL UNIQUE,
    provider TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    guild_id BIGINT,
    channel_id BIGINT NOT NULL,
    status_message_id BIGINT NOT NULL,
    prompt TEXT NOT NULL,
    size TEXT NOT NULL,
    seconds INTEGER NOT NULL,
    model TEXT NOT NULL,
    picture TEXT,
    seed BIGINT,
    negative TEXT,
    created_at BIGINT NOT NULL,
    locale TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN (
        'queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering',
        'delivered', 'failed', 'cancelled')),
    priority INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    deadline_at BIGINT,
    attempt INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
    owner TEXT,
    fence BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT,
    submit_intent_at BIGINT,
    remote_id TEXT,
    result_url TEXT,
    result_file TEXT,
    result_bytes BIGINT,
    fitted_file TEXT,
    upload_limit BIGINT,
    post_intent_at BIGINT,
    result_message_id BIGINT,
    failure_code TEXT,
    failure_facts TEXT,
    status_closed INTEGER NOT NULL CHECK (status_closed IN (0, 1))
);

CREATE INDEX jobs_by_state ON jobs (state, finished_at);
CREATE INDEX jobs_queue ON jobs (provider, priority DESC, created_at) WHERE state = 'queued';
CREATE INDEX jobs_by_owner ON jobs (owner) WHERE owner IS NOT NULL;
CREATE INDEX jobs_of_user ON jobs (user_id, state, created_at);
CREATE INDEX jobs_started_of_user ON jobs (user_id, started_at);
-- status_closed leads although it is constant here: SQLite's planner counts equal columns to prefer an index.
CREATE INDEX jobs_unclosed ON jobs (status_closed, state, finished_at) WHERE status_closed = 0;
CREATE INDEX jobs_by_remote_id ON jobs (provider, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX jobs_by_result_message ON jobs (result_message_id) WHERE result_message_id IS NOT NULL;

CREATE TABLE job_events (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at BIGINT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);

-- One row a running process: alive while expires_at, by the database's clock, is in the future.
CREATE TABLE workers (
    id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE ratings (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    value INTEGER NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, user_id)
);

CREATE TABLE guild_settings (
    guild_id BIGINT NOT NULL PRIMARY KEY,
    waiting_per_member INTEGER NOT NULL
);

CREATE TABLE notes (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
