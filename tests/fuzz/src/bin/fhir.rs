#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::read(|reader, _| reader.json(text).ok()));
