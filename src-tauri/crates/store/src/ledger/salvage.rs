//! What can be read of a damaged ledger, taken to a new one.
//!
//! Row by row, and not page by page as SQLite's own recovery: that needs a table which the bundled SQLite is built without,
//! and guesses which table a stray page was of. A ledger with one bad page loses the rows of that page. The file itself is
//! kept, for whoever can have more from it.

use super::{MIGRATIONS, audit::journal, backup_folder, backups, retention::BY_ITSELF};
use crate::open::{self, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Transaction, params_from_iter, types::Value};
use std::{fs, path::Path};

/// Makes a complete new ledger at `to`, with what can be read of the one at `from` and a line about it in its audit trail.
pub(super) fn rebuild_beside(from: &Path, to: &Path, now: Timestamp) -> Result<(), StoreError> {
    for left in ["", "-wal", "-shm", "-journal"] {
        // Of an attempt that was broken off. Where it cannot be removed, opening says why.
        let _ = fs::remove_file(format!("{}{left}", to.display()));
    }
    let mut new = open::open(to, MIGRATIONS, "FULL", &mut |_, _| {})?;
    let missed = fill(&mut new, from)?;
    if !knows_sources(&new)? {
        take_settings_of_copy(&new, from)?;
    }
    let tx = new.transaction()?;
    let name = from.file_name().map(|name| name.to_string_lossy().into_owned());
    let said = serde_json::json!({ "name": name, "missed": missed });
    journal(&tx, now, BY_ITSELF, "damaged", &said.to_string())?;
    tx.commit()?;
    // The file is renamed next, without a log that would stay behind.
    new.pragma_update(None, "journal_mode", "delete")?;
    new.close().map_err(|(_, error)| error.into())
}

/// Takes over every row that can be read. Returns what could not, by table: nothing of that keeps a desk from starting.
///
/// # Errors
/// When the new one does not take it.
pub(super) fn fill(new: &mut Connection, from: &Path) -> Result<Vec<String>, StoreError> {
    let ways = [open::read_only(from), open::immutable(from)];
    let schema = |old: &Connection| old.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get::<_, i64>(0));
    let Some(old) = ways.into_iter().flatten().find(|old| schema(old).is_ok()) else {
        return Ok(vec!["everything".to_owned()]);
    };
    let mut missed = vec![];
    for table in tables(new)? {
        let why = fill_table(new, &old, &table)?;
        missed.extend(why.map(|why| format!("{}: {why}", table.name)));
    }
    Ok(missed)
}

pub(super) struct Table {
    pub(super) name: String,
    /// The columns by which its rows lie in the file: read in that order, no index is needed, which may be what is damaged.
    order: String,
}

/// Settings first: where the new file takes no more, it has what the desk follows.
pub(super) fn tables(new: &Connection) -> Result<Vec<Table>, StoreError> {
    let mut named = new.prepare(
        "SELECT name, wr, (SELECT group_concat(name, ', ') FROM (
           SELECT name FROM pragma_table_info(l.name) WHERE pk > 0 ORDER BY pk))
         FROM pragma_table_list l WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
         ORDER BY name <> 'setting', name",
    )?;
    let read = |row: &Row<'_>| {
        let order = if row.get(1)? { row.get(2)? } else { "rowid".to_owned() };
        Ok(Table {
            name: row.get(0)?,
            order,
        })
    };
    let tables = named.query_map([], read)?;
    Ok(tables.collect::<Result<_, _>>()?)
}

fn columns(of: &Connection, table: &str) -> Result<Vec<String>, StoreError> {
    let mut named = of.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let columns = named.query_map([table], |row| row.get(0))?;
    Ok(columns.collect::<Result<_, _>>()?)
}

/// Reads up to what cannot be read from the one end, and from the other. What is returned is why something lies between;
/// an error is of the new file alone.
fn fill_table(new: &mut Connection, old: &Connection, table: &Table) -> Result<Option<rusqlite::Error>, StoreError> {
    let Ok(known) = columns(old, &table.name) else {
        return Ok(None);
    };
    let both: Vec<String> = columns(new, &table.name)?;
    let both: Vec<&str> = both.iter().filter(|c| known.contains(c)).map(String::as_str).collect();
    if both.is_empty() {
        // A table that it had not yet.
        return Ok(None);
    }
    let tx = new.transaction()?;
    let mut missed = None;
    for way in ["ASC", "DESC"] {
        let stopped = fill_from_end(&tx, old, table, &both.join(", "), way)?;
        let whole = stopped.is_none();
        missed = missed.or(stopped);
        if whole {
            break;
        }
    }
    tx.commit()?;
    Ok(missed)
}

/// Takes rows over until one cannot be read; returns why not.
fn fill_from_end(
    tx: &Transaction<'_>,
    old: &Connection,
    Table { name, order }: &Table,
    columns: &str,
    way: &str,
) -> Result<Option<rusqlite::Error>, StoreError> {
    let order = order.replace(',', &format!(" {way},"));
    let sql = format!("SELECT {columns} FROM {name} NOT INDEXED ORDER BY {order} {way}");
    let mut read = match old.prepare(&sql) {
        Ok(read) => read,
        Err(error) => return Ok(Some(error)),
    };
    let width = read.column_count();
    let marks = vec!["?"; width].join(", ");
    let mut write = tx.prepare(&format!("INSERT OR IGNORE INTO {name} ({columns}) VALUES ({marks})"))?;
    let mut rows = match read.query([]) {
        Ok(rows) => rows,
        Err(error) => return Ok(Some(error)),
    };
    loop {
        let row = match rows.next() {
            Ok(Some(row)) => row,
            Ok(None) => return Ok(None),
            Err(error) => return Ok(Some(error)),
        };
        let values = (0..width).map(|n| row.get::<_, Value>(n));
        // Text that is none, or a value that the column does not take: that row is missed, and no other.
        let Ok(values) = values.collect::<Result<Vec<_>, _>>() else {
            continue;
        };
        match write.execute(params_from_iter(values)) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {}
            other => drop(other?),
        }
    }
}

fn knows_sources(new: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM setting WHERE key IN ('sources', 'source')";
    Ok(new.query_row(sql, [], |_| Ok(())).optional()?.is_some())
}

/// A desk that follows what it followed yesterday is told of stops; one that follows nobody is not. Of what people did
/// nothing is taken: that is for a person, who chooses the copy or does not.
fn take_settings_of_copy(new: &Connection, ledger: &Path) -> Result<(), StoreError> {
    let copies = backups(&backup_folder(ledger)).unwrap_or_default();
    let Some(copy) = copies.into_iter().find(|copy| copy.whole) else {
        return Ok(());
    };
    let old = open::read_only(&copy.path)?;
    let mut settings = old.prepare("SELECT key, value FROM setting")?;
    let mut rows = settings.query([])?;
    while let Some(row) = rows.next()? {
        let (key, value): (String, String) = (row.get(0)?, row.get(1)?);
        new.execute(
            "INSERT OR IGNORE INTO setting (key, value) VALUES (?1, ?2)",
            [key, value],
        )?;
    }
    Ok(())
}
