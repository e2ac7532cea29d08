-- Links by which people are invited. token: SHA-256 of it. room: null where it is for whatever room has the name.
-- maker: an account, `~` and an id of one visit, or nothing: whoever runs the server. Times in seconds since 1970.
CREATE TABLE invite (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token BLOB NOT NULL UNIQUE,
    room INTEGER,
    name TEXT NOT NULL,
    maker TEXT NOT NULL,
    maker_name TEXT NOT NULL,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    until INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Who came in by which: one person has a row for each account, certificate and word (hashed) they are known by.
CREATE TABLE guest (
    invite INTEGER NOT NULL REFERENCES invite (id) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (invite, mark)
) STRICT, WITHOUT ROWID;
