-- Options of single models: sound on or off, and the picture that the video ends with.

ALTER TABLE jobs ADD COLUMN
    audio INTEGER CHECK (audio IN (0, 1));
ALTER TABLE jobs ADD COLUMN
    last_picture TEXT;
