//! The program on a machine without a screen: it says what is missing, and does not panic.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::program;
use std::process::Command;

/// What the program says where no display can be reached, and how it ends.
fn started(display: Option<&str>) -> (Option<i32>, String) {
    let data = tempfile::tempdir().unwrap();
    let mut program = Command::new(program("beddenwacht"));
    program.arg("--data-dir").arg(data.path());
    program.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    if let Some(display) = display {
        program.env("DISPLAY", display);
    }
    let ended = program.output().unwrap();
    (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[test]
fn without_a_display_the_program_says_in_one_sentence_what_is_missing() {
    let (code, said) = started(None);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("there is no display") && said.contains("bedden"),
        "{said}"
    );
}

#[test]
fn a_display_that_is_named_and_does_not_answer_is_said_like_one_that_is_missing() {
    let (code, said) = started(Some(":4242"));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("there is no display") && !said.contains("panicked"),
        "{said}"
    );
}
