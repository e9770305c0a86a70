//! The region as delivered, with its history on two time axes: when something was so, by its source, and since when
//! this desk knew it (decision 0013).
//!
//! [`CacheWriter`] stores behind the desk, on a thread of its own; [`CacheReader`] asks, beside it. [`Cache`] is both on
//! one connection, for tools and tests.
//!
//! ```
//! use domain::{place::Organization, region::{Fact, RecordKey, RecordKind}};
//! use jiff::Timestamp;
//! use store::{CacheReader, CacheWriter, Change, Limits, Write};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let path = dir.path().join("cache.sqlite");
//! let three: Timestamp = "2026-11-22T03:00:00Z".parse()?;
//! let four: Timestamp = "2026-11-22T04:00:00Z".parse()?;
//! let key = RecordKey::new(RecordKind::Organization, "isala");
//! let named = |name: &str| Fact::Organization(Organization {
//!     id: "isala".into(),
//!     name: name.to_owned(),
//!     jurisdiction: false,
//! });
//!
//! let (writer, _state) = CacheWriter::start(&path, three, Limits::default(), |report| println!("{report:?}"))?;
//! for (version, name, at) in [("1", "Isala", three), ("2", "Isala klinieken", four)] {
//!     let changes = vec![Change::put(key.clone(), Some(version), at, &named(name), "{}")?];
//!     writer.store(Write { changes, ..Write::of("", at) });
//! }
//! drop(writer); // waits until all is stored
//!
//! let reader = CacheReader::open(&path)?;
//! assert_eq!(reader.facts(None)?[0].fact, named("Isala klinieken"));
//! assert_eq!(reader.facts(Some(three))?[0].fact, named("Isala"), "any past moment can be asked for");
//! # Ok(())
//! # }
//! ```

mod packed;
mod prune;
mod put;
mod queue;
mod read;
mod remarks;
mod writer;

pub use packed::Packed;
pub use prune::Retention;
pub use read::{CacheReader, Facts, Interval, StoredFact};
pub use remarks::{ParseIssue, Remark, Remarks};
pub use writer::{CacheWriter, Complete, Limits, Write, WriteReport};

use crate::{
    open::{self, Migrations, StoreError},
    place::DatabaseAt,
};
use domain::region::{Fact, RecordKey};
use jiff::Timestamp;
use put::{Put, Record};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use std::{collections::BTreeSet, ops::Deref, path::Path};

const MIGRATIONS: Migrations = &[
    include_str!("../../migrations/cache/0001.sql"),
    include_str!("../../migrations/cache/0002.sql"),
    include_str!("../../migrations/cache/0003.sql"),
    include_str!("../../migrations/cache/0004.sql"),
    include_str!("../../migrations/cache/0005.sql"),
];

/// The first version whose records carry a digest.
const DIGESTS_SINCE: u32 = 4;

/// A file larger than this is not taken to memory: its history would take what the desk needs.
const MOST_IN_MEMORY: u64 = 512 << 20;

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

/// What became of each record.
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
    /// One for each incoming record, in their order.
    pub applied: Vec<Applied>,
    /// What a complete delivery no longer named.
    pub gone: Vec<RecordKey>,
}

/// The cache database, with the one connection that writes.
#[derive(Debug)]
pub struct Cache {
    /// Whatever a reader can be asked.
    reader: CacheReader,
    at: DatabaseAt,
}

impl Deref for Cache {
    type Target = CacheReader;

    fn deref(&self) -> &CacheReader {
        &self.reader
    }
}

impl Cache {
    /// Opens the cache, and looks no further than its header and schema: reading all of it is for
    /// [`crate::check_in_background`]. Cannot fail for a damaged file: that one is set aside; memory is the last resort
    /// (R-07).
    ///
    /// # Errors
    /// Only when the file is of a newer version, or SQLite itself is unusable.
    pub fn open(path: &Path, now: Timestamp) -> Result<(Self, CacheState), StoreError> {
        match Self::open_file(path) {
            Ok(cache) => Ok((cache, CacheState::Whole)),
            Err(error @ (StoreError::Newer { .. } | StoreError::OldSqlite(_))) => Err(error),
            Err(error) if error.takes_no_writes() => {
                let cache = Self::in_memory_from(path)?;
                Ok((cache, CacheState::InMemory(error.to_string())))
            }
            Err(error) => Self::rebuild(path, &error.to_string(), now),
        }
    }

    /// Sets a cache aside that turned out damaged, and begins an empty one; memory is the last resort. The damaged one
    /// must not be open.
    ///
    /// # Errors
    /// When SQLite itself is unusable.
    pub fn rebuild(path: &Path, why: &str, now: Timestamp) -> Result<(Self, CacheState), StoreError> {
        match open::set_aside(path, now).and_then(|_| Self::open_file(path)) {
            Ok(cache) => Ok((cache, CacheState::Rebuilt(why.to_owned()))),
            Err(_) => Ok((Self::in_memory()?, CacheState::InMemory(why.to_owned()))),
        }
    }

