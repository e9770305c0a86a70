//! One FHIR resource into one fact; what is not understood becomes an issue with its place, never a guess.

use crate::{
    data_quality::IssueCode,
    fhir::{
        basic_acknowledgement, basic_confirmation, basic_label,
        kinds::kind_of,
        profile::Profile,
        wire::{self, CodeableConcept, Envelope, Reference, Resource, code_in},
    },
    privacy::{self, clean_text},
    reading::{Change, Head, Reading},
};
use domain::{
    PlaceId,
    calendar::Calendar,
    place::Period,
    region::{Fact, RecordKey},
};
use jiff::{SignedDuration, Timestamp, civil};

/// The resource types that `fact` reads.
pub(crate) const READ: [&str; 10] = [
    "Organization",
    "Location",
    "HealthcareService",
    "Flag",
    "Observation",
    "MeasureReport",
    "PractitionerRole",
    "Basic",
    "Schedule",
    "Slot",
];

/// Two clocks may honestly differ by this much.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// Reads a FHIR dateTime: with an offset, or a bare date meant in Dutch time.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>().ok().or_else(|| {
        let date: civil::Date = text.parse().ok()?;
        date.to_zoned(domain::service_day::dutch_zone())
            .ok()
            .map(|z| z.timestamp())
    })
}

/// What one resource is read with.
pub struct Reader<'a> {
    pub profile: &'a Profile,
    pub received: Timestamp,
    /// The key of the source; empty for the desk's first ([`domain::ids::within`]).
    pub source: &'a str,
    /// Whose data is ours to see before it is everybody's.
    pub own: Option<&'a super::visibility::Own>,
}

/// Collects what is found in one resource.
pub(super) struct Findings<'r> {
    path: &'r str,
    reading: &'r mut Reading,
    received: Timestamp,
}

impl Findings<'_> {
    pub(super) fn say(&mut self, at: &str, code: IssueCode, detail: impl Into<String>) {
        self.reading.issue(format!("{}.{at}", self.path), code, detail);
    }

    /// A time that may not lie in the future, such as when something was measured.
    pub(super) fn past(&mut self, at: &str, text: Option<&str>) -> Option<Timestamp> {
        let text = text?;
        match timestamp(text) {
            Some(t) if t > self.received + CLOCK_SLACK => {
                self.say(at, IssueCode::TimeInFuture, format!("{text} ligt in de toekomst"));
                None
            }
            Some(t) => Some(t),
            None => {
                self.say(at, IssueCode::Malformed, format!("{text:?} is geen tijdstip"));
                None
            }
        }
    }

    pub(super) fn any_time(&mut self, at: &str, text: Option<&str>) -> Option<Timestamp> {
        let text = text?;
        let parsed = timestamp(text);
        if parsed.is_none() {
            self.say(at, IssueCode::Malformed, format!("{text:?} is geen tijdstip"));
        }
        parsed
    }

    pub(super) fn period(&mut self, at: &str, period: Option<&wire::Period>) -> Option<Period> {
        let period = period?;
        Some(Period {
            start: self.any_time(&format!("{at}.start"), period.start.as_deref()),
            end: self.any_time(&format!("{at}.end"), period.end.as_deref()),
        })
    }
}

