//! The region as delivered, with its history as intervals.

mod remarks;

pub use remarks::NotUnderstood;

use crate::open::{Migrations, StoreError};
use crate::{from_micros, micros, open};
use domain::{
    ids::source_of,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};
use std::{collections::BTreeSet, path::Path};

const MIGRATIONS: Migrations = &[
    include_str!("../../migrations/cache/0001.sql"),
    include_str!("../../migrations/cache/0002.sql"),
    include_str!("../../migrations/cache/0003.sql"),
];

/// How opening went; anything but `Whole` is an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheState {
    Whole,
    /// The file was damaged: it was set aside and an empty one stands in its place.
    Rebuilt(String),
    /// No file could be had at all: the cache lives in memory and dies with the application.
    InMemory(String),
}

/// One record to be stored.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    pub key: &'a RecordKey,
    pub version: Option<&'a str>,
    pub updated: Timestamp,
    /// `None`: deleted at the source.
    pub fact: Option<&'a Fact>,
    pub raw: &'a str,
}

/// What became of each resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Another fact than before.
    Changed,
    /// A newer version that says the same.
    Same,
    /// A version older than the one we have: not applied.
    Older,
}

/// What one delivery did.
#[derive(Debug, Default)]
pub struct Batch {
    /// One for each incoming resource, in their order.
    pub applied: Vec<Applied>,
    /// What a complete delivery no longer named.
    pub gone: Vec<RecordKey>,
}

/// A fact as it stood.
#[derive(Debug)]
pub struct StoredFact {
    pub key: RecordKey,
    pub fact: Fact,
    pub written: Timestamp,
}

/// The cache database.
#[derive(Debug)]
pub struct Cache {
    connection: Connection,
}

impl Cache {
    /// Opens the cache. Cannot fail for a damaged file: that one is set aside; memory is the last resort.
    ///
    /// # Errors
    /// Only when the file is of a newer version, or SQLite itself is unusable.
    pub fn open(path: &Path, now: Timestamp) -> Result<(Self, CacheState), StoreError> {
        let first = match open::open(path, MIGRATIONS, "NORMAL", &mut |_, _| {}) {
            Ok(connection) => return Ok((Self { connection }, CacheState::Whole)),
            Err(error @ (StoreError::Newer { .. } | StoreError::OldSqlite(_))) => return Err(error),
            Err(error) => error,
        };
        Self::rebuild(path, &first.to_string(), now)
    }

    /// Sets a cache aside that turned out damaged, and begins an empty one; memory is the last resort. The damaged one
    /// must not be open.
    ///
    /// # Errors
    /// When SQLite itself is unusable.
    pub fn rebuild(path: &Path, why: &str, now: Timestamp) -> Result<(Self, CacheState), StoreError> {
        let again = open::set_aside(path, now).and_then(|_| open::open(path, MIGRATIONS, "NORMAL", &mut |_, _| {}));
        match again {
            Ok(connection) => Ok((Self { connection }, CacheState::Rebuilt(why.to_owned()))),
            Err(_) => Ok((Self::in_memory()?, CacheState::InMemory(why.to_owned()))),
        }
    }

