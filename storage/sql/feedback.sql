-- What servers set about votes, emoji commands, best-of and reels (guild 0: direct messages).

-- name: settings
SELECT * FROM feedback_settings WHERE guild_id = :guild_id;

-- name: with_reels
SELECT * FROM feedback_settings WHERE reel_every IS NOT NULL AND reel_channel_id IS NOT NULL ORDER BY guild_id;

-- name: save
INSERT INTO feedback_settings (
    guild_id, style, scale, author_votes, letter, favourite, removal,
    best_channel_id, best_from, reel_every, reel_channel_id, reel_since
) VALUES (
    :guild_id, :style, :scale, :author_votes, :letter, :favourite, :removal,
    :best_channel_id, :best_from, :reel_every, :reel_channel_id, :reel_since
)
ON CONFLICT (guild_id) DO UPDATE SET
    style = excluded.style, scale = excluded.scale, author_votes = excluded.author_votes,
    letter = excluded.letter, favourite = excluded.favourite, removal = excluded.removal,
    best_channel_id = excluded.best_channel_id, best_from = excluded.best_from,
    reel_every = excluded.reel_every, reel_channel_id = excluded.reel_channel_id,
    reel_since = excluded.reel_since;

-- name: uncount_authors
UPDATE votes SET counts = 0
WHERE counts = 1 AND EXISTS (
    SELECT 1 FROM jobs
    WHERE jobs.id = votes.job_id AND jobs.user_id = votes.user_id AND coalesce(jobs.guild_id, 0) = :guild_id
);

-- name: count_authors
-- Of the emoji that an author holds the one given last.
UPDATE votes SET counts = 1
WHERE counts = 0 AND EXISTS (
    SELECT 1 FROM jobs
    WHERE jobs.id = votes.job_id AND jobs.user_id = votes.user_id AND coalesce(jobs.guild_id, 0) = :guild_id
) AND NOT EXISTS (
    SELECT 1 FROM votes AS newer
    WHERE newer.job_id = votes.job_id AND newer.user_id = votes.user_id AND newer.at > votes.at
);
