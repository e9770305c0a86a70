//! Sounds of our own making, three priorities as IEC 60601-1-8 groups them: high two groups of five pulses, medium three,
//! low one. Played from Rust, so that a hidden window is as loud as one in front.

use super::{Failure, Reply, printed};
use app::alarms::Priority;
use rodio::{ChannelCount, DeviceSinkBuilder, MixerDeviceSink, Player, SampleRate, buffer::SamplesBuffer};
use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

const RATE: u32 = 44_100;
/// Well above the hum of a control room, and the same for all three, so that rhythm alone tells them apart too.
const PITCH_HZ: f32 = 880.0;
const LOUDNESS: f32 = 0.4;
const PULSE_MS: u32 = 150;
/// A pulse that starts at once clicks.
const FADE_MS: u32 = 12;

/// No sound takes longer; one that does is stuck in its device.
const LONGEST: Duration = Duration::from_secs(6);
/// How many attempts may be stuck in a device that does not answer before it is not asked any more.
const MOST_STUCK: usize = 3;

/// Told once the sound has started, or why it could not.
type Done = Box<dyn FnOnce(Result<(), Failure>) + Send>;

struct SoundRequest {
    priority: Priority,
    done: Done,
}

/// Opens the default device. It may block for as long as it likes.
type Open = dyn Fn() -> Result<MixerDeviceSink, String> + Send + Sync;

/// The loudspeaker. Whoever asks for a sound waits for nothing: requests go to a thread of their own, and each device is
/// opened in another one, which is left behind when the device does not answer.
pub struct Speaker {
    requests: Sender<SoundRequest>,
    playing: Playing,
}

/// What can be silenced.
type Playing = Arc<Mutex<Option<Arc<Player>>>>;

impl Speaker {
    /// A device that takes longer than this to open does not answer.
    pub fn new(within: Duration) -> Self {
        // Opened for each sound: devices come and go, and the one of now is the one that is heard.
        Self::with(within, || {
            DeviceSinkBuilder::open_default_sink().map_err(|error| error.to_string())
        })
    }

    fn with(within: Duration, open: impl Fn() -> Result<MixerDeviceSink, String> + Send + Sync + 'static) -> Self {
        let (requests, requested) = mpsc::channel();
        let playing = Playing::default();
        let now = playing.clone();
        thread::spawn(move || take_requests(&requested, &now, Arc::new(open), within));
        Self { requests, playing }
    }

    /// Plays a priority's sound. `done` is told once it has started, or why it could not.
    pub fn play(&self, priority: Priority, done: impl FnOnce(Result<(), Failure>) + Send + 'static) {
        let done = Box::new(done);
        let _ = self.requests.send(SoundRequest { priority, done });
    }

    /// Silent at once: somebody acknowledged, or asked for silence.
    pub fn stop(&self) {
        if let Some(player) = self.playing.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            player.stop();
        }
    }
}