    /// A cache that lives in memory only.
    ///
    /// # Errors
    /// When SQLite itself is unusable.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        open::prepare(&mut connection, MIGRATIONS, "NORMAL", &mut |_, _| {})?;
        Ok(Self { connection })
    }

    /// Stores one delivery in one transaction: a reader sees all of it or nothing. An older version never takes
    /// the place of a newer one. Where the delivery is `complete` for a source, by its key, what it
    /// does not name of that source is gone.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing of it was stored.
    pub fn apply(
        &mut self,
        incoming: &[Incoming<'_>],
        complete: Option<&str>,
        received: Timestamp,
    ) -> Result<Batch, StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut applied = Vec::with_capacity(incoming.len());
        let mut gone = vec![];
        {
            let mut writer = Writer::new(&tx, micros(received))?;
            for one in incoming {
                applied.push(writer.put(one)?);
            }
            if let Some(source) = complete {
                let named: BTreeSet<&RecordKey> = incoming.iter().map(|i| i.key).collect();
                let mut all = tx.prepare("SELECT kind, id FROM resource WHERE deleted = 0")?;
                for key in all.query_map([], read_key)? {
                    let key = key?;
                    if source_of(&key.id) == source && !named.contains(&key) {
                        gone.push(key);
                    }
                }
                for key in &gone {
                    let one = Incoming {
                        key,
                        version: None,
                        updated: received,
                        fact: None,
                        raw: "",
                    };
                    writer.put(&one)?;
                }
            }
        }
        tx.commit()?;
        Ok(Batch { applied, gone })
    }

    /// Every fact as it stands now, or as it stood at a past moment.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn facts(&self, at: Option<Timestamp>) -> Result<Vec<StoredFact>, StoreError> {
        let sql = match at {
            None => "SELECT kind, id, body, valid_from FROM fact WHERE valid_to IS NULL",
            Some(_) => {
                "SELECT kind, id, body, valid_from FROM fact
                 WHERE valid_from <= ?1 AND (valid_to IS NULL OR valid_to > ?1)"
            }
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = match at {
            None => statement.query([])?,
            Some(at) => statement.query([micros(at)])?,
        };
        let mut facts = vec![];
        while let Some(row) = rows.next()? {
            facts.push(StoredFact {
                key: read_key(row)?,
                fact: serde_json::from_str(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?,
                written: from_micros(row.get(3)?),
            });
        }
        Ok(facts)
    }

    /// One fact's history since a moment, oldest first: (from, to, fact).
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(
        &self,
        key: &RecordKey,
        since: Timestamp,
    ) -> Result<Vec<(Timestamp, Option<Timestamp>, Fact)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT valid_from, valid_to, body FROM fact
             WHERE kind = ?1 AND id = ?2 AND (valid_to IS NULL OR valid_to > ?3) ORDER BY valid_from",
        )?;
        let mut rows = statement.query(params![key.kind.code(), key.id, micros(since)])?;
        let mut history = vec![];
        while let Some(row) = rows.next()? {
            let body: String = row.get(2)?;
            let to: Option<i64> = row.get(1)?;
            history.push((
                from_micros(row.get(0)?),
                to.map(from_micros),
                serde_json::from_str(&body)?,
            ));
        }
        Ok(history)
    }

    /// The resource as it was delivered last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn raw(&self, key: &RecordKey) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .query_row(
                "SELECT raw FROM resource WHERE kind = ?1 AND id = ?2",
                [key.kind.code(), &key.id],
                |r| r.get(0),
            )
            .optional()?)
    }

    /// Where following stands; `None` before the first time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sync(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .query_row("SELECT value FROM sync WHERE key = ?1", [key], |r| r.get(0))
            .optional()?)
    }

    /// Remembers where following stands.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn set_sync(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.connection.execute(
            "INSERT INTO sync (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )?;
        Ok(())
    }

    /// Forgets where following a source stands, by its key.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn forget_sync(&self, source: &str) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM sync WHERE {} = ?1", key_in_front("key"));
        self.connection.execute(&sql, [source])?;
        Ok(())
    }

    /// Forgets what came from a source, by its key and its address, and that it was followed.
    ///
    /// # Errors
    /// When the disk does not take it; then everything stays.
    pub fn forget(&mut self, source: &str, address: &str) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (table, column) in [("fact", "id"), ("resource", "id"), ("sync", "key")] {
            let sql = format!("DELETE FROM {table} WHERE {} = ?1", key_in_front(column));
            tx.execute(&sql, [source])?;
        }
        tx.execute("DELETE FROM not_understood WHERE source = ?1", [address])?;
        tx.commit()?;
        Ok(())
    }

    /// SQLite's own check of the file; `ok` when it is whole.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn integrity(&self) -> Result<String, StoreError> {
        Ok(self.connection.query_row("PRAGMA integrity_check", [], |r| r.get(0))?)
    }
}

