//! An alarm as it stands, and a condition as the rules see it.

use super::{
    catalogue::{AlarmKind, AlarmSubject, Priority},
    id::AlarmId,
};
use crate::ids::PlaceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Exactly one at a time (AH-01). `Normal` is the absence of an alarm and therefore not a value of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmState {
    Unacknowledged,
    Acknowledged,
    ReturnedUnacknowledged,
    Shelved,
    Suppressed,
    OutOfService,
}

/// Who acknowledged, when, at which workstation (AH-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    pub by: String,
    pub workstation: String,
    pub at: Timestamp,
}

/// Why an alarm does not call for attention at the moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Suspension {
    /// By the operator, with a reason and a limit; returns by itself.
    Shelved {
        by: String,
        reason: String,
        until: Timestamp,
    },
    /// By a rule, for as long as it applies.
    Suppressed { rule: SuppressionRule },
    /// By an administrator.
    OutOfService { by: String, reason: String },
}

/// Which rule keeps an alarm quiet. Stored by its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", from = "StoredRule")]
pub enum SuppressionRule {
    /// One alarm stands for all of its origin, which comes and goes.
    Chattering,
    /// A rule that the region set, by its name.
    Region(String),
}

/// Rules as they are stored, and as earlier versions stored them: by the sentence that the screen showed.
#[derive(Deserialize)]
#[serde(untagged)]
enum StoredRule {
    Text(String),
    Region { region: String },
}

impl From<StoredRule> for SuppressionRule {
    fn from(stored: StoredRule) -> Self {
        match stored {
            StoredRule::Text(text) if text == "chattering" || text == "wisselt, zie de gezamenlijke melding" => {
                SuppressionRule::Chattering
            }
            StoredRule::Text(region) | StoredRule::Region { region } => SuppressionRule::Region(region),
        }
    }
}

/// What the operator reads (AH-15): every field that an alarm must have, empty where nobody delivered it. Only for
/// reading: whether an alarm is raised again is decided by its [`AlarmSubject`] and its expected end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmText {
    pub hospital: String,
    pub what: String,
    pub since: Option<Timestamp>,
    pub expected_end: Option<Timestamp>,
    pub reason: String,
    pub advice: String,
    pub phone: Option<String>,
}

/// An alarm as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    pub id: AlarmId,
    pub kind: AlarmKind,
    pub priority: Priority,
    pub place: Option<PlaceId>,
    /// What a person must act on; unknown of an alarm that an earlier version stored.
    #[serde(default)]
    pub subject: Option<AlarmSubject>,
    pub text: AlarmText,
    /// The condition is true now.
    pub active: bool,
    pub raised_at: Timestamp,
    /// When it was seen that the condition is no longer true; unknown of an alarm that an earlier version stored.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    pub acknowledged: Option<Acknowledgement>,
    pub suspension: Option<Suspension>,
    /// What other desks acknowledged; it silences nothing here.
    #[serde(default)]
    pub elsewhere: Vec<Acknowledgement>,
    /// How far an unacknowledged alarm went up since it was raised.
    #[serde(default)]
    pub escalation: Escalation,
    /// The quarter of an hour around the expected end that was last reminded of: −1 before it, 0 at it, 1, 2, … after.
    #[serde(default)]
    pub reminded: Option<i64>,
}

/// How far an unacknowledged alarm went up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escalation {
    #[default]
    None,
    /// One priority higher than it came.
    Raised,
    /// The region's own command was called.
    Called,
}

impl Alarm {
    /// Derived from the facts, so that no alarm can be in two states or in none.
    pub fn state(&self) -> AlarmState {
        match (&self.suspension, self.active, &self.acknowledged) {
            (Some(Suspension::Shelved { .. }), ..) => AlarmState::Shelved,
            (Some(Suspension::Suppressed { .. }), ..) => AlarmState::Suppressed,
            (Some(Suspension::OutOfService { .. }), ..) => AlarmState::OutOfService,
            (None, _, Some(_)) => AlarmState::Acknowledged,
            (None, true, None) => AlarmState::Unacknowledged,
            (None, false, None) => AlarmState::ReturnedUnacknowledged,
        }
    }

    /// Asks for attention: not acknowledged and not set aside.
    pub fn is_open(&self) -> bool {
        matches!(
            self.state(),
            AlarmState::Unacknowledged | AlarmState::ReturnedUnacknowledged
        )
    }
}

/// A condition as the rules see it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub id: AlarmId,
    pub kind: AlarmKind,
    pub priority: Priority,
    pub place: Option<PlaceId>,
    pub subject: AlarmSubject,
    pub text: AlarmText,
}

/// The order in which an operator reads the list: unacknowledged first, then priority, then the newest (AH-21).
pub fn reading_order(alarms: &mut [Alarm]) {
    alarms.sort_by(|a, b| {
        b.is_open()
            .cmp(&a.is_open())
            .then(b.priority.cmp(&a.priority))
            .then(b.raised_at.cmp(&a.raised_at))
            .then(a.id.cmp(&b.id))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_stored_by_its_code_and_the_sentence_of_earlier_versions_is_still_read() {
        let read = |json: &str| serde_json::from_str::<Suspension>(json).unwrap();
        let by = |rule: SuppressionRule| Suspension::Suppressed { rule };
        let old = r#"{"kind":"suppressed","rule":"wisselt, zie de gezamenlijke melding"}"#;
        assert_eq!(read(old), by(SuppressionRule::Chattering));
        let region = || SuppressionRule::Region("oefening".to_owned());
        assert_eq!(read(r#"{"kind":"suppressed","rule":"oefening"}"#), by(region()));
        for rule in [SuppressionRule::Chattering, region()] {
            let stored = serde_json::to_string(&by(rule.clone())).unwrap();
            assert!(!stored.contains("wisselt"), "stored by wording: {stored}");
            assert_eq!(read(&stored), by(rule));
        }
    }
}
