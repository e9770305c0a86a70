//! The one catalogue of sentences (`assets/text`), as Rust speaks from it; the screen reads the same files.
//!
//! ```
//! use app::{say, text::Language};
//!
//! assert_eq!(say!(Language::Dutch, BedsCounted, n = 3), "3 bedden");
//! assert_eq!(say!(Language::English, BedsCounted, n = 1), "1 bed");
//! ```

use super::keys::Text;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// The languages of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    #[default]
    #[serde(rename = "nl")]
    Dutch,
    #[serde(rename = "en")]
    English,
}

/// A sentence that is kept, and read in whichever language is chosen when it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    dutch: String,
    english: String,
}

impl Spoken {
    pub fn of(say: impl Fn(Language) -> String) -> Self {
        Self {
            dutch: say(Language::Dutch),
            english: say(Language::English),
        }
    }

    pub fn said(&self, language: Language) -> String {
        match language {
            Language::Dutch => self.dutch.clone(),
            Language::English => self.english.clone(),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static DUTCH: LazyLock<Bundle> = LazyLock::new(|| bundle("nl", Language::Dutch.source()));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle("en", Language::English.source()));

/// A sentence in a language: `say!(language, Ago, age = age)`. A sentence or an argument that the catalogue does not have
/// does not compile, nor does one that is left out.
#[macro_export]
macro_rules! say {
    ($language:expr, $text:ident $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::Language::say($language, $crate::text::Text::$text { $($name: $crate::text::Value::from($value)),* })
    };
}

impl Language {
    pub const ALL: [Language; 2] = [Language::Dutch, Language::English];

    /// Its catalogue, as it ships.
    pub const fn source(self) -> &'static str {
        match self {
            Language::Dutch => include_str!("../../../../../assets/text/nl.ftl"),
            Language::English => include_str!("../../../../../assets/text/en.ftl"),
        }
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Language::Dutch => &DUTCH,
            Language::English => &ENGLISH,
        }
    }

    /// The sentence in this language; [`say!`] is shorter.
    pub fn say(self, text: Text<'_>) -> String {
        let (id, values) = text.parts();
        let bundle = self.bundle();
        // That every sentence stands in both catalogues is tested; its id is what is left otherwise.
        let Some(pattern) = bundle.get_message(id).as_ref().and_then(FluentMessage::value) else {
            return id.to_owned();
        };
        let values: FluentArgs<'_> = values.into_iter().collect();
        bundle.format_pattern(pattern, Some(&values), &mut vec![]).into_owned()
    }

    /// "78,3", and "78,0".
    pub(crate) fn tenths(self, value: f64) -> String {
        format!("{value:.1}").replace('.', &say!(self, DecimalMark))
    }

    /// "78,3", and "78".
    pub(crate) fn decimal(self, value: f64) -> String {
        let text = format!("{value:.1}");
        text.trim_end_matches(".0").replace('.', &say!(self, DecimalMark))
    }
}

fn bundle(code: &str, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(code.parse().into_iter().collect());
    // Without isolation marks: what is copied, exported or tested must not carry them.
    bundle.set_use_isolating(false);
    // What cannot be read is left out; a test reads both catalogues whole.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(read, _)| read);
    let _ = bundle.add_resource(resource);
    bundle
}
