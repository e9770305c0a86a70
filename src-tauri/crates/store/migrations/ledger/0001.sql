-- What people did at this desk. Never lost: nothing here can be had again from anywhere.

CREATE TABLE label (
  seq      INTEGER PRIMARY KEY,
  gesture  TEXT    NOT NULL,           -- beds labelled in one gesture are taken back together
  bed      TEXT    NOT NULL,
  kind     TEXT    NOT NULL,
  body     TEXT    NOT NULL,           -- domain::label::LabelOverride as JSON
  created  INTEGER NOT NULL
) STRICT;
CREATE INDEX label_bed ON label (bed, kind, seq);

CREATE TABLE outbox (
  id           TEXT PRIMARY KEY NOT NULL, -- also the idempotency key on the wire
  kind         TEXT    NOT NULL CHECK (kind IN ('label', 'stop', 'acknowledgement')),
  subject      TEXT    NOT NULL,       -- what it is about; rows about the same thing are sent in order
  created      INTEGER NOT NULL,
  payload      TEXT    NOT NULL,
  attempts     INTEGER NOT NULL DEFAULT 0, -- counted before the attempt is made
  next_attempt INTEGER NOT NULL,
  state        TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'conflict', 'refused')),
  reason       TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (state, next_attempt);

CREATE TABLE alarm (
  id   TEXT PRIMARY KEY NOT NULL,
  body TEXT NOT NULL                   -- domain::alarm::Alarm as JSON; a row that is gone is normal again
) STRICT;

-- Append-only: every transition, with who and when.
CREATE TABLE journal (
  seq  INTEGER PRIMARY KEY,
  at   INTEGER NOT NULL,
  who  TEXT    NOT NULL,
  what TEXT    NOT NULL,
  body TEXT    NOT NULL
) STRICT;

CREATE TABLE setting (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
