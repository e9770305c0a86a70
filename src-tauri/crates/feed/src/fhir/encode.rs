//! Facts back into FHIR R4, for what a person writes and for the simulated region. Each resource is written in the file
//! that reads it; here is the one list of them, and what they share.

use super::{
    basic_acknowledgement, basic_confirmation, basic_label, flag, healthcare_service, location, measure_report,
    observation, organization, practitioner_role, profile::Profile, schedule_slot,
};
use domain::{place::Period, region::Fact};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A time as FHIR writes it, with the Dutch offset, so that people can read it at the other end too.
pub fn date_time(at: Timestamp) -> String {
    at.to_zoned(domain::service_day::dutch_zone())
        .strftime("%Y-%m-%dT%H:%M:%S%.f%:z")
        .to_string()
}

/// The resource of a fact, without its `meta`; `None` for facts that have no resource of ours.
pub fn fact(id: &str, fact: &Fact, profile: &Profile) -> Option<Value> {
    let mut value = match fact {
        Fact::Organization(o) => organization::organization(o),
        Fact::Place(p) => location::place(p, profile),
        Fact::StopPoint(s) => healthcare_service::stop_point(s, profile),
        Fact::Stop(s) => flag::stop(s, profile),
        Fact::Measurement(m) => observation::measurement(m, profile),
        Fact::Process(p) => observation::process(p, profile),
        Fact::Report(r) => measure_report::encode(r),
        Fact::Contact(c) => practitioner_role::contact(c, profile),
        Fact::Calendar(c) => schedule_slot::calendar(c),
        Fact::Slot(s) => schedule_slot::slot(s),
        Fact::Label(l) => basic_label::label(l, profile),
        Fact::Acknowledgement(a) => basic_acknowledgement::acknowledgement(a, profile),
        Fact::Confirmation(c) => basic_confirmation::encode(c, profile),
        Fact::Other => return None,
    };
    if let Value::Object(map) = &mut value {
        map.insert("id".to_owned(), json!(id));
        map.retain(|_, v| !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()));
    }
    Some(value)
}

pub(super) fn reference(kind: &str, id: &str) -> Value {
    json!({ "reference": format!("{kind}/{id}") })
}

pub(super) fn telecom(phone: Option<&String>) -> Value {
    phone.map_or(Value::Null, |p| json!([{ "system": "phone", "value": p }]))
}

pub(super) fn period(p: &Period) -> Value {
    let mut map = Map::new();
    if let Some(start) = p.start {
        map.insert("start".to_owned(), json!(date_time(start)));
    }
    if let Some(end) = p.end {
        map.insert("end".to_owned(), json!(date_time(end)));
    }
    Value::Object(map)
}