fn take_requests(requested: &Receiver<SoundRequest>, playing: &Playing, open: Arc<Open>, within: Duration) {
    let mut stuck: Vec<JoinHandle<()>> = vec![];
    while let Ok(wish) = requested.recv() {
        let (mut priority, mut done) = (wish.priority, vec![wish.done]);
        // What was requested for while another sound played is one sound, of the highest of them.
        while let Ok(next) = requested.try_recv() {
            priority = priority.max(next.priority);
            done.push(next.done);
        }
        stuck.retain(|attempt| !attempt.is_finished());
        if stuck.len() >= MOST_STUCK {
            tell(done, Err(Failure::DoesNotAnswer));
            continue;
        }
        let (say, said) = mpsc::channel();
        let given_up = Arc::new(AtomicBool::new(false));
        let attempt = {
            let (open, playing, given_up) = (open.clone(), playing.clone(), given_up.clone());
            thread::spawn(move || play(priority, &*open, &say, &given_up, &playing))
        };
        match said.recv_timeout(within) {
            Ok(started) => tell(done, started),
            Err(RecvTimeoutError::Timeout) => {
                given_up.store(true, Ordering::Relaxed);
                tell(done, Err(Failure::DoesNotAnswer));
                stuck.push(attempt);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => {
                tell(done, Err(Failure::Said("the device could not be opened".to_owned())))
            }
        }
        // The next sound waits for the end of this one, which hangs up.
        if said.recv_timeout(LONGEST) == Err(RecvTimeoutError::Timeout) {
            stuck.push(attempt);
        }
    }
}

/// Whoever is told may have to wait for something else, which must not hold the next sound up.
fn tell(done: Vec<Done>, started: Result<(), Failure>) {
    thread::spawn(move || done.into_iter().for_each(|one| one(started.clone())));
}

/// Opens the device, says so, and plays.
fn play(
    priority: Priority,
    open: &Open,
    say: &Sender<Result<(), Failure>>,
    given_up: &AtomicBool,
    playing: &Mutex<Option<Arc<Player>>>,
) {
    let mut sink = match open() {
        Ok(sink) => sink,
        Err(error) => {
            let _ = say.send(Err(Failure::Said(error)));
            return;
        }
    };
    sink.log_on_drop(false);
    // A sound that starts late would announce an alarm that may have ended.
    if given_up.load(Ordering::Relaxed) {
        return;
    }
    let (Some(channels), Some(rate)) = (ChannelCount::new(1), SampleRate::new(RATE)) else {
        return;
    };
    let player = Arc::new(Player::connect_new(sink.mixer()));
    let sound = samples(priority);
    let length_ms = 1000 * sound.len() as u64 / u64::from(RATE);
    player.append(SamplesBuffer::new(channels, rate, sound));
    let keep = |now| *playing.lock().unwrap_or_else(PoisonError::into_inner) = now;
    keep(Some(player.clone()));
    let _ = say.send(Ok(()));
    // `sleep_until_end` never returns where the device is unplugged meanwhile.
    const STEP_MS: u64 = 20;
    for _ in 0..(length_ms + 1_000) / STEP_MS {
        if player.empty() {
            break;
        }
        thread::sleep(Duration::from_millis(STEP_MS));
    }
    keep(None);
}

/// Whether the default device is muted or at no volume, where the sound server says so: PulseAudio and PipeWire do, by
/// `pactl`.
pub async fn is_muted(pactl: &Path, within: Duration) -> Reply<bool> {
    let (mute, volume) = tokio::join!(
        printed(pactl, &["get-sink-mute", "@DEFAULT_SINK@"], within),
        printed(pactl, &["get-sink-volume", "@DEFAULT_SINK@"], within),
    );
    match (mute, volume) {
        (Reply::Said(mute), Reply::Said(volume)) => says_muted(&mute, &volume).map_or(Reply::NobodySays, Reply::Said),
        (Reply::DoesNotAnswer, _) | (_, Reply::DoesNotAnswer) => Reply::DoesNotAnswer,
        (Reply::NobodySays, _) | (_, Reply::NobodySays) => Reply::NobodySays,
    }
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
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::effects::hanging;
    use std::time::Duration;

    const SHORT: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn ah_20_a_sound_server_that_hangs_is_said_to_and_its_questioner_is_ended() {
        let dir = tempfile::tempdir().unwrap();
        let pactl = hanging::program(dir.path(), "pactl");
        let asked = tokio::time::timeout(Duration::from_secs(5), is_muted(&pactl, SHORT)).await;
        assert_eq!(asked.expect("the question has a time limit"), Reply::DoesNotAnswer);
        assert!(hanging::is_gone(dir.path()).await, "the program is still running");
    }

    #[tokio::test]
    async fn ah_20_without_a_sound_server_nobody_says_whether_it_is_muted() {
        assert_eq!(is_muted(Path::new("/does/not/exist"), SHORT).await, Reply::NobodySays);
    }

    /// What became of a wish.
    fn outcome(speaker: &Speaker) -> Receiver<Result<(), Failure>> {
        let (say, said) = mpsc::channel();
        speaker.play(Priority::High, move |started| say.send(started).unwrap());
        said
    }

    #[test]
    fn ah_20_a_device_that_never_opens_is_said_and_the_next_sound_is_not_held_up_by_it() {
        // The first device never answers; the next one says that there is none.
        let (asked, never) = (Arc::new(AtomicBool::new(false)), Mutex::new(mpsc::channel::<()>()));
        let speaker = Speaker::with(SHORT, move || {
            if !asked.swap(true, Ordering::Relaxed) {
                let _ = never.lock().unwrap().1.recv();
            }
            Err("no device".to_owned())
        });
        let (first, patience) = (outcome(&speaker), Duration::from_secs(5));
        assert_eq!(first.recv_timeout(patience), Ok(Err(Failure::DoesNotAnswer)));
        let second = outcome(&speaker);
        assert_eq!(
            second.recv_timeout(patience),
            Ok(Err(Failure::Said("no device".to_owned())))
        );
    }

    #[test]
    fn ah_20_a_device_that_never_answers_is_not_asked_for_ever() {
        let never = Mutex::new(mpsc::channel::<()>());
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = asked.clone();
        let speaker = Speaker::with(Duration::from_millis(50), move || {
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = never.lock().unwrap().1.recv();
            Err(String::new())
        });
        for _ in 0..2 * MOST_STUCK {
            let said = outcome(&speaker).recv_timeout(Duration::from_secs(5));
            assert_eq!(said, Ok(Err(Failure::DoesNotAnswer)));
        }
        assert_eq!(
            asked.load(Ordering::Relaxed),
            MOST_STUCK,
            "threads pile up behind the device"
        );
    }

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
