-- The region as delivered, with its history. Everything here can be had again from the source.

-- The newest version of every resource, as delivered but for patient data: what is not understood survives here,
-- and a read-modify-write starts from it.
CREATE TABLE resource (
  kind     TEXT    NOT NULL,           -- FHIR resource type
  id       TEXT    NOT NULL,           -- the server's logical id
  version  TEXT,                       -- meta.versionId; NULL where the source has none
  updated  INTEGER NOT NULL,           -- meta.lastUpdated, else when it was delivered; microseconds since 1970
  deleted  INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  raw      TEXT    NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;

-- What was read from it: a row an interval, so that any past moment can be asked for. Changes are stored, not snapshots.
CREATE TABLE fact (
  kind       TEXT    NOT NULL,
  id         TEXT    NOT NULL,
  valid_from INTEGER NOT NULL,         -- by the source's clock
  valid_to   INTEGER CHECK (valid_to IS NULL OR valid_to >= valid_from), -- NULL: still so
  received   INTEGER NOT NULL,         -- by our clock: what was on screen when
  body       TEXT    NOT NULL,         -- domain::region::Fact as JSON
  PRIMARY KEY (kind, id, valid_from)
) STRICT, WITHOUT ROWID;

CREATE INDEX fact_ended ON fact (valid_to);

-- What was refused or only partly understood, with what was delivered unless that was patient data.
CREATE TABLE not_understood (
  seq      INTEGER PRIMARY KEY,
  received INTEGER NOT NULL,
  source   TEXT    NOT NULL,
  path     TEXT    NOT NULL,
  code     TEXT    NOT NULL,
  detail   TEXT    NOT NULL,
  raw      TEXT,
  UNIQUE (source, path, code, detail)
) STRICT;

-- Where following a source stands.
CREATE TABLE sync (
  key   TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