/// The first two columns of a row, which are always its kind and its id.
fn read_key(row: &Row<'_>) -> rusqlite::Result<RecordKey> {
    Ok(RecordKey {
        kind: RecordKind::from_code(row.get_ref(0)?.as_str()?),
        id: row.get(1)?,
    })
}

/// [`source_of`] in SQL.
pub(crate) fn key_in_front(column: &str) -> String {
    format!("substr({column}, 1, max(instr({column}, '~') - 1, 0))")
}

/// The statements of one delivery, prepared once.
struct Writer<'t> {
    received: i64,
    known: rusqlite::Statement<'t>,
    upsert: rusqlite::Statement<'t>,
    current: rusqlite::Statement<'t>,
    close: rusqlite::Statement<'t>,
    insert: rusqlite::Statement<'t>,
}

impl<'t> Writer<'t> {
    fn new(tx: &'t Transaction<'_>, received: i64) -> Result<Self, StoreError> {
        Ok(Self {
            received,
            known: tx.prepare("SELECT version, updated, deleted FROM resource WHERE kind = ?1 AND id = ?2")?,
            upsert: tx.prepare(
                "INSERT INTO resource (kind, id, version, updated, deleted, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, updated = excluded.updated,
                   deleted = excluded.deleted, raw = excluded.raw",
            )?,
            current: tx.prepare(
                "SELECT valid_from, body FROM fact WHERE kind = ?1 AND id = ?2 AND valid_to IS NULL
                 ORDER BY valid_from DESC LIMIT 1",
            )?,
            close: tx.prepare(
                "UPDATE fact SET valid_to = max(valid_from, ?3) WHERE kind = ?1 AND id = ?2 AND valid_to IS NULL",
            )?,
            insert: tx.prepare(
                "INSERT INTO fact (kind, id, valid_from, valid_to, received, body) VALUES (?1, ?2, ?3, NULL, ?4, ?5)
                 ON CONFLICT (kind, id, valid_from) DO UPDATE SET valid_to = NULL, received = excluded.received, body = excluded.body",
            )?,
        })
    }

    fn put(&mut self, one: &Incoming<'_>) -> Result<Applied, StoreError> {
        let updated = micros(one.updated);
        let (kind, id) = (one.key.kind.code(), one.key.id.as_str());
        let known: Option<(Option<String>, i64, bool)> = self
            .known
            .query_row([kind, id], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        if let Some((version, at, _)) = &known
            && (updated < *at || (updated == *at && older(one.version, version.as_deref())))
        {
            return Ok(Applied::Older);
        }
        let Some(fact) = one.fact else {
            if !matches!(known, Some((_, _, false))) {
                return Ok(Applied::Same);
            }
            self.upsert.execute(params![kind, id, one.version, updated, true, ""])?;
            self.close.execute(params![kind, id, updated])?;
            return Ok(Applied::Changed);
        };
        self.upsert
            .execute(params![kind, id, one.version, updated, false, one.raw])?;
        let body = serde_json::to_string(fact)?;
        if known.is_some() {
            let current: Option<(i64, String)> = self
                .current
                .query_row([kind, id], |r| Ok((r.get(0)?, r.get(1)?)))
                .optional()?;
            if let Some((_, now)) = current {
                if now == body {
                    return Ok(Applied::Same);
                }
                self.close.execute(params![kind, id, updated])?;
            }
        }
        self.insert.execute(params![kind, id, updated, self.received, body])?;
        Ok(Applied::Changed)
    }
}

/// Whether `new` is an earlier version number than `old`; servers number from 1, opaque versions have no order.
fn older(new: Option<&str>, old: Option<&str>) -> bool {
    match (
        new.and_then(|v| v.parse::<u64>().ok()),
        old.and_then(|v| v.parse::<u64>().ok()),
    ) {
        (Some(new), Some(old)) => new < old,
        _ => false,
    }
}
