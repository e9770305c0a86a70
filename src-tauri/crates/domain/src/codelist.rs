//! Code lists as data: what an element is called, in which order, and how specialised it is.

use crate::{ids::ElementCode, label::LabelKind};
use serde::{Deserialize, Serialize};

/// A versioned list of the elements of one classification; shipped in `assets/`, replaceable without a build.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodeList {
    pub kind: LabelKind,
    pub system: String,
    pub version: String,
    /// `true` while the list is our proposal and no official one could be read.
    #[serde(default)]
    pub proposed: bool,
    /// In order, for *Specialistisch* from most to least specialised.
    pub elements: Vec<Element>,
}

/// One element.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Element {
    pub code: ElementCode,
    pub display: String,
    /// Two to four letters for a bed's cell.
    pub short: String,
}

/// All lists that the application knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CodeLists(pub Vec<CodeList>);

impl CodeLists {
    pub fn list(&self, kind: LabelKind) -> Option<&CodeList> {
        self.0.iter().find(|list| list.kind == kind)
    }

    pub fn element(&self, kind: LabelKind, code: &ElementCode) -> Option<&Element> {
        self.list(kind)?.elements.iter().find(|e| &e.code == code)
    }

    /// The element's Dutch name; an unknown code shows as itself, so that nothing delivered disappears.
    pub fn display(&self, kind: LabelKind, code: &ElementCode) -> String {
        self.element(kind, code)
            .map_or_else(|| format!("onbekend ({code})"), |e| e.display.clone())
    }

    /// Place in the list; unknown codes come last.
    pub fn order(&self, kind: LabelKind, code: &ElementCode) -> usize {
        self.list(kind)
            .and_then(|l| l.elements.iter().position(|e| &e.code == code))
            .unwrap_or(usize::MAX)
    }
}