impl Reader<'_> {
    /// Reads one resource from its JSON text and adds what it holds to `reading`.
    pub fn resource(&self, raw: &str, path: &str, reading: &mut Reading) {
        self.resource_named(raw, path, None, reading);
    }

    /// As [`Reader::resource`], for an entry that may be named by its Bundle only.
    pub(crate) fn resource_named(&self, raw: &str, path: &str, fallback_id: Option<&str>, reading: &mut Reading) {
        reading.read += 1;
        let scrubbed = privacy::scrub(raw);
        let clean = scrubbed.as_ref().map_or(raw, |(text, _)| text.as_str());
        let mut resource: Resource = match serde_json::from_str(clean) {
            Ok(resource) => resource,
            // A type that we do not read may give an element of ours another shape.
            Err(error) => match serde_json::from_str::<Envelope>(clean) {
                Ok(envelope) if !READ.contains(&envelope.resource_type.as_str()) => envelope.into(),
                _ => return self.refuse_malformed(clean, path, fallback_id, &error, reading),
            },
        };
        if privacy::is_personal(&resource.resource_type) {
            let what = format!("{} hoort hier niet: geen patiëntgegevens", resource.resource_type);
            return reading.refuse(path, IssueCode::PatientData, what, None);
        }
        let removed = scrubbed.as_ref().map_or(&[][..], |(_, removed)| removed.as_slice());
        for at in removed {
            reading.issue(
                format!("{path}{at}"),
                IssueCode::PatientData,
                "verwijzing naar een persoon verwijderd",
            );
        }
        if resource.resource_type.is_empty() {
            reading.nameless += 1;
            return reading.refuse(
                format!("{path}.resourceType"),
                IssueCode::Missing,
                "zonder soort",
                Some(clean),
            );
        }
        resource.id = resource.id.or_else(|| fallback_id.map(str::to_owned));
        resource.within(self.source);
        let Some(id) = resource.id.clone().filter(|id| !id.is_empty()) else {
            reading.nameless += 1;
            return reading.refuse(format!("{path}.id"), IssueCode::Missing, "zonder id", Some(clean));
        };
        // Where it lay in a delivery says nothing once the next one came; which resource it is does.
        let named = format!("{}/{id}", resource.resource_type);
        let path = named.as_str();
        let mut found = Findings {
            path,
            reading,
            received: self.received,
        };
        let updated = match resource.meta.last_updated.as_deref() {
            // A version from the future would stand above every later one: it counts from now.
            Some(text) => found.past("meta.lastUpdated", Some(text)).or(Some(self.received)),
            None => None,
        };
        let head = Head {
            key: RecordKey::new(kind_of(&resource.resource_type), id),
            version: resource.meta.version_id.clone(),
            updated,
        };
        if let Some(hidden) = super::visibility::hidden(&resource, self.profile, self.own) {
            // What was visible before must not stay on the screen.
            reading.changes.push(Change::Delete { head });
            return reading.refuse(format!("{path}.meta.security"), IssueCode::Hidden, hidden, None);
        }
        if is_withdrawn(&resource) {
            return reading.changes.push(Change::Delete { head });
        }
        match self.fact(&head, &resource, &mut found) {
            // What nobody here reads and was about a person is not even kept without that person.
            Ok(Fact::Other) if !removed.is_empty() => {
                let what = format!("{} ging over een persoon", resource.resource_type);
                reading.refuse_record(&head.key, path, IssueCode::PatientData, what, None);
            }
            Ok(Fact::Other) => {
                let what = format!("{} wordt bewaard, niet gelezen", resource.resource_type);
                reading.issue(path, IssueCode::UnknownResource, what);
                reading.changes.push(Change::Put {
                    head,
                    fact: Fact::Other,
                    raw: clean.to_owned(),
                });
            }
            Ok(fact) => reading.changes.push(Change::Put {
                head,
                fact,
                raw: clean.to_owned(),
            }),
            Err((at, detail)) => {
                // Without its subject a statement may have been about a person: then not even the rest is kept.
                let personal = !removed.is_empty();
                let why = if personal {
                    IssueCode::PatientData
                } else {
                    IssueCode::Missing
                };
                let raw = (!personal).then_some(clean);
                reading.refuse_record(&head.key, format!("{path}.{at}"), why, detail, raw);
            }
        }
    }

    /// Of what cannot be read as a whole the name usually can: what was known under it stands.
    fn refuse_malformed(
        &self,
        raw: &str,
        path: &str,
        fallback_id: Option<&str>,
        error: &serde_json::Error,
        reading: &mut Reading,
    ) {
        let value: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let id = text("id")
            .or_else(|| fallback_id.map(str::to_owned))
            .filter(|id| !id.is_empty());
        match text("resourceType").zip(id) {
            Some((resource, id)) => {
                let key = RecordKey::new(kind_of(&resource), domain::ids::within(self.source, &id));
                reading.refuse_record(&key, path, IssueCode::Malformed, error.to_string(), Some(raw));
            }
            None => {
                reading.nameless += 1;
                reading.refuse(path, IssueCode::Malformed, error.to_string(), Some(raw));
            }
        }
    }

    fn fact(&self, head: &Head, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        match r.resource_type.as_str() {
            "Organization" => Ok(Fact::Organization(self.organization(head, r))),
            "Location" => Ok(Fact::Place(self.place(head, r, found))),
            "HealthcareService" => Ok(self.stop_point(head, r, found)),
            "Flag" => self.stop(head, r, found),
            "Observation" => self.observation(r, found),
            "MeasureReport" => super::measure_report::read(r, found),
            "PractitionerRole" => Ok(self.contact(r, found)),
            "Schedule" => Ok(Fact::Calendar(Calendar { beds: places(&r.actor) })),
            "Slot" => self.slot(r, found),
            "Basic" => {
                match code_in(r.code.as_slice(), self.profile.system("basic-soort")).and_then(|c| c.code.as_deref()) {
                    Some(basic_label::CODE) => self.label_override(head, r, found),
                    Some(basic_acknowledgement::CODE) => self.acknowledgement(head, r, found),
                    Some(basic_confirmation::CODE) => {
                        basic_confirmation::read(r, self.profile, self.received).map(Fact::Confirmation)
                    }
                    _ => Ok(Fact::Other),
                }
            }
            // The member list of a region and who wrote what: kept for a later reader.
            "OrganizationAffiliation" | "Provenance" => Ok(Fact::Other),
            _ => Ok(Fact::Other),
        }
    }
}

/// Whether a resource says that it no longer counts. An ended stop is not one of these: it has a history to keep.
fn is_withdrawn(r: &Resource) -> bool {
    match r.resource_type.as_str() {
        "HealthcareService" | "PractitionerRole" | "Schedule" => r.active == Some(false),
        "Observation" => matches!(r.status.as_deref(), Some("entered-in-error" | "cancelled")),
        "MeasureReport" => r.status.as_deref() == Some("error"),
        "Slot" => r.status.as_deref() == Some("entered-in-error"),
        _ => false,
    }
}

pub(super) fn places(references: &[Reference]) -> Vec<PlaceId> {
    references
        .iter()
        .filter_map(|l| l.id("Location"))
        .map(Into::into)
        .collect()
}

pub(super) fn name_of(r: &Resource) -> Option<String> {
    r.name.as_deref().map(clean_text).filter(|n| !n.is_empty())
}

pub(super) fn phone_of(r: &Resource) -> Option<String> {
    r.telecom
        .iter()
        .find(|t| t.system.as_deref() == Some("phone"))
        .and_then(|t| t.value.as_deref())
        .map(clean_text)
}

pub(super) fn concept_text(c: &CodeableConcept) -> String {
    let display = c.coding.iter().find_map(|c| c.display.as_deref());
    match (c.text.as_deref(), display) {
        (Some(text), Some(display)) if !text.eq_ignore_ascii_case(display) => clean_text(&format!("{display}: {text}")),
        (Some(text), _) => clean_text(text),
        (None, Some(display)) => clean_text(display),
        (None, None) => clean_text(c.coding.first().and_then(|c| c.code.as_deref()).unwrap_or("")),
    }
}
