//! What is filled in in a sentence.

/// Text, or a number that chooses the plural. Times are finished text, since Fluent knows none here.
pub type Value<'a> = fluent_bundle::FluentValue<'a>;
