//! What is known of the two databases, and which remark that makes.

use crate::{
    engine::Paths,
    health::StorageNote,
    say,
    text::{Language, Spoken, clock},
};
use domain::alarms::StorageProblem;
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};
use store::{Backup, DatabaseAt};

/// Where the two databases lie.
#[derive(Clone, Debug)]
pub struct Places {
    pub cache: DatabaseAt,
    pub ledger: DatabaseAt,
}

impl Places {
    /// In their files.
    pub fn files(paths: &Paths) -> Self {
        Self {
            cache: DatabaseAt::file(paths.cache()),
            ledger: DatabaseAt::file(paths.ledger()),
        }
    }
}

/// What is known of them.
#[derive(Clone, Debug)]
pub struct Storage {
    pub places: Places,
    /// SQLite's first complaint about the ledger.
    pub ledger_damaged: Option<Arc<str>>,
    /// How many rows of a table of the ledger cannot be read.
    pub unreadable: BTreeMap<&'static str, usize>,
    /// The copies of the ledger, newest first.
    pub backups: Vec<Backup>,
    /// Why there is no copy of today.
    pub not_backed_up: Option<Arc<str>>,
    /// The copy that is put back at the next start.
    pub chosen: Option<Backup>,
    /// When they were looked through; `None`: not yet.
    pub looked_at: Option<Timestamp>,
}

impl Storage {
    /// Nothing is known yet but where they lie.
    pub fn at(places: Places) -> Self {
        Self {
            places,
            ledger_damaged: None,
            unreadable: BTreeMap::new(),
            backups: vec![],
            not_backed_up: None,
            chosen: None,
            looked_at: None,
        }
    }

    /// The newest copy that could be put back.
    pub fn last_good_backup(&self) -> Option<&Backup> {
        self.backups.iter().find(|copy| copy.whole)
    }

    /// The gravest of what was found, with what can be done about it.
    pub(crate) fn note(&self, now: Timestamp, zone: &TimeZone) -> Option<StorageNote> {
        let offer = |language: Language| match self.last_good_backup() {
            None => say!(language, StorageNoOffer),
            Some(copy) => {
                let made = clock(language, copy.made_at, now, zone);
                say!(language, StorageOffer, made = made)
            }
        };
        let note = |problem, text| Some(StorageNote { problem, text });
        if self.ledger_damaged.is_some() {
            return note(
                StorageProblem::LedgerDamaged,
                Spoken::of(|language| say!(language, StorageDamaged, offer = offer(language))),
            );
        }
        if !self.unreadable.is_empty() {
            let text = Spoken::of(|language| {
                let rows = self.unreadable.iter();
                let rows =
                    rows.map(|(table, n)| say!(language, LabelTimes, n = *n, what = kind_in_words(language, table)));
                let rows: Vec<String> = rows.collect();
                say!(
                    language,
                    StorageUnreadableRows,
                    rows = rows.join(", "),
                    offer = offer(language)
                )
            });
            return note(StorageProblem::UnreadableRows, text);
        }
        self.not_backed_up.as_ref().and_then(|_| {
            let text = Spoken::of(|language| say!(language, StorageNoBackup));
            note(StorageProblem::NoBackup, text)
        })
    }
}

/// "labels", "instellingen"; a table that is new here by its own name.
pub(super) fn kind_in_words(language: Language, table: &str) -> String {
    match table {
        "label" => say!(language, RowsLabels),
        "label_set" => say!(language, RowsSets),
        "label_time" => say!(language, RowsLabelTime),
        "setting" => say!(language, RowsSettings),
        "outbox" => say!(language, RowsOutbox),
        "alarm" => say!(language, RowsAlarms),
        "alarm_event" => say!(language, RowsAlarmEvents),
        "journal" => say!(language, RowsJournal),
        other => other.to_owned(),
    }
}
