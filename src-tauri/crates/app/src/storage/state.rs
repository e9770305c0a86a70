//! What is known of the two databases, and which remark that makes.

use crate::{engine::Paths, health::StorageNote, text::clock};
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
        let offer = self.last_good_backup().map_or_else(
            || "er is geen bruikbare reservekopie".to_owned(),
            |copy| {
                format!(
                    "de reservekopie van {} kan worden teruggezet",
                    clock(copy.made_at, now, zone)
                )
            },
        );
        let note = |problem, text| Some(StorageNote { problem, text });
        if self.ledger_damaged.is_some() {
            return note(
                StorageProblem::LedgerDamaged,
                format!("Het logboek is beschadigd; {offer}"),
            );
        }
        if !self.unreadable.is_empty() {
            let rows: Vec<String> = self.unreadable.iter().map(|(t, n)| rows_in_words(t, *n)).collect();
            let text = format!("In het logboek is niet leesbaar: {}; {offer}", rows.join(", "));
            return note(StorageProblem::UnreadableRows, text);
        }
        self.not_backed_up.as_ref().and_then(|_| {
            let text = "Van het logboek kon geen reservekopie worden gemaakt";
            note(StorageProblem::NoBackup, text.to_owned())
        })
    }
}

/// "labels", "instellingen"; a table that is new here by its own name.
pub(super) fn kind_in_words(table: &str) -> &str {
    match table {
        "label" => "labels",
        "label_set" => "sets",
        "label_time" => "tijd van het labelen",
        "setting" => "instellingen",
        "outbox" => "te verzenden",
        "alarm" => "meldingen",
        "alarm_event" => "verloop van meldingen",
        "journal" => "auditspoor",
        other => other,
    }
}

/// "2 × labels".
fn rows_in_words(table: &str, rows: usize) -> String {
    format!("{rows} × {}", kind_in_words(table))
}
