//! A step whose output is kept beside being shown.

use crate::Failed;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

/// As `crate::step`; what the program prints, but for its errors, is written to a file too, line by line as it comes.
pub fn step(directory: &Path, program: &str, arguments: &[&str], into: &Path) -> Result<(), Failed> {
    eprintln!("\n▸ {program} {}", arguments.join(" "));
    let said = |error: io::Error| format!("{program}: {error}");
    if let Some(folder) = into.parent() {
        fs::create_dir_all(folder).map_err(said)?;
    }
    let mut file = File::create(into).map_err(said)?;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(said)?;
    if let Some(printed) = child.stdout.take() {
        copy_lines(printed, &mut file).map_err(said)?;
    }
    let status = child.wait().map_err(said)?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{program} {}: {status}", arguments.join(" "))),
    }
}

/// Bytes, since a test may print what is no text.
fn copy_lines(from: impl io::Read, file: &mut File) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = vec![];
    while from.read_until(b'\n', &mut line)? > 0 {
        file.write_all(&line)?;
        // A reader that went away must not end the run.
        let _ = io::stdout().write_all(&line);
        line.clear();
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_a_failing_program_printed_is_kept_and_its_failure_told() {
        let dir = tempfile::tempdir().unwrap();
        let into = dir.path().join("kept/printed.log");
        let failed = step(
            Path::new("/"),
            "sh",
            &["-c", "echo one; printf '\\377\\n'; exit 3"],
            &into,
        );
        assert!(failed.unwrap_err().ends_with("exit status: 3"));
        assert_eq!(fs::read(&into).unwrap(), b"one\n\xff\n");
    }
}
