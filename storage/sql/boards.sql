-- Every statement of SqlBoardStore and SqlClips. The lists of states repeat bot/domain/board.py.

-- name: insert
INSERT INTO boards (
    id, short_id, kind, state, user_id, guild_id, channel_id, message_id, locale, provider, model, size, title,
    chained, joins, fade, note, created_at, finished_at, due, version
) VALUES (
    :id, :short_id, :kind, :state, :user_id, :guild_id, :channel_id, :message_id, :locale, :provider, :model, :size,
    :title, :chained, :joins, :fade, :note, :created_at, :finished_at, :due, :version
)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: by_id
SELECT * FROM boards WHERE id = :id;

-- name: by_short_id
SELECT * FROM boards WHERE short_id = :short_id;

-- name: clips
SELECT * FROM board_clips WHERE board_id = :board_id ORDER BY position;

-- name: put_clip
INSERT INTO board_clips (board_id, position, plan, picture, state, attempt, job_id, trouble)
VALUES (:board_id, :position, :plan, :picture, :state, :attempt, :job_id, :trouble)
ON CONFLICT (board_id, position) DO UPDATE SET
    plan = excluded.plan, picture = excluded.picture, state = excluded.state, attempt = excluded.attempt,
    job_id = excluded.job_id, trouble = excluded.trouble;

-- name: change
UPDATE boards SET
    state = :state, guild_id = :guild_id, channel_id = :channel_id, message_id = :message_id, locale = :locale,
    provider = :provider, model = :model, size = :size, title = :title, chained = :chained, joins = :joins,
    fade = :fade, note = :note, finished_at = :finished_at, due = :due, version = version + 1
WHERE id = :id AND version = :version
RETURNING *;

-- name: due
SELECT * FROM boards WHERE due = 1 AND state <> 'proposed' ORDER BY created_at, id LIMIT :limit;

-- name: settle
UPDATE boards SET due = 0 WHERE id = :id AND version = :version;

-- name: jobs
SELECT * FROM jobs WHERE board_id = :board_id ORDER BY clip, created_at, id;

-- name: remove
DELETE FROM boards WHERE id = :id AND version = :version AND state = 'proposed' RETURNING id;

-- name: remove_clips
DELETE FROM board_clips WHERE board_id = :id;

-- name: remove_clip
DELETE FROM board_clips WHERE board_id = :board_id AND position = :position;

-- name: drop_proposals
DELETE FROM boards WHERE state = 'proposed' AND created_at < :before;

-- name: drop_clips
DELETE FROM board_clips WHERE board_id NOT IN (SELECT id FROM boards);

-- name: clip_moves
-- The clip is where its newest job is; one that was ordered anew or left out meanwhile stays.
UPDATE board_clips SET state = :state
WHERE board_id = :board_id AND job_id = :job_id AND state IN ('running', 'done', 'failed') AND state <> :state
RETURNING position;

-- name: board_moves
UPDATE boards SET due = 1, version = version + 1 WHERE id = :board_id;

-- name: board_ends
-- A statement of its own: after waiting for the row, it sees what the other clip's end has written.
-- A refinement is ended by a person, not by its last clip.
UPDATE boards SET state = 'done', finished_at = :now
WHERE id = :board_id AND state = 'running' AND kind <> 'refinement'
  AND NOT EXISTS (
    SELECT 1 FROM board_clips WHERE board_id = :board_id AND state IN ('planned', 'running')
  )
  AND (joins = 0 OR NOT EXISTS (
    SELECT 1 FROM board_clips WHERE board_id = :board_id AND state = 'failed'
  ));

-- name: board_resumes
UPDATE boards SET state = 'running', finished_at = NULL WHERE id = :board_id AND state = 'done';
