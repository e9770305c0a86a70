//! Reading the cache beside its writer: what is so, what was so, and what this desk knew of it then.
//!
//! Every question is one statement, so that it sees whole deliveries only.

use super::{
    packed::{Beside, unpack},
    remarks::{self, ParseIssue},
};
use crate::{
    ledger::Unreadable,
    micros,
    open::StoreError,
    place::DatabaseAt,
    time,
    versions::{Known, Versions, number},
};
use domain::{
    ids::source_of,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::{collections::BTreeSet, path::Path};

/// A fact as it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredFact {
    pub key: RecordKey,
    pub fact: Fact,
    /// From when on it was so, by the source.
    pub written: Timestamp,
}

/// What a moment's facts are, and which of them could not be read.
#[derive(Debug, Default)]
pub struct Facts {
    pub read: Vec<StoredFact>,
    /// Each is to be asked for again: see [`super::CacheWriter::ask_again`].
    pub unreadable: Vec<(RecordKey, Unreadable)>,
}

impl Facts {
    /// The sources, by their keys, that have to be asked again for what could not be read.
    pub fn sources_to_ask(&self) -> BTreeSet<&str> {
        self.unreadable.iter().map(|(key, _)| source_of(&key.id)).collect()
    }
}

/// One stretch of a record's history.
pub type Interval = (Timestamp, Option<Timestamp>, Fact);

/// A connection that cannot write; there may be several.
#[derive(Debug)]
pub struct CacheReader {
    pub(super) connection: Connection,
}

/// The facts at one moment: the newest start not after it, one seek a thing and in the order of the sites. `CROSS JOIN`
/// keeps the planner from starting with the intervals, of which there are millions.
const FACTS: &str = "
SELECT i.kind, i.name, f.valid_from, f.body, b.json, f.status, f.operational, r.json, f.heartbeat
FROM thing i CROSS JOIN fact f LEFT JOIN body b ON b.id = f.body LEFT JOIN body r ON r.id = f.rest
WHERE f.thing = i.id AND f.body IS NOT NULL
  AND (f.valid_from, f.known_from) = (
    SELECT g.valid_from, g.known_from FROM fact g
    WHERE g.thing = i.id AND g.valid_from <= ?1 AND g.known_from <= ?2
    ORDER BY g.valid_from DESC, g.known_from DESC LIMIT 1)";
const IN_ORDER: &str = " ORDER BY i.site, i.id";
const OF_SITE: &str = "
  AND i.site = (SELECT id FROM thing WHERE kind = ?4 AND name = ?3) ORDER BY i.id";

impl CacheReader {
    /// Opens a file that a writer has opened before.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::at(&DatabaseAt::file(path))
    }

    /// A reader beside the writer, wherever the cache lies.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn at(at: &DatabaseAt) -> Result<Self, StoreError> {
        Ok(Self {
            connection: at.read_only()?,
        })
    }

    /// Every fact as it stands now, or as it stood at a past moment by what is known now. What cannot be read is left
    /// out: see [`CacheReader::facts_at`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn facts(&self, at: Option<Timestamp>) -> Result<Vec<StoredFact>, StoreError> {
        Ok(self.facts_at(at.unwrap_or(Timestamp::MAX), None)?.read)
    }

    /// Every fact as it stood at a moment: as this desk knew it at another, or with what was corrected since.
    ///
    /// # Errors
    /// When the file itself cannot be read; a row that does not make sense is on the list instead.
    pub fn facts_at(&self, valid: Timestamp, known: Option<Timestamp>) -> Result<Facts, StoreError> {
        let known = known.map_or(i64::MAX, micros);
        let mut statement = self.connection.prepare_cached(&format!("{FACTS}{IN_ORDER}"))?;
        facts(statement.query(params![micros(valid), known])?)
    }

    /// The same of one site.
    ///
    /// # Errors
    /// When the file itself cannot be read.
    pub fn facts_of_site(&self, site: &str, valid: Timestamp, known: Option<Timestamp>) -> Result<Facts, StoreError> {
        let known = known.map_or(i64::MAX, micros);
        let mut statement = self.connection.prepare_cached(&format!("{FACTS}{OF_SITE}"))?;
        facts(statement.query(params![micros(valid), known, site, RecordKind::Place.code()])?)
    }

    /// How SQLite goes about [`CacheReader::facts_at`], a line a step: for the test that holds it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn plan(&self) -> Result<Vec<String>, StoreError> {
        let mut lines = vec![];
        for (tail, values) in [(IN_ORDER, 2), (OF_SITE, 4)] {
            let mut statement = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {FACTS}{tail}"))?;
            let rows = statement.query_map(rusqlite::params_from_iter(vec![0; values]), |r| r.get::<_, String>(3))?;
            for line in rows {
                lines.push(line?);
            }
        }
        Ok(lines)
    }

    /// One record's history since a moment, oldest first, by what is known now: (from, to, fact).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, key: &RecordKey, since: Timestamp) -> Result<Vec<Interval>, StoreError> {
        self.history_as_known(key, since, None)
    }

    /// The same, as this desk knew it at a moment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history_as_known(
        &self,
        key: &RecordKey,
        since: Timestamp,
        known: Option<Timestamp>,
    ) -> Result<Vec<Interval>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT f.valid_from, f.body, b.json, f.status, f.operational, r.json, f.heartbeat
             FROM thing i CROSS JOIN fact f LEFT JOIN body b ON b.id = f.body LEFT JOIN body r ON r.id = f.rest
             WHERE i.kind = ?1 AND i.name = ?2 AND f.thing = i.id AND f.known_from <= ?4
               AND f.valid_from >= coalesce(
                 (SELECT max(g.valid_from) FROM fact g WHERE g.thing = i.id AND g.valid_from <= ?3), ?3)
             ORDER BY f.valid_from, f.known_from",
        )?;
        let known = known.map_or(i64::MAX, micros);
        let mut rows = statement.query(params![key.kind.code(), key.id, micros(since), known])?;
        // The last of those with the same start is what came to be known of it.
        let mut starts: Vec<(Timestamp, Option<Fact>)> = vec![];
        while let Some(row) = rows.next()? {
            let from = time(row.get(0)?)?;
            let Ok(fact) = read_fact(row, 1) else { continue };
            match starts.last_mut() {
                Some((last, before)) if *last == from => *before = fact,
                _ => starts.push((from, fact)),
            }
        }
        let ends = starts.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
        let ends: Vec<Option<Timestamp>> = ends.collect();
        let history = starts.into_iter().zip(ends);
        Ok(history
            .filter_map(|((from, fact), to)| fact.map(|fact| (from, to, fact)))
            .collect())
    }

    /// A record as it was delivered last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn raw(&self, key: &RecordKey) -> Result<Option<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.raw FROM thing t JOIN delivered d ON d.thing = t.id WHERE t.kind = ?1 AND t.name = ?2",
        )?;
        Ok(statement
            .query_row([key.kind.code(), &key.id], |r| r.get(0))
            .optional()?)
    }

    /// The version of every record, for judging what comes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn versions(&self) -> Result<Versions, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT kind, name, version, updated, deleted, digest FROM thing WHERE updated IS NOT NULL")?;
        let mut rows = statement.query([])?;
        let mut versions = Versions::default();
        while let Some(row) = rows.next()? {
            let RecordKey { kind, id } = read_key(row)?;
            let version: Option<&str> = row.get_ref(2)?.as_str_or_null().unwrap_or(None);
            let known = Known {
                updated: row.get(3)?,
                number: number(version),
                deleted: row.get(4)?,
                digest: row.get(5)?,
            };
            versions.insert(kind, &id, known);
        }
        Ok(versions)
    }

    /// Where following stands; `None` before the first time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sync(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT value FROM sync WHERE key = ?1")?;
        Ok(statement.query_row([key], |r| r.get(0)).optional()?)
    }

    /// What was not understood, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn not_understood(&self) -> Result<Vec<ParseIssue>, StoreError> {
        remarks::all(&self.connection)
    }

    /// SQLite's own check of the file; `ok` when it is whole.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn integrity(&self) -> Result<String, StoreError> {
        Ok(self.connection.query_row("PRAGMA integrity_check", [], |r| r.get(0))?)
    }
}

