//! The dozen FHIR R4 shapes that we read, everything optional (wire-format.md 6): absent is unknown.

use domain::ids::within;
use serde::{
    Deserialize, Deserializer,
    de::{
        IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use std::{fmt, marker::PhantomData};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Resource {
    pub resource_type: String,
    pub id: Option<String>,
    pub meta: Meta,
    pub identifier: OneOrMany<Identifier>,
    pub extension: Vec<Extension>,
    pub status: Option<String>,
    #[serde(deserialize_with = "text_alone")]
    pub name: Option<String>,
    pub alias: Vec<String>,
    pub r#type: OneOrMany<CodeableConcept>,
    pub physical_type: Option<CodeableConcept>,
    pub operational_status: Option<Coding>,
    pub part_of: Option<Reference>,
    pub managing_organization: Option<Reference>,
    pub position: Option<Position>,
    pub telecom: Vec<Telecom>,
    pub code: OneOrMany<CodeableConcept>,
    pub subject: Option<Reference>,
    pub period: Option<Period>,
    // HealthcareService, PractitionerRole
    pub provided_by: Option<Reference>,
    pub location: Vec<Reference>,
    pub available_time: Vec<AvailableTime>,
    pub not_available: Vec<NotAvailable>,
    // Observation
    pub value_quantity: Option<Quantity>,
    pub component: Vec<Component>,
    pub effective_date_time: Option<String>,
    pub effective_period: Option<Period>,
    pub issued: Option<String>,
    // MeasureReport
    pub date: Option<String>,
    pub group: Vec<Group>,
    // Basic
    pub created: Option<String>,
    pub author: Option<Reference>,
    // Schedule, Slot
    pub actor: Vec<Reference>,
    pub schedule: Option<Reference>,
    pub start: Option<String>,
    pub end: Option<String>,
    // HealthcareService, PractitionerRole, Schedule
    pub active: Option<bool>,
    pub organization: Option<Reference>,
}

impl Resource {
    /// Makes every id one of a source of several.
    pub fn within(&mut self, source: &str) {
        if source.is_empty() {
            return;
        }
        let one = [
            &mut self.part_of,
            &mut self.managing_organization,
            &mut self.subject,
            &mut self.provided_by,
            &mut self.schedule,
            &mut self.organization,
        ];
        let one = one.into_iter().flatten();
        for reference in one.chain(&mut self.location).chain(&mut self.actor) {
            if let Some((kind, id)) = reference.reference.as_deref().and_then(split_reference) {
                reference.reference = Some(format!("{kind}/{}", within(source, id)));
            }
        }
        self.id = self
            .id
            .as_deref()
            .filter(|id| !id.is_empty())
            .map(|id| within(source, id));
    }
}

/// Address with type, and logical id, whether the reference is relative, absolute or versioned.
fn split_reference(text: &str) -> Option<(&str, &str)> {
    text.split("/_history/").next()?.rsplit_once('/')
}

/// What every resource has, for those of which we read no more.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Envelope {
    pub resource_type: String,
    pub id: Option<String>,
    pub meta: Meta,
}

impl From<Envelope> for Resource {
    fn from(e: Envelope) -> Self {
        Self {
            resource_type: e.resource_type,
            id: e.id,
            meta: e.meta,
            ..Self::default()
        }
    }
}

/// FHIR repeats some elements in one type and not in another.
#[derive(Debug)]
pub enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
    /// A plain code, as in `MeasureReport.type`; none of ours.
    Text,
}

/// By what comes first: an untagged enum would keep a copy of all of it, to try one form after the other.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ByForm<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ByForm<T> {
            type Value = OneOrMany<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an element, a list of elements or a code")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrMany::Many)
            }

            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(OneOrMany::Text)
            }
        }

        from.deserialize_any(ByForm(PhantomData))
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        OneOrMany::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    pub fn as_slice(&self) -> &[T] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
            OneOrMany::Text => &[],
        }
    }
}

/// A text; nothing where another type has something else under that name, as a person's name in parts.
fn text_alone<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Text(String),
        Other(IgnoredAny),
    }
    Ok(match Form::deserialize(from)? {
        Form::Text(text) => Some(text),
        Form::Other(_) => None,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    pub version_id: Option<String>,
    pub last_updated: Option<String>,
    pub security: Vec<Coding>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Identifier {
    pub r#use: Option<String>,
    pub system: Option<String>,
    pub value: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Extension {
    pub url: String,
    pub extension: Vec<Extension>,
    pub value_code: Option<String>,
    pub value_coding: Option<Coding>,
    pub value_date_time: Option<String>,
    pub value_period: Option<Period>,
    pub value_unsigned_int: Option<u32>,
    pub value_codeable_concept: Option<CodeableConcept>,
    pub value_string: Option<String>,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
    pub display: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeableConcept {
    pub coding: Vec<Coding>,
    pub text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reference {
    pub reference: Option<String>,
    pub display: Option<String>,
}

impl Reference {
    /// The logical id, whether the reference is relative, absolute or versioned. References inside a Bundle by its own
    /// names (`urn:uuid:…`) are resolved before.
    pub fn id(&self, kind: &str) -> Option<&str> {
        let (rest, id) = split_reference(self.reference.as_deref()?)?;
        (rest == kind || rest.ends_with(&format!("/{kind}"))).then_some(id)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Position {
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Telecom {
    pub system: Option<String>,
    pub value: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Period {
    pub start: Option<String>,
    pub end: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AvailableTime {
    pub days_of_week: Vec<String>,
    pub all_day: Option<bool>,
    pub available_start_time: Option<String>,
    pub available_end_time: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NotAvailable {
    pub description: Option<String>,
    pub during: Option<Period>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Quantity {
    pub value: Option<f64>,
    pub unit: Option<String>,
    pub code: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Component {
    pub code: CodeableConcept,
    pub value_quantity: Option<Quantity>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Group {
    pub code: CodeableConcept,
    pub population: Vec<Population>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Population {
    pub count: Option<i64>,
}

/// The first code of a concept in a system; any system where `system` is empty.
pub fn code_in<'a>(concepts: impl IntoIterator<Item = &'a CodeableConcept>, system: &str) -> Option<&'a Coding> {
    concepts
        .into_iter()
        .flat_map(|c| &c.coding)
        .find(|c| c.code.is_some() && (system.is_empty() || c.system.as_deref() == Some(system)))
}

/// A part of a complex extension.
pub fn part<'a>(extension: &'a Extension, url: &str) -> Option<&'a Extension> {
    extension.extension.iter().find(|e| e.url == url)
}
