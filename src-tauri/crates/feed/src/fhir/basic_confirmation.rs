//! A confirmed number as FHIR has it: a `Basic` about the site, so that every desk sees it.

use crate::{
    fhir::encode::date_time,
    fhir::profile::Profile,
    fhir::wire::{Resource, part},
    privacy::clean_text,
};
use domain::{Count, confirmation::Confirmation, label::LabelKind};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The code of such a `Basic`.
pub(crate) const CODE: &str = "getal-bevestiging";

/// The resource of a confirmation, without its id.
pub fn encode(c: &Confirmation, profile: &Profile) -> Value {
    let mut parts = vec![
        json!({ "url": "soort", "valueCode": c.kind.code() }),
        json!({ "url": "waarde", "valueCoding": { "code": c.element } }),
        json!({ "url": "werkelijk", "valueUnsignedInt": c.actual }),
        json!({ "url": "tijdstip", "valueDateTime": date_time(c.at) }),
    ];
    if let Some(delivered) = c.delivered.known() {
        parts.push(json!({ "url": "geleverd", "valueUnsignedInt": delivered }));
    }
    json!({
        "resourceType": "Basic",
        "extension": [{ "url": profile.extension(CODE), "extension": parts }],
        "code": { "coding": [{ "system": profile.system("basic-soort"), "code": CODE }] },
        "subject": { "reference": format!("Location/{}", c.site) },
        "created": c.at.to_zoned(domain::service_day::dutch_zone()).date().to_string(),
        "author": { "display": c.by },
    })
}

/// Reads one; the error is where something is missing and what. A time from the future counts as `received`.
pub(crate) fn read(
    r: &Resource,
    profile: &Profile,
    received: Timestamp,
) -> Result<Confirmation, (&'static str, String)> {
    let missing = |what: &str| ("extension", format!("een bevestiging zonder {what}"));
    let site = r.subject.as_ref().and_then(|s| s.id("Location"));
    let ext = r.extension.iter().find(|e| e.url == profile.extension(CODE));
    let ext = ext.ok_or_else(|| missing("inhoud"))?;
    let number = |name: &str| part(ext, name).and_then(|p| p.value_unsigned_int);
    let kind = part(ext, "soort").and_then(|p| LabelKind::from_code(p.value_code.as_deref()?));
    let element = part(ext, "waarde").and_then(|p| p.value_coding.as_ref()?.code.clone());
    let at = part(ext, "tijdstip").and_then(|p| crate::fhir::reader::timestamp(p.value_date_time.as_deref()?));
    let by = r.author.as_ref().and_then(|a| a.display.as_deref());
    Ok(Confirmation {
        site: site.ok_or_else(|| missing("locatie"))?.into(),
        kind: kind.ok_or_else(|| missing("soort"))?,
        element: element
            .ok_or_else(|| missing("element"))?
            .to_lowercase()
            .as_str()
            .into(),
        delivered: Count::from(number("geleverd")),
        actual: number("werkelijk").ok_or_else(|| missing("getal"))?,
        by: clean_text(by.unwrap_or("onbekend")),
        at: at.map_or(received, |at| at.min(received)),
    })
}
