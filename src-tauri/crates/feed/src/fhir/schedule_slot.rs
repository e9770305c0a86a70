//! `Schedule` and `Slot`: a bed's reservations as R4 knows them.

use super::{
    encode::{date_time, reference},
    reader::{Findings, Reader},
    wire::Resource,
};
use crate::data_quality::IssueCode;
use domain::{
    calendar::{Calendar, Slot},
    place::Period,
    region::Fact,
};
use serde_json::{Value, json};

impl Reader<'_> {
    /// A bed's reservation as R4 knows it. Anything but free keeps the bed from being offered.
    pub(super) fn slot(&self, r: &Resource, found: &mut Findings) -> Result<Fact, (&'static str, String)> {
        let Some(schedule) = r.schedule.as_ref().and_then(|s| s.id("Schedule")) else {
            return Err(("schedule", "een reservering zonder agenda".to_owned()));
        };
        let held = match r.status.as_deref() {
            Some("free") => false,
            Some("busy" | "busy-tentative" | "busy-unavailable") => true,
            other => {
                found.say(
                    "status",
                    IssueCode::UnknownCode,
                    format!("status {other:?}; gelezen als bezet"),
                );
                true
            }
        };
        Ok(Fact::Slot(Slot {
            calendar: schedule.to_owned(),
            held,
            period: Period {
                start: found.any_time("start", r.start.as_deref()),
                end: found.any_time("end", r.end.as_deref()),
            },
        }))
    }
}

pub(super) fn calendar(c: &Calendar) -> Value {
    let actors: Vec<Value> = c.beds.iter().map(|b| reference("Location", b.as_str())).collect();
    json!({ "resourceType": "Schedule", "active": true, "actor": actors })
}

pub(super) fn slot(s: &Slot) -> Value {
    json!({
        "resourceType": "Slot",
        "schedule": reference("Schedule", &s.calendar),
        "status": if s.held { "busy-tentative" } else { "free" },
        "start": s.period.start.map(date_time),
        "end": s.period.end.map(date_time),
    })
}
