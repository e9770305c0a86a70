//! One FHIR resource into one fact; what is not understood becomes a problem with its place, never a guess.

mod measure;
mod place;
mod stop;

use crate::{
    privacy::{self, clean_text},
    problem::{Change, Head, Reading, code},
    profile::Profile,
    wire::{self, CodeableConcept, Resource, code_in},
};
use domain::{
    contact::Contact,
    place::{Organization, Period},
    region::Fact,
};
use jiff::{SignedDuration, Timestamp, civil};

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
}

/// Collects what is found in one resource.
struct Findings<'r> {
    path: &'r str,
    reading: &'r mut Reading,
    received: Timestamp,
}

impl Findings<'_> {
    fn say(&mut self, at: &str, code: &'static str, detail: impl Into<String>) {
        self.reading.problem(format!("{}.{at}", self.path), code, detail);
    }

    /// A time that may not lie in the future, such as when something was measured.
    fn past(&mut self, at: &str, text: Option<&str>) -> Option<Timestamp> {
        let text = text?;
        match timestamp(text) {
            Some(t) if t > self.received + CLOCK_SLACK => {
                self.say(at, code::FUTURE, format!("{text} ligt in de toekomst"));
                None
            }
            Some(t) => Some(t),
            None => {
                self.say(at, code::MALFORMED, format!("{text:?} is geen tijdstip"));
                None
            }
        }
    }

    fn any_time(&mut self, at: &str, text: Option<&str>) -> Option<Timestamp> {
        let text = text?;
        let parsed = timestamp(text);
        if parsed.is_none() {
            self.say(at, code::MALFORMED, format!("{text:?} is geen tijdstip"));
        }
        parsed
    }

    fn period(&mut self, at: &str, period: Option<&wire::Period>) -> Option<Period> {
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
        reading.read += 1;
        let scrubbed = privacy::scrub(raw);
        let clean = scrubbed.as_ref().map_or(raw, |(text, _)| text.as_str());
        let resource: Resource = match serde_json::from_str(clean) {
            Ok(resource) => resource,
            Err(error) => return reading.refuse(path, code::MALFORMED, error.to_string(), Some(clean)),
        };
        if privacy::is_personal(&resource.resource_type) {
            let what = format!("{} hoort hier niet: geen patiëntgegevens", resource.resource_type);
            return reading.refuse(path, code::PATIENT_DATA, what, None);
        }
        let removed = scrubbed.as_ref().map_or(&[][..], |(_, removed)| removed.as_slice());
        for at in removed {
            reading.problem(
                format!("{path}{at}"),
                code::PATIENT_DATA,
                "verwijzing naar een persoon verwijderd",
            );
        }
        let Some(id) = resource.id.clone().filter(|id| !id.is_empty()) else {
            return reading.refuse(format!("{path}.id"), code::MISSING, "zonder id", Some(clean));
        };
        if let Some(hidden) = hidden(&resource, self.profile) {
            return reading.refuse(format!("{path}.meta.security"), code::HIDDEN, hidden, None);
        }
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
            kind: resource.resource_type.clone(),
            id,
            version: resource.meta.version_id.clone(),
            updated,
        };
        match self.fact(&head, &resource, &mut found) {
            Ok(Fact::Other) => {
                let what = format!("{} wordt bewaard, niet gelezen", resource.resource_type);
                reading.problem(path, code::UNKNOWN_RESOURCE, what);
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
                let why = if personal { code::PATIENT_DATA } else { code::MISSING };
                reading.refuse(format!("{path}.{at}"), why, detail, (!personal).then_some(clean));
            }
        }
    }

    fn fact(&self, head: &Head, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        match r.resource_type.as_str() {
            "Organization" => Ok(Fact::Organization(Organization {
                id: head.id.as_str().into(),
                name: name_of(r).unwrap_or_else(|| head.id.clone()),
                jurisdiction: r
                    .r#type
                    .as_slice()
                    .iter()
                    .flat_map(|t| &t.coding)
                    .any(|c| c.code.as_deref() == Some("jurisdiction")),
            })),
            "Location" => Ok(Fact::Place(self.place(head, r, found))),
            "HealthcareService" => Ok(self.stop_point(head, r, found)),
            "Flag" => self.stop(head, r, found),
            "Observation" => self.observation(r, found),
            "MeasureReport" => measure::report(r, found),
            "PractitionerRole" => Ok(self.contact(r)),
            "Basic" => self.label_override(head, r, found),
            // The member list of a region and who wrote what: kept for a later reader.
            "OrganizationAffiliation" | "Provenance" => Ok(Fact::Other),
            _ => Ok(Fact::Other),
        }
    }

    fn contact(&self, r: &Resource) -> Fact {
        let coding = code_in(r.code.as_slice(), self.profile.system("contactrol"));
        let Some(role) = coding.and_then(|c| c.code.clone()) else {
            return Fact::Other;
        };
        Fact::Contact(Contact {
            sites: r
                .location
                .iter()
                .filter_map(|l| l.id("Location"))
                .map(Into::into)
                .collect(),
            display: clean_text(coding.and_then(|c| c.display.as_deref()).unwrap_or(&role)),
            role,
            phone: phone_of(r),
        })
    }
}

/// Why a resource may not be shown here: in shadow running, for the own organisation only, or a code we do not know.
fn hidden(r: &Resource, profile: &Profile) -> Option<String> {
    let system = profile.system("zichtbaarheid");
    let code = r
        .meta
        .security
        .iter()
        .find(|c| c.system.as_deref() == Some(system))?
        .code
        .as_deref()
        .unwrap_or("");
    (!matches!(code, "regio" | "landelijk")).then(|| format!("zichtbaarheid {code:?}: niet voor deze werkplek"))
}

fn name_of(r: &Resource) -> Option<String> {
    r.name
        .as_ref()
        .and_then(|n| n.as_str())
        .map(clean_text)
        .filter(|n| !n.is_empty())
}

fn phone_of(r: &Resource) -> Option<String> {
    r.telecom
        .iter()
        .find(|t| t.system.as_deref() == Some("phone"))
        .and_then(|t| t.value.as_deref())
        .map(clean_text)
}

fn concept_text(c: &CodeableConcept) -> String {
    let display = c.coding.iter().find_map(|c| c.display.as_deref());
    match (c.text.as_deref(), display) {
        (Some(text), Some(display)) if !text.eq_ignore_ascii_case(display) => clean_text(&format!("{display}: {text}")),
        (Some(text), _) => clean_text(text),
        (None, Some(display)) => clean_text(display),
        (None, None) => clean_text(c.coding.first().and_then(|c| c.code.as_deref()).unwrap_or("")),
    }
}
