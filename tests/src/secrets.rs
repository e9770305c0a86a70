//! Looks for a secret in files, in whatever form a program may have written it. What was compressed or encrypted is not
//! found: nothing of ours compresses what it keeps.

use aho_corasick::AhoCorasick;
use base64::{Engine as _, engine::general_purpose};
use std::{fs, path::Path};

/// A form, and how a text looks in it.
type Form = (String, Vec<u8>);

/// Every form in which a text may stand among other bytes.
fn forms(text: &str) -> Vec<Form> {
    let bytes = text.as_bytes();
    let quoted = serde_json::to_string(text).unwrap();
    let quoted = quoted[1..quoted.len() - 1].to_owned();
    let percent = |unescaped: &str, upper: bool| {
        let one = |b: &u8| match (b.is_ascii_alphanumeric() || unescaped.as_bytes().contains(b), upper) {
            (true, _) => char::from(*b).to_string(),
            (false, true) => format!("%{b:02X}"),
            (false, false) => format!("%{b:02x}"),
        };
        bytes.iter().map(one).collect::<String>()
    };
    let form: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let mut forms: Vec<Form> = [
        ("itself", text.to_owned()),
        ("JSON", quoted.clone()),
        ("JSON with slashes escaped", quoted.replace('/', "\\/")),
        ("JSON in JSON", quoted.replace('\\', "\\\\").replace('"', "\\\"")),
        ("a form", form),
        ("an address", percent("-._~", true)),
        ("an address in small letters", percent("-._~", false)),
        ("an address that escapes little", percent("-._~!$&'()*+,;=:@/?", true)),
        ("hexadecimal", bytes.iter().map(|b| format!("{b:02x}")).collect()),
        (
            "hexadecimal in capitals",
            bytes.iter().map(|b| format!("{b:02X}")).collect(),
        ),
        ("XML", text.replace('&', "&amp;").replace('"', "&quot;")),
    ]
    .map(|(name, form)| (name.to_owned(), form.into_bytes()))
    .into();
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    forms.push(("UTF-16".to_owned(), wide(u16::to_le_bytes)));
    forms.push(("UTF-16, big end first".to_owned(), wide(u16::to_be_bytes)));
    for (name, engine) in [
        ("base64", general_purpose::STANDARD_NO_PAD),
        ("base64 for addresses", general_purpose::URL_SAFE_NO_PAD),
    ] {
        // Three bytes are four letters: what stands before it, such as a user's name, shifts it. The letters at the ends
        // are made of its neighbours too, and left off.
        for before in 0..3 {
            let encoded = engine.encode([vec![0; before], bytes.to_vec()].concat());
            let whole = (before + bytes.len()) / 3 * 4;
            let begin = [0, 2, 3][before];
            forms.push((
                format!("{name}, {before} bytes in"),
                encoded.as_bytes()[begin..whole].to_vec(),
            ));
        }
    }
    forms
}

/// Where in a folder one of these secrets stands, and how; nothing where nobody wrote one.
pub fn written_in(folder: &Path, secrets: &[String]) -> Vec<String> {
    let known: Vec<(usize, Form)> = (0..)
        .zip(secrets)
        .flat_map(|(n, secret)| {
            assert!(
                secret.len() >= 12,
                "{secret:?} is so short that it would be found by chance"
            );
            forms(secret).into_iter().map(move |form| (n, form))
        })
        .collect();
    let search = AhoCorasick::new(known.iter().map(|(_, (_, bytes))| bytes)).unwrap();
    let mut found = vec![];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                let bytes = fs::read(entry.path()).unwrap_or_default();
                for hit in search.find_overlapping_iter(&bytes) {
                    let (n, (form, _)) = &known[hit.pattern().as_usize()];
                    found.push(format!("{} holds secret {n} as {form}", entry.path().display()));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Zw@luw/27+sto&l~\"ei\"";

    #[test]
    fn a_secret_is_found_in_whatever_form_it_was_written() {
        let basic = |user: &str| general_purpose::STANDARD.encode(format!("{user}:{SECRET}@region.example"));
        for (what, written) in [
            ("itself", format!("password={SECRET}\n").into_bytes()),
            ("in a header", basic("isala").into_bytes()),
            ("in a header, a letter on", basic("isalas").into_bytes()),
            ("in a header, two letters on", basic("isalas1").into_bytes()),
            (
                "in JSON",
                serde_json::json!({ "secret": SECRET }).to_string().into_bytes(),
            ),
            (
                "in JSON in JSON",
                serde_json::json!(serde_json::json!({ "secret": SECRET }).to_string())
                    .to_string()
                    .into_bytes(),
            ),
            (
                "in an address",
                url::Url::parse_with_params("http://a/", [("p", SECRET)])
                    .unwrap()
                    .to_string()
                    .into_bytes(),
            ),
            (
                "in hexadecimal",
                SECRET
                    .bytes()
                    .map(|b| format!("{b:02x}"))
                    .collect::<String>()
                    .into_bytes(),
            ),
            (
                "in two bytes a letter",
                SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            ),
        ] {
            let dir = tempfile::tempdir().unwrap();
            fs::create_dir(dir.path().join("log")).unwrap();
            let padded = [b"before ".to_vec(), written, b" after".to_vec()].concat();
            fs::write(dir.path().join("log/today"), padded).unwrap();
            assert!(!written_in(dir.path(), &[SECRET.to_owned()]).is_empty(), "{what}");
        }
    }

    #[test]
    fn where_no_secret_was_written_none_is_found() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("data"), "Zwaluw/27 stoel, refresh_token, isala").unwrap();
        assert_eq!(written_in(dir.path(), &[SECRET.to_owned()]), Vec::<String>::new());
    }
}
