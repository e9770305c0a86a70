//! The catalogue of texts is whole in both languages.

use super::{
    Language,
    sentences::{self, Sentence},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

fn sentences(language: Language) -> Vec<(String, Sentence)> {
    sentences::sentences(language.source()).unwrap()
}

#[test]
fn english_has_every_sentence_that_dutch_has_with_the_same_to_fill_in() {
    let of = |language| -> BTreeMap<String, BTreeSet<String>> {
        sentences(language).into_iter().map(|(id, s)| (id, s.needs)).collect()
    };
    let (dutch, english) = (of(Language::Dutch), of(Language::English));
    for (id, needs) in &dutch {
        let other = english
            .get(id)
            .unwrap_or_else(|| panic!("{id} is not there in English"));
        assert_eq!(needs, other, "{id} is filled in otherwise in English");
    }
    for id in english.keys() {
        assert!(dutch.contains_key(id), "{id} is there in English only");
    }
}

#[test]
fn a_sentence_that_knows_one_knows_many() {
    for language in Language::ALL {
        for (id, sentence) in sentences(language) {
            for choice in sentence.choices.iter().filter(|c| c.contains("one")) {
                assert!(choice.contains("other"), "{language:?}: {id} has no plural");
            }
        }
    }
}

#[test]
fn no_sentence_is_written_in_the_code_itself() {
    const DUTCH: [&str; 8] = [
        " niet ", " een ", " het ", " van ", " sinds ", " geen ", " wordt ", " bij ",
    ];
    for (path, text) in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
            // The names of columns are codes.
            for literal in line.split('"').skip(1).step_by(2).filter(|l| l.contains(' ')) {
                let dutch = DUTCH.iter().any(|word| format!(" {literal} ").contains(word));
                assert!(!dutch, "{path}: {literal:?} belongs into assets/text");
            }
        }
    }
}

/// The files of a folder, but for the ones that are tests.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.file_name().is_some_and(|n| n != "tests.rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}
