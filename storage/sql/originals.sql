-- Which files of the data folder the jobs need. The lists of states repeat bot/domain/states.py.

-- name: in_work
SELECT id FROM jobs
WHERE state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering');

-- name: kept
-- The pictures of drafts are kept as they were given, until the draft is decided. Which machine has an original
-- counts only where each has a folder of its own: the shared one may have been such a folder before.
SELECT result_file AS name FROM jobs
WHERE result_file IS NOT NULL AND (:shared = 1 OR kept_on IS NULL OR kept_on = :machine)
UNION ALL
SELECT picture AS name FROM jobs WHERE picture IS NOT NULL AND state <> 'cancelled'
UNION ALL
SELECT last_picture AS name FROM jobs WHERE last_picture IS NOT NULL AND state <> 'cancelled'
UNION ALL
SELECT picture AS name FROM drafts WHERE picture IS NOT NULL
UNION ALL
SELECT last_picture AS name FROM drafts WHERE last_picture IS NOT NULL
UNION ALL
SELECT picture AS name FROM board_clips WHERE picture IS NOT NULL;

-- name: drop_drafts
DELETE FROM drafts WHERE created_at < :before;

-- name: droppable
-- Oldest first; :at and :id are those of the last row of the page before. Where only a picture of the video could
-- be posted, the video itself is not delivered. The clips of a board that goes on are still to be joined.
SELECT * FROM jobs
WHERE state IN ('delivered', 'failed', 'cancelled') AND status_closed = 1 AND result_file IS NOT NULL
  AND ((state = 'delivered' AND still_file IS NULL) OR finished_at < :failed_before)
  AND (kept_on IS NULL OR kept_on = :machine)
  AND (board_id IS NULL OR NOT EXISTS (
    SELECT 1 FROM boards WHERE boards.id = jobs.board_id AND boards.state = 'running' AND boards.joins = 1
  ))
  AND (finished_at > :at OR (finished_at = :at AND id > :id))
ORDER BY finished_at, id
LIMIT :limit;

-- name: forget
-- The new fence shuts out whoever read the row before and would go on with the file.
UPDATE jobs SET result_file = NULL, kept_on = NULL, fence = fence + 1
WHERE id = :id AND fence = :fence AND state IN ('delivered', 'failed', 'cancelled')
RETURNING id;
