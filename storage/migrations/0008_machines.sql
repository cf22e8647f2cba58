-- Which machine has a job's files (NULL: the folder that all share), and pictures on their way to another one.

ALTER TABLE jobs ADD COLUMN
    kept_on TEXT;
ALTER TABLE workers ADD COLUMN
    machine TEXT;

CREATE TABLE pictures (
    name TEXT NOT NULL PRIMARY KEY,
    base64 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
