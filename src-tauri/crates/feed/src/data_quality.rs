//! What is wrong with a delivery, for the data quality list: where, of which kind, and in words for a person.

use serde::Serialize;

/// Something in a delivery that a person may have to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// Where: `Location/x.operationalStatus.code`, or `row 12, bezet`.
    pub path: String,
    pub code: IssueCode,
    /// For a person; never patient data.
    pub detail: String,
}

/// The kinds of issues: a closed set. Words for the screen are chosen by these, never by the detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssueCode {
    PatientData,
    UnknownCode,
    UnknownResource,
    Malformed,
    Missing,
    MissingNumber,
    TimeInFuture,
    BedInTwoRooms,
    WardAsBed,
    Hidden,
    OlderVersion,
    UnresolvedReference,
    /// The server did not do what was asked, and says so.
    ParameterIgnored,
    /// The server refuses a whole type of resources.
    TypeRefused,
    Shrunk,
}

impl IssueCode {
    pub const ALL: [IssueCode; 15] = [
        IssueCode::PatientData,
        IssueCode::UnknownCode,
        IssueCode::UnknownResource,
        IssueCode::Malformed,
        IssueCode::Missing,
        IssueCode::MissingNumber,
        IssueCode::TimeInFuture,
        IssueCode::BedInTwoRooms,
        IssueCode::WardAsBed,
        IssueCode::Hidden,
        IssueCode::OlderVersion,
        IssueCode::UnresolvedReference,
        IssueCode::ParameterIgnored,
        IssueCode::TypeRefused,
        IssueCode::Shrunk,
    ];

    /// The code in JSON, in the cache and in exports.
    pub fn code(self) -> &'static str {
        match self {
            IssueCode::PatientData => "patient-data",
            IssueCode::UnknownCode => "unknown-code",
            IssueCode::UnknownResource => "unknown-resource",
            IssueCode::Malformed => "malformed",
            IssueCode::Missing => "missing",
            IssueCode::MissingNumber => "missing-number",
            IssueCode::TimeInFuture => "time-in-future",
            IssueCode::BedInTwoRooms => "bed-in-two-rooms",
            IssueCode::WardAsBed => "ward-as-bed",
            IssueCode::Hidden => "hidden",
            IssueCode::OlderVersion => "older-version",
            IssueCode::UnresolvedReference => "unresolved-reference",
            IssueCode::ParameterIgnored => "parameter-ignored",
            IssueCode::TypeRefused => "type-refused",
            IssueCode::Shrunk => "shrunk",
        }
    }

    /// The kind of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}

impl std::fmt::Display for IssueCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// How an issue names a place, or a part of it.
const PLACE: &str = "Location/";
/// The part of a place that says whether a bed is occupied.
const BED_STATUS: &str = ".operationalStatus";

/// The path of an issue about a place: of the place itself, or of a part of it.
pub fn path_of_place(id: &str, part: Option<&str>) -> String {
    let part = part.map_or_else(String::new, |part| format!(".{part}"));
    format!("{PLACE}{id}{part}")
}

/// What the path of an issue says of the place that it is about: its id, perhaps with a part behind it, after a dot; an
/// id may hold dots itself.
pub fn place_in_path(path: &str) -> Option<&str> {
    path.strip_prefix(PLACE)
}

/// Whether an issue says that a bed came without its status.
pub fn is_bed_without_status(path: &str) -> bool {
    path.starts_with(PLACE) && path.ends_with(BED_STATUS)
}

impl Serialize for IssueCode {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_is_written_with_the_code_that_it_is_read_back_by() {
        for code in IssueCode::ALL {
            assert_eq!(IssueCode::from_code(code.code()), Some(code));
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.code()));
        }
    }
}
