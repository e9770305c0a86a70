-- Integer keys, each distinct body once, and two time axes, so that a year of a region takes a tenth of the room and any
-- past moment is one seek a thing.

-- Everything that a source names, with the version of it that we have.
CREATE TABLE thing (
  id      INTEGER PRIMARY KEY,
  kind    TEXT    NOT NULL,            -- domain::region::RecordKind by its code
  name    TEXT    NOT NULL,            -- domain::region::RecordKey's id, the source's key in front
  site    INTEGER,                     -- the thing that is its site; NULL: none, or not known
  version TEXT,                        -- meta.versionId; NULL where the source has none
  updated INTEGER,                     -- meta.lastUpdated, else when it was delivered; NULL: named by others only
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  digest  INTEGER,                     -- of the newest fact; NULL: not known
  UNIQUE (kind, name)
) STRICT;
CREATE INDEX thing_site ON thing (site);

INSERT INTO thing (kind, name, version, updated, deleted)
  SELECT kind, id, version, updated, deleted FROM resource ORDER BY kind, id;
INSERT OR IGNORE INTO thing (kind, name) SELECT DISTINCT kind, id FROM fact ORDER BY kind, id;

-- As delivered but for patient data: what is not understood survives here, and a read-modify-write starts from it.
CREATE TABLE delivered (
  thing INTEGER PRIMARY KEY,
  raw   TEXT NOT NULL
) STRICT;
INSERT INTO delivered SELECT t.id, r.raw FROM resource r JOIN thing t ON t.kind = r.kind AND t.name = r.id ORDER BY t.id;
DROP TABLE resource;

-- JSON that rows of `fact` share.
CREATE TABLE body (
  id   INTEGER PRIMARY KEY,
  hash INTEGER UNIQUE,                 -- of the text; NULL: from before there were hashes, shared with nothing new
  json TEXT    NOT NULL
) STRICT;
INSERT INTO body (json) SELECT DISTINCT body FROM fact;

-- From when on a thing was so. A row holds until the next of the same thing: no end is stored, since storing it would
-- mean writing over a row. A correction is one more row with the same `valid_from`, or one between two others; which of
-- them a desk went by at a past moment is told by `known_from`.
ALTER TABLE fact RENAME TO fact_before;
CREATE TABLE fact (
  thing       INTEGER NOT NULL,
  valid_from  INTEGER NOT NULL,        -- by the source's clock, microseconds since 1970
  known_from  INTEGER NOT NULL,        -- by our clock: what was on screen when
  body        INTEGER,                 -- domain::region::Fact as JSON, of a bed without what follows; NULL: gone
  status      INTEGER,                 -- of a bed, the codes of store::cache::packed; NULL: all is in the body
  operational INTEGER,
  rest        INTEGER,                 -- a body: labels, reservation, reason; NULL: none
  PRIMARY KEY (thing, valid_from, known_from)
) STRICT, WITHOUT ROWID;

CREATE TEMP TABLE body_of AS SELECT json, id FROM body;
CREATE UNIQUE INDEX temp.body_of_json ON body_of (json);
INSERT INTO fact (thing, valid_from, known_from, body)
  SELECT t.id, f.valid_from, f.received, b.id
  FROM fact_before f JOIN thing t ON t.kind = f.kind AND t.name = f.id JOIN temp.body_of b ON b.json = f.body
  ORDER BY t.id, f.valid_from;
-- An end that no other row begins at: there it was gone. When that was learned was not kept: as it happened, at the
-- earliest.
INSERT OR IGNORE INTO fact (thing, valid_from, known_from)
  SELECT t.id, f.valid_to, max(f.valid_to, f.received + 1)
  FROM fact_before f JOIN thing t ON t.kind = f.kind AND t.name = f.id
  WHERE f.valid_to IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM fact_before g
    WHERE g.kind = f.kind AND g.id = f.id AND g.valid_from = f.valid_to AND g.valid_from > f.valid_from);
DROP TABLE temp.body_of;
DROP TABLE fact_before;

-- The same with both ends, by what is known now: for looking into, and for reports that walk through time.
CREATE VIEW interval AS
  SELECT thing, valid_from,
    min(valid_from) OVER (PARTITION BY thing ORDER BY valid_from RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
      AS valid_to,
    known_from,
    lead(known_from) OVER (PARTITION BY thing, valid_from ORDER BY known_from) AS known_to,
    body, status, operational, rest
  FROM fact;
