//! What a record is called: its kind and its id, so that no wire format's words are needed to put a fact in its place.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of record a source delivers; ids are unique within a kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum RecordKind {
    Organization,
    /// A site, ward, room or bed.
    Place,
    /// A service that a site has, and that can be stopped.
    Service,
    Stop,
    /// A measurement or the process information of an emergency department.
    Observation,
    /// A site's own sums, and its heartbeat.
    Report,
    Contact,
    /// What people wrote: labels by hand, acknowledgements of stops, confirmations by telephone.
    Note,
    /// Whose time is kept, with [`RecordKind::Slot`] for the spans in it.
    Calendar,
    Slot,
    /// A kind that nothing here reads, by its source's own word; kept as delivered.
    Other(String),
}

impl RecordKind {
    /// The word by which a kind is stored. Kinds of other sources keep their own word.
    pub fn code(&self) -> &str {
        match self {
            RecordKind::Organization => "organization",
            RecordKind::Place => "place",
            RecordKind::Service => "service",
            RecordKind::Stop => "stop",
            RecordKind::Observation => "observation",
            RecordKind::Report => "report",
            RecordKind::Contact => "contact",
            RecordKind::Note => "note",
            RecordKind::Calendar => "calendar",
            RecordKind::Slot => "slot",
            RecordKind::Other(word) => word,
        }
    }

    /// The kind of a stored word; a word that is none of ours is kept.
    pub fn from_code(code: &str) -> Self {
        match code {
            "organization" => RecordKind::Organization,
            "place" => RecordKind::Place,
            "service" => RecordKind::Service,
            "stop" => RecordKind::Stop,
            "observation" => RecordKind::Observation,
            "report" => RecordKind::Report,
            "contact" => RecordKind::Contact,
            "note" => RecordKind::Note,
            "calendar" => RecordKind::Calendar,
            "slot" => RecordKind::Slot,
            other => RecordKind::Other(other.to_owned()),
        }
    }
}

impl From<String> for RecordKind {
    fn from(code: String) -> Self {
        Self::from_code(&code)
    }
}

impl From<RecordKind> for String {
    fn from(kind: RecordKind) -> Self {
        kind.code().to_owned()
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Which record of which kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    pub kind: RecordKind,
    /// As this desk knows it, with the source's key in front ([`crate::ids::within`]).
    pub id: String,
}

impl RecordKey {
    pub fn new(kind: RecordKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_stored_by_its_code_and_comes_back_as_the_same_kind() {
        let kinds = [
            RecordKind::Organization,
            RecordKind::Place,
            RecordKind::Service,
            RecordKind::Stop,
            RecordKind::Observation,
            RecordKind::Report,
            RecordKind::Contact,
            RecordKind::Note,
            RecordKind::Calendar,
            RecordKind::Slot,
            RecordKind::Other("Provenance".to_owned()),
        ];
        for kind in kinds {
            assert_eq!(RecordKind::from_code(kind.code()), kind);
            let text = serde_json::to_string(&kind).unwrap();
            assert_eq!(text, format!("\"{}\"", kind.code()));
            assert_eq!(serde_json::from_str::<RecordKind>(&text).unwrap(), kind);
        }
    }
}
