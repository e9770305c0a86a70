//! Code lists from outside: ours as JSON, or a FHIR `CodeSystem`; kept in the data folder, no build needed.

use crate::{AppError, ErrorCode, engine::Paths};
use domain::{
    codelist::{CodeList, CodeLists},
    label::LabelKind,
};
use feed::fhir::code_system;
use std::{fs, path::Path};

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
    let list = match code_system::read(&text, kind, known).map_err(unreadable)? {
        Some(list) => list,
        None => serde_json::from_str(&text).map_err(|e| unreadable(e.to_string()))?,
    };
    if list.elements.is_empty() {
        return Err(unreadable("the list has no elements".to_owned()));
    }
    let file = paths.dir.join("code-lists").join(format!("{}.json", list.kind.code()));
    store::write_private(&file, &serde_json::to_string_pretty(&list)?)?;
    Ok(list)
}
