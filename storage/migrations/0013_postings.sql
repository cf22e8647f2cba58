-- Messages that the bot owes a channel and posts once: copies for a best-of channel, the news of a reel.
-- The id says what it is, so that deciding twice is one row; mark: how the message begins; owner: the process
-- that has it in hand, while its lease in the table workers holds; intent_at: when it was first taken, so that
-- one in doubt is looked for before it is sent again.

CREATE TABLE postings (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    guild_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    mark TEXT NOT NULL,
    job_id TEXT REFERENCES jobs (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('due', 'posted', 'given-up', 'leaving', 'gone')),
    due_at BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    owner TEXT,
    intent_at BIGINT,
    message_id BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX postings_due ON postings (due_at) WHERE state IN ('due', 'leaving');
CREATE INDEX postings_of_job ON postings (job_id) WHERE job_id IS NOT NULL;
