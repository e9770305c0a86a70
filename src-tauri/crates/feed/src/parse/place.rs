//! Places and their labels.

use super::{Findings, Reader, concept_text, name_of, phone_of};
use crate::{
    privacy::clean_text,
    problem::{Head, code},
    wire::{Extension, Resource, part},
};
use domain::{
    label::{DeliveredLabel, LabelKind, LabelOverride, LabelSource},
    place::{Place, PlaceKind, Threshold},
    region::Fact,
    travel::Position,
};

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
            shadow: super::is_shadow(r, self.profile),
        }
    }

    pub(super) fn label_override(
        &self,
        head: &Head,
        r: &Resource,
        found: &mut Findings,
    ) -> Result<Fact, (&'static str, String)> {
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
            delivered: None,
            set: None,
            version: head.version.clone(),
            server_id: Some(head.key.id.clone()),
        }))
    }
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
