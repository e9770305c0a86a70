//! Code lists from outside: ours as JSON, or a FHIR `CodeSystem`; kept in the data folder, no build needed.

use crate::{AppError, ErrorCode, desk::Paths};
use domain::{
    codelist::{CodeList, CodeLists, Element},
    label::LabelKind,
};
use jiff::civil::Date;
use serde::Deserialize;
use std::{fs, path::Path};

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

/// Reads a list from a file and keeps it in the data folder, where the next start finds it. `kind` says which
/// classification a `CodeSystem` is for, where its address is none that is known.
///
/// # Errors
/// [`ErrorCode::Unreadable`] with file and place when it is neither of the two; then nothing changed.
pub fn import(paths: &Paths, file: &Path, kind: Option<&str>, known: &CodeLists) -> Result<CodeList, AppError> {
    let kind = kind
        .map(|k| LabelKind::from_code(k).ok_or_else(|| AppError::invalid(format!("{k:?} is no classification"))))
        .transpose()?;
    let unreadable = |why: String| AppError::new(ErrorCode::Unreadable, format!("{}: {why}", file.display()));
    let text = fs::read_to_string(file).map_err(|e| unreadable(e.to_string()))?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| unreadable(e.to_string()))?;
    let list = if value.get("resourceType").is_some() {
        let system: CodeSystem = serde_json::from_value(value).map_err(|e| unreadable(e.to_string()))?;
        from_code_system(system, kind, known).map_err(unreadable)?
    } else {
        serde_json::from_value(value).map_err(|e| unreadable(e.to_string()))?
    };
    if list.elements.is_empty() {
        return Err(unreadable("the list has no elements".to_owned()));
    }
    let io = |e: std::io::Error| AppError::new(ErrorCode::Storage, e.to_string());
    let dir = paths.dir.join("code-lists");
    fs::create_dir_all(&dir).map_err(io)?;
    fs::write(
        dir.join(format!("{}.json", list.kind.code())),
        serde_json::to_string_pretty(&list)?,
    )
    .map_err(io)?;
    Ok(list)
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
