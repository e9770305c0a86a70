-- The audit trail is kept for a year. Its first lines go, its chain does not break: the first line that is left is bound
-- to the hash of the last one that went, which is kept here and, with the lines that went, in a line of the trail itself.
CREATE TABLE journal_anchor (
  one  INTEGER PRIMARY KEY CHECK (one = 1), -- there is one chain
  seq  INTEGER NOT NULL,               -- of the last line that went
  at   INTEGER NOT NULL,               -- its time
  hash TEXT                            -- NULL: it was of before the chain
) STRICT;
