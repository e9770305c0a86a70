//! That a desk acknowledged a stop, as a `Basic`: for the other desks to see (decision 0005).

use super::{
    encode::{date_time, reference},
    profile::Profile,
    reader::{Findings, Reader},
    wire::{Resource, part},
};
use crate::{privacy::clean_text, reading::Head};
use domain::{
    alarms::Acknowledgement,
    region::{Fact, StopAcknowledgement},
};
use serde_json::{Value, json};

/// The code of such a `Basic`, and the name of its extension.
pub(super) const CODE: &str = "stop-bevestiging";

impl Reader<'_> {
    /// That a desk acknowledged a stop.
    pub(super) fn acknowledgement(
        &self,
        head: &Head,
        r: &Resource,
        found: &mut Findings,
    ) -> Result<Fact, (&'static str, String)> {
        let Some(stop) = r.subject.as_ref().and_then(|s| s.id("Flag")) else {
            return Err(("subject", "een bevestiging zonder stop".to_owned()));
        };
        let ext = r.extension.iter().find(|e| e.url == self.profile.extension(CODE));
        let at = ext
            .and_then(|e| part(e, "tijdstip"))
            .and_then(|p| p.value_date_time.as_deref());
        let workstation = ext
            .and_then(|e| part(e, "werkplek"))
            .and_then(|p| p.value_string.as_deref());
        let by = r.author.as_ref().and_then(|a| a.display.as_deref());
        Ok(Fact::Acknowledgement(StopAcknowledgement {
            stop: stop.into(),
            by: Acknowledgement {
                by: clean_text(by.unwrap_or("onbekend")),
                workstation: clean_text(workstation.unwrap_or("")),
                at: found.past("extension", at).or(head.updated).unwrap_or(self.received),
            },
        }))
    }
}

/// That a desk acknowledged a stop, for the other desks to see.
pub fn acknowledgement(a: &StopAcknowledgement, profile: &Profile) -> Value {
    json!({
        "resourceType": "Basic",
        "extension": [{ "url": profile.extension(CODE), "extension": [
            { "url": "tijdstip", "valueDateTime": date_time(a.by.at) },
            { "url": "werkplek", "valueString": a.by.workstation },
        ] }],
        "code": { "coding": [{ "system": profile.system("basic-soort"), "code": CODE }] },
        "subject": reference("Flag", a.stop.as_str()),
        "created": a.by.at.to_zoned(domain::service_day::dutch_zone()).date().to_string(),
        "author": { "display": a.by.by },
    })
}
