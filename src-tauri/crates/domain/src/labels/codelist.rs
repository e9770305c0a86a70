//! Code lists as data: what an element is called, in which order, how specialised it is, and when it counts.

use crate::{ids::ElementCode, label::LabelKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A versioned list of the elements of one classification; shipped in `assets/`, replaceable without a build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Element {
    pub code: ElementCode,
    pub display: String,
    /// Two to four letters for a bed's cell.
    pub short: String,
    /// How specialised it is, 1 the most; its place in the list where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// The first day on which it may be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The first day on which it may no longer be given; it stays readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
}

impl Element {
    /// Whether it may be given on a day.
    pub fn valid_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day < to)
    }
}

impl CodeList {
    /// Takes the place of an older list: what that had and this has not stays readable, but is given no more.
    #[must_use]
    pub fn succeeding(mut self, older: &CodeList, today: Date) -> CodeList {
        let gone = older
            .elements
            .iter()
            .filter(|e| !self.elements.iter().any(|n| n.code == e.code));
        let gone: Vec<Element> = gone
            .map(|e| Element {
                valid_to: Some(e.valid_to.map_or(today, |to| to.min(today))),
                ..e.clone()
            })
            .collect();
        self.elements.extend(gone);
        self
    }
}

/// All lists that the application knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CodeLists(pub Vec<CodeList>);

impl CodeLists {
    pub fn list(&self, kind: LabelKind) -> Option<&CodeList> {
        self.0.iter().find(|list| list.kind == kind)
    }

    /// Puts a list in the place of the one of its kind.
    pub fn replace(&mut self, list: CodeList, today: Date) {
        match self.0.iter_mut().find(|old| old.kind == list.kind) {
            Some(old) => *old = list.succeeding(old, today),
            None => self.0.push(list),
        }
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

    /// How specialised an element is, the lower the more; unknown codes come last.
    pub fn rank(&self, kind: LabelKind, code: &ElementCode) -> usize {
        self.element(kind, code)
            .and_then(|e| e.rank)
            .and_then(|rank| usize::try_from(rank).ok())
            .unwrap_or_else(|| self.order(kind, code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_element_that_a_new_list_drops_stays_readable_but_is_given_no_more() {
        let list = |version: &str, codes: &[&str]| CodeList {
            kind: LabelKind::Covidcapaciteit,
            system: "s".into(),
            version: version.into(),
            proposed: false,
            elements: codes
                .iter()
                .map(|code| Element {
                    code: (*code).into(),
                    display: code.to_uppercase(),
                    short: String::new(),
                    rank: None,
                    valid_from: None,
                    valid_to: None,
                })
                .collect(),
        };
        let mut lists = CodeLists(vec![list("1", &["a", "b"])]);
        lists.replace(list("2", &["b", "c"]), date(2026, 11, 22));
        let kind = LabelKind::Covidcapaciteit;
        assert_eq!(lists.list(kind).unwrap().version, "2");
        assert_eq!(lists.display(kind, &"a".into()), "A");
        assert!(!lists.element(kind, &"a".into()).unwrap().valid_on(date(2026, 11, 22)));
        assert!(lists.element(kind, &"c".into()).unwrap().valid_on(date(2026, 11, 22)));
        assert_eq!(lists.display(kind, &"x".into()), "onbekend (x)");
    }
}
