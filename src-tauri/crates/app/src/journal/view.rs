//! The audit trail as a person reads it: who changed what, when, from what to what.

use crate::{
    AppError,
    moment::Moment,
    records::{JournalRow, Records},
};
use domain::label::LabelOverride;
use serde::Serialize;
use serde_json::Value;

/// One change.
#[derive(Clone, Debug, Serialize)]
pub struct AuditRow {
    pub at: String,
    pub who: String,
    /// `label`, `decide`, `set`, `stop`, `acknowledge`, `shelve`, …
    pub what: String,
    /// What it is about, in words where there are any.
    pub about: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// The trail, oldest first.
///
/// # Errors
/// When the ledger cannot be read.
pub fn trail(m: &Moment, records: &Records) -> Result<Vec<AuditRow>, AppError> {
    Ok(audit_trail(m, records.journal()?))
}

fn audit_trail(m: &Moment, rows: Vec<JournalRow>) -> Vec<AuditRow> {
    let rows = rows.into_iter().map(|(at, who, what, body)| {
        let value: Value = serde_json::from_str(&body).unwrap_or_default();
        // Labels of before sets were kept bare.
        let label = value.get("label").unwrap_or(&value);
        let label: Option<LabelOverride> = serde_json::from_value(label.clone()).ok();
        let (about, from, to) = match label {
            Some(l) => {
                let was = value.get("was").and_then(Value::as_str);
                let was = was.map(|code| m.codes.display(l.kind, &code.into()));
                let ended = l.until.is_some_and(|until| until <= l.from);
                let to = (!ended).then(|| m.codes.display(l.kind, &l.element));
                (m.bed_in_words(&l.bed), was, to)
            }
            None => {
                let named = ["name", "id", "row", "set"]
                    .iter()
                    .find_map(|key| value.get(key)?.as_str());
                (named.or(value.as_str()).unwrap_or_default().to_owned(), None, None)
            }
        };
        AuditRow {
            at: feed::fhir::encode::date_time(at),
            who,
            what,
            about,
            from,
            to,
        }
    });
    rows.collect()
}
