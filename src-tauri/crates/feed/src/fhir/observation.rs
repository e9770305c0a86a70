//! `Observation`: busyness and process information of an emergency department.

use super::{
    encode::{date_time, reference},
    profile::Profile,
    reader::{Findings, Reader},
    wire::{Resource, code_in},
};
use crate::{data_quality::IssueCode, privacy::clean_text};
use domain::{
    busyness::{Inputs, Measurement, Process, ProcessStep, Variant},
    region::Fact,
};
use serde_json::{Value, json};

const UCUM: &str = "http://unitsofmeasure.org";

impl Reader<'_> {
    pub(super) fn observation(&self, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
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
                found.say("code", IssueCode::UnknownCode, format!("meting {other:?} is onbekend"));
                return Ok(Fact::Other);
            }
        };
        let score = r.value_quantity.as_ref().and_then(|q| q.value);
        if score.is_none() {
            found.say("valueQuantity", IssueCode::MissingNumber, "meting zonder getal");
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
}

pub(super) fn measurement(m: &Measurement, profile: &Profile) -> Value {
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

pub(super) fn process(p: &Process, profile: &Profile) -> Value {
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
