-- How much of a log is kept, in place of all that the configuration lets be kept.
ALTER TABLE log ADD COLUMN keep_ms INTEGER;
ALTER TABLE log ADD COLUMN keep_entries INTEGER;
ALTER TABLE log ADD COLUMN keep_bytes INTEGER;

-- Entries and bytes of texts of the log up to and with this one, counted from its beginning whatever has gone since: so
-- that what is too much is found at the old end, without counting.
ALTER TABLE entry ADD COLUMN nth INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN upto INTEGER NOT NULL DEFAULT 0;
UPDATE entry SET nth = counted.nth, upto = counted.upto FROM (
    SELECT seq, row_number() OVER log AS nth,
        sum(octet_length(words) + octet_length(id) + octet_length(source) + octet_length(target)
            + octet_length(client_tags) + octet_length(event)) OVER log AS upto
    FROM entry WINDOW log AS (PARTITION BY log ORDER BY time, seq)
) AS counted WHERE counted.seq = entry.seq;
