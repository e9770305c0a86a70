//! Reads the catalogue of texts, for the build script that makes [`Text`](super::Text) of it and for the tests.

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use std::collections::{BTreeMap, BTreeSet};

/// What a sentence needs and refers to, and which plurals it has.
#[derive(Default)]
pub struct Sentence {
    /// The names of what is filled in.
    pub needs: BTreeSet<String>,
    refers: BTreeSet<String>,
    terms: BTreeSet<String>,
    /// The variants of each choice.
    pub choices: Vec<BTreeSet<String>>,
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
///
/// # Errors
/// What is wrong with the catalogue, for whoever writes it.
pub fn sentences(catalogue: &str) -> Result<Vec<(String, Sentence)>, String> {
    let read = fluent_syntax::parser::parse(catalogue).map_err(|(_, errors)| format!("not understood: {errors:?}"))?;
    let mut terms = BTreeSet::new();
    let mut found: Vec<(String, Sentence)> = vec![];
    for entry in &read.body {
        match entry {
            Entry::Message(message) => {
                let mut sentence = Sentence::default();
                let id = message.id.name.to_owned();
                let value = message.value.as_ref().ok_or_else(|| format!("{id} says nothing"))?;
                sentence.pattern(value);
                if found.iter().any(|(known, _)| *known == id) {
                    return Err(format!("{id} stands there twice"));
                }
                found.push((id, sentence));
            }
            Entry::Term(term) => drop(terms.insert(term.id.name.to_owned())),
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
            Entry::Junk { content } => return Err(format!("not understood: {content}")),
        }
    }
    for (id, sentence) in &found {
        if !sentence.terms.is_subset(&terms) {
            return Err(format!("{id} uses a term that is not there"));
        }
    }
    let own: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = found
        .iter()
        .map(|(id, s)| (id.clone(), (s.needs.clone(), s.refers.clone())))
        .collect();
    for (_, sentence) in &mut found {
        let mut to_follow: Vec<String> = sentence.refers.iter().cloned().collect();
        while let Some(next) = to_follow.pop() {
            let (needs, refers) = own.get(&next).ok_or_else(|| format!("there is no {next}"))?;
            sentence.needs.extend(needs.iter().cloned());
            to_follow.extend(refers.iter().cloned());
        }
    }
    Ok(found)
}
