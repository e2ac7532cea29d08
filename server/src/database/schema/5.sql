-- 1: the relay has not taken the letter with the code yet.
ALTER TABLE account ADD COLUMN letter INTEGER NOT NULL DEFAULT 0;

-- Accounts that are closed, and whose words are still to be erased.
CREATE TABLE erasure (
    folded TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What was done beside the server, in order, until it has told its people. what: 0 an account has another password,
-- 1 an account was closed, 2 the message `id` of `log` was erased.
CREATE TABLE news (
    number INTEGER PRIMARY KEY,
    what INTEGER NOT NULL,
    account TEXT,
    log INTEGER,
    id TEXT
) STRICT;
