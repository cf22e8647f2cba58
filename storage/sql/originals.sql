-- Which files of the data folder the jobs need. The lists of states repeat bot/domain/states.py.

-- name: in_work
SELECT id FROM jobs
WHERE state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering');

-- name: kept
-- The pictures of drafts are kept as they were given, until the draft is decided.
SELECT result_file AS name FROM jobs WHERE result_file IS NOT NULL
UNION ALL
SELECT picture AS name FROM jobs WHERE picture IS NOT NULL AND state <> 'cancelled'
UNION ALL
SELECT last_picture AS name FROM jobs WHERE last_picture IS NOT NULL AND state <> 'cancelled'
UNION ALL
SELECT picture AS name FROM drafts WHERE picture IS NOT NULL
UNION ALL
SELECT last_picture AS name FROM drafts WHERE last_picture IS NOT NULL;

-- name: drop_drafts
DELETE FROM drafts WHERE created_at < :before;

-- name: droppable
-- Oldest first; :at and :id are those of the last row of the page before. Where only a picture of the video could
-- be posted, the video itself is not delivered.
SELECT * FROM jobs
WHERE state IN ('delivered', 'failed', 'cancelled') AND status_closed = 1 AND result_file IS NOT NULL
  AND ((state = 'delivered' AND still_file IS NULL) OR finished_at < :failed_before)
  AND (finished_at > :at OR (finished_at = :at AND id > :id))
ORDER BY finished_at, id
LIMIT :limit;

-- name: forget
-- The new fence shuts out whoever read the row before and would go on with the file.
UPDATE jobs SET result_file = NULL, fence = fence + 1
WHERE id = :id AND fence = :fence AND state IN ('delivered', 'failed', 'cancelled')
RETURNING id;
