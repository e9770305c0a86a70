//! What is kept, as the settings show it.

use super::state::kind_in_words;
use crate::moment::Moment;
use serde::Serialize;
use ts_rs::TS;

/// What is kept here and how it is.
#[derive(Clone, Debug, Serialize, TS)]
pub struct StorageView {
    /// What is wrong, in words; empty: nothing, or it was not looked at yet.
    pub remarks: Vec<String>,
    /// Rows of the ledger that cannot be read, by their kind.
    pub unreadable: Vec<UnreadableRows>,
    /// The copies of the ledger, newest first.
    pub copies: Vec<LedgerCopy>,
    /// The copy to be put back first: the newest whole one, where something is wrong.
    pub offered: Option<LedgerCopy>,
    /// The copy that is put back at the next start.
    pub chosen: Option<LedgerCopy>,
    /// When it was looked through.
    pub looked: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct UnreadableRows {
    pub what: String,
    pub rows: u32,
}

/// A copy of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LedgerCopy {
    pub id: String,
    /// When it was made, in words.
    pub made: String,
    pub whole: bool,
}

/// What is kept here and how it is.
pub fn view(m: &Moment) -> StorageView {
    let storage = &m.storage;
    let copy = |copy: &store::Backup| LedgerCopy {
        id: copy.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        made: m.clock(copy.made_at),
        whole: copy.whole,
    };
    let unreadable = storage.unreadable.iter().map(|(table, rows)| UnreadableRows {
        what: kind_in_words(m.language, table),
        rows: u32::try_from(*rows).unwrap_or(u32::MAX),
    });
    let remarks = m.health.storage.iter().map(|note| note.text.said(m.language));
    let offered = storage.last_good_backup().filter(|_| m.health.ledger_is_hurt());
    StorageView {
        remarks: remarks.collect(),
        unreadable: unreadable.collect(),
        copies: storage.backups.iter().map(copy).collect(),
        offered: offered.map(copy),
        chosen: storage.chosen.as_ref().map(copy),
        looked: storage.looked_at.map(|at| m.clock(at)),
    }
}
