-- Every statement of SqlPersonalStore: what is kept about one person, and taking it away. The list of states
-- repeats bot/domain/states.py. Whoever adds a column that names a person adds it here (a test asks for it).

-- name: holdings
SELECT
    (SELECT count(*) FROM jobs WHERE user_id = :user_id) AS videos,
    (SELECT count(*) FROM votes WHERE user_id = :user_id) AS votes,
    (SELECT count(*) FROM favourites WHERE user_id = :user_id) AS favourites,
    (SELECT count(*) FROM evaluations WHERE user_id = :user_id) AS evaluations,
    (SELECT count(*) FROM comparison_votes WHERE user_id = :user_id) AS comparisons,
    (SELECT count(*) FROM boards WHERE user_id = :user_id) AS boards,
    (SELECT count(*) FROM drafts WHERE user_id = :user_id) AS drafts;

-- name: under_way
SELECT short_id FROM jobs
WHERE user_id = :user_id
  AND state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering')
ORDER BY created_at, id;

-- name: jobs
SELECT * FROM jobs WHERE user_id = :user_id AND (created_at, id) > (:at, :id)
ORDER BY created_at, id
LIMIT :limit;

-- name: votes
SELECT jobs.short_id AS video, emoji, value, at, counts
FROM votes JOIN jobs ON jobs.id = votes.job_id
WHERE votes.user_id = :user_id ORDER BY at, votes.job_id, emoji;

-- name: favourites
SELECT jobs.short_id AS video, at
FROM favourites JOIN jobs ON jobs.id = favourites.job_id
WHERE favourites.user_id = :user_id ORDER BY at, favourites.job_id;

-- name: evaluations
SELECT jobs.short_id AS video, kind, comment, at
FROM evaluations JOIN jobs ON jobs.id = evaluations.job_id
WHERE evaluations.user_id = :user_id ORDER BY at, evaluations.job_id, kind;

-- name: evaluation_scores
SELECT jobs.short_id AS video, kind, criterion, score
FROM evaluation_scores JOIN jobs ON jobs.id = evaluation_scores.job_id
WHERE evaluation_scores.user_id = :user_id ORDER BY evaluation_scores.job_id, kind, criterion;

-- name: comparisons
SELECT id, left_job_id, right_job_id, created_at, ends_at, revealed_at
FROM comparisons WHERE user_id = :user_id ORDER BY created_at, id;

-- name: comparison_votes
SELECT comparison_id, jobs.short_id AS video, at
FROM comparison_votes LEFT JOIN jobs ON jobs.id = comparison_votes.job_id
WHERE comparison_votes.user_id = :user_id ORDER BY at, comparison_id;

-- name: boards
SELECT * FROM boards WHERE user_id = :user_id ORDER BY created_at, id;

-- name: board_clips
SELECT boards.short_id AS board, position, plan, board_clips.picture, board_clips.state, job_id
FROM board_clips JOIN boards ON boards.id = board_clips.board_id
WHERE boards.user_id = :user_id ORDER BY boards.created_at, boards.id, position;

-- name: drafts
SELECT id, provider, request, picture, last_picture, created_at
FROM drafts WHERE user_id = :user_id ORDER BY created_at, id;

-- name: lists
SELECT guild_id, search, style, model, rating, created_at
FROM galleries WHERE user_id = :user_id ORDER BY created_at, id;

-- name: begin_export
-- One row decides over all processes: whoever asks too soon gets no row.
INSERT INTO exports (user_id, file, at) VALUES (:user_id, :file, :now)
ON CONFLICT (user_id) DO UPDATE SET file = excluded.file, at = excluded.at WHERE exports.at <= :before
RETURNING user_id;

-- name: last_export
SELECT at FROM exports WHERE user_id = :user_id;

-- name: undo_export
DELETE FROM exports WHERE user_id = :user_id AND file = :file;

-- name: leave_rows
-- After the files in the order of ids.
INSERT INTO removals (id, created_at) VALUES ('rows', :now) ON CONFLICT (id) DO NOTHING;

-- name: leave_files
INSERT INTO removals (id, file, created_at)
SELECT DISTINCT 'file ' || name, name, CAST(:now AS BIGINT) FROM (
    SELECT result_file AS name FROM jobs WHERE user_id = :user_id
    UNION SELECT fitted_file FROM jobs WHERE user_id = :user_id
    UNION SELECT still_file FROM jobs WHERE user_id = :user_id
    UNION SELECT picture FROM jobs WHERE user_id = :user_id
    UNION SELECT last_picture FROM jobs WHERE user_id = :user_id
    UNION SELECT picture FROM drafts WHERE user_id = :user_id
    UNION SELECT last_picture FROM drafts WHERE user_id = :user_id
    UNION SELECT board_clips.picture FROM board_clips JOIN boards ON boards.id = board_clips.board_id
        WHERE boards.user_id = :user_id
    UNION SELECT file FROM exports WHERE user_id = :user_id
) AS files
WHERE name IS NOT NULL
ON CONFLICT (id) DO NOTHING;

