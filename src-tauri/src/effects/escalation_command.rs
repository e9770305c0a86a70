//! The region's own command for an alarm that nobody acknowledged: no shell, a time limit, and nobody waits for it.

use app::alarms::Call;
use std::{process::Stdio, time::Duration};
use tokio::{io::AsyncWriteExt, process::Command};

/// Runs it, and logs what became of it.
pub async fn run(call: Call) {
    let Some((program, arguments)) = call.command.split_first() else {
        return;
    };
    match tokio::time::timeout(
        Duration::from_secs(call.time_limit_s),
        run_with_input(program, arguments, &call.input),
    )
    .await
    {
        Ok(Ok(status)) => tracing::info!(%program, %status, "the escalation command was called"),
        Ok(Err(error)) => tracing::error!(%program, %error, "the escalation command could not be called"),
        Err(_) => {
            tracing::error!(%program, seconds = call.time_limit_s, "the escalation command took too long and was ended")
        }
    }
}

async fn run_with_input(program: &str, arguments: &[String], input: &str) -> std::io::Result<std::process::ExitStatus> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read its input has still been called.
        let _ = stdin.write_all(input.as_bytes()).await;
    }
    child.wait().await
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::effects::hanging;

    fn to(command: &[&str], time_limit_s: u64) -> Call {
        Call {
            command: command.iter().map(|s| (*s).to_owned()).collect(),
            input: r#"{"kind":"seh-stop"}"#.to_owned(),
            time_limit_s,
        }
    }

    #[tokio::test]
    async fn the_command_gets_the_alarm_on_its_input_and_no_shell_reads_its_arguments() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("alarm $(touch x).json");
        run(to(&["tee", file.to_str().unwrap()], 5)).await;
        assert_eq!(std::fs::read_to_string(&file).unwrap(), r#"{"kind":"seh-stop"}"#);
    }

    #[tokio::test]
    async fn a_command_that_does_not_end_is_ended_and_holds_nothing_up() {
        let dir = tempfile::tempdir().unwrap();
        let command = hanging::program(dir.path(), "bel");
        tokio::time::timeout(Duration::from_secs(5), run(to(&[command.to_str().unwrap()], 1)))
            .await
            .unwrap();
        assert!(hanging::is_gone(dir.path()).await, "the command is still running");
    }

    #[tokio::test]
    async fn a_command_that_does_not_exist_holds_nothing_up() {
        run(to(&["/does/not/exist"], 1)).await;
    }
}
