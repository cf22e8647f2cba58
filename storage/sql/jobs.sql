-- Every statement of SqlJobStore, in the subset that SQLite and PostgreSQL share.
-- The lists of states repeat bot/domain/states.py; a test compares them.

-- name: insert
INSERT INTO jobs (
    id, short_id, provider, user_id, guild_id, channel_id, status_message_id,
    prompt, size, seconds, model, picture, seed, negative, audio, last_picture, style, typed_prompt, source, joins,
    parent_id, relation, board_id, clip,
    created_at, locale, state, priority, due_at, deadline_at, attempt, cancel_requested, owner, fence,
    started_at, finished_at, tried_at, submit_intent_at, remote_id, result_url, result_file, result_bytes, fitted_file, still_file,
    kept_on, upload_limit, post_intent_at, venue, result_channel_id, result_message_id, failure_code, failure_facts, status_closed
) VALUES (
    :id, :short_id, :provider, :user_id, :guild_id, :channel_id, :status_message_id,
    :prompt, :size, :seconds, :model, :picture, :seed, :negative, :audio, :last_picture, :style, :typed_prompt, :source, :joins,
    :parent_id, :relation, :board_id, :clip,
    :created_at, :locale, :state, :priority, :due_at, :deadline_at, :attempt, :cancel_requested, :owner, :fence,
    :started_at, :finished_at, :tried_at, :submit_intent_at, :remote_id, :result_url, :result_file, :result_bytes, :fitted_file, :still_file,
    :kept_on, :upload_limit, :post_intent_at, :venue, :result_channel_id, :result_message_id, :failure_code, :failure_facts, :status_closed
)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: by_id
SELECT * FROM jobs WHERE id = :id;

-- name: by_short_id
SELECT * FROM jobs WHERE short_id = :short_id;

-- name: by_result_message
SELECT * FROM jobs WHERE result_message_id = :message_id;

-- name: save
-- The fence and the state make it a compare-and-set. A cancel flag that came meanwhile stays; the owner can
-- only be given up, and is with a job that nobody drives or closes. Both belong to the row, not to the writer.
UPDATE jobs SET
    provider = :provider, user_id = :user_id, guild_id = :guild_id, channel_id = :channel_id,
    status_message_id = :status_message_id,
    prompt = :prompt, size = :size, seconds = :seconds, model = :model, picture = :picture, seed = :seed,
    negative = :negative, audio = :audio, last_picture = :last_picture,
    created_at = :created_at, locale = :locale, state = :state, priority = :priority, due_at = :due_at,
    deadline_at = :deadline_at, attempt = :attempt,
    cancel_requested = CASE WHEN cancel_requested = 1 THEN 1 ELSE :cancel_requested END,
    owner = CASE WHEN :keep_owner = 1 THEN owner END,
    started_at = :started_at, finished_at = :finished_at, tried_at = :tried_at, submit_intent_at = :submit_intent_at,
    remote_id = :remote_id, result_url = :result_url, result_file = :result_file, result_bytes = :result_bytes,
    fitted_file = :fitted_file, still_file = :still_file, kept_on = :kept_on,
    upload_limit = :upload_limit, post_intent_at = :post_intent_at,
    venue = :venue, result_channel_id = :result_channel_id, result_message_id = :result_message_id, failure_code = :failure_code, failure_facts = :failure_facts,
    status_closed = :status_closed
WHERE id = :id AND fence = :fence AND state = :before_state
RETURNING *;

-- name: request_cancel
-- The right-hand sides read the row as it was: a queued job ends here, a running one only gets the flag.
UPDATE jobs SET
    cancel_requested = 1,
    finished_at = CASE WHEN state = 'queued' THEN :now ELSE finished_at END,
    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END
WHERE id = :id AND state IN ('queued', 'submitting', 'rendering')
RETURNING *;

-- name: begin_anew
-- After a person's decision, in the transaction of its save.
UPDATE jobs SET cancel_requested = 0, fence = fence + 1 WHERE id = :id
RETURNING *;

-- name: close_status
-- Not for a job that a person has decided about while its end was being shown: the fence is another one then.
UPDATE jobs SET status_closed = 1, owner = NULL
WHERE id = :id AND fence = :fence AND state IN ('delivered', 'failed', 'cancelled', 'unsure');

-- name: reopen_status
-- An edit of another process than the one that ended the job: whoever claims it next shows the end again. The
-- new fence shuts out a `close_status` that is under way.
UPDATE jobs SET status_closed = 0, owner = NULL, fence = fence + 1
WHERE id = :id AND coalesce(owner, '') <> :owner AND state IN ('delivered', 'failed', 'cancelled', 'unsure')
RETURNING id;

-- name: beat
INSERT INTO workers (id, expires_at, machine) VALUES (:worker, :expires_at, :machine)
ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at;

-- name: cancel_flags
SELECT id FROM jobs WHERE owner = :worker AND cancel_requested = 1;

-- name: leave
DELETE FROM workers WHERE id = :worker;

-- name: expire_others
DELETE FROM workers WHERE id <> :worker;

-- name: active_in_place
SELECT * FROM jobs
WHERE state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering')
  AND coalesce(guild_id, 0) = :guild_id
ORDER BY created_at, id;

-- name: active_of_member
SELECT * FROM jobs
WHERE state IN ('queued', 'submitting', 'unsure', 'rendering', 'fetching', 'fitting', 'delivering')
  AND coalesce(guild_id, 0) = :guild_id AND user_id = :user_id
ORDER BY created_at, id;

-- name: count_waiting
SELECT count(*) AS waiting FROM jobs WHERE state = 'queued' AND coalesce(guild_id, 0) = :guild_id;

-- name: count_waiting_of_member
SELECT count(*) AS waiting FROM jobs
WHERE state = 'queued' AND user_id = :user_id AND coalesce(guild_id, 0) = :guild_id;

-- name: by_remote_id
SELECT remote_id FROM jobs WHERE provider = :provider AND remote_id = :remote_id LIMIT 1;

-- name: make_due
-- The API says that something has happened to the render; the fence stays, so that its driver goes on.
UPDATE jobs SET due_at = :now WHERE provider = :provider AND remote_id = :remote_id AND state = 'rendering'
RETURNING id;

-- name: recently_delivered
SELECT * FROM jobs
WHERE state = 'delivered' AND finished_at >= :since AND (finished_at, id) < (:before_at, :before_id)
ORDER BY finished_at DESC, id DESC
LIMIT :limit;

-- name: add_event
INSERT INTO job_events (job_id, number, at, from_state, to_state, note)
VALUES (
    :job_id, (SELECT coalesce(max(number), 0) + 1 FROM job_events WHERE job_id = :job_id),
    :at, :from_state, :to_state, :note
);

-- name: history
SELECT job_id, at, from_state, to_state, note FROM job_events WHERE job_id = :job_id ORDER BY number;
