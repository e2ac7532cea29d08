-- Logs. A row without a room and without persons is forgotten: its entries wait to be swept.
CREATE TABLE log (
    log INTEGER PRIMARY KEY,
    room INTEGER UNIQUE,
    person TEXT,
    other TEXT,
    UNIQUE (person, other)
) STRICT;
CREATE INDEX log_other ON log (other) WHERE other IS NOT NULL;

-- Entries, all logs in one order. kind: 0 PRIVMSG, 1 NOTICE, 2 TAGMSG, 3 event; 16 more: its words were taken out.
-- words: each line behind a line feed, or behind a carriage return where it goes on without a break.
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    log INTEGER NOT NULL,
    time INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    id TEXT NOT NULL,
    own_id TEXT,
    source TEXT NOT NULL,
    account TEXT,
    bot INTEGER NOT NULL,
    target TEXT NOT NULL,
    client_tags TEXT NOT NULL,
    words TEXT NOT NULL,
    event TEXT NOT NULL
) STRICT;
-- The order of a log; the kind, so that messages are found among many events without looking at these.
CREATE INDEX entry_place ON entry (log, time, seq, kind);
CREATE UNIQUE INDEX entry_id ON entry (id, log);
CREATE INDEX entry_own ON entry (own_id, log) WHERE own_id IS NOT NULL;

-- Words of messages by entry.seq, with the log's number and the sender's nick (hexadecimal) as words of their own
-- columns, so that one look-up meets all three. It holds no text itself.
CREATE VIRTUAL TABLE search USING fts5(
    words, place, sender,
    content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- What the core keeps: rooms, memberships, read markers.
CREATE TABLE kept (
    shelf INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (shelf, key)
) STRICT, WITHOUT ROWID;

-- Accounts. name: as people see it; folded: as it is compared. Times in milliseconds since 1970.
CREATE TABLE account (
    folded TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    -- Null: no password.
    password TEXT,
    scram_salt BLOB,
    scram_iterations INTEGER,
    scram_stored_key BLOB,
    scram_server_key BLOB,
    -- Set until the code was given.
    code TEXT,
    code_until INTEGER,
    code_tries INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Which certificates (SHA-256, lower-case hexadecimal) log in as whom.
CREATE TABLE certificate (
    fingerprint TEXT PRIMARY KEY,
    folded TEXT NOT NULL REFERENCES account (folded) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX certificate_account ON certificate (folded);

-- Random bytes of this server, by what they are for.
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
