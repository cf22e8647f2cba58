-- Where a result is posted when its place takes nothing, and the picture that stands for a video too large.

ALTER TABLE jobs ADD COLUMN
    still_file TEXT;
ALTER TABLE jobs ADD COLUMN
    venue TEXT NOT NULL DEFAULT 'place' CHECK (venue IN ('place', 'parent', 'direct'));
ALTER TABLE jobs ADD COLUMN
    result_channel_id BIGINT;
