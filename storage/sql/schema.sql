-- The record of migrations.

-- name: create_table
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);

-- name: version
SELECT coalesce(max(version), 0) AS version FROM schema_migrations;

-- name: record
INSERT INTO schema_migrations (version, name, applied_at) VALUES (:version, :name, :at);
