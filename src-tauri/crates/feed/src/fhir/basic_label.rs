//! A label by hand as a `Basic`: a resource of its own, since the next delivery of the bed would wipe it from the `Location`.

use super::{
    encode::{date_time, reference},
    location::{label_extension, read_label},
    profile::Profile,
    reader::{Findings, Reader},
    wire::{Resource, part},
    write::{put_entry, transaction},
};
use crate::{privacy::clean_text, reading::Head};
use domain::{
    label::{DeliveredLabel, LabelKind, LabelOverride, LabelSource},
    region::Fact,
};
use serde_json::{Value, json};

/// The code of such a `Basic`.
pub(super) const CODE: &str = "bed-label-override";

impl Reader<'_> {
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
            ended: None,
            version: head.version.clone(),
            server_id: Some(head.key.id.clone()),
        }))
    }
}

/// The identifier of a bed's override of one classification: what makes sending it twice harmless.
pub fn override_key(bed: &str, kind: LabelKind) -> String {
    format!("{bed}|{}", kind.code())
}

pub(super) fn label(l: &LabelOverride, profile: &Profile) -> Value {
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
        "code": { "coding": [{ "system": profile.system("basic-soort"), "code": CODE }] },
        "subject": reference("Location", l.bed.as_str()),
        "created": l.from.to_zoned(domain::service_day::dutch_zone()).date().to_string(),
        "author": { "display": l.author },
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
    transaction(vec![
        put_entry(&format!("Basic/{id}"), basic, l.version.as_deref()),
        put_entry(&format!("Provenance/prov-{row}"), provenance, None),
    ])
}

/// Turns the first write of a label into a conditional create: only where nobody wrote one for this bed and kind.
pub(super) fn make_conditional(bundle: &mut Value, row: &str, key: &str, profile: &Profile) {
    let full_url = format!("urn:uuid:{row}");
    let key = format!("identifier={}|{key}", profile.system("label-override"));
    if let Some(entry) = bundle.pointer_mut("/entry/0").and_then(Value::as_object_mut) {
        entry.insert("fullUrl".to_owned(), json!(full_url));
        entry.insert(
            "request".to_owned(),
            json!({ "method": "POST", "url": "Basic", "ifNoneExist": key }),
        );
        if let Some(resource) = entry.get_mut("resource").and_then(Value::as_object_mut) {
            resource.remove("id");
        }
    }
    if let Some(target) = bundle.pointer_mut("/entry/1/resource/target/0") {
        *target = json!({ "reference": full_url });
    }
}
