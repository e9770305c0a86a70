//! Which version of every record this desk has, in memory: what a delivery changes is known before any disk is asked.
//!
//! ```
//! use domain::{place::Organization, region::{Fact, RecordKey, RecordKind}};
//! use store::{Applied, Change, Versions};
//!
//! let named = |name: &str| Fact::Organization(Organization {
//!     id: "isala".into(),
//!     name: name.to_owned(),
//!     jurisdiction: false,
//! });
//! let key = RecordKey::new(RecordKind::Organization, "isala");
//! let at = "2026-11-22T03:00:00Z".parse()?;
//! let mut versions = Versions::default();
//! let first = Change::put(key.clone(), Some("1"), at, &named("Isala"), "{}")?;
//! assert_eq!(versions.judge(&first), Applied::Changed);
//! let again = Change::put(key.clone(), Some("2"), at, &named("Isala"), "{}")?;
//! assert_eq!(versions.judge(&again), Applied::Same);
//! assert_eq!(versions.judge(&first), Applied::Older);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::{
    cache::{Applied, Packed},
    micros,
    open::StoreError,
};
use domain::{
    ids::source_of,
    region::{Fact, RecordKey, RecordKind},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One record as a source delivered it, ready to be judged and stored. Made outside the engine: packing a fact takes
/// longer than all that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub key: RecordKey,
    pub version: Option<String>,
    /// By the source, else when it was delivered.
    pub updated: Timestamp,
    /// `None`: deleted at the source.
    pub fact: Option<Packed>,
    /// As delivered but for patient data.
    pub raw: String,
    /// The site that it belongs to, where the region knows it: what lies together is asked for together.
    pub site: Option<String>,
}

impl Change {
    /// A record that says something.
    ///
    /// # Errors
    /// When the fact has no form in JSON.
    pub fn put(
        key: RecordKey,
        version: Option<&str>,
        updated: Timestamp,
        fact: &Fact,
        raw: impl Into<String>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            key,
            version: version.map(str::to_owned),
            updated,
            fact: Some(Packed::of(fact)?),
            raw: raw.into(),
            site: None,
        })
    }

    /// A record that is deleted at the source.
    pub fn delete(key: RecordKey, version: Option<&str>, updated: Timestamp) -> Self {
        Self {
            key,
            version: version.map(str::to_owned),
            updated,
            fact: None,
            raw: String::new(),
            site: None,
        }
    }

    /// The same, with the site that it belongs to.
    #[must_use]
    pub fn of_site(self, site: impl Into<String>) -> Self {
        Self {
            site: Some(site.into()),
            ..self
        }
    }
}

/// What is known of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// Microseconds.
    pub updated: i64,
    /// Servers number versions from 1; an opaque version has no order.
    pub number: Option<u64>,
    pub deleted: bool,
    /// Of its newest fact, where that is known.
    pub digest: Option<i64>,
}

/// The same in three words. Of a country there are tens of thousands, and an `Option` each of the plain form costs a word
/// for a bit.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Microseconds, and in the lowest bit whether it is deleted: what is left reaches 146,000 years.
    updated: i64,
    /// `NO_NUMBER`: opaque.
    number: u64,
    /// `NO_DIGEST`: not known. A fact whose digest is that would be stored again at every delivery, and no harm else.
    digest: i64,
}

const NO_NUMBER: u64 = u64::MAX;
const NO_DIGEST: i64 = i64::MIN;

impl From<Known> for Entry {
    fn from(known: Known) -> Self {
        Self {
            updated: (known.updated << 1) | i64::from(known.deleted),
            number: known.number.unwrap_or(NO_NUMBER),
            digest: known.digest.unwrap_or(NO_DIGEST),
        }
    }
}

impl From<Entry> for Known {
    fn from(entry: Entry) -> Self {
        Self {
            updated: entry.updated >> 1,
            number: Some(entry.number).filter(|n| *n != NO_NUMBER),
            deleted: entry.updated & 1 == 1,
            digest: Some(entry.digest).filter(|d| *d != NO_DIGEST),
        }
    }
}

