//! One FHIR resource into one fact; what is not understood becomes a problem with its place, never a guess.

use crate::{
    privacy::{self, clean_text},
    problem::{Change, Head, Reading, code},
    profile::Profile,
    wire::{self, CodeableConcept, Extension, Resource, code_in, part},
};
use domain::{
    busyness::{Inputs, Measurement, Process, ProcessStep, Variant},
    contact::Contact,
    count::Count,
    label::{DeliveredLabel, LabelKind, LabelOverride, LabelSource},
    place::{Organization, Period, Place, PlaceKind, Threshold},
    region::{Fact, SiteReport},
    service_day::{OpenSpan, OpeningHours},
    stop::{Closure, Stop, StopLevel, StopPoint, StopReason},
    travel::Position,
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
            "MeasureReport" => report(r, found),
            "PractitionerRole" => Ok(self.contact(r)),
            "Basic" => self.label_override(head, r, found),
            // The member list of a region and who wrote what: kept for a later reader.
            "OrganizationAffiliation" | "Provenance" => Ok(Fact::Other),
            _ => Ok(Fact::Other),
        }
    }

    fn place(&self, head: &Head, r: &Resource, found: &mut Findings) -> Place {
        let kind = match r
            .physical_type
            .iter()
            .flat_map(|p| &p.coding)
            .find_map(|c| c.code.as_deref())
        {
            Some("si") => PlaceKind::Site,
            Some("wa") => PlaceKind::Department,
            Some("ro") => PlaceKind::Room,
            Some("bd") => PlaceKind::Bed,
            Some(other) => {
                found.say(
                    "physicalType",
                    code::UNKNOWN_CODE,
                    format!("soort plaats {other:?} is onbekend"),
                );
                PlaceKind::Other(clean_text(other))
            }
            None => {
                found.say("physicalType", code::MISSING, "soort plaats ontbreekt");
                PlaceKind::Other(String::new())
            }
        };
        if kind == PlaceKind::Bed {
            match r.operational_status.as_ref().and_then(|c| c.code.as_deref()) {
                Some("C" | "H" | "I" | "K" | "O" | "U") => {}
                Some(other) => {
                    found.say(
                        "operationalStatus.code",
                        code::UNKNOWN_CODE,
                        format!("bedstatus {other:?} is onbekend"),
                    );
                }
                None => found.say(
                    "operationalStatus",
                    code::MISSING,
                    "bedstatus ontbreekt: onbekend, niet vrij",
                ),
            }
            if r.part_of.is_none() {
                found.say("partOf", code::MISSING, "bed zonder kamer of afdeling");
            }
        }
        if let Some(status) = r
            .status
            .as_deref()
            .filter(|s| !matches!(*s, "active" | "suspended" | "inactive"))
        {
            found.say("status", code::UNKNOWN_CODE, format!("status {status:?} is onbekend"));
        }
        let (mut labels, mut thresholds, mut reservation, mut blocked_reason) = (vec![], vec![], None, None);
        for (i, ext) in r.extension.iter().enumerate() {
            let at = format!("extension[{i}]");
            if ext.url == self.profile.extension("bed-label") {
                labels.extend(read_label(ext, &at, found));
            } else if ext.url == self.profile.extension("drempelwaarde") {
                thresholds.extend(read_threshold(ext, &at, found));
            } else if ext.url == self.profile.extension("bed-reservering") {
                reservation = found.period(
                    &format!("{at}.periode"),
                    part(ext, "periode").and_then(|p| p.value_period.as_ref()),
                );
            } else if ext.url == self.profile.extension("bed-blokkade") {
                blocked_reason = part(ext, "reden")
                    .and_then(|p| p.value_codeable_concept.as_ref())
                    .map(concept_text);
            }
        }
        let official = r
            .identifier
            .as_slice()
            .iter()
            .find(|i| i.r#use.as_deref() == Some("official"));
        Place {
            id: head.id.as_str().into(),
            kind,
            name: name_of(r).unwrap_or_else(|| head.id.clone()),
            alias: r.alias.first().map(|a| clean_text(a)),
            part_of: r.part_of.as_ref().and_then(|p| p.id("Location")).map(Into::into),
            organization: r
                .managing_organization
                .as_ref()
                .and_then(|o| o.id("Organization"))
                .map(Into::into),
            roles: r
                .r#type
                .as_slice()
                .iter()
                .flat_map(|t| &t.coding)
                .filter_map(|c| c.code.clone())
                .collect(),
            status: r.status.clone(),
            operational_status: r.operational_status.as_ref().and_then(|c| c.code.clone()),
            reservation,
            blocked_reason,
            labels,
            thresholds,
            position: r.position.as_ref().and_then(|p| {
                Some(Position {
                    latitude: p.latitude?,
                    longitude: p.longitude?,
                })
            }),
            phone: phone_of(r),
            identifier: official
                .or(r.identifier.as_slice().first())
                .and_then(|i| Some(format!("{}|{}", i.system.as_deref().unwrap_or(""), i.value.as_deref()?))),
        }
    }

    fn stop_point(&self, head: &Head, r: &Resource, found: &mut Findings) -> Fact {
        let Some(service) =
            code_in(r.r#type.as_slice(), self.profile.system("stop-dienst")).and_then(|c| c.code.as_deref())
        else {
            return Fact::Other;
        };
        let mut closures = vec![];
        for (i, n) in r.not_available.iter().enumerate() {
            let during = found.period(&format!("notAvailable[{i}].during"), n.during.as_ref());
            // Without a period there is no telling whether it is closed now.
            if let Some(Period { start, end }) = during.filter(|p| p.start.is_some()) {
                closures.push(Closure {
                    text: clean_text(n.description.as_deref().unwrap_or("gesloten")),
                    start,
                    end,
                });
            }
        }
        Fact::StopPoint(StopPoint {
            id: head.id.clone(),
            service: service.into(),
            organization: r
                .provided_by
                .as_ref()
                .and_then(|o| o.id("Organization"))
                .map(Into::into),
            places: r
                .location
                .iter()
                .filter_map(|l| l.id("Location"))
                .map(Into::into)
                .collect(),
            name: name_of(r).unwrap_or_else(|| service.to_uppercase()),
            phone: phone_of(r),
            hours: opening_hours(r, found),
            closures,
        })
    }

    fn stop(&self, head: &Head, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        let codes = r.code.as_slice();
        let level = match code_in(codes, self.profile.system("capaciteitsstop")).and_then(|c| c.code.as_deref()) {
            Some("stop") => StopLevel::Stop,
            Some("dreigend") => StopLevel::Threatened,
            // A stop of a kind we do not know is shown as the graver one: better one call too many.
            Some(other) => {
                found.say(
                    "code",
                    code::UNKNOWN_CODE,
                    format!("soort stop {other:?} is onbekend; getoond als stop"),
                );
                StopLevel::Stop
            }
            // Another use of Flag, by somebody else.
            None => return Ok(Fact::Other),
        };
        let Some(place) = r.subject.as_ref().and_then(|s| s.id("Location")) else {
            return Err(("subject", "een stop zonder locatie".to_owned()));
        };
        let service = code_in(codes, self.profile.system("stop-dienst")).and_then(|c| c.code.as_deref());
        if service.is_none() {
            found.say("code", code::MISSING, "een stop zonder dienst; gelezen als SEH");
        }
        let active = match r.status.as_deref() {
            Some("active") => true,
            Some("inactive" | "entered-in-error") => false,
            other => {
                found.say(
                    "status",
                    code::UNKNOWN_CODE,
                    format!("status {other:?}; getoond als geldend"),
                );
                true
            }
        };
        let period = found
            .period("period", r.period.as_ref())
            .unwrap_or(Period { start: None, end: None });
        let expected = r
            .extension
            .iter()
            .find(|e| e.url == self.profile.extension("verwacht-einde"));
        let reasons = r
            .extension
            .iter()
            .filter(|e| e.url == self.profile.extension("stop-reden"));
        Ok(Fact::Stop(Stop {
            id: head.id.as_str().into(),
            place: place.into(),
            service: service.unwrap_or("seh").into(),
            level,
            active,
            start: period.start,
            end: period.end,
            expected_end: found.any_time("extension", expected.and_then(|e| e.value_date_time.as_deref())),
            reasons: reasons
                .filter_map(|e| e.value_codeable_concept.as_ref())
                .map(|c| StopReason {
                    code: c.coding.first().and_then(|c| c.code.clone()),
                    text: concept_text(c),
                })
                .collect(),
            version: head.version.clone(),
        }))
    }

    fn observation(&self, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        let system = self.profile.system("seh-maat");
        let Some(measure) = code_in(r.code.as_slice(), system).and_then(|c| c.code.as_deref()) else {
            return Ok(Fact::Other);
        };
        let Some(place) = r.subject.as_ref().and_then(|s| s.id("Location")) else {
            return Err(("subject", "een meting zonder locatie".to_owned()));
        };
        let at = r
            .effective_date_time
            .as_deref()
            .or(r.effective_period.as_ref().and_then(|p| p.end.as_deref()))
            .or(r.issued.as_deref());
        let at = found.past("effective", at);
        let value = |name: &str| {
            r.component
                .iter()
                .find(|c| code_in([&c.code], system).and_then(|c| c.code.as_deref()) == Some(name))
                .and_then(|c| c.value_quantity.as_ref())
                .and_then(|q| q.value)
        };
        let variant = match measure {
            "nedocs" => Variant::Nedocs,
            "mnedocs" => Variant::Mnedocs,
            "procesinformatie" => {
                let steps = r.component.iter().filter_map(|c| {
                    let coding = code_in([&c.code], system)?;
                    let code = coding.code.clone()?;
                    let quantity = c.value_quantity.as_ref();
                    Some(ProcessStep {
                        display: clean_text(coding.display.as_deref().unwrap_or(&code)),
                        value: quantity.and_then(|q| q.value),
                        unit: quantity
                            .and_then(|q| q.code.clone().or_else(|| q.unit.clone()))
                            .unwrap_or_default(),
                        code,
                    })
                });
                return Ok(Fact::Process(Process {
                    place: place.into(),
                    at,
                    steps: steps.collect(),
                }));
            }
            other => {
                found.say("code", code::UNKNOWN_CODE, format!("meting {other:?} is onbekend"));
                return Ok(Fact::Other);
            }
        };
        let score = r.value_quantity.as_ref().and_then(|q| q.value);
        if score.is_none() {
            found.say("valueQuantity", code::MISSING_NUMBER, "meting zonder getal");
        }
        Ok(Fact::Measurement(Measurement {
            place: place.into(),
            variant,
            score,
            inputs: Inputs {
                patients: value("seh-patienten"),
                places: value("seh-bedden"),
                boarders: value("opnamepatienten-seh"),
                hospital_beds: value("ziekenhuisbedden"),
                ventilated: value("beademde-patienten"),
                highest_urgency: value("hoogste-urgentie"),
                longest_boarding_h: value("langste-opnamewacht"),
                last_door_to_bed_h: value("laatste-deur-tot-bed"),
            },
            at,
        }))
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

    fn label_override(&self, head: &Head, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        if code_in(r.code.as_slice(), self.profile.system("basic-soort")).and_then(|c| c.code.as_deref())
            != Some("bed-label-override")
        {
            return Ok(Fact::Other);
        }
        let Some(bed) = r.subject.as_ref().and_then(|s| s.id("Location")) else {
            return Err(("subject", "een label zonder bed".to_owned()));
        };
        let ext = r
            .extension
            .iter()
            .find(|e| e.url == self.profile.extension("bed-label"));
        let Some(label) = ext.and_then(|e| read_label(e, "extension", found)) else {
            return Err(("extension", "een label zonder soort of waarde".to_owned()));
        };
        let from = ext
            .and_then(|e| part(e, "tijdstip"))
            .and_then(|p| p.value_date_time.as_deref());
        let until = r
            .extension
            .iter()
            .find(|e| e.url == self.profile.extension("geldig-tot"));
        Ok(Fact::Label(LabelOverride {
            bed: bed.into(),
            kind: label.kind,
            element: label.element,
            system: label.system,
            author: clean_text(
                r.author
                    .as_ref()
                    .and_then(|a| a.display.as_deref().or(a.reference.as_deref()))
                    .unwrap_or("onbekend"),
            ),
            reason: String::new(),
            from: found.past("extension", from).or(head.updated).unwrap_or(self.received),
            until: found.any_time("extension", until.and_then(|e| e.value_date_time.as_deref())),
            version: head.version.clone(),
            server_id: Some(head.id.clone()),
        }))
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

fn report(r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
    let Some(place) = r.subject.as_ref().and_then(|s| s.id("Location")) else {
        return Err(("subject", "een telling zonder locatie".to_owned()));
    };
    let mut count = |loinc: &str| {
        let group = r
            .group
            .iter()
            .find(|g| g.code.coding.iter().any(|c| c.code.as_deref() == Some(loinc)))?;
        let count = group
            .population
            .first()
            .and_then(|p| p.count)
            .and_then(|n| u32::try_from(n).ok());
        if count.is_none() {
            found.say(
                "group",
                code::MISSING_NUMBER,
                format!("LOINC {loinc} zonder bruikbaar getal"),
            );
        }
        count
    };
    let (occupied, available) = (count("112579-8"), count("112578-0"));
    let heartbeat = found.past("date", r.date.as_deref());
    Ok(Fact::Report(SiteReport {
        place: place.into(),
        heartbeat,
        occupied: Count::from(occupied),
        available: Count::from(available),
    }))
}

fn read_label(ext: &Extension, at: &str, found: &mut Findings) -> Option<DeliveredLabel> {
    let kind_code = part(ext, "soort").and_then(|p| p.value_code.as_deref()).unwrap_or("");
    let Some(kind) = LabelKind::from_code(kind_code) else {
        found.say(at, code::UNKNOWN_CODE, format!("soort label {kind_code:?} is onbekend"));
        return None;
    };
    let coding = part(ext, "waarde").and_then(|p| p.value_coding.as_ref());
    let Some(element) = coding.and_then(|c| c.code.as_deref()) else {
        found.say(at, code::MISSING, format!("label {kind_code} zonder waarde"));
        return None;
    };
    let source = match part(ext, "bron").and_then(|p| p.value_code.as_deref()) {
        Some("handmatig") => LabelSource::Handmatig,
        Some("regio") => LabelSource::Regio,
        _ => LabelSource::Epd,
    };
    Some(DeliveredLabel {
        kind,
        element: clean_text(element).as_str().into(),
        system: coding.and_then(|c| c.system.clone()),
        display: coding.and_then(|c| c.display.as_deref()).map(clean_text),
        source,
    })
}

fn read_threshold(ext: &Extension, at: &str, found: &mut Findings) -> Option<Threshold> {
    let kind = part(ext, "soort")
        .and_then(|p| p.value_code.as_deref())
        .and_then(LabelKind::from_code);
    let element = part(ext, "waarde")
        .and_then(|p| p.value_coding.as_ref())
        .and_then(|c| c.code.as_deref());
    let beds = part(ext, "aantal").and_then(|p| p.value_unsigned_int);
    match (kind, element, beds) {
        (Some(kind), Some(element), Some(beds)) => Some(Threshold {
            kind,
            element: element.into(),
            beds,
        }),
        _ => {
            found.say(at, code::MISSING, "drempelwaarde zonder soort, waarde of aantal");
            None
        }
    }
}

fn opening_hours(r: &Resource, found: &mut Findings) -> OpeningHours {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut spans = vec![];
    for (i, a) in r.available_time.iter().enumerate() {
        let weekdays: Vec<i8> = (1i8..)
            .zip(DAYS)
            .filter(|(_, d)| a.days_of_week.iter().any(|x| x == d))
            .map(|(n, _)| n)
            .collect();
        let time = |text: Option<&String>| text.and_then(|t| t.parse::<civil::Time>().ok());
        match (
            a.all_day,
            time(a.available_start_time.as_ref()),
            time(a.available_end_time.as_ref()),
        ) {
            (Some(true), ..) => spans.push(OpenSpan {
                weekdays,
                from: civil::Time::midnight(),
                until: civil::Time::midnight(),
            }),
            (_, Some(from), Some(until)) => spans.push(OpenSpan { weekdays, from, until }),
            _ => found.say(
                &format!("availableTime[{i}]"),
                code::MISSING,
                "openingstijd zonder begin of einde",
            ),
        }
    }
    OpeningHours { spans }
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
