//! Stops, and the services that can be stopped.

use super::{Findings, Reader, concept_text, name_of, phone_of, places};
use crate::{
    privacy::clean_text,
    problem::{Head, code},
    wire::{Resource, code_in, part},
};
use domain::{
    alarm::Acknowledgement,
    place::Period,
    region::{Fact, StopAcknowledgement},
    service_day::{OpenSpan, OpeningHours},
    stop::{Closure, Stop, StopLevel, StopPoint, StopReason},
};
use jiff::civil;

impl Reader<'_> {
    pub(super) fn stop_point(&self, head: &Head, r: &Resource, found: &mut Findings) -> Fact {
        let Some(service) =
            code_in(r.r#type.as_slice(), self.profile.system("stop-dienst")).and_then(|c| c.code.as_deref())
        else {
            return Fact::Other;
        };
        let mut closures = vec![];
        for (i, n) in r.not_available.iter().enumerate() {
            let during = found.period(&format!("notAvailable[{i}].during"), n.during.as_ref());
            // Without a period there is no telling whether it is closed now.
            if let Some(Period { start, end }) = during.filter(|p| p.start.is_some()) {
                closures.push(Closure {
                    text: clean_text(n.description.as_deref().unwrap_or("gesloten")),
                    start,
                    end,
                });
            }
        }
        Fact::StopPoint(StopPoint {
            id: head.key.id.clone(),
            service: service.into(),
            organization: r
                .provided_by
                .as_ref()
                .and_then(|o| o.id("Organization"))
                .map(Into::into),
            places: places(&r.location),
            name: name_of(r).unwrap_or_else(|| service.to_uppercase()),
            phone: phone_of(r),
            hours: opening_hours(r, found),
            closures,
        })
    }

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
        let ext = r
            .extension
            .iter()
            .find(|e| e.url == self.profile.extension("stop-bevestiging"));
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

    pub(super) fn stop(&self, head: &Head, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        let codes = r.code.as_slice();
        let level = match code_in(codes, self.profile.system("capaciteitsstop")).and_then(|c| c.code.as_deref()) {
            Some("stop") => StopLevel::Stop,
            Some("dreigend") => StopLevel::Threatened,
            // A stop of a kind we do not know is shown as the graver one: better one call too many.
            Some(other) => {
                found.say(
                    "code",
                    code::UNKNOWN_CODE,
                    format!("soort stop {other:?} is onbekend; getoond als stop"),
                );
                StopLevel::Stop
            }
            // Another use of Flag, by somebody else.
            None => return Ok(Fact::Other),
        };
        let Some(place) = r.subject.as_ref().and_then(|s| s.id("Location")) else {
            return Err(("subject", "een stop zonder locatie".to_owned()));
        };
        let service = code_in(codes, self.profile.system("stop-dienst")).and_then(|c| c.code.as_deref());
        if service.is_none() {
            found.say("code", code::MISSING, "een stop zonder dienst; gelezen als SEH");
        }
        let active = match r.status.as_deref() {
            Some("active") => true,
            Some("inactive" | "entered-in-error") => false,
            other => {
                found.say(
                    "status",
                    code::UNKNOWN_CODE,
                    format!("status {other:?}; getoond als geldend"),
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

pub(super) fn opening_hours(r: &Resource, found: &mut Findings) -> OpeningHours {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut spans = vec![];
    for (i, a) in r.available_time.iter().enumerate() {
        let weekdays: Vec<i8> = (1i8..)
            .zip(DAYS)
            .filter(|(_, d)| a.days_of_week.iter().any(|x| x == d))
            .map(|(n, _)| n)
            .collect();
        let time = |text: Option<&String>| text.and_then(|t| t.parse::<civil::Time>().ok());
        match (
            a.all_day,
            time(a.available_start_time.as_ref()),
            time(a.available_end_time.as_ref()),
        ) {
            (Some(true), ..) => spans.push(OpenSpan {
                weekdays,
                from: civil::Time::midnight(),
                until: civil::Time::midnight(),
            }),
            (_, Some(from), Some(until)) => spans.push(OpenSpan { weekdays, from, until }),
            _ => found.say(
                &format!("availableTime[{i}]"),
                code::MISSING,
                "openingstijd zonder begin of einde",
            ),
        }
    }
    OpeningHours { spans }
}
