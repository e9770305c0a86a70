//! A loudspeaker that the test listens to.

use crate::{Running, until};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Everything that the loudspeaker was given, as 44,100 16-bit samples a second.
pub struct Recording {
    file: PathBuf,
    _recorder: Running,
}

impl Recording {
    /// Whether a tone of our pitch, and not some click, was heard so far: (loudest sample 0 to 1, pitch in hertz).
    pub fn heard(&self) -> (f64, f64) {
        let bytes = fs::read(&self.file).unwrap_or_default();
        let samples: Vec<i16> = bytes
            .chunks_exact(2)
            .map(|b| i16::from_le_bytes([b[0], b[1]]))
            .collect();
        let loudest = samples.iter().map(|s| s.unsigned_abs()).max().unwrap_or(0);
        // The pitch of the loud part: how often it turns from below to above nothing.
        let loud: Vec<i16> = samples
            .into_iter()
            .filter(|s| s.unsigned_abs() > loudest / 50)
            .collect();
        let turns = loud.windows(2).filter(|w| w[0] < 0 && w[1] >= 0).count();
        let seconds = loud.len() as f64 / 44_100.0;
        (
            f64::from(loudest) / f64::from(i16::MAX),
            if seconds > 0.0 { turns as f64 / seconds } else { 0.0 },
        )
    }
}

/// A sound server whose only device is listened to by the test, never by a person.
pub(crate) async fn start(home: &Path) -> Running {
    fs::write(
        home.join(".asoundrc"),
        "pcm.!default { type pulse }\nctl.!default { type pulse }\n",
    )
    .unwrap();
    let server = Command::new("pulseaudio")
        .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit"])
        .args([
            "--load=module-null-sink sink_name=test",
            "--load=module-native-protocol-unix",
        ])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("pulseaudio");
    until("the sound server", 20, async || home.join("pulse/native").exists()).await;
    Running(server)
}

impl Recording {
    /// Listens from now on to the loudspeaker of a home, and writes what it hears to a file.
    pub(crate) fn of(home: &Path, file: PathBuf) -> Self {
        let recorder = Command::new("parec")
            .args([
                "-d",
                "test.monitor",
                "--raw",
                "--format=s16le",
                "--rate=44100",
                "--channels=1",
            ])
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .stdout(fs::File::create(&file).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .expect("parec");
        Self {
            file,
            _recorder: Running(recorder),
        }
    }
}
