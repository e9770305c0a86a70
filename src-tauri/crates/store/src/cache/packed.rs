//! A fact as the file has it. What changes often about a bed is a few codes beside a body that seldom changes, so that
//! the same body serves a year of its states; so is the heartbeat of a site's report.

use crate::{micros, open::StoreError, time};
use domain::{
    OrganizationId, PlaceId,
    label::DeliveredLabel,
    place::{Period, Place, PlaceKind, Threshold},
    region::{Fact, SiteReport},
    travel::Position,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// FHIR `Location.status` by its place in this list, from 1; the order is for ever.
const STATUS: [&str; 3] = ["active", "suspended", "inactive"];
/// HL7 table 0116 by its place in this list, from 1; the order is for ever.
const OPERATIONAL: [&str; 6] = ["C", "H", "I", "K", "O", "U"];
const NONE: i64 = 0;
/// Another code than those of the list: it is in `rest`.
const OTHER: i64 = 99;

/// A fact, ready to be compared and stored. Made where there is time for it: judging and storing then cost little.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    pub(crate) body: Text,
    pub(crate) bed: Option<BedCodes>,
    /// Of a report, in microseconds.
    pub(crate) heartbeat: Option<i64>,
    digest: i64,
}

/// JSON as it is stored once, with its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text {
    pub json: String,
    pub hash: i64,
}

impl Text {
    fn of(value: &impl Serialize) -> Result<Self, StoreError> {
        let json = serde_json::to_string(value)?;
        let hash = hash(&[json.as_bytes()]);
        Ok(Self { json, hash })
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BedCodes {
    pub status: i64,
    pub operational: i64,
    pub rest: Option<Text>,
}

/// What of a bed changes often and has no code.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Rest {
    status: Option<String>,
    operational_status: Option<String>,
    reservation: Option<Period>,
    blocked_reason: Option<String>,
    labels: Vec<DeliveredLabel>,
}

#[derive(Serialize)]
struct RestOf<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operational_status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation: Option<&'a Period>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    labels: &'a [DeliveredLabel],
}

/// A fact of a bed without what changes often, in the very text of a [`Fact::Place`]: hashes of it are stored. Borrowed,
/// since copying tens of thousands of beds takes as long as writing them down.
#[derive(Serialize)]
struct BodyOf<'a> {
    fact: &'static str,
    body: FixedOf<'a>,
}

#[derive(Serialize)]
struct FixedOf<'a> {
    id: &'a PlaceId,
    kind: &'a PlaceKind,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part_of: Option<&'a PlaceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<&'a OrganizationId>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    roles: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    thresholds: &'a [Threshold],
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<Position>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    shadow: bool,
}

impl Packed {
    /// Packs a fact.
    ///
    /// # Errors
    /// When it has no form in JSON.
    pub fn of(fact: &Fact) -> Result<Self, StoreError> {
        let (body, bed, heartbeat) = match fact {
            Fact::Place(place) if place.kind == PlaceKind::Bed => {
                let (body, codes) = split(place)?;
                (Text::of(&body)?, Some(codes), None)
            }
            Fact::Report(report) => {
                let fixed = SiteReport {
                    heartbeat: None,
                    ..report.clone()
                };
                (Text::of(&Fact::Report(fixed))?, None, report.heartbeat.map(micros))
            }
            Fact::Organization(_)
            | Fact::Place(_)
            | Fact::StopPoint(_)
            | Fact::Stop(_)
            | Fact::Measurement(_)
            | Fact::Process(_)
            | Fact::Contact(_)
            | Fact::Calendar(_)
            | Fact::Slot(_)
            | Fact::Label(_)
            | Fact::Acknowledgement(_)
            | Fact::Confirmation(_)
            | Fact::Other => (Text::of(fact)?, None, None),
        };
        let digest = match (&bed, heartbeat) {
            (None, None) => body.hash,
            (None, Some(heartbeat)) => hash(&[&body.hash.to_le_bytes(), &heartbeat.to_le_bytes()]),
            (Some(codes), _) => {
                let rest = codes.rest.as_ref().map_or(0, |rest| rest.hash);
                let parts = [body.hash, codes.status, codes.operational, rest].map(i64::to_le_bytes);
                hash(&parts.each_ref().map(<[u8; 8]>::as_slice))
            }
        };
        Ok(Self {
            body,
            bed,
            heartbeat,
            digest,
        })
    }

    /// Tells this fact from any other; the same on every machine and in every version.
    pub fn digest(&self) -> i64 {
        self.digest
    }

    /// About as many bytes as it takes in memory.
    pub(crate) fn size(&self) -> usize {
        let rest = self
            .bed
            .as_ref()
            .and_then(|b| b.rest.as_ref())
            .map_or(0, |rest| rest.json.len());
        self.body.json.len() + rest + size_of::<Self>()
    }
}

