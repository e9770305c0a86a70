//! Makes `Text` of the catalogue: a sentence that is not there, or is not filled in, does not compile.

#[path = "src/text/sentences.rs"]
mod sentences;

use sentences::{Sentence, sentences};
use std::{env, error::Error, fs, path::Path};

const CATALOGUE: &str = "../../../assets/text/nl.ftl";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CATALOGUE}");
    println!("cargo::rerun-if-changed=src/text/sentences.rs");
    let found = sentences(&fs::read_to_string(CATALOGUE)?).map_err(|why| format!("{CATALOGUE}: {why}"))?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("texts.rs"), keys(&found))?;
    Ok(())
}

/// "bed-free" is `BedFree`.
fn variant(id: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    };
    id.split('-').map(capital).collect()
}

/// The variants of `Text`, and what each is called in the catalogue.
fn keys(sentences: &[(String, Sentence)]) -> String {
    let mut out = String::from(
        "/// Every sentence of the catalogue, with what has to be filled in.\n#[derive(Clone, Debug)]\npub enum Text<'a> {\n",
    );
    for (id, sentence) in sentences {
        let fields: Vec<String> = sentence.needs.iter().map(|n| format!("{n}: Value<'a>")).collect();
        out += &match fields.len() {
            0 => format!("    {},\n", variant(id)),
            _ => format!("    {} {{ {} }},\n", variant(id), fields.join(", ")),
        };
    }
    out += "}\n\nimpl<'a> Text<'a> {\n    /// Its id in the catalogue, and what is filled in.\n    pub(super) fn parts(self) \
            -> (&'static str, Vec<(&'static str, Value<'a>)>) {\n        match self {\n";
    for (id, sentence) in sentences {
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
