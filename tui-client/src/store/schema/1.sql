-- A room or a person of a network. Names are folded; `shown` is how it is written.
CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    network TEXT NOT NULL,
    name TEXT NOT NULL,
    shown TEXT NOT NULL,
    -- How many messages it has, so that nobody counts them.
    held INTEGER NOT NULL DEFAULT 0,
    draft TEXT NOT NULL DEFAULT '',
    level TEXT NOT NULL DEFAULT 'all',
    read_to INTEGER,
    UNIQUE (network, name)
);

-- What was said. `spot` orders a place: the time, and below it the order within one millisecond.
-- `key` names a message: the server's id as text, or a hash of it as bytes where the server gives none.
CREATE TABLE said (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    spot INTEGER NOT NULL,
    key NOT NULL,
    nick TEXT NOT NULL,
    kind INTEGER NOT NULL,
    text TEXT NOT NULL,
    reply_to TEXT,
    is_own INTEGER NOT NULL,
    is_taken_back INTEGER NOT NULL DEFAULT 0,
    UNIQUE (place, spot),
    UNIQUE (place, key)
);

CREATE TABLE reaction (
    said INTEGER NOT NULL,
    reaction TEXT NOT NULL,
    nick TEXT NOT NULL,
    PRIMARY KEY (said, reaction, nick)
) WITHOUT ROWID;

CREATE TABLE gap (
    place INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (place, since, until)
) WITHOUT ROWID;

CREATE TABLE wrote (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX wrote_place ON wrote (place);

CREATE TABLE ignored (
    network TEXT NOT NULL,
    nick TEXT NOT NULL,
    PRIMARY KEY (network, nick)
) WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- The index of words. It holds no text of its own.
CREATE VIRTUAL TABLE words USING fts5(
    text,
    content = 'said',
    content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2',
    detail = 'none',
    columnsize = 0
);
-- What is taken out is gone, not marked.
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER said_added AFTER INSERT ON said BEGIN
    INSERT INTO words (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER said_gone AFTER DELETE ON said BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
    DELETE FROM reaction WHERE said = old.id;
END;
CREATE TRIGGER said_changed AFTER UPDATE OF text ON said BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO words (rowid, text) VALUES (new.id, new.text);
END;
