-- The looks that servers add to the built-in ones.

CREATE TABLE guild_styles (
    guild_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    prompt TEXT NOT NULL,
    negative TEXT NOT NULL,
    PRIMARY KEY (guild_id, name)
);
