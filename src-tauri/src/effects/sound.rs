//! Sounds of our own making, three priorities as IEC 60601-1-8 groups them: high two groups of five pulses, medium three,
//! low one. Played from Rust, so that a hidden window is as loud as one in front.

use app::alarms::Priority;
use rodio::{ChannelCount, DeviceSinkBuilder, Player, SampleRate, buffer::SamplesBuffer};
use std::{
    process::Command,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Sender},
    },
    thread,
};

const RATE: u32 = 44_100;
/// Well above the hum of a control room, and the same for all three, so that rhythm alone tells them apart too.
const PITCH_HZ: f32 = 880.0;
const LOUDNESS: f32 = 0.4;
const PULSE_MS: u32 = 150;
/// A pulse that starts at once clicks.
const FADE_MS: u32 = 12;

/// What somebody wants played, and where to say how it went.
type Wish = (Priority, Sender<Result<(), String>>);

/// The loudspeaker, with a thread of its own: opening a device may take long.
pub struct Speaker {
    wishes: Sender<Wish>,
    playing: Arc<Mutex<Option<Arc<Player>>>>,
}

impl Default for Speaker {
    fn default() -> Self {
        let (wishes, wished) = mpsc::channel::<Wish>();
        let playing: Arc<Mutex<Option<Arc<Player>>>> = Arc::default();
        let now = playing.clone();
        thread::spawn(move || {
            while let Ok(mut wish) = wished.recv() {
                // What was wished for while another sound played is one sound, of the highest of them.
                while let Ok(next) = wished.try_recv() {
                    if next.0 > wish.0 {
                        wish = next;
                    }
                }
                play(wish.0, &wish.1, &now);
            }
        });
        Self { wishes, playing }
    }
}

impl Speaker {
    /// Plays a priority's sound. `done` is told once it has started, or why it could not.
    pub fn play(&self, priority: Priority, done: impl FnOnce(Result<(), String>) + Send + 'static) {
        let (tell, told) = mpsc::channel();
        if self.wishes.send((priority, tell)).is_ok() {
            thread::spawn(move || {
                if let Ok(result) = told.recv() {
                    done(result);
                }
            });
        }
    }

    /// Silent at once: somebody acknowledged, or asked for silence.
    pub fn stop(&self) {
        if let Some(player) = self.playing.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            player.stop();
        }
    }
}

fn play(priority: Priority, tell: &Sender<Result<(), String>>, playing: &Mutex<Option<Arc<Player>>>) {
    // Opened for each sound: devices come and go, and the one of now is the one that is heard.
    let mut sink = match DeviceSinkBuilder::open_default_sink() {
        Ok(sink) => sink,
        Err(error) => {
            let _ = tell.send(Err(error.to_string()));
            return;
        }
    };
    sink.log_on_drop(false);
    let (Some(channels), Some(rate)) = (ChannelCount::new(1), SampleRate::new(RATE)) else {
        return;
    };
    let player = Arc::new(Player::connect_new(sink.mixer()));
    player.append(SamplesBuffer::new(channels, rate, samples(priority)));
    let keep = |now| *playing.lock().unwrap_or_else(PoisonError::into_inner) = now;
    keep(Some(player.clone()));
    let _ = tell.send(Ok(()));
    player.sleep_until_end();
    keep(None);
}

/// Whether the default device is muted or at no volume, where the sound server says so (PulseAudio and PipeWire do, by
/// `pactl`); `None` where nobody can tell.
pub fn is_muted() -> Option<bool> {
    let ask = |what: &str| {
        // Its answers are read by their English words.
        let asked = Command::new("pactl")
            .env("LC_ALL", "C")
            .args([what, "@DEFAULT_SINK@"])
            .output()
            .ok()?;
        asked
            .status
            .success()
            .then(|| String::from_utf8_lossy(&asked.stdout).into_owned())
    };
    says_muted(&ask("get-sink-mute")?, &ask("get-sink-volume")?)
}

fn says_muted(mute: &str, volume: &str) -> Option<bool> {
    let loudest = volume
        .split_whitespace()
        .filter_map(|word| word.strip_suffix('%')?.parse::<u32>().ok())
        .max()?;
    Some(mute.trim_end().ends_with("yes") || loudest == 0)
}

/// Milliseconds of silence after each pulse.
fn rhythm(priority: Priority) -> &'static [u32] {
    match priority {
        // Three and two, and once more.
        Priority::High => &[80, 80, 250, 80, 600, 80, 80, 250, 80, 0],
        Priority::Medium => &[150, 150, 0],
        Priority::Low => &[0],
    }
}

fn samples(priority: Priority) -> Vec<f32> {
    let count = |ms: u32| RATE * ms / 1000;
    let mut out = vec![];
    for gap in rhythm(priority) {
        let length = count(PULSE_MS);
        let fade = count(FADE_MS) as f32;
        for n in 0..length {
            let time = n as f32 / RATE as f32;
            let edge = (n.min(length - n) as f32 / fade).min(1.0);
            let turn = std::f32::consts::TAU * PITCH_HZ * time;
            // Two overtones: a pure tone is hard to find in a room.
            let tone = turn.sin() + 0.5 * (2.0 * turn).sin() + 0.25 * (3.0 * turn).sin();
            out.push(LOUDNESS * edge * tone / 1.75);
        }
        out.extend(std::iter::repeat_n(0.0, count(*gap) as usize));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many times the sound begins anew after at least 50 ms of silence.
    fn pulses(samples: &[f32]) -> usize {
        let (mut pulses, mut silent) = (0, usize::MAX);
        for s in samples {
            if s.abs() > 0.001 {
                pulses += usize::from(silent > RATE as usize / 20);
                silent = 0;
            } else {
                silent = silent.saturating_add(1);
            }
        }
        pulses
    }

    #[test]
    fn ah_20_a_muted_device_and_one_at_no_volume_are_told_apart_from_a_loud_one() {
        let volume = |percent: u32| {
            format!("Volume: front-left: 1000 / {percent}% / -1 dB, front-right: 1000 / {percent}% / -1 dB")
        };
        assert_eq!(says_muted("Mute: no\n", &volume(40)), Some(false));
        assert_eq!(says_muted("Mute: yes\n", &volume(40)), Some(true));
        assert_eq!(says_muted("Mute: no\n", &volume(0)), Some(true));
        assert_eq!(says_muted("Mute: no\n", ""), None);
    }

    #[test]
    fn ah_10_each_priority_has_a_rhythm_of_its_own_and_none_is_too_loud() {
        for (priority, want) in [(Priority::High, 10), (Priority::Medium, 3), (Priority::Low, 1)] {
            let sound = samples(priority);
            assert_eq!(pulses(&sound), want, "{priority:?}");
            assert!(sound.iter().all(|s| s.abs() <= LOUDNESS), "{priority:?}");
            assert!(
                sound.len() < 4 * RATE as usize,
                "shorter than the pause between two sounds"
            );
        }
    }
}
