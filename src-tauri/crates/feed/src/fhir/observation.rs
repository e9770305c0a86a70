//! Busyness, process information and a site's own counts.

use super::reader::{Findings, Reader};
use crate::{
    fhir::wire::{Resource, code_in},
    privacy::clean_text,
    reading::code,
};
use domain::{
    Count,
    busyness::{Inputs, Measurement, Process, ProcessStep, Variant},
    region::{Fact, SiteReport},
};

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
}

pub(super) fn report(r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
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
