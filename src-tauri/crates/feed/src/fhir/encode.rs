//! Facts back into FHIR R4, for what a person writes and for the simulated region; the exact mirror of `parse`.

use crate::{fhir::basic_confirmation, fhir::profile::Profile};
use domain::{
    busyness::{Measurement, Process, Variant},
    calendar::{Calendar, Slot},
    contact::Contact,
    label::{DeliveredLabel, LabelKind, LabelOverride, LabelSource},
    place::{Organization, Period, Place, PlaceKind},
    region::{Fact, SiteReport, StopAcknowledgement},
    service_day::OpeningHours,
    stop::{Stop, StopLevel, StopPoint},
};
use jiff::{Timestamp, civil};
use serde_json::{Map, Value, json};

const UCUM: &str = "http://unitsofmeasure.org";
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A time as FHIR writes it, with the Dutch offset, so that people can read it at the other end too.
pub fn date_time(at: Timestamp) -> String {
    at.to_zoned(domain::service_day::dutch_zone())
        .strftime("%Y-%m-%dT%H:%M:%S%.f%:z")
        .to_string()
}

/// The resource of a fact, without its `meta`; `None` for facts that have no resource of ours.
pub fn fact(id: &str, fact: &Fact, profile: &Profile) -> Option<Value> {
    let mut value = match fact {
        Fact::Organization(o) => organization(o),
        Fact::Place(p) => place(p, profile),
        Fact::StopPoint(s) => stop_point(s, profile),
        Fact::Stop(s) => stop(s, profile),
        Fact::Measurement(m) => measurement(m, profile),
        Fact::Process(p) => process(p, profile),
        Fact::Report(r) => report(r),
        Fact::Contact(c) => contact(c, profile),
        Fact::Calendar(c) => calendar(c),
        Fact::Slot(s) => slot(s),
        Fact::Label(l) => label(l, profile),
        Fact::Acknowledgement(a) => acknowledgement(a, profile),
        Fact::Confirmation(c) => basic_confirmation::encode(c, profile),
        Fact::Other => return None,
    };
    if let Value::Object(map) = &mut value {
        map.insert("id".to_owned(), json!(id));
        map.retain(|_, v| !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()));
    }
    Some(value)
}

fn reference(kind: &str, id: &str) -> Value {
    json!({ "reference": format!("{kind}/{id}") })
}

fn telecom(phone: Option<&String>) -> Value {
    phone.map_or(Value::Null, |p| json!([{ "system": "phone", "value": p }]))
}

fn organization(o: &Organization) -> Value {
    let code = if o.jurisdiction {
        json!({ "system": "https://profiles.ihe.net/ITI/mCSD/CodeSystem/MCSDOrganizationLocationTypes", "code": "jurisdiction" })
    } else {
        json!({ "system": "http://terminology.hl7.org/CodeSystem/organization-type", "code": "prov" })
    };
    json!({ "resourceType": "Organization", "active": true, "type": [{ "coding": [code] }], "name": o.name })
}

fn place(p: &Place, profile: &Profile) -> Value {
    let physical = match &p.kind {
        PlaceKind::Site => "si",
        PlaceKind::Department => "wa",
        PlaceKind::Room => "ro",
        PlaceKind::Bed => "bd",
        PlaceKind::Other(code) => code,
    };
    let mut extensions: Vec<Value> = p.labels.iter().map(|l| label_extension(l, None, profile)).collect();
    if let Some(r) = &p.reservation {
        extensions.push(json!({
            "url": profile.extension("bed-reservering"),
            "extension": [{ "url": "periode", "valuePeriod": period(r) }],
        }));
    }
    if let Some(reason) = &p.blocked_reason {
        extensions.push(json!({
            "url": profile.extension("bed-blokkade"),
            "extension": [{ "url": "reden", "valueCodeableConcept": { "text": reason } }],
        }));
    }
    for t in &p.thresholds {
        extensions.push(json!({
            "url": profile.extension("drempelwaarde"),
            "extension": [
                { "url": "soort", "valueCode": t.kind.code() },
                { "url": "waarde", "valueCoding": { "code": t.element } },
                { "url": "aantal", "valueUnsignedInt": t.beds },
            ],
        }));
    }
    let roles: Vec<Value> = p
        .roles
        .iter()
        .map(|r| json!({ "coding": [{ "system": profile.system("role-code"), "code": r }] }))
        .collect();
    json!({
        "resourceType": "Location",
        "extension": extensions,
        "identifier": p.identifier.as_ref().and_then(|i| i.split_once('|')).map(|(system, value)| {
            json!([{ "use": "official", "system": system, "value": value }])
        }),
        "status": p.status,
        "operationalStatus": p.operational_status.as_ref().map(|c| json!({ "system": profile.system("operational-status"), "code": c })),
        "name": p.name,
        "alias": p.alias.as_ref().map(|a| json!([a])),
        "mode": "instance",
        "type": roles,
        "telecom": telecom(p.phone.as_ref()),
        "physicalType": { "coding": [{ "system": profile.system("physical-type"), "code": physical }] },
        "position": p.position.map(|at| json!({ "longitude": at.longitude, "latitude": at.latitude })),
        "managingOrganization": p.organization.as_ref().map(|o| reference("Organization", o.as_str())),
        "partOf": p.part_of.as_ref().map(|at| reference("Location", at.as_str())),
    })
}

