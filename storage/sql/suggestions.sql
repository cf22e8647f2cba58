-- How the looks, models and lengths of a server's renders were voted on. A join is none: see stats.sql.

-- name: voted
SELECT jobs.style, jobs.provider || '/' || jobs.model AS model, jobs.seconds, count(*) AS votes,
    sum(votes.value) AS total
FROM jobs JOIN votes ON votes.job_id = jobs.id AND votes.counts = 1
WHERE jobs.guild_id = :guild_id AND jobs.created_at >= :since AND jobs.state = 'delivered'
    AND jobs.provider <> '(join)'
GROUP BY jobs.style, jobs.provider || '/' || jobs.model, jobs.seconds;
