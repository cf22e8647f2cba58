-- Every statement of SqlPostingStore, in the subset that SQLite and PostgreSQL share.

-- name: owe
INSERT INTO postings (id, kind, guild_id, channel_id, mark, job_id, state, due_at, attempt, created_at)
VALUES (:id, :kind, :guild_id, :channel_id, :mark, :job_id, 'due', :now, 0, :now)
ON CONFLICT (id) DO NOTHING;

-- name: get
SELECT * FROM postings WHERE id = :id;

-- name: claim
-- A process that is alive keeps what it has, and who asks is alive. What needs a file goes to the machine that has
-- it, while that one is alive. A due time further ahead than any wait was written before the clock was set back.
-- The guard is repeated outside on purpose: after waiting for a row, PostgreSQL re-checks only the outer WHERE.
UPDATE postings SET owner = :worker, attempt = attempt + 1, intent_at = coalesce(intent_at, :now)
WHERE id IN (
    SELECT id FROM postings
    WHERE state IN ('due', 'leaving') AND (due_at <= :now OR due_at > :far)
      AND (owner IS NULL OR (owner <> :worker AND owner NOT IN (SELECT id FROM workers WHERE expires_at > :now)))
      AND (state = 'leaving' OR NOT EXISTS (
          SELECT 1 FROM jobs
          WHERE jobs.id = postings.job_id
            AND jobs.kept_on NOT IN (SELECT machine FROM workers WHERE id = :worker AND machine IS NOT NULL)
            AND jobs.kept_on IN (SELECT machine FROM workers WHERE expires_at > :now)
      ))
    ORDER BY due_at, id
    LIMIT :limit
) AND state IN ('due', 'leaving') AND (due_at <= :now OR due_at > :far)
  AND (owner IS NULL OR (owner <> :worker AND owner NOT IN (SELECT id FROM workers WHERE expires_at > :now)))
RETURNING *;

-- name: posted
-- Whoever has it in hand by now: the message stands there either way.
UPDATE postings SET message_id = :message_id, owner = NULL, due_at = :now,
    state = CASE WHEN state IN ('leaving', 'gone') THEN 'leaving' ELSE 'posted' END
WHERE id = :id
RETURNING *;

-- name: put_off
UPDATE postings SET owner = NULL, due_at = :until WHERE id = :id AND owner = :owner;

-- name: give_up
UPDATE postings SET owner = NULL, state = CASE state WHEN 'leaving' THEN 'gone' ELSE 'given-up' END
WHERE id = :id AND owner = :owner AND state = :state;

-- name: take_back
-- One that nobody has ever taken was never sent. The owner stays: it may be sending right now.
UPDATE postings SET due_at = :now, state = CASE WHEN intent_at IS NULL THEN 'gone' ELSE 'leaving' END
WHERE id = :id AND state IN ('due', 'posted', 'given-up');