-- name: leave_messages
-- A clip's status stands in its board's message.
INSERT INTO removals (id, channel_id, message_id, created_at)
SELECT DISTINCT 'message ' || message_id, channel_id, message_id, CAST(:now AS BIGINT) FROM (
    SELECT coalesce(result_channel_id, channel_id) AS channel_id, result_message_id AS message_id
        FROM jobs WHERE user_id = :user_id AND result_message_id IS NOT NULL
    UNION SELECT channel_id, status_message_id FROM jobs WHERE user_id = :user_id AND board_id IS NULL
    UNION SELECT channel_id, message_id FROM boards WHERE user_id = :user_id AND message_id IS NOT NULL
    UNION SELECT postings.channel_id, message_id FROM postings JOIN jobs ON jobs.id = postings.job_id
        WHERE jobs.user_id = :user_id AND message_id IS NOT NULL
) AS messages
WHERE message_id <> 0
ON CONFLICT (id) DO NOTHING;

-- name: forget_postings
DELETE FROM postings
WHERE message_id IS NULL AND job_id IN (SELECT id FROM jobs WHERE user_id = :user_id);

-- name: forget_carried_pictures
DELETE FROM pictures WHERE name IN (
    SELECT picture FROM jobs WHERE user_id = :user_id AND picture IS NOT NULL
    UNION SELECT last_picture FROM jobs WHERE user_id = :user_id AND last_picture IS NOT NULL
);

-- name: forget_votes
DELETE FROM votes WHERE user_id = :user_id;

-- name: forget_favourites
DELETE FROM favourites WHERE user_id = :user_id;

-- name: forget_scores
DELETE FROM evaluation_scores WHERE user_id = :user_id;

-- name: forget_evaluations
DELETE FROM evaluations WHERE user_id = :user_id;

-- name: forget_comparison_votes
DELETE FROM comparison_votes WHERE user_id = :user_id;

-- name: forget_comparisons
UPDATE comparisons SET user_id = :nobody WHERE user_id = :user_id;

-- name: forget_compared_videos
-- The comparison's runner takes them out of its message, and the names with them.
UPDATE comparisons SET
    withdrawn = 1, shown = 0, due_at = :now, claimed_until = NULL, revealed_at = coalesce(revealed_at, :now)
WHERE left_job_id IN (SELECT id FROM jobs WHERE user_id = :user_id)
   OR right_job_id IN (SELECT id FROM jobs WHERE user_id = :user_id);

-- name: forget_clips
DELETE FROM board_clips WHERE board_id IN (SELECT id FROM boards WHERE user_id = :user_id);

-- name: forget_boards
DELETE FROM boards WHERE user_id = :user_id;

-- name: forget_drafts
DELETE FROM drafts WHERE user_id = :user_id;

-- name: forget_lists
DELETE FROM galleries WHERE user_id = :user_id OR member_id = :user_id;

-- name: forget_export
DELETE FROM exports WHERE user_id = :user_id;

-- name: forget_notes
-- Notes about jobs may repeat what was typed, or name who decided.
UPDATE job_events SET note = '' WHERE note <> '' AND job_id IN (SELECT id FROM jobs WHERE user_id = :user_id);

-- name: forget_name
UPDATE job_events SET note = replace(note, :name, 'somebody') WHERE note LIKE '%' || :name || '%';

-- name: forget_jobs
-- What accounting needs stays. The channel of direct messages is a person's; the new fence shuts out whoever
-- read the row before. A failure's facts may repeat words: none of them is left to be retried.
UPDATE jobs SET
    user_id = :nobody, prompt = '', typed_prompt = NULL, negative = NULL, style = NULL, seed = NULL,
    picture = NULL, last_picture = NULL, source = NULL, joins = NULL, board_id = NULL, clip = NULL,
    channel_id = CASE WHEN guild_id IS NULL THEN 0 ELSE channel_id END,
    status_message_id = 0, result_channel_id = NULL, result_message_id = NULL, locale = 'en-US',
    result_url = NULL, result_file = NULL, fitted_file = NULL, still_file = NULL, kept_on = NULL,
    failure_code = CASE WHEN failure_code IS NOT NULL THEN 'provider-lost' END, failure_facts = NULL,
    owner = NULL, status_closed = 1, fence = fence + 1
WHERE user_id = :user_id;

-- name: removals
SELECT id, file, channel_id, message_id FROM removals
WHERE (message_id IS NULL AND :messages = 0 OR message_id IS NOT NULL AND :messages = 1) AND id > :id
ORDER BY id
LIMIT :limit;

-- name: removed
DELETE FROM removals WHERE id = :id;
