//! `MeasureReport`: a site's own counts, and the heartbeat that says that it still delivers.

use super::{
    encode::{date_time, reference},
    reader::Findings,
    wire::Resource,
};
use crate::data_quality::IssueCode;
use domain::{
    Count,
    region::{Fact, SiteReport},
};
use serde_json::{Value, json};

pub(super) fn read(r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
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
                IssueCode::MissingNumber,
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

pub(super) fn encode(r: &SiteReport) -> Value {
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
