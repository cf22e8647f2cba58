-- Every statement of SqlDraftStore.

-- name: insert
INSERT INTO drafts (id, user_id, provider, request, picture, last_picture, created_at)
VALUES (:id, :user_id, :provider, :request, :picture, :last_picture, :created_at)
ON CONFLICT (id) DO NOTHING;

-- name: change
UPDATE drafts SET request = :request WHERE id = :id;

-- name: by_id
SELECT * FROM drafts WHERE id = :id;

-- name: delete
DELETE FROM drafts WHERE id = :id;
