-- Every statement of SqlRenderStore.

-- name: of_render
SELECT * FROM jobs WHERE provider = :provider AND remote_id = :remote_id ORDER BY created_at, id LIMIT 1;

-- name: without_render
-- Only what may have been ordered: a refused request is known to have none.
SELECT * FROM jobs
WHERE state IN ('unsure', 'failed') AND remote_id IS NULL AND submit_intent_at IS NOT NULL
ORDER BY created_at DESC, id DESC
LIMIT :limit;
