-- Every statement of SqlGalleryStore. A page goes on after the row of :at and :id, by an index and without OFFSET.

-- name: own
SELECT jobs.*,
    (SELECT count(*) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) AS people,
    (SELECT coalesce(sum(value), 0) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) AS total,
    (SELECT count(*) FROM favourites WHERE favourites.job_id = jobs.id) AS favourites
FROM jobs
WHERE user_id = :user_id AND (created_at, id) < (:at, :id)
  AND state = 'delivered' AND result_message_id IS NOT NULL
  AND (:search = '' OR lower(prompt) LIKE :search ESCAPE '!' OR lower(typed_prompt) LIKE :search ESCAPE '!')
  AND (:style = '' OR style = :style)
  AND (:model = '' OR model = :model OR provider || '/' || model = :model)
  AND CASE :rating
    WHEN 'liked' THEN
      (SELECT coalesce(sum(value - :even), 0) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) > 0
    WHEN 'disliked' THEN
      (SELECT coalesce(sum(value - :even), 0) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) < 0
    WHEN 'unrated' THEN NOT EXISTS (SELECT 1 FROM votes WHERE votes.job_id = jobs.id AND counts = 1)
    WHEN 'favourites' THEN
      EXISTS (SELECT 1 FROM favourites WHERE favourites.job_id = jobs.id AND favourites.user_id = :viewer)
    ELSE 1 = 1
  END
ORDER BY created_at DESC, id DESC
LIMIT :limit;

-- name: of_guild
-- What went to its author's direct messages is nothing for others.
SELECT jobs.*,
    (SELECT count(*) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) AS people,
    (SELECT coalesce(sum(value), 0) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) AS total,
    (SELECT count(*) FROM favourites WHERE favourites.job_id = jobs.id) AS favourites
FROM jobs
WHERE guild_id = :guild_id AND (created_at, id) < (:at, :id)
  AND state = 'delivered' AND result_message_id IS NOT NULL AND venue <> 'direct'
  AND (:member_id = user_id OR :member_id = 0)
  AND (:search = '' OR lower(prompt) LIKE :search ESCAPE '!' OR lower(typed_prompt) LIKE :search ESCAPE '!')
  AND (:style = '' OR style = :style)
  AND (:model = '' OR model = :model OR provider || '/' || model = :model)
  AND CASE :rating
    WHEN 'liked' THEN
      (SELECT coalesce(sum(value - :even), 0) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) > 0
    WHEN 'disliked' THEN
      (SELECT coalesce(sum(value - :even), 0) FROM votes WHERE votes.job_id = jobs.id AND counts = 1) < 0
    WHEN 'unrated' THEN NOT EXISTS (SELECT 1 FROM votes WHERE votes.job_id = jobs.id AND counts = 1)
    WHEN 'favourites' THEN
      EXISTS (SELECT 1 FROM favourites WHERE favourites.job_id = jobs.id AND favourites.user_id = :viewer)
    ELSE 1 = 1
  END
ORDER BY created_at DESC, id DESC
LIMIT :limit;

-- name: add
INSERT INTO galleries (id, user_id, guild_id, search, style, model, rating, member_id, trail, created_at)
VALUES (:id, :user_id, :guild_id, :search, :style, :model, :rating, :member_id, :trail, :created_at)
ON CONFLICT (id) DO NOTHING;

-- name: get
SELECT * FROM galleries WHERE id = :id;

-- name: found
UPDATE galleries SET trail = :trail WHERE id = :id;

-- name: drop
DELETE FROM galleries WHERE created_at < :before;
