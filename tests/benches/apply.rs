//! First load and delta against their floors, measured in the same run.
fn main() {}
