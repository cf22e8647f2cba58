-- What reels choose from: the index of ended jobs by time leads to the period, those of other servers are passed by.

-- name: candidates
SELECT jobs.id, jobs.user_id, jobs.finished_at, count(*) AS votes, sum(votes.value) AS total
FROM jobs JOIN votes ON votes.job_id = jobs.id AND votes.counts = 1
WHERE jobs.state = 'delivered' AND jobs.finished_at >= :since AND jobs.finished_at < :until
  AND jobs.guild_id = :guild_id AND jobs.provider <> '(join)' AND jobs.result_message_id IS NOT NULL
  AND jobs.venue <> 'direct' AND jobs.user_id = coalesce(:user_id, jobs.user_id)
GROUP BY jobs.id
ORDER BY jobs.id;

-- name: delivered
SELECT count(*) AS videos FROM jobs
WHERE state = 'delivered' AND finished_at >= :since AND finished_at < :until
  AND guild_id = :guild_id AND provider <> '(join)' AND result_message_id IS NOT NULL
  AND venue <> 'direct' AND user_id = coalesce(:user_id, user_id);