fn period(p: &Period) -> Value {
    let mut map = Map::new();
    if let Some(start) = p.start {
        map.insert("start".to_owned(), json!(date_time(start)));
    }
    if let Some(end) = p.end {
        map.insert("end".to_owned(), json!(date_time(end)));
    }
    Value::Object(map)
}

fn label_extension(l: &DeliveredLabel, at: Option<Timestamp>, profile: &Profile) -> Value {
    let source = match l.source {
        LabelSource::Epd => "epd",
        LabelSource::Regio => "regio",
        LabelSource::Handmatig => "handmatig",
    };
    let mut coding = Map::new();
    if let Some(system) = &l.system {
        coding.insert("system".to_owned(), json!(system));
    }
    coding.insert("code".to_owned(), json!(l.element));
    if let Some(display) = &l.display {
        coding.insert("display".to_owned(), json!(display));
    }
    let mut parts = vec![
        json!({ "url": "soort", "valueCode": l.kind.code() }),
        json!({ "url": "waarde", "valueCoding": coding }),
        json!({ "url": "bron", "valueCode": source }),
    ];
    if let Some(at) = at {
        parts.push(json!({ "url": "tijdstip", "valueDateTime": date_time(at) }));
    }
    json!({ "url": profile.extension("bed-label"), "extension": parts })
}

fn available_time(hours: &OpeningHours) -> Vec<Value> {
    hours
        .spans
        .iter()
        .map(|span| {
            let days: Vec<&str> = (1i8..).zip(DAYS).filter(|(n, _)| span.weekdays.contains(n)).map(|(_, d)| d).collect();
            let text = |t: civil::Time| t.strftime("%H:%M:%S").to_string();
            if span.from == span.until {
                json!({ "daysOfWeek": days, "allDay": true })
            } else {
                json!({ "daysOfWeek": days, "availableStartTime": text(span.from), "availableEndTime": text(span.until) })
            }
        })
        .collect()
}

fn stop_point(s: &StopPoint, profile: &Profile) -> Value {
    let closures: Vec<Value> = s
        .closures
        .iter()
        .map(|c| json!({ "description": c.text, "during": period(&Period { start: c.start, end: c.end }) }))
        .collect();
    json!({
        "resourceType": "HealthcareService",
        "active": true,
        "providedBy": s.organization.as_ref().map(|o| reference("Organization", o.as_str())),
        "type": [{ "coding": [{ "system": profile.system("stop-dienst"), "code": s.service }] }],
        "location": s.places.iter().map(|p| reference("Location", p.as_str())).collect::<Vec<_>>(),
        "name": s.name,
        "telecom": telecom(s.phone.as_ref()),
        "availableTime": available_time(&s.hours),
        "notAvailable": closures,
    })
}

