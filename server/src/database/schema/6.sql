-- Entries as they come: one row for many, in the form of storage/sqlite/record.rs, numbered from first_seq on without a
-- gap. They are settled into entry, its indexes and the search when there is time, oldest first, and are in one of the two.
CREATE TABLE intake (
    first_seq INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    entries BLOB NOT NULL
) STRICT;
