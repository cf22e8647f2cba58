-- Videos that are asked for but not decided: which way their picture is to be fitted.

CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL,
    provider TEXT NOT NULL,
    request TEXT NOT NULL,
    picture TEXT,
    last_picture TEXT,
    created_at BIGINT NOT NULL
);