fn facts(mut rows: rusqlite::Rows<'_>) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    while let Some(row) = rows.next()? {
        let key = read_key(row)?;
        let read = || -> Result<Option<StoredFact>, StoreError> {
            let fact = read_fact(row, 3)?;
            let written = time(row.get(2)?)?;
            let key = key.clone();
            Ok(fact.map(|fact| StoredFact { key, fact, written }))
        };
        match read() {
            Ok(fact) => facts.read.extend(fact),
            Err(error) if error.is_of_one_row() => {
                let unreadable = Unreadable {
                    table: "fact",
                    row: key.to_string(),
                    why: error.to_string(),
                };
                facts.unreadable.push((key, unreadable));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(facts)
}

/// Body, its text, status, operational status, rest and heartbeat, from a column on; `None`: gone.
fn read_fact(row: &Row<'_>, first: usize) -> Result<Option<Fact>, StoreError> {
    let body: Option<i64> = row.get(first)?;
    let Some(body) = body else {
        return Ok(None);
    };
    let text = |column: usize| -> Result<Option<&str>, StoreError> {
        let text = row.get_ref(column)?.as_str_or_null();
        Ok(text.map_err(rusqlite::Error::from)?)
    };
    let json = text(first + 1)?.ok_or_else(|| StoreError::Value {
        column: "fact.body",
        value: body.to_string(),
    })?;
    let (status, operational): (Option<i64>, Option<i64>) = (row.get(first + 2)?, row.get(first + 3)?);
    let beside = Beside {
        codes: status.zip(operational),
        rest: text(first + 4)?,
        heartbeat: row.get(first + 5)?,
    };
    unpack(json, beside).map(Some)
}

/// The first two columns of a row, which are always its kind and its id. As far as they can be read: a record that
/// cannot be read must still be named.
pub(super) fn read_key(row: &Row<'_>) -> Result<RecordKey, StoreError> {
    let text = |column: usize| -> Result<_, StoreError> {
        let bytes = row.get_ref(column)?.as_bytes().map_err(rusqlite::Error::from)?;
        Ok(String::from_utf8_lossy(bytes))
    };
    Ok(RecordKey::new(RecordKind::from_code(&text(0)?), text(1)?))
}

#[cfg(test)]
mod tests {
    use super::super::Cache;

    #[test]
    fn a_reader_cannot_write() {
        let cache = Cache::in_memory().unwrap();
        let reader = cache.reader().unwrap();
        let error = reader.connection.execute("DELETE FROM sync", []).unwrap_err();
        assert_eq!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::ReadOnly),
            "{error}"
        );
    }
}
