//! Opening a database: rights, pragmas, migrations.

use crate::place::DatabaseAt;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

/// Why a database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the file is of a newer version of Beddenwacht (schema {found}, we know {known}): update the application")]
    Newer { found: u32, known: u32 },
    #[error("SQLite {0} is linked; 3.51.3 or later is needed (a bug in earlier ones damages files)")]
    OldSqlite(String),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    #[error("a stored row cannot be read: {0}")]
    Row(#[from] serde_json::Error),
    #[error("{column} holds {value:?}, which this version does not know")]
    Value { column: &'static str, value: String },
}

impl StoreError {
    /// Whether one row is the matter, and the rest of the file can be read.
    pub fn is_of_one_row(&self) -> bool {
        match self {
            StoreError::Row(_) | StoreError::Value { .. } => true,
            StoreError::Sql(error) => matches!(
                error,
                rusqlite::Error::FromSqlConversionFailure(..)
                    | rusqlite::Error::InvalidColumnType(..)
                    | rusqlite::Error::IntegralValueOutOfRange(..)
                    | rusqlite::Error::Utf8Error(..)
            ),
            StoreError::Newer { .. } | StoreError::OldSqlite(_) | StoreError::File { .. } => false,
        }
    }

    /// Whether the disk is the matter, or who else has the file: the same may succeed later.
    pub fn is_of_the_disk(&self) -> bool {
        use rusqlite::ErrorCode;
        let waits = matches!(
            self,
            StoreError::Sql(error) if matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::FileLockingProtocolFailed
                        | ErrorCode::OutOfMemory
                )
            )
        );
        waits || self.takes_no_writes()
    }

    /// Whether nothing can be written there at all. Somebody else who has the file is another matter: what they write must
    /// not be passed by.
    pub fn takes_no_writes(&self) -> bool {
        use rusqlite::ErrorCode;
        match self {
            StoreError::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::DiskFull
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::ReadOnly
                        | ErrorCode::CannotOpen
                        | ErrorCode::PermissionDenied
                )
            ),
            StoreError::File { .. } => true,
            StoreError::Row(_) | StoreError::Value { .. } | StoreError::Newer { .. } | StoreError::OldSqlite(_) => {
                false
            }
        }
    }

    /// Whether SQLite found the file itself damaged.
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
            ),
            StoreError::Row(_)
            | StoreError::Value { .. }
            | StoreError::Newer { .. }
            | StoreError::OldSqlite(_)
            | StoreError::File { .. } => false,
        }
    }
}

/// How long one connection waits for another.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

/// One migration a version, oldest first. A migration is for ever: never edit one that was released.
pub(crate) type Migrations = &'static [&'static str];

/// What is done with a file of an earlier version before it is migrated: (connection, its version).
pub(crate) type BeforeMigration<'a> = &'a mut dyn FnMut(&Connection, u32);

/// Opens a file with rights for its owner only, and brings its schema up to date in one transaction.
pub(crate) fn open(
    path: &Path,
    migrations: Migrations,
    synchronous: &str,
    before_migration: BeforeMigration<'_>,
) -> Result<Connection, StoreError> {
    create_private(path)?;
    let mut connection = Connection::open(path)?;
    prepare(&mut connection, migrations, synchronous, before_migration)?;
    Ok(connection)
}

pub(crate) fn prepare(
    c: &mut Connection,
    migrations: Migrations,
    synchronous: &str,
    before_migration: BeforeMigration<'_>,
) -> Result<(), StoreError> {
    // 3.7.0 to 3.51.2 can lose a WAL file's newest frames when several connections checkpoint.
    if rusqlite::version_number() < 3_051_003 {
        return Err(StoreError::OldSqlite(rusqlite::version().to_owned()));
    }
    c.busy_timeout(BUSY)?;
    // Only a file without tables takes it: space that retention frees can then go back in small steps.
    c.pragma_update(None, "auto_vacuum", "incremental")?;
    c.pragma_update(None, "journal_mode", "wal")?;
    c.pragma_update(None, "synchronous", synchronous)?;
    c.pragma_update(None, "journal_size_limit", 64 << 20)?;
    c.pragma_update(None, "foreign_keys", true)?;
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    let found: u32 = c.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    // The header may be right where the schema is not.
    c.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    if found < known {
        if found > 0 {
            before_migration(c, found);
        }
        let tx = c.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for sql in migrations.iter().skip(found as usize) {
            tx.execute_batch(sql)?;
        }
        tx.pragma_update(None, "user_version", known)?;
        tx.commit()?;
    }
    Ok(())
}

