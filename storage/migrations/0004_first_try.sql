-- When the order was first tried: patience with a video API counts from there, not from a long wait in line.

ALTER TABLE jobs ADD COLUMN
    tried_at BIGINT;
