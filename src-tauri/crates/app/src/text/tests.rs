//! The catalogue of texts is whole in both languages, and Rust's list of it is what stands there.

use super::Language;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

/// What a sentence needs and refers to, and which plurals it has.
#[derive(Default)]
struct Sentence {
    needs: BTreeSet<String>,
    refers: BTreeSet<String>,
    terms: BTreeSet<String>,
    /// The variants of each choice.
    choices: Vec<BTreeSet<String>>,
}

impl Sentence {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                let keys = variants.iter().map(|v| match v.key {
                    VariantKey::Identifier { name } => name.to_owned(),
                    VariantKey::NumberLiteral { value } => value.to_owned(),
                });
                self.choices.push(keys.collect());
                variants.iter().for_each(|v| self.pattern(&v.value));
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => drop(self.needs.insert(id.name.to_owned())),
            InlineExpression::MessageReference { id, .. } => drop(self.refers.insert(id.name.to_owned())),
            InlineExpression::TermReference { id, arguments, .. } => {
                self.terms.insert(id.name.to_owned());
                if let Some(CallArguments { positional, .. }) = arguments {
                    positional.iter().for_each(|p| self.inline(p));
                }
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            InlineExpression::FunctionReference { arguments, .. } => {
                arguments.positional.iter().for_each(|p| self.inline(p));
            }
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        }
    }
}

/// The sentences of a language in their order, each with all that it needs, also through what it refers to.
fn sentences(language: Language) -> Vec<(String, Sentence)> {
    let read = fluent_syntax::parser::parse(language.source()).unwrap();
    let mut terms = BTreeSet::new();
    let mut found: Vec<(String, Sentence)> = vec![];
    for entry in &read.body {
        match entry {
            Entry::Message(message) => {
                let mut sentence = Sentence::default();
                sentence.pattern(message.value.as_ref().unwrap());
                let id = message.id.name.to_owned();
                assert!(!found.iter().any(|(known, _)| *known == id), "{id} stands there twice");
                found.push((id, sentence));
            }
            Entry::Term(term) => drop(terms.insert(term.id.name.to_owned())),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Junk { content } => panic!("{language:?}: not understood: {content}"),
        }
    }
    for (id, sentence) in &found {
        assert!(
            sentence.terms.is_subset(&terms),
            "{language:?}: {id} uses a term that is not there"
        );
    }
    let own: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = found
        .iter()
        .map(|(id, s)| (id.clone(), (s.needs.clone(), s.refers.clone())))
        .collect();
    for (_, sentence) in &mut found {
        let mut to_follow: Vec<String> = sentence.refers.iter().cloned().collect();
        while let Some(next) = to_follow.pop() {
            let (needs, refers) = own.get(&next).unwrap();
            sentence.needs.extend(needs.iter().cloned());
            to_follow.extend(refers.iter().cloned());
        }
    }
    found
}

/// "bed-free" is `BedFree`.
fn variant(id: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    id.split('-').map(capital).collect()
}

fn keys() -> String {
    let sentences = sentences(Language::Dutch);
    let mut out = String::from(
        "//! Written by `cargo xtask bindings` from assets/text/nl.ftl. Do not edit.\n\nuse super::Value;\n\n/// Every \
         sentence, with what has to be filled in.\n#[derive(Clone, Debug)]\npub enum Text<'a> {\n",
    );
    for (id, sentence) in &sentences {
        let fields: Vec<String> = sentence.needs.iter().map(|n| format!("{n}: Value<'a>")).collect();
        out += &match fields.len() {
            0 => format!("    {},\n", variant(id)),
            _ => format!("    {} {{ {} }},\n", variant(id), fields.join(", ")),
        };
    }
    out += "}\n\nimpl<'a> Text<'a> {\n    /// Its id in the catalogue, and what is filled in.\n    pub(super) fn parts(self) \
            -> (&'static str, Vec<(&'static str, Value<'a>)>) {\n        match self {\n";
    for (id, sentence) in &sentences {
        let needs: Vec<&str> = sentence.needs.iter().map(String::as_str).collect();
        let values: Vec<String> = needs.iter().map(|n| format!("(\"{n}\", {n})")).collect();
        out += &match needs.len() {
            0 => format!("            Text::{} => (\"{id}\", vec![]),\n", variant(id)),
            _ => format!(
                "            Text::{} {{ {} }} => (\"{id}\", vec![{}]),\n",
                variant(id),
                needs.join(", "),
                values.join(", ")
            ),
        };
    }
    out + "        }\n    }\n}\n"
}

#[test]
fn a_sentence_that_is_not_in_the_catalogue_does_not_compile() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/keys.rs");
    let wanted = keys();
    if env::var_os("BEDDENWACHT_WRITE_BINDINGS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "src/text/keys.rs is behind: run `cargo xtask bindings` and commit it"
    );
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
