-- What is sent can be withdrawn, has a deadline where it would harm when it came late, and keeps the server's status.
-- The same table without CHECK on its codes: SQLite cannot widen one, so every new code would copy the outbox, and a
-- single damaged row would stop that copy and with it the application. The codes are those of store::ledger::outbox;
-- a row with another one is skipped, listed and kept.
CREATE TABLE outbox_open (
  id             TEXT PRIMARY KEY NOT NULL, -- also the idempotency key on the wire
  kind           TEXT    NOT NULL,     -- label, stop, acknowledgement, confirmation
  subject        TEXT    NOT NULL,     -- what it is about; rows about the same thing are sent in order
  created        INTEGER NOT NULL,
  payload        TEXT    NOT NULL,
  attempts       INTEGER NOT NULL DEFAULT 0, -- counted before the attempt is made
  next_attempt   INTEGER NOT NULL,
  state          TEXT    NOT NULL DEFAULT 'waiting', -- waiting, sent, conflict, refused, withdrawn
  reason         TEXT,
  theirs         TEXT,                 -- what another desk wrote meanwhile, as JSON
  decided        TEXT,                 -- what a person decided: mine, theirs
  deadline       INTEGER,              -- not sent from then on; NULL: however late it is
  refused_status INTEGER               -- the server's HTTP status, where it refused
) STRICT;
INSERT INTO outbox_open
  SELECT id, kind, subject, created, payload, attempts, next_attempt, state, reason, theirs, decided, NULL, NULL
  FROM outbox ORDER BY rowid;
DROP TABLE outbox;
ALTER TABLE outbox_open RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (state, next_attempt);
