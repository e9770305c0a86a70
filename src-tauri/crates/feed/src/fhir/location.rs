//! `Location`: sites, wards, rooms and beds, with the labels that the hospital delivers.

use super::{
    encode::{date_time, period, reference, telecom},
    profile::Profile,
    reader::{Findings, Reader, concept_text, name_of, phone_of},
    visibility::is_shadow,
    wire::{Extension, Resource, part},
};
use crate::{data_quality::IssueCode, privacy::clean_text, reading::Head};
use domain::{
    label::{DeliveredLabel, LabelKind, LabelSource},
    place::{Place, PlaceKind, Threshold},
    travel::Position,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

impl Reader<'_> {
    pub(super) fn place(&self, head: &Head, r: &Resource, found: &mut Findings) -> Place {
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
                    IssueCode::UnknownCode,
                    format!("soort plaats {other:?} is onbekend"),
                );
                PlaceKind::Other(clean_text(other))
            }
            None => {
                found.say("physicalType", IssueCode::Missing, "soort plaats ontbreekt");
                PlaceKind::Other(String::new())
            }
        };
        if kind == PlaceKind::Bed {
            match r.operational_status.as_ref().and_then(|c| c.code.as_deref()) {
                Some("C" | "H" | "I" | "K" | "O" | "U") => {}
                Some(other) => {
                    found.say(
                        "operationalStatus.code",
                        IssueCode::UnknownCode,
                        format!("bedstatus {other:?} is onbekend"),
                    );
                }
                None => found.say(
                    "operationalStatus",
                    IssueCode::Missing,
                    "bedstatus ontbreekt: onbekend, niet vrij",
                ),
            }
            if r.part_of.is_none() {
                found.say("partOf", IssueCode::Missing, "bed zonder kamer of afdeling");
            }
        }
        if let Some(status) = r
            .status
            .as_deref()
            .filter(|s| !matches!(*s, "active" | "suspended" | "inactive"))
        {
            found.say(
                "status",
                IssueCode::UnknownCode,
                format!("status {status:?} is onbekend"),
            );
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
            id: head.key.id.as_str().into(),
            kind,
            name: name_of(r).unwrap_or_else(|| head.key.id.clone()),
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
            shadow: is_shadow(r, self.profile),
        }
    }
}

pub(super) fn read_label(ext: &Extension, at: &str, found: &mut Findings) -> Option<DeliveredLabel> {
    let kind_code = part(ext, "soort").and_then(|p| p.value_code.as_deref()).unwrap_or("");
    let Some(kind) = LabelKind::from_code(kind_code) else {
        found.say(
            at,
            IssueCode::UnknownCode,
            format!("soort label {kind_code:?} is onbekend"),
        );
        return None;
    };
    let coding = part(ext, "waarde").and_then(|p| p.value_coding.as_ref());
    let Some(element) = coding.and_then(|c| c.code.as_deref()) else {
        found.say(at, IssueCode::Missing, format!("label {kind_code} zonder waarde"));
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
            found.say(at, IssueCode::Missing, "drempelwaarde zonder soort, waarde of aantal");
            None
        }
    }
}

pub(super) fn place(p: &Place, profile: &Profile) -> Value {
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

pub(super) fn label_extension(l: &DeliveredLabel, at: Option<Timestamp>, profile: &Profile) -> Value {
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
