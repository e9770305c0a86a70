//! A file that is there while the desk runs: whoever finds it at the next start knows that the last session did not end by
//! itself.

use jiff::Timestamp;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The file, armed until it is disarmed.
pub struct CrashSentinel {
    path: PathBuf,
}

impl CrashSentinel {
    /// Arms it for this session. The answer is when the last session was last known to run, if it ended unexpectedly.
    pub fn arm(data_dir: &Path, now: Timestamp) -> io::Result<(Self, Option<Timestamp>)> {
        let sentinel = Self {
            path: data_dir.join("running"),
        };
        let ended = sentinel.last_alive();
        sentinel.alive(now)?;
        Ok((sentinel, ended))
    }

    /// Writes down that the desk runs at this moment.
    pub fn alive(&self, now: Timestamp) -> io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        io::Write::write_all(&mut options.open(&self.path)?, now.to_string().as_bytes())
    }

    /// The session ends as it should.
    pub fn disarm(&self) {
        let _ = fs::remove_file(&self.path);
    }

    fn last_alive(&self) -> Option<Timestamp> {
        let written = fs::read_to_string(&self.path).ok()?;
        written.trim().parse().ok().or_else(|| {
            // Torn while it was written: the file system knows when that was.
            let at = fs::metadata(&self.path).ok()?.modified().ok()?;
            Timestamp::try_from(at).ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i8) -> Timestamp {
        format!("2026-11-22T{hour:02}:00:00Z").parse().unwrap()
    }

    #[test]
    fn r_14_a_session_that_is_killed_is_told_at_the_next_start_with_when_it_last_ran() {
        let dir = tempfile::tempdir().unwrap();
        let (killed, before) = CrashSentinel::arm(dir.path(), at(1)).unwrap();
        assert_eq!(before, None, "nothing ran before");
        killed.alive(at(3)).unwrap();
        drop(killed);
        let (_, ended) = CrashSentinel::arm(dir.path(), at(7)).unwrap();
        assert_eq!(ended, Some(at(3)));
    }

    #[test]
    fn r_14_a_session_that_ended_as_it_should_is_not_told_of() {
        let dir = tempfile::tempdir().unwrap();
        CrashSentinel::arm(dir.path(), at(1)).unwrap().0.disarm();
        assert_eq!(CrashSentinel::arm(dir.path(), at(7)).unwrap().1, None);
    }

    #[test]
    fn r_14_a_power_cut_in_the_middle_of_writing_is_still_told() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("running"), "").unwrap();
        assert!(CrashSentinel::arm(dir.path(), at(7)).unwrap().1.is_some());
    }
}
