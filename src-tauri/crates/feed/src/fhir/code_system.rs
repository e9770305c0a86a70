//! `CodeSystem`: a code list as a region publishes it.

use domain::{
    codelist::{CodeList, CodeLists, Element},
    label::LabelKind,
};
use jiff::civil::Date;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeSystem {
    url: String,
    version: Option<String>,
    #[serde(default)]
    experimental: bool,
    #[serde(default)]
    concept: Vec<Concept>,
}

#[derive(Deserialize)]
struct Concept {
    code: String,
    display: Option<String>,
    #[serde(default)]
    property: Vec<Property>,
    #[serde(default)]
    concept: Vec<Concept>,
}

/// A concept's property: `short`, `rank`, and R4's own `deprecationDate`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    code: String,
    value_string: Option<String>,
    value_integer: Option<u32>,
    value_date_time: Option<String>,
}

/// Reads a code list; `None` when the text is JSON but no FHIR resource. `kind` says which classification it is for, where
/// its address is none that is known.
///
/// # Errors
/// When the text is no JSON or no code system, or nobody knows which classification it is for.
pub fn read(text: &str, kind: Option<LabelKind>, known: &CodeLists) -> Result<Option<CodeList>, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    if value.get("resourceType").is_none() {
        return Ok(None);
    }
    let system: CodeSystem = serde_json::from_value(value).map_err(|e| e.to_string())?;
    from_code_system(system, kind, known).map(Some)
}

fn from_code_system(system: CodeSystem, kind: Option<LabelKind>, known: &CodeLists) -> Result<CodeList, String> {
    let by_address = || known.0.iter().find(|l| l.system == system.url).map(|l| l.kind);
    let kind = kind
        .or_else(by_address)
        .ok_or_else(|| format!("{} is the system of no classification: say which one", system.url))?;
    let mut elements = vec![];
    flatten(system.concept, kind, known, &mut elements);
    Ok(CodeList {
        kind,
        system: system.url,
        version: system.version.unwrap_or_else(|| "zonder versie".to_owned()),
        proposed: system.experimental,
        elements,
    })
}

fn flatten(concepts: Vec<Concept>, kind: LabelKind, known: &CodeLists, into: &mut Vec<Element>) {
    for c in concepts {
        let property = |name: &str| c.property.iter().find(|p| p.code == name);
        let display = c.display.unwrap_or_else(|| c.code.clone());
        let short = property("short")
            .and_then(|p| p.value_string.clone())
            .or_else(|| known.element(kind, &c.code.as_str().into()).map(|e| e.short.clone()))
            .unwrap_or_else(|| {
                display
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .take(3)
                    .collect::<String>()
                    .to_uppercase()
            });
        let day = |text: &str| text.get(..10).and_then(|d| d.parse::<Date>().ok());
        into.push(Element {
            rank: property("rank").and_then(|p| p.value_integer),
            valid_from: None,
            valid_to: property("deprecationDate").and_then(|p| day(p.value_date_time.as_deref()?)),
            code: c.code.as_str().into(),
            display,
            short,
        });
        flatten(c.concept, kind, known, into);
    }
}
