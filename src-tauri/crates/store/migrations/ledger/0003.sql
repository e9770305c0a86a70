-- The alarm log: what the measures of alarm quality are counted from.
CREATE TABLE alarm_event (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  alarm    TEXT    NOT NULL,
  source   TEXT    NOT NULL,           -- what comes and goes as one
  priority TEXT    NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
  told     TEXT    NOT NULL CHECK (told IN ('raised', 'returned', 'acknowledged', 'shelved', 'escalated'))
) STRICT;
CREATE INDEX alarm_event_at ON alarm_event (at);