/// The version of every record, by its key. Owned by whoever decides; some seventy bytes a record and its id.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    of: BTreeMap<RecordKind, HashMap<Box<str>, Entry>>,
}

impl Versions {
    /// Takes a record in, and says what it is to what was known.
    pub fn judge(&mut self, incoming: &Change) -> Applied {
        let records = match self.of.get_mut(&incoming.key.kind) {
            Some(records) => records,
            None => self.of.entry(incoming.key.kind.clone()).or_default(),
        };
        let new = Known {
            updated: micros(incoming.updated),
            number: number(incoming.version.as_deref()),
            deleted: incoming.fact.is_none(),
            digest: incoming.fact.as_ref().map(Packed::digest),
        };
        match records.get_mut(incoming.key.id.as_str()) {
            None if new.deleted => Applied::Same,
            None => {
                records.insert(incoming.key.id.as_str().into(), new.into());
                Applied::Changed
            }
            Some(entry) => {
                let known = Known::from(*entry);
                let verdict = compare(&known, &new);
                if verdict != Applied::Older && !(known.deleted && new.deleted && new.updated <= known.updated) {
                    *entry = new.into();
                }
                verdict
            }
        }
    }

    /// What of a source is not named by a delivery of everything of some kinds: gone from now on. What the delivery
    /// named without it being understood is in `kept`. One load may miss what another names: its version stays known, so
    /// that the same version brings it back and an older one does not.
    pub fn gone(
        &mut self,
        source: &str,
        kinds: &[RecordKind],
        named: &BTreeSet<&RecordKey>,
        kept: &BTreeSet<RecordKey>,
    ) -> Vec<RecordKey> {
        let mut gone = vec![];
        for kind in kinds {
            for (id, entry) in self.of.get_mut(kind).into_iter().flatten() {
                let known = Known::from(*entry);
                if known.deleted || source_of(id) != source {
                    continue;
                }
                let key = RecordKey::new(kind.clone(), id.as_ref());
                if !named.contains(&key) && !kept.contains(&key) {
                    *entry = Entry::from(Known {
                        deleted: true,
                        digest: None,
                        ..known
                    });
                    gone.push(key);
                }
            }
        }
        gone.sort();
        gone
    }

    /// Forgets a source, by its key. Returns what was known of it.
    pub fn forget(&mut self, source: &str) -> Vec<RecordKey> {
        let mut forgotten = vec![];
        for (kind, records) in &mut self.of {
            records.retain(|id, _| {
                let stays = source_of(id) != source;
                if !stays {
                    forgotten.push(RecordKey::new(kind.clone(), id.as_ref()));
                }
                stays
            });
        }
        forgotten.sort();
        forgotten
    }

    /// How many records are known, deleted ones too.
    pub fn len(&self) -> usize {
        self.of.values().map(HashMap::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn insert(&mut self, kind: RecordKind, id: &str, known: Known) {
        self.of.entry(kind).or_default().insert(id.into(), known.into());
    }
}

/// What a record is to the one that is known.
pub(crate) fn compare(known: &Known, new: &Known) -> Applied {
    let older = match (new.number, known.number) {
        (Some(new), Some(known)) => new < known,
        (None, _) | (_, None) => false,
    };
    if new.updated < known.updated || (new.updated == known.updated && older) {
        return Applied::Older;
    }
    let same = match (known.deleted, new.deleted) {
        (true, true) => true,
        (true, false) | (false, true) => false,
        (false, false) => known.digest.is_some() && known.digest == new.digest,
    };
    if same { Applied::Same } else { Applied::Changed }
}

pub(crate) fn number(version: Option<&str>) -> Option<u64> {
    version.and_then(|v| v.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_a_record_comes_back_as_it_was() {
        for (updated, deleted) in [
            (0, false),
            (-1, true),
            (micros(Timestamp::MIN), true),
            (micros(Timestamp::MAX), false),
        ] {
            for (number, digest) in [(None, None), (Some(0), Some(0)), (Some(u64::MAX - 1), Some(-1))] {
                let known = Known {
                    updated,
                    number,
                    deleted,
                    digest,
                };
                assert_eq!(Known::from(Entry::from(known)), known);
            }
        }
    }
}
