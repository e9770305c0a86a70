//! The four bed labels and the patient type, as delivered and as added by hand (domain.md 2.5).

use crate::ids::{ElementCode, PlaceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The classification a label belongs to; at most one element of each on a bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelKind {
    /// Mandatory for every bed in Zwolle: the most specialised use of the bed.
    Specialistisch,
    /// Optional: the care qualification (Vektis COD016, 03xx).
    Specialisme,
    /// Optional: surgical or medical.
    SnijdendBeschouwend,
    /// Mandatory in Zwolle: what the bed is set up for, not who lies in it.
    Covidcapaciteit,
    /// Of the patient who lies there; used for counts only.
    Patienttype,
}

impl LabelKind {
    pub const ALL: [LabelKind; 5] = [
        LabelKind::Specialistisch,
        LabelKind::Specialisme,
        LabelKind::SnijdendBeschouwend,
        LabelKind::Covidcapaciteit,
        LabelKind::Patienttype,
    ];

    /// The kinds a coordinator labels a bed with; the patient type comes from the record only.
    pub const BED: [LabelKind; 4] = [
        LabelKind::Specialistisch,
        LabelKind::Specialisme,
        LabelKind::SnijdendBeschouwend,
        LabelKind::Covidcapaciteit,
    ];

    /// The kinds that every bed must have (Zwolle agreement, domain.md 2.5).
    pub const MANDATORY: [LabelKind; 2] = [LabelKind::Specialistisch, LabelKind::Covidcapaciteit];

    /// The code on the wire and on the command line.
    pub fn code(self) -> &'static str {
        match self {
            LabelKind::Specialistisch => "specialistisch",
            LabelKind::Specialisme => "specialisme",
            LabelKind::SnijdendBeschouwend => "snijdend-beschouwend",
            LabelKind::Covidcapaciteit => "covidcapaciteit",
            LabelKind::Patienttype => "patienttype",
        }
    }

    /// The kind of a code; unknown codes are the caller's to keep.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where a label comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelSource {
    /// The hospital's record system.
    Epd,
    /// Set by the region.
    Regio,
    /// Added by hand by a coordinator.
    Handmatig,
}

/// A label that a source delivered with the bed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredLabel {
    pub kind: LabelKind,
    pub element: ElementCode,
    /// The code system, as delivered; an unknown one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    pub source: LabelSource,
}

/// A label added by hand: an overlay with an end that no delivery wipes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelOverride {
    pub bed: PlaceId,
    pub kind: LabelKind,
    pub element: ElementCode,
    #[serde(default)]
    pub system: Option<String>,
    pub author: String,
    #[serde(default)]
    pub reason: String,
    pub from: Timestamp,
    /// `None` until it is withdrawn.
    pub until: Option<Timestamp>,
    /// What the record delivered when this label was laid over it; known only at the desk that laid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<ElementCode>,
    /// The set that laid it; a label without one was laid singly, by a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// Why it ended before its time, where no person ended it; known only at the desk that laid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<EndCause>,
    /// The version of the server's copy, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The server's logical id of that copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_id: Option<String>,
}

/// Why a label ended before its time without a person ending it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EndCause {
    /// The record came to say the same: [`Agreement::Agrees`].
    Agreed,
}

/// How a label by hand and the record's value under it go together (domain.md 8.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// The record says what it said when the label was laid over it.
    Unchanged,
    /// The record came to say the same: the label has done its work and dissolves.
    Agrees,
    /// The record changed under the label to something else: a person decides.
    Contradicts,
}

impl LabelOverride {
    /// Compares with what the record delivers now. A label laid elsewhere carries no base to compare with.
    pub fn agreement(&self, delivered: Option<&ElementCode>) -> Agreement {
        if self.delivered.as_ref() == delivered {
            Agreement::Unchanged
        } else if delivered == Some(&self.element) {
            Agreement::Agrees
        } else {
            Agreement::Contradicts
        }
    }

    /// Whether it holds at `now`; an end that has come makes room for the delivered value again.
    pub fn valid_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// The label that counts for a bed, with the delivered one under it where a person overlaid it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveLabel<'a> {
    pub element: &'a ElementCode,
    pub source: LabelSource,
    pub until: Option<Timestamp>,
    pub over: Option<&'a LabelOverride>,
    pub delivered: Option<&'a DeliveredLabel>,
}

/// Lets a valid override win over the delivered value (domain.md 10.15).
pub fn effective<'a>(
    kind: LabelKind,
    delivered: &'a [DeliveredLabel],
    over: Option<&'a LabelOverride>,
    now: Timestamp,
) -> Option<EffectiveLabel<'a>> {
    let delivered = delivered.iter().find(|label| label.kind == kind);
    if let Some(over) = over.filter(|o| o.valid_at(now)) {
        return Some(EffectiveLabel {
            element: &over.element,
            source: LabelSource::Handmatig,
            until: over.until,
            over: Some(over),
            delivered,
        });
    }
    delivered.map(|label| EffectiveLabel {
        element: &label.element,
        source: label.source,
        until: None,
        over: None,
        delivered: Some(label),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).unwrap()
    }

    #[test]
    fn a_label_by_hand_wins_until_its_end_and_then_the_delivered_value_shows_again() {
        let delivered = vec![DeliveredLabel {
            kind: LabelKind::Covidcapaciteit,
            element: "kliniek-non-covid".into(),
            system: None,
            display: None,
            source: LabelSource::Epd,
        }];
        let over = LabelOverride {
            bed: "bed-1".into(),
            kind: LabelKind::Covidcapaciteit,
            element: "kliniek-covid".into(),
            system: None,
            author: "wan-hoofd".into(),
            reason: "harmonica".into(),
            from: at(0),
            until: Some(at(60)),
            delivered: Some("kliniek-non-covid".into()),
            set: None,
            ended: None,
            version: None,
            server_id: None,
        };
        let during = effective(LabelKind::Covidcapaciteit, &delivered, Some(&over), at(30)).unwrap();
        assert_eq!(during.element.as_str(), "kliniek-covid");
        assert_eq!(during.source, LabelSource::Handmatig);
        assert!(
            during.delivered.is_some(),
            "the delivered value stays visible under the manual one"
        );
        let after = effective(LabelKind::Covidcapaciteit, &delivered, Some(&over), at(60)).unwrap();
        assert_eq!(after.element.as_str(), "kliniek-non-covid");
    }

    #[test]
    fn a_label_dissolves_when_the_record_agrees_and_asks_when_the_record_changes_under_it() {
        let over = LabelOverride {
            bed: "bed-1".into(),
            kind: LabelKind::Covidcapaciteit,
            element: "kliniek-covid".into(),
            system: None,
            author: "wan-hoofd".into(),
            reason: String::new(),
            from: at(0),
            until: None,
            delivered: Some("kliniek-non-covid".into()),
            set: None,
            ended: None,
            version: None,
            server_id: None,
        };
        for (now, want) in [
            (Some("kliniek-non-covid"), Agreement::Unchanged),
            (Some("kliniek-covid"), Agreement::Agrees),
            (Some("ic-covid"), Agreement::Contradicts),
            (None, Agreement::Contradicts),
        ] {
            assert_eq!(over.agreement(now.map(Into::into).as_ref()), want, "{now:?}");
        }
    }
}