/// Copies a file that can be read, and perhaps nothing else, to an empty database in memory. Not by SQLite's backup: that
/// takes the mark of write-ahead logging along, which no database in memory can have.
pub(crate) fn copy_of_readable(path: &Path, to: &DatabaseAt) -> Result<(), StoreError> {
    let copy = |from: Connection| from.execute("VACUUM INTO ?1", [to.uri()]).map(drop);
    Ok(read_only(path)
        .and_then(copy)
        .or_else(|_| immutable(path).and_then(copy))?)
}

/// Opens a file for reading, and changes nothing of it: no side file is made part of it either.
pub(crate) fn read_only(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(file_uri(path), ONLY_READS)
}

/// Where a WAL file's index can be made nowhere, nobody else writes either: the file alone may be read. What still lay in
/// its log is missed.
pub(crate) fn immutable(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(format!("{}?immutable=1", file_uri(path)), ONLY_READS)
}

const ONLY_READS: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX)
    .union(OpenFlags::SQLITE_OPEN_URI);

/// A path as SQLite reads it in a URI.
fn file_uri(path: &Path) -> String {
    let mut text = path.display().to_string();
    for (plain, coded) in [("%", "%25"), ("?", "%3f"), ("#", "%23")] {
        text = text.replace(plain, coded);
    }
    if cfg!(windows) {
        return format!("file:///{}", text.replace('\\', "/"));
    }
    format!("file:{text}")
}

/// Makes a file and its folder with rights for their owner only, whatever the umask says (S-12).
pub(crate) fn create_private(path: &Path) -> Result<(), StoreError> {
    if let Some(dir) = path.parent() {
        create_private_dir(dir)?;
    }
    create_private_file(path)
}

fn create_private_dir(dir: &Path) -> Result<(), StoreError> {
    let file = |source| StoreError::File {
        path: dir.to_owned(),
        source,
    };
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(file)
}

fn create_private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file that is its owner's alone, whole or not at all.
///
/// # Errors
/// When the disk does not take it: what was there stands.
pub fn write_private(path: &Path, text: &str) -> Result<(), StoreError> {
    let writing = path.with_extension("writing");
    let file = |source| StoreError::File {
        path: path.to_owned(),
        source,
    };
    let _ = fs::remove_file(&writing);
    create_private(&writing)?;
    let mut to = fs::OpenOptions::new().write(true).open(&writing).map_err(file)?;
    to.write_all(text.as_bytes()).map_err(file)?;
    to.sync_all().map_err(file)?;
    fs::rename(&writing, path).map_err(file)
}

/// Moves a database and its side files out of the way, with a name that says when. What was set aside before is never
/// written over.
pub(crate) fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let stamp = now.strftime("%Y%m%dT%H%M%S");
    let mut aside = path.with_extension(format!("damaged-{stamp}.sqlite"));
    for n in 2_u32.. {
        if !aside.exists() {
            break;
        }
        aside = path.with_extension(format!("damaged-{stamp}-{n}.sqlite"));
    }
    fs::rename(path, &aside).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })?;
    for side in ["-wal", "-shm"] {
        let from = PathBuf::from(format!("{}{side}", path.display()));
        if from.exists() {
            let to = PathBuf::from(format!("{}{side}", aside.display()));
            fs::rename(&from, to).map_err(|source| StoreError::File { path: from, source })?;
        }
    }
    Ok(aside)
}
