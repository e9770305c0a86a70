//! What the desk makes the outside world do: notifications, sound, the tray, the task bar, the region's own command; and
//! what it asks of it. Each is performed here and decided elsewhere.
//!
//! Whatever is outside may hang: a sound server, a notification server, a program that a region wrote. So every child and
//! every question has a time limit, and none is waited for by whoever holds the desk.

pub(crate) mod attention;
pub(crate) mod do_not_disturb;
pub(crate) mod escalation_command;
pub(crate) mod notification;
pub(crate) mod sound;
pub(crate) mod tray;

use std::{fmt, path::Path, process::Stdio, time::Duration};
use tokio::process::Command;

/// How long the desktop and its devices may take over an answer.
pub(crate) const ANSWER_WITHIN: Duration = Duration::from_secs(3);

/// What came of a question to the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reply<T> {
    Said(T),
    /// Nobody is there who could say.
    NobodySays,
    /// Somebody is there who should say, and does not.
    DoesNotAnswer,
}

/// Why a channel to the person did not do what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    DoesNotAnswer,
    /// As the system says it.
    Said(String),
}

/// For the log.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::DoesNotAnswer => f.write_str("no answer"),
            Failure::Said(why) => f.write_str(why),
        }
    }
}

/// What a program prints; one that takes longer than it may is killed.
async fn printed(program: &Path, arguments: &[&str], within: Duration) -> Reply<String> {
    let mut command = Command::new(program);
    // Its answers are read by their English words.
    command
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    match tokio::time::timeout(within, command.output()).await {
        Ok(Ok(output)) if output.status.success() => Reply::Said(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(Ok(_) | Err(_)) => Reply::NobodySays,
        Err(_) => Reply::DoesNotAnswer,
    }
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod hanging {
    //! Programs that hang, for the tests.

    use std::{
        fs,
        os::unix::fs::PermissionsExt,
        path::{Path, PathBuf},
        time::Duration,
    };

    /// A program that takes a minute over everything, and notes its process id in `pid` beside it.
    pub fn program(dir: &Path, name: &str) -> PathBuf {
        let path = dir.join(name);
        fs::write(
            &path,
            format!("#!/bin/sh\necho $$ > {}/pid\nexec sleep 60\n", dir.display()),
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Whether the program that ran in this folder is gone after a moment.
    pub async fn is_gone(dir: &Path) -> bool {
        let pid = fs::read_to_string(dir.join("pid")).unwrap();
        let process = Path::new("/proc").join(pid.trim()).join("cmdline");
        for _ in 0..50 {
            // A killed child whose end nobody has asked for yet has no command line any more.
            if fs::read(&process).map_or(true, |line| line.is_empty()) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }
}
