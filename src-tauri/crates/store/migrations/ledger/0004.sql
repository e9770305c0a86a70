-- A number that a person confirmed by telephone is sent too. SQLite cannot widen a CHECK: the same table, one kind more.
CREATE TABLE outbox_wider (
  id           TEXT PRIMARY KEY NOT NULL, -- also the idempotency key on the wire
  kind         TEXT    NOT NULL CHECK (kind IN ('label', 'stop', 'acknowledgement', 'confirmation')),
  subject      TEXT    NOT NULL,       -- what it is about; rows about the same thing are sent in order
  created      INTEGER NOT NULL,
  payload      TEXT    NOT NULL,
  attempts     INTEGER NOT NULL DEFAULT 0, -- counted before the attempt is made
  next_attempt INTEGER NOT NULL,
  state        TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'conflict', 'refused')),
  reason       TEXT,
  theirs       TEXT,
  decided      TEXT
) STRICT;
INSERT INTO outbox_wider
  SELECT id, kind, subject, created, payload, attempts, next_attempt, state, reason, theirs, decided
  FROM outbox ORDER BY rowid;
DROP TABLE outbox;
ALTER TABLE outbox_wider RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (state, next_attempt);
