#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::read(|reader, mapping| reader.csv(&feed::csv::decode(bytes), mapping).ok());
});
