#![no_main]

/// A mapping, an empty line, and a file that is read through it.
fn split(text: &str) -> (&str, &str) {
    text.split_once("\n\n").unwrap_or((text, ""))
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (mapping, file) = split(text);
    if let Ok(mapping) = feed::Mapping::parse(mapping) {
        fuzz::read(|reader, _| reader.csv(file, &mapping).ok());
    }
});
