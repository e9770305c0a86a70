//! `Flag`: a stop, from its announcement to its end; edited as it was delivered.

use super::{
    encode::{date_time, period, reference},
    profile::Profile,
    reader::{Findings, Reader, concept_text},
    wire::{Resource, code_in},
};
use crate::{data_quality::IssueCode, reading::Head};
use domain::{
    place::Period,
    region::Fact,
    stop::{Stop, StopLevel, StopReason},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

impl Reader<'_> {
    pub(super) fn stop(&self, head: &Head, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        let codes = r.code.as_slice();
        let level = match code_in(codes, self.profile.system("capaciteitsstop")).and_then(|c| c.code.as_deref()) {
            Some("stop") => StopLevel::Stop,
            Some("dreigend") => StopLevel::Threatened,
            // A stop of a kind we do not know is shown as the graver one: better one call too many.
            Some(other) => {
                found.say(
                    "code",
                    IssueCode::UnknownCode,
                    format!("soort stop {other:?} is onbekend; getoond als stop"),
                );
                StopLevel::Stop
            }
            // Without any code it may be a stop that stands: nothing is known of it that could end that one.
            None if codes.iter().all(|c| c.coding.is_empty()) => {
                return Err(("code", "een vlag zonder code".to_owned()));
            }
            // Another use of Flag, by somebody else.
            None => return Ok(Fact::Other),
        };
        let Some(place) = r.subject.as_ref().and_then(|s| s.id("Location")) else {
            return Err(("subject", "een stop zonder locatie".to_owned()));
        };
        let service = code_in(codes, self.profile.system("stop-dienst")).and_then(|c| c.code.as_deref());
        if service.is_none() {
            found.say("code", IssueCode::Missing, "een stop zonder dienst; gelezen als SEH");
        }
        let active = match r.status.as_deref() {
            Some("active") => true,
            Some("inactive" | "entered-in-error") => false,
            other => {
                found.say(
                    "status",
                    IssueCode::UnknownCode,
                    format!("status {}; getoond als geldend", other.unwrap_or("niet genoemd")),
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
            id: head.key.id.as_str().into(),
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

/// The resource of a stop that is announced, as text: what is sent, and kept until it has arrived.
pub fn announcement(s: &Stop, profile: &Profile) -> String {
    let mut flag = stop(s, profile);
    if let Some(map) = flag.as_object_mut() {
        map.insert("id".to_owned(), json!(s.id));
        // FHIR has no empty lists.
        map.retain(|_, v| !v.as_array().is_some_and(Vec::is_empty));
    }
    flag.to_string()
}

/// The resource of a stop that ends, from its text as it was delivered: what we do not understand in it survives.
///
/// # Errors
/// When the text is no JSON object.
pub fn lifted(raw: &str, at: Timestamp) -> Result<String, serde_json::Error> {
    let mut flag: Map<String, Value> = serde_json::from_str(raw)?;
    flag.insert("status".to_owned(), json!("inactive"));
    let period = flag.entry("period").or_insert_with(|| json!({}));
    if !period.is_object() {
        *period = json!({});
    }
    if let Some(period) = period.as_object_mut() {
        period.insert("end".to_owned(), json!(date_time(at)));
    }
    Ok(Value::Object(flag).to_string())
}
