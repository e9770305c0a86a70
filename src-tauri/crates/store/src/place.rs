//! Where a database lies: in a file, or in this process's memory where no file can be had
//! (decision 0012).

use crate::open::{BUSY, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// Where a database lies. Whoever has it can open a reader there; cheap to clone.
#[derive(Clone, Debug)]
pub struct DatabaseAt(At);

#[derive(Clone, Debug)]
enum At {
    File(PathBuf),
    /// By its name among SQLite's databases in memory. Readers see it as they would a file: unlike a shared cache it has
    /// whole transactions, and unlike a temporary file it needs no disk, which is what failed.
    Memory(String),
}

impl DatabaseAt {
    /// In a file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(At::File(path.into()))
    }

    /// In memory, under a name that no other database of this process has. It is there for as long as a connection to
    /// it is open.
    pub(crate) fn memory() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(At::Memory(format!("file:/beddenwacht-{n}?vfs=memdb")))
    }

    /// Whether it is lost when the application ends.
    pub fn is_in_memory(&self) -> bool {
        match &self.0 {
            At::Memory(_) => true,
            At::File(_) => false,
        }
    }

    /// As SQLite names it.
    pub(crate) fn uri(&self) -> String {
        match &self.0 {
            At::Memory(uri) => uri.clone(),
            At::File(path) => path.display().to_string(),
        }
    }

    /// The connection that writes.
    pub(crate) fn writer(&self) -> Result<Connection, StoreError> {
        match &self.0 {
            At::Memory(uri) => Ok(Connection::open_with_flags(uri, memory_flags())?),
            At::File(path) => Ok(Connection::open(path)?),
        }
    }

    /// A connection that reads beside the writer. Not opened read-only: the first reader of a WAL file must be able to
    /// make its index.
    pub(crate) fn read_only(&self) -> Result<Connection, StoreError> {
        let c = match &self.0 {
            At::File(path) => Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            )?,
            At::Memory(uri) => Connection::open_with_flags(uri, memory_flags())?,
        };
        c.busy_timeout(BUSY)?;
        c.pragma_update(None, "query_only", true)?;
        Ok(c)
    }
}

fn memory_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
}
