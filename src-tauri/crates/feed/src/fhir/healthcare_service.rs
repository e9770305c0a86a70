//! `HealthcareService`: what a site has that can be stopped, its hours, and when it is closed.

use super::{
    encode::{period, reference, telecom},
    profile::Profile,
    reader::{Findings, Reader, name_of, phone_of, places},
    wire::{Resource, code_in},
};
use crate::{data_quality::IssueCode, privacy::clean_text, reading::Head};
use domain::{
    place::Period,
    region::Fact,
    service_day::{OpenSpan, OpeningHours},
    stop::{Closure, StopPoint},
};
use jiff::civil;
use serde_json::{Value, json};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

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
}

pub(super) fn opening_hours(r: &Resource, found: &mut Findings) -> OpeningHours {
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
                IssueCode::Missing,
                "openingstijd zonder begin of einde",
            ),
        }
    }
    OpeningHours { spans }
}

pub(super) fn stop_point(s: &StopPoint, profile: &Profile) -> Value {
    let closures: Vec<Value> = s
        .closures
        .iter()
        .map(|c| json!({ "description": c.text, "during": period(&Period { start: c.start, end: c.end }) }))
        .collect();
    json!({
        "resourceType": "HealthcareService",
        "active": true,
        "providedBy": s.organization.as_ref().map(|o| reference("Organization", o.as_str())),
        "type": [{ "coding": [{ "system": profile.system("stop-dienst"), "code": s.service }] }],
        "location": s.places.iter().map(|p| reference("Location", p.as_str())).collect::<Vec<_>>(),
        "name": s.name,
        "telecom": telecom(s.phone.as_ref()),
        "availableTime": available_time(&s.hours),
        "notAvailable": closures,
    })
}

pub(super) fn available_time(hours: &OpeningHours) -> Vec<Value> {
    hours
        .spans
        .iter()
        .map(|span| {
            let days: Vec<&str> = (1i8..).zip(DAYS).filter(|(n, _)| span.weekdays.contains(n)).map(|(_, d)| d).collect();
            let text = |t: civil::Time| t.strftime("%H:%M:%S").to_string();
            if span.from == span.until {
                json!({ "daysOfWeek": days, "allDay": true })
            } else {
                json!({ "daysOfWeek": days, "availableStartTime": text(span.from), "availableEndTime": text(span.until) })
            }
        })
        .collect()
}
