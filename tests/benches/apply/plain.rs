//! Resources as whoever wants the same fields of them would write them down first.
#![expect(dead_code, reason = "parsed, not looked at")]

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Bundle {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Resource,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Resource {
    resource_type: String,
    id: Option<String>,
    meta: Meta,
    identifier: Vec<Coding>,
    extension: Vec<Extension>,
    status: Option<String>,
    name: Option<String>,
    alias: Vec<String>,
    r#type: Option<Value>,
    physical_type: Option<Concept>,
    operational_status: Option<Coding>,
    part_of: Option<Reference>,
    managing_organization: Option<Reference>,
    provided_by: Option<Reference>,
    organization: Option<Reference>,
    subject: Option<Reference>,
    location: Vec<Reference>,
    position: Option<Value>,
    telecom: Vec<Coding>,
    code: Option<Value>,
    period: Option<Period>,
    value_quantity: Option<Quantity>,
    component: Vec<Component>,
    effective_date_time: Option<String>,
    date: Option<String>,
    group: Vec<Value>,
    available_time: Vec<Value>,
    not_available: Vec<Value>,
    actor: Vec<Reference>,
    schedule: Option<Reference>,
    start: Option<String>,
    end: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta {
    version_id: Option<String>,
    last_updated: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Extension {
    url: String,
    extension: Vec<Extension>,
    value_code: Option<String>,
    value_coding: Option<Coding>,
    value_date_time: Option<String>,
    value_period: Option<Period>,
    value_unsigned_int: Option<u32>,
    value_codeable_concept: Option<Concept>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Coding {
    r#use: Option<String>,
    system: Option<String>,
    code: Option<String>,
    value: Option<String>,
    display: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Concept {
    coding: Vec<Coding>,
    text: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reference {
    reference: Option<String>,
    display: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Period {
    start: Option<String>,
    end: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Quantity {
    value: Option<f64>,
    code: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Component {
    code: Concept,
    value_quantity: Option<Quantity>,
}
