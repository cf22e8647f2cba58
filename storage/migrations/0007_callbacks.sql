-- Where servers want to hear of their videos' ends, and the ends that are on their way there.

CREATE TABLE callbacks (
    guild_id BIGINT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    since BIGINT NOT NULL
);

-- One row an end, named after its event; it outlives its delivery until the event is too old to be found again.
CREATE TABLE callback_ends (
    job_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    guild_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    due_at BIGINT NOT NULL,
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    PRIMARY KEY (job_id, number),
    FOREIGN KEY (job_id, number) REFERENCES job_events (job_id, number) ON DELETE CASCADE
);

CREATE INDEX callback_ends_open ON callback_ends (guild_id, due_at) WHERE done = 0;
CREATE INDEX callback_ends_by_age ON callback_ends (at);
CREATE INDEX job_events_ends ON job_events (at) WHERE to_state IN ('delivered', 'failed', 'cancelled');
