-- Every statement of SqlEarlierStore.

-- name: alike
-- A picture in place of a video too large, or a message to its author alone, is nothing to show to others.
SELECT * FROM jobs
WHERE state = 'delivered' AND finished_at >= :since AND guild_id = :guild_id AND provider = :provider
  AND prompt = :prompt AND size = :size AND seconds = :seconds AND model = :model
  AND coalesce(seed, -1) = :seed AND coalesce(negative, '') = :negative AND coalesce(audio, -1) = :audio
  AND result_message_id IS NOT NULL AND still_file IS NULL AND venue <> 'direct'
ORDER BY finished_at DESC, id DESC
LIMIT 10;