    /// A cache that lives in memory only.
    ///
    /// # Errors
    /// When SQLite itself is unusable.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::in_memory_from(Path::new(""))
    }

    /// The same with what can be read of a file, so that the last picture stands where a disk only takes nothing.
    fn in_memory_from(path: &Path) -> Result<Self, StoreError> {
        let at = DatabaseAt::memory();
        let mut connection = at.writer()?;
        if std::fs::metadata(path).is_ok_and(|found| found.len() <= MOST_IN_MEMORY) {
            // An empty one is filled by the sources.
            let _ = open::copy_of_readable(path, &at);
        }
        open::prepare(&mut connection, MIGRATIONS, "NORMAL", &mut |_, _| {})?;
        Ok(Self::over(connection, at))
    }

    fn open_file(path: &Path) -> Result<Self, StoreError> {
        let mut without_digests = false;
        let mut migrates = |_: &Connection, found: u32| without_digests = found < DIGESTS_SINCE;
        let connection = open::open(path, MIGRATIONS, "NORMAL", &mut migrates)?;
        let mut cache = Self::over(connection, DatabaseAt::file(path));
        if without_digests {
            cache.fill_digests()?;
        }
        Ok(cache)
    }

    fn over(connection: Connection, at: DatabaseAt) -> Self {
        connection.set_prepared_statement_cache_capacity(64);
        // A hundred beds of a country lie on more pages than SQLite keeps of itself (2 MB). Without it, slower.
        let _ = connection.pragma_update(None, "cache_size", -16 * 1024);
        Self {
            reader: CacheReader { connection },
            at,
        }
    }

    /// A reader beside this connection.
    ///
    /// # Errors
    /// When the file cannot be had.
    pub fn reader(&self) -> Result<CacheReader, StoreError> {
        CacheReader::at(&self.at)
    }

    fn transaction(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self
            .reader
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Records that a migration brought over say what they said: without this, the first delivery would find them all
    /// changed.
    fn fill_digests(&mut self) -> Result<(), StoreError> {
        let facts = self.reader.facts(None)?;
        let tx = self.transaction()?;
        {
            let mut fill =
                tx.prepare("UPDATE thing SET digest = ?3 WHERE kind = ?1 AND name = ?2 AND digest IS NULL")?;
            for stored in &facts {
                let digest = Packed::of(&stored.fact)?.digest();
                fill.execute(params![stored.key.kind.code(), stored.key.id, digest])?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Stores one delivery in one transaction: a reader sees all of it or nothing (R-11). An older version never takes
    /// the place of a newer one. Where the delivery is `complete` for a source, by its key, what it does not name of
    /// that source is gone.
    ///
    /// # Errors
    /// When the disk does not take it; then nothing of it was stored.
    pub fn apply(
        &mut self,
        incoming: &[Incoming<'_>],
        complete: Option<&str>,
        received: Timestamp,
    ) -> Result<Batch, StoreError> {
        let packed: Result<Vec<_>, _> = incoming
            .iter()
            .map(|one| one.fact.map(Packed::of).transpose())
            .collect();
        let packed = packed?;
        let tx = self.transaction()?;
        let mut batch = Batch::default();
        {
            let mut put = Put::new(&tx, received)?;
            for (one, packed) in incoming.iter().zip(&packed) {
                batch.applied.push(put.store(&Record {
                    key: one.key,
                    version: one.version,
                    updated: one.updated,
                    fact: packed.as_ref(),
                    raw: one.raw,
                    site: None,
                })?);
            }
            if let Some(source) = complete {
                let named: BTreeSet<&RecordKey> = incoming.iter().map(|i| i.key).collect();
                batch.gone = put.not_named(source, None, &named)?;
                put.all_gone(&batch.gone)?;
            }
            put.finish(|| true)?;
        }
        tx.commit()?;
        Ok(batch)
    }

    /// Forgets where following a source stands, by its key.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn forget_sync(&self, source: &str) -> Result<(), StoreError> {
        forget_sync(&self.reader.connection, source)
    }

    /// Forgets what came from a source, by its key and its address, and that it was followed.
    ///
    /// # Errors
    /// When the disk does not take it; then everything stays.
    pub fn forget(&mut self, source: &str, address: &str) -> Result<(), StoreError> {
        let tx = self.transaction()?;
        let of_source = format!("(SELECT id FROM thing WHERE {} = ?1)", key_in_front("name"));
        for table in ["fact", "delivered"] {
            tx.execute(&format!("DELETE FROM {table} WHERE thing IN {of_source}"), [source])?;
        }
        tx.execute(&format!("DELETE FROM thing WHERE id IN {of_source}"), [source])?;
        tx.execute_batch(
            "DELETE FROM body WHERE id NOT IN
               (SELECT body FROM fact WHERE body IS NOT NULL UNION SELECT rest FROM fact WHERE rest IS NOT NULL)",
        )?;
        forget_sync(&tx, source)?;
        tx.execute("DELETE FROM not_understood WHERE source = ?1", [address])?;
        Ok(tx.commit()?)
    }
}

fn set_sync(connection: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO sync (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute([key, value])?;
    Ok(())
}

fn forget_sync(connection: &Connection, source: &str) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM sync WHERE {} = ?1", key_in_front("key"));
    connection.execute(&sql, [source])?;
    Ok(())
}

/// [`domain::ids::source_of`] in SQL.
pub(crate) fn key_in_front(column: &str) -> String {
    format!("substr({column}, 1, max(instr({column}, '~') - 1, 0))")
}
