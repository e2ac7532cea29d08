-- Messages of a flood: as bytes, in the order in which they were said, until somebody looks at them or takes one back;
-- then rows of `said` are made of them. `first` and `last` are the spots that the first and the last of them have.
-- No row of `said` and no other block of the place stands between them.
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    held INTEGER NOT NULL,
    said BLOB NOT NULL
);
CREATE INDEX block_place ON block (place, last, first);
