-- Ratings in detail: one a person, job and kind; a row for each criterion, because kinds ask for different ones.

CREATE TABLE evaluations (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    comment TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (job_id, user_id, kind)
);

CREATE TABLE evaluation_scores (
    job_id TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    criterion TEXT NOT NULL,
    score INTEGER NOT NULL,
    PRIMARY KEY (job_id, user_id, kind, criterion),
    FOREIGN KEY (job_id, user_id, kind) REFERENCES evaluations (job_id, user_id, kind) ON DELETE CASCADE
);