/// A stop as a `Flag`; its `period.end` is written only when it has really ended.
pub fn stop(s: &Stop, profile: &Profile) -> Value {
    let level = match s.level {
        StopLevel::Stop => "stop",
        StopLevel::Threatened => "dreigend",
    };
    let mut extensions: Vec<Value> = s
        .reasons
        .iter()
        .map(|r| {
            let mut concept = Map::new();
            if let Some(code) = &r.code {
                concept.insert(
                    "coding".to_owned(),
                    json!([{ "system": profile.system("stop-reden"), "code": code }]),
                );
            }
            concept.insert("text".to_owned(), json!(r.text));
            json!({ "url": profile.extension("stop-reden"), "valueCodeableConcept": concept })
        })
        .collect();
    if let Some(end) = s.expected_end {
        extensions.push(json!({ "url": profile.extension("verwacht-einde"), "valueDateTime": date_time(end) }));
    }
    json!({
        "resourceType": "Flag",
        "extension": extensions,
        "identifier": [{ "system": profile.system("stop"), "value": s.id }],
        "status": if s.active { "active" } else { "inactive" },
        "category": [{ "coding": [{ "system": profile.system("flag-category"), "code": "admin" }] }],
        "code": { "coding": [
            { "system": profile.system("capaciteitsstop"), "code": level },
            { "system": profile.system("stop-dienst"), "code": s.service },
        ] },
        "subject": reference("Location", s.place.as_str()),
        "period": period(&Period { start: s.start, end: s.end }),
    })
}

fn measurement(m: &Measurement, profile: &Profile) -> Value {
    let code = match m.variant {
        Variant::Nedocs => "nedocs",
        Variant::Mnedocs => "mnedocs",
    };
    let i = &m.inputs;
    let components: Vec<Value> = [
        ("seh-patienten", i.patients, "{patients}"),
        ("seh-bedden", i.places, "{beds}"),
        ("opnamepatienten-seh", i.boarders, "{patients}"),
        ("ziekenhuisbedden", i.hospital_beds, "{beds}"),
        ("beademde-patienten", i.ventilated, "{patients}"),
        ("hoogste-urgentie", i.highest_urgency, "{patients}"),
        ("langste-opnamewacht", i.longest_boarding_h, "h"),
        ("laatste-deur-tot-bed", i.last_door_to_bed_h, "h"),
    ]
    .into_iter()
    .filter_map(|(name, value, unit)| Some(component(name, name, Some(value?), unit, profile)))
    .collect();
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": { "coding": [{ "system": profile.system("seh-maat"), "code": code }] },
        "subject": reference("Location", m.place.as_str()),
        "effectiveDateTime": m.at.map(date_time),
        "valueQuantity": m.score.map(|score| quantity(score, "{score}")),
        "component": components,
    })
}

fn quantity(value: f64, unit: &str) -> Value {
    json!({ "value": value, "unit": unit, "system": UCUM, "code": unit })
}

fn component(code: &str, display: &str, value: Option<f64>, unit: &str, profile: &Profile) -> Value {
    let code = json!({ "coding": [{ "system": profile.system("seh-maat"), "code": code, "display": display }] });
    match value {
        Some(value) => json!({ "code": code, "valueQuantity": quantity(value, unit) }),
        None => json!({ "code": code, "dataAbsentReason": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unsupported" }] } }),
    }
}

fn process(p: &Process, profile: &Profile) -> Value {
    let steps: Vec<Value> = p
        .steps
        .iter()
        .map(|s| component(&s.code, &s.display, s.value, &s.unit, profile))
        .collect();
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": { "coding": [{ "system": profile.system("seh-maat"), "code": "procesinformatie" }] },
        "subject": reference("Location", p.place.as_str()),
        "effectiveDateTime": p.at.map(date_time),
        "component": steps,
    })
}

fn report(r: &SiteReport) -> Value {
    let group = |loinc: &str, count: Option<u32>| {
        json!({
            "code": { "coding": [{ "system": "http://loinc.org", "code": loinc }] },
            "population": [{
                "code": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/measure-population", "code": "initial-population" }] },
                "count": count,
            }],
        })
    };
    let at = r.heartbeat.map(date_time);
    let groups: Vec<Value> = [("112579-8", r.occupied.known()), ("112578-0", r.available.known())]
        .into_iter()
        .filter(|(_, count)| count.is_some())
        .map(|(loinc, count)| group(loinc, count))
        .collect();
    json!({
        "resourceType": "MeasureReport",
        "status": "complete",
        "type": "summary",
        "measure": "http://hl7.org/fhir/us/safr/Measure/BedCapacityMeasureExample|1.0.0",
        "subject": reference("Location", r.place.as_str()),
        "date": at,
        "period": { "start": at, "end": at },
        "group": groups,
    })
}

fn contact(c: &Contact, profile: &Profile) -> Value {
    json!({
        "resourceType": "PractitionerRole",
        "active": true,
        "location": c.sites.iter().map(|p| reference("Location", p.as_str())).collect::<Vec<_>>(),
        "code": [{ "coding": [{ "system": profile.system("contactrol"), "code": c.role, "display": c.display }] }],
        "organization": c.organization.as_ref().map(|o| reference("Organization", o.as_str())),
        "telecom": telecom(c.phone.as_ref()),
        "availableTime": available_time(&c.hours),
    })
}

