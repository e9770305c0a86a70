-- Labels in sets, conflicts that a person decides, an audit trail that shows tampering, and the time labelling takes.

-- The other desk's label, where the server had one that this row's author had not seen.
ALTER TABLE outbox ADD COLUMN theirs TEXT;
-- What a person decided about a row that could not be sent as it was.
ALTER TABLE outbox ADD COLUMN decided TEXT;

-- SHA-256 over the row before and this one; NULL in rows of before the chain.
ALTER TABLE journal ADD COLUMN hash TEXT;

CREATE TABLE label_set (
  id   TEXT PRIMARY KEY NOT NULL,
  body TEXT NOT NULL                   -- domain::label_set::LabelSet as JSON
) STRICT;

-- What labelling costs (working agreement: it must be measured); a name only of who agreed to be named.
CREATE TABLE label_time (
  seq   INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  who   TEXT,
  beds  INTEGER NOT NULL,
  ms    INTEGER NOT NULL CHECK (ms >= 0)
) STRICT;
