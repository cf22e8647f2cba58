-- What members think of a server's videos, added up here so that a hundred thousand votes come as a few rows.
-- Counted are videos that were rendered and delivered, by the day (UTC) on which they were asked for: all panels
-- of one picture then speak of the same videos. Joins are left out: they show what other videos show.

-- name: shares
-- Votes are added up by one look into their index a video: a join over all of them takes twice as long. Videos
-- that are alike in everything become one row before each dimension is added up.
-- typed_prompt stands beside a style's text too: whether a prompt was enhanced shows only where there is no style.
-- Sums are of INTEGER, so that PostgreSQL gives whole numbers too.
WITH rated AS (
    SELECT jobs.created_at / 86400000 AS day, jobs.style, jobs.provider, jobs.model, jobs.size, jobs.seconds,
        CASE WHEN jobs.style IS NULL THEN CASE WHEN jobs.typed_prompt IS NULL THEN 0 ELSE 1 END END AS enhanced,
        CASE WHEN jobs.picture IS NULL THEN 0 ELSE 1 END AS picture,
        (SELECT CAST(count(*) AS INTEGER) FROM votes WHERE votes.job_id = jobs.id AND votes.counts = 1) AS votes,
        (SELECT CAST(sum(votes.value) AS INTEGER) FROM votes
            WHERE votes.job_id = jobs.id AND votes.counts = 1) AS total
    FROM jobs
    WHERE jobs.guild_id = :guild_id AND jobs.created_at >= :since AND jobs.state = 'delivered'
      AND jobs.provider <> '(join)' AND jobs.user_id = coalesce(:member, jobs.user_id)
      AND jobs.provider = coalesce(:provider, jobs.provider) AND jobs.model = coalesce(:model, jobs.model)
), alike AS (
    SELECT style, provider, model, size, seconds, enhanced, picture, CAST(count(*) AS INTEGER) AS videos,
        CAST(sum(votes) AS INTEGER) AS votes, CAST(coalesce(sum(total), 0) AS INTEGER) AS total
    FROM rated GROUP BY seconds, size, picture, enhanced, model, provider, style
)
SELECT 'day' AS dimension, CAST(day AS TEXT) AS label,
    count(*) AS videos, sum(votes) AS votes, coalesce(sum(total), 0) AS total
FROM rated GROUP BY day
UNION ALL
SELECT 'style', style, sum(videos), sum(votes), sum(total) FROM alike GROUP BY style
UNION ALL
SELECT 'model', provider || '/' || model, sum(videos), sum(votes), sum(total) FROM alike GROUP BY provider, model
UNION ALL
SELECT 'size', size, sum(videos), sum(votes), sum(total) FROM alike GROUP BY size
UNION ALL
SELECT 'seconds', CAST(seconds AS TEXT), sum(videos), sum(votes), sum(total) FROM alike GROUP BY seconds
UNION ALL
SELECT 'enhanced', CASE enhanced WHEN 1 THEN 'yes' ELSE 'no' END, sum(videos), sum(votes), sum(total) FROM alike
WHERE enhanced IS NOT NULL GROUP BY enhanced
UNION ALL
SELECT 'picture', CASE picture WHEN 1 THEN 'yes' ELSE 'no' END, sum(videos), sum(votes), sum(total) FROM alike
GROUP BY picture;

-- name: criteria
SELECT scores.kind, scores.criterion, count(*) AS people, sum(scores.score) AS total
FROM jobs JOIN evaluation_scores AS scores ON scores.job_id = jobs.id
WHERE jobs.guild_id = :guild_id AND jobs.created_at >= :since AND jobs.state = 'delivered'
  AND jobs.provider <> '(join)' AND jobs.user_id = coalesce(:member, jobs.user_id)
  AND jobs.provider = coalesce(:provider, jobs.provider) AND jobs.model = coalesce(:model, jobs.model)
GROUP BY scores.kind, scores.criterion
ORDER BY scores.kind, scores.criterion;

-- name: remarks
SELECT said.user_id, said.comment
FROM jobs JOIN evaluations AS said ON said.job_id = jobs.id
WHERE jobs.guild_id = :guild_id AND jobs.created_at >= :since AND jobs.state = 'delivered'
  AND jobs.provider <> '(join)' AND jobs.user_id = coalesce(:member, jobs.user_id)
  AND jobs.provider = coalesce(:provider, jobs.provider) AND jobs.model = coalesce(:model, jobs.model)
  AND said.comment <> ''
ORDER BY said.at DESC, said.job_id, said.user_id
LIMIT :limit;