fn calendar(c: &Calendar) -> Value {
    let actors: Vec<Value> = c.beds.iter().map(|b| reference("Location", b.as_str())).collect();
    json!({ "resourceType": "Schedule", "active": true, "actor": actors })
}

fn slot(s: &Slot) -> Value {
    json!({
        "resourceType": "Slot",
        "schedule": reference("Schedule", &s.calendar),
        "status": if s.held { "busy-tentative" } else { "free" },
        "start": s.period.start.map(date_time),
        "end": s.period.end.map(date_time),
    })
}

/// The identifier of a bed's override of one classification: what makes sending it twice harmless.
pub fn override_key(bed: &str, kind: LabelKind) -> String {
    format!("{bed}|{}", kind.code())
}

fn label(l: &LabelOverride, profile: &Profile) -> Value {
    let delivered = DeliveredLabel {
        kind: l.kind,
        element: l.element.clone(),
        system: l.system.clone(),
        display: None,
        source: LabelSource::Handmatig,
    };
    let mut extensions = vec![label_extension(&delivered, Some(l.from), profile)];
    if let Some(until) = l.until {
        extensions.push(json!({ "url": profile.extension("geldig-tot"), "valueDateTime": date_time(until) }));
    }
    json!({
        "resourceType": "Basic",
        "extension": extensions,
        "identifier": [{ "system": profile.system("label-override"), "value": override_key(l.bed.as_str(), l.kind) }],
        "code": { "coding": [{ "system": profile.system("basic-soort"), "code": "bed-label-override" }] },
        "subject": reference("Location", l.bed.as_str()),
        "created": l.from.to_zoned(domain::service_day::dutch_zone()).date().to_string(),
        "author": { "display": l.author },
    })
}

/// That a desk acknowledged a stop, for the other desks to see.
pub fn acknowledgement(a: &StopAcknowledgement, profile: &Profile) -> Value {
    json!({
        "resourceType": "Basic",
        "extension": [{ "url": profile.extension("stop-bevestiging"), "extension": [
            { "url": "tijdstip", "valueDateTime": date_time(a.by.at) },
            { "url": "werkplek", "valueString": a.by.workstation },
        ] }],
        "code": { "coding": [{ "system": profile.system("basic-soort"), "code": "stop-bevestiging" }] },
        "subject": reference("Flag", a.stop.as_str()),
        "created": a.by.at.to_zoned(domain::service_day::dutch_zone()).date().to_string(),
        "author": { "display": a.by.by },
    })
}

/// The transaction that writes a label by hand: the override and who wrote it and why, together or not at all.
///
/// The override's id follows from bed and classification and the provenance's from the outbox row, so that repeating
/// the whole transaction writes the same two resources again instead of two more.
pub fn label_transaction(l: &LabelOverride, row: &str, profile: &Profile) -> Value {
    let id = l.server_id.clone().unwrap_or_else(|| format!("lo-{row}"));
    let mut basic = label(l, profile);
    if let Value::Object(map) = &mut basic {
        map.insert("id".to_owned(), json!(id));
    }
    let mut request = json!({ "method": "PUT", "url": format!("Basic/{id}") });
    if let (Some(version), Value::Object(map)) = (&l.version, &mut request) {
        map.insert("ifMatch".to_owned(), json!(format!("W/\"{version}\"")));
    }
    let recorded = date_time(l.from);
    let mut provenance = json!({
        "resourceType": "Provenance",
        "id": format!("prov-{row}"),
        "target": [reference("Basic", &id)],
        "occurredDateTime": recorded,
        "recorded": l.from.to_string(),
        "agent": [{ "who": {
            "identifier": { "system": profile.system("medewerker"), "value": l.author },
            "display": l.author,
        } }],
    });
    // FHIR has no empty texts: without a reason there is no reason element.
    if let (false, Value::Object(map)) = (l.reason.trim().is_empty(), &mut provenance) {
        map.insert("reason".to_owned(), json!([{ "text": l.reason }]));
    }
    json!({
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            { "resource": basic, "request": request },
            { "resource": provenance, "request": { "method": "PUT", "url": format!("Provenance/prov-{row}") } },
        ],
    })
}