fn split(place: &Place) -> Result<(BodyOf<'_>, BedCodes), StoreError> {
    // Every field by name: a new one does not compile until somebody has decided on which side it goes.
    let Place {
        id,
        kind,
        name,
        alias,
        part_of,
        organization,
        roles,
        status,
        operational_status,
        reservation,
        blocked_reason,
        labels,
        thresholds,
        position,
        phone,
        identifier,
        shadow,
    } = place;
    let body = FixedOf {
        id,
        kind,
        name,
        alias: alias.as_deref(),
        part_of: part_of.as_ref(),
        organization: organization.as_ref(),
        roles,
        thresholds,
        position: *position,
        phone: phone.as_deref(),
        identifier: identifier.as_deref(),
        shadow: *shadow,
    };
    let (status_code, operational) = (
        code(&STATUS, status.as_deref()),
        code(&OPERATIONAL, operational_status.as_deref()),
    );
    let rest = RestOf {
        status: status.as_deref().filter(|_| status_code == OTHER),
        operational_status: operational_status.as_deref().filter(|_| operational == OTHER),
        reservation: reservation.as_ref(),
        blocked_reason: blocked_reason.as_deref(),
        labels,
    };
    let empty = rest.status.is_none()
        && rest.operational_status.is_none()
        && rest.reservation.is_none()
        && rest.blocked_reason.is_none()
        && rest.labels.is_empty();
    let rest = if empty { None } else { Some(Text::of(&rest)?) };
    let codes = BedCodes {
        status: status_code,
        operational,
        rest,
    };
    Ok((BodyOf { fact: "place", body }, codes))
}

fn code(list: &[&str], text: Option<&str>) -> i64 {
    match text {
        None => NONE,
        Some(text) => (1..)
            .zip(list)
            .find(|(_, known)| **known == text)
            .map_or(OTHER, |(n, _)| n),
    }
}

fn text(
    column: &'static str,
    list: &[&str],
    code: i64,
    other: impl FnOnce() -> Option<String>,
) -> Result<Option<String>, StoreError> {
    match code {
        NONE => Ok(None),
        OTHER => Ok(other()),
        n => {
            let known = usize::try_from(n - 1).ok().and_then(|n| list.get(n));
            let known = known.ok_or_else(|| StoreError::Value {
                column,
                value: n.to_string(),
            })?;
            Ok(Some((*known).to_owned()))
        }
    }
}

/// What stands beside a body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beside<'a> {
    /// Status and operational status.
    pub codes: Option<(i64, i64)>,
    pub rest: Option<&'a str>,
    pub heartbeat: Option<i64>,
}

/// Puts a fact together again.
///
/// # Errors
/// When the row does not make sense.
pub(crate) fn unpack(body: &str, beside: Beside<'_>) -> Result<Fact, StoreError> {
    let mut fact: Fact = serde_json::from_str(body)?;
    if let Some(heartbeat) = beside.heartbeat {
        let Fact::Report(report) = &mut fact else {
            return Err(StoreError::Value {
                column: "fact.heartbeat",
                value: "a heartbeat of something that is no report".to_owned(),
            });
        };
        report.heartbeat = Some(time(heartbeat)?);
    }
    let Some((status, operational)) = beside.codes else {
        return Ok(fact);
    };
    let Fact::Place(place) = &mut fact else {
        return Err(StoreError::Value {
            column: "fact.status",
            value: "a code of something that is no place".to_owned(),
        });
    };
    let rest: Rest = beside.rest.map(serde_json::from_str).transpose()?.unwrap_or_default();
    place.status = text("fact.status", &STATUS, status, || rest.status)?;
    place.operational_status = text("fact.operational", &OPERATIONAL, operational, || {
        rest.operational_status
    })?;
    place.reservation = rest.reservation;
    place.blocked_reason = rest.blocked_reason;
    place.labels = rest.labels;
    Ok(fact)
}

/// The first eight bytes of SHA-256 over fields, each with its length: what a HashMap's hasher gives differs between
/// versions of Rust, and this is stored.
pub(crate) fn hash(fields: &[&[u8]]) -> i64 {
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_le_bytes());
        hash.update(field);
    }
    let bytes: [u8; 32] = hash.finalize().into();
    let (first, _) = bytes.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
    i64::from_le_bytes(*first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::label::LabelKind;

    #[test]
    fn a_bed_is_packed_in_the_text_by_which_files_of_earlier_versions_know_it() {
        let plain = Place::new("b1".into(), PlaceKind::Bed, "Bed 1", None);
        let full = Place {
            alias: Some("1".to_owned()),
            part_of: Some("room".into()),
            organization: Some("isala".into()),
            roles: vec!["ICU".to_owned()],
            thresholds: vec![Threshold {
                kind: LabelKind::ALL[0],
                element: "ic".into(),
                beds: 2,
            }],
            position: Some(Position {
                latitude: 52.5,
                longitude: 6.1,
            }),
            phone: Some("038".to_owned()),
            identifier: Some("system|1".to_owned()),
            shadow: true,
            ..plain.clone()
        };
        for place in [plain, full] {
            let delivered = Place {
                status: Some("active".to_owned()),
                operational_status: Some("U".to_owned()),
                blocked_reason: Some("stuk".to_owned()),
                ..place.clone()
            };
            let packed = Packed::of(&Fact::Place(delivered)).unwrap();
            assert_eq!(packed.body.json, serde_json::to_string(&Fact::Place(place)).unwrap());
        }
    }
}
