-- Since when a certificate logs in, and when it last did (milliseconds since 1970; 0: before this was written down).
ALTER TABLE certificate ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
