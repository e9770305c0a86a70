//! What the shell holds: the desk, the practice region if one runs, and the task that follows the source.

use crate::{
    Arguments,
    crash_sentinel::CrashSentinel,
    effects::{
        ANSWER_WITHIN, Reply, attention, do_not_disturb, escalation_command,
        notification::{Answer, Notifier},
        sound::{self, Speaker},
        tray,
    },
    paths::{self, PRACTICE},
};
use app::{
    AppError, Clock, Desk, Identity, Paths, SystemClock,
    alarms::{Priority, Toast},
    follow::{Outlet, Shared, hold},
    view::{ChannelReport, FrameView},
};
use jiff::Timestamp;
use sim::Practice;
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tauri::{AppHandle, Emitter, async_runtime::JoinHandle};
use tokio::sync::Notify;

const TICK: Duration = Duration::from_secs(1);
/// How often the loudspeaker and the desktop are asked whether they are muted.
const LOOK_EVERY_S: u64 = 10;
/// How often it is written down that the desk runs; a crash is told no more precisely than this.
const ALIVE_EVERY_S: u64 = 60;

pub struct Shell {
    pub(crate) app: AppHandle,
    pub(crate) arguments: Arguments,
    pub(crate) desk: Shared,
    notifier: Notifier,
    speaker: Speaker,
    /// What the tray shows, so that it is drawn only when that changes.
    shown: Mutex<(&'static str, u32)>,
    running: Mutex<Running>,
    /// `None` where it could not be armed; a desk without it is better than none.
    sentinel: Option<CrashSentinel>,
    /// When the last session was last known to run, if it ended unexpectedly.
    #[expect(dead_code, reason = "nothing on the screen shows it yet; the log does")]
    pub(crate) ended_unexpectedly: Option<Timestamp>,
}

/// A task that follows a source, and how to ask it for a round at once.
pub(crate) struct Following {
    pub task: JoinHandle<()>,
    pub nudge: Arc<Notify>,
}

#[derive(Default)]
pub(crate) struct Running {
    pub practice: Option<Practice>,
    /// What follows each source, by its key.
    pub followers: BTreeMap<String, Following>,
}

impl Shell {
    /// Opens the desk with its last picture; no network is touched.
    pub fn open(app: AppHandle, arguments: Arguments, data_dir: &Path) -> Result<Arc<Self>, AppError> {
        let armed = CrashSentinel::arm(data_dir, SystemClock.now());
        let armed = armed.inspect_err(|error| tracing::warn!(%error, "a crash of this session would not be told"));
        let (sentinel, ended_unexpectedly) = armed.map_or((None, None), |(sentinel, ended)| (Some(sentinel), ended));
        if let Some(at) = ended_unexpectedly {
            tracing::warn!(last_known_to_run = %at, "the last session ended unexpectedly");
        }
        let user = std::env::var("USER")
            .or_else(|_| std::env::var("USERNAME"))
            .unwrap_or_else(|_| "WAN-hoofd".to_owned());
        // Not HOSTNAME: a shell sets it, and a desktop is not started from one.
        let workstation = gethostname::gethostname().to_string_lossy().into_owned();
        let paths = Paths {
            dir: data_dir.to_owned(),
        };
        let mut desk = Desk::open(&paths, Arc::new(SystemClock), Identity { user, workstation })?;
        desk.resume_watch()?;
        if arguments.practice {
            desk.set_source(PRACTICE)?;
        }
        Ok(Arc::new(Self {
            app,
            arguments,
            desk: Arc::new(Mutex::new(desk)),
            notifier: Notifier::default(),
            speaker: Speaker::new(ANSWER_WITHIN),
            shown: Mutex::new(("none", 0)),
            running: Mutex::default(),
            sentinel,
            ended_unexpectedly,
        }))
    }

    /// Announces what stood when the application last ran, and follows what it followed.
    pub fn start(self: &Arc<Self>) {
        let shell = self.clone();
        tauri::async_runtime::spawn(async move {
            let toasts = {
                let mut desk = shell.desk();
                desk.announce_standing();
                desk.take_toasts()
            };
            shell.toasts(toasts);
            if let Err(error) = shell.follow_all().await {
                tracing::error!(%error, "following could not be started");
            }
            shell.tick_for_ever().await;
        });
    }

    async fn tick_for_ever(self: &Arc<Self>) {
        for second in 0_u64.. {
            if second % LOOK_EVERY_S == 0 {
                self.look_at_channels();
            }
            if second % ALIVE_EVERY_S == 0
                && let Some(sentinel) = &self.sentinel
                && let Err(error) = sentinel.alive(SystemClock.now())
            {
                tracing::warn!(%error, "it could not be written down that the desk runs");
            }
            let toasts = {
                let mut desk = self.desk();
                if let Err(error) = desk.tick() {
                    tracing::error!(%error, "what time brought could not be stored");
                }
                desk.take_toasts()
            };
            self.toasts(toasts);
            self.changed();
            tokio::time::sleep(TICK).await;
        }
    }

    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        hold(&self.desk)
    }

    pub(crate) fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks every source at once.
    pub(crate) fn nudge(&self) {
        self.running().followers.values().for_each(|f| f.nudge.notify_one());
    }

    pub fn frame(&self) -> FrameView {
        let practice = self.running().practice.is_some() || self.arguments.practice;
        self.desk().frame(practice)
    }

    /// Does something for a person, then sends it on its way and shows it.
    pub fn act<T>(self: &Arc<Self>, what: impl FnOnce(&mut Desk) -> Result<T, AppError>) -> Result<T, AppError> {
        let (result, toasts, quiet) = {
            let mut desk = self.desk();
            let result = what(&mut desk);
            (result, desk.take_toasts(), !desk.calls_for_attention())
        };
        if quiet {
            self.speaker.stop();
        }
        self.toasts(toasts);
        self.nudge();
        self.changed();
        result
    }

    /// Writes the day's labels by hand where a person finds downloads; the answer is where.
    pub fn export_labels(&self) -> Result<Vec<String>, AppError> {
        let into = paths::downloads(&self.arguments);
        let desk = self.desk();
        let today = desk.now().to_zoned(desk.zone.clone()).date();
        let paths = desk.export_labels(today, None, &into)?;
        Ok(paths.iter().map(|p| p.display().to_string()).collect())
    }

    /// Performs what the desk wants performed: notifications, a sound, the region's command, and asks for attention.
    fn toasts(self: &Arc<Self>, toasts: Vec<Toast>) {
        let (sound, calls) = {
            let mut desk = self.desk();
            (desk.take_sound(), desk.take_calls())
        };
        if let Some(priority) = sound {
            self.sound(priority);
        }
        for one in calls {
            tauri::async_runtime::spawn(escalation_command::run(one));
        }
        let urgent = |t: &Toast| {
            matches!(
                t,
                Toast::Show {
                    priority: Priority::High,
                    ..
                }
            )
        };
        if toasts.iter().any(urgent) {
            attention::ask(&self.app);
        }
        for toast in toasts {
            let (answering, failing) = (self.clone(), self.clone());
            self.notifier.perform(
                toast,
                move |id, answer| answering.answered(&id, answer),
                move |why| {
                    tracing::warn!(%why, "no native notification");
                    let mut desk = failing.desk();
                    desk.notification_note =
                        Some("Meldingen van het systeem werken niet: let op deze lijst.".to_owned());
                },
            );
        }
    }

    fn sound(self: &Arc<Self>, priority: Priority) {
        let shell = self.clone();
        self.speaker.play(priority, move |played| {
            if played.is_ok() {
                tracing::info!(?priority, "sound started");
            }
            let note = played.err().map(|why| {
                tracing::warn!(%why, "no sound");
                "Geluid ontbreekt: er is geen werkend geluidsapparaat.".to_owned()
            });
            shell.desk().sound_note = note;
        });
    }

    /// A muted loudspeaker and a desktop that must not be disturbed are said before the alarm comes that nobody would
    /// hear or see (AH-19, AH-20).
    fn look_at_channels(self: &Arc<Self>) {
        const MUTED: &str = "Geluid staat uit: het geluidsapparaat is gedempt of op nul.";
        const NO_SOUND: &str = "Geluid antwoordt niet: er is misschien niets te horen.";
        const HELD_BACK: &str = "Dit systeem houdt meldingen tegen (niet storen): let op deze lijst.";
        const NO_NOTIFICATIONS: &str = "Meldingen van het systeem antwoorden niet: let op deze lijst.";
        let shell = self.clone();
        tauri::async_runtime::spawn(async move {
            // Asked first, and only then is the desk locked: whoever does not answer holds nobody up.
            let muted = sound::is_muted(Path::new("pactl"), ANSWER_WITHIN).await;
            let mut desk = shell.desk();
            stand_while(&mut desk.sound_note, MUTED, muted == Reply::Said(true));
            stand_while(&mut desk.sound_note, NO_SOUND, muted == Reply::DoesNotAnswer);
        });
        let shell = self.clone();
        tauri::async_runtime::spawn(async move {
            let held_back = do_not_disturb::held_back(ANSWER_WITHIN).await;
            let mut desk = shell.desk();
            stand_while(&mut desk.notification_note, HELD_BACK, held_back == Reply::Said(true));
            stand_while(
                &mut desk.notification_note,
                NO_NOTIFICATIONS,
                held_back == Reply::DoesNotAnswer,
            );
        });
    }

    /// The session ends as it should.
    pub fn ended(&self) {
        if let Some(sentinel) = &self.sentinel {
            sentinel.disarm();
        }
    }

    /// Sound off for a while; what is on the screen stays.
    pub fn silence(self: &Arc<Self>) {
        self.desk().silence();
        self.speaker.stop();
        self.changed();
    }

    /// Tries every channel, and says of each whether it was confirmed.
    pub async fn test_channels(self: &Arc<Self>) -> ChannelReport {
        let notification = self.notifier.test().await.err();
        let (tell, told) = tokio::sync::oneshot::channel();
        self.speaker
            .play(Priority::Medium, move |played| drop(tell.send(played)));
        let sound = match tokio::time::timeout(Duration::from_secs(5), told).await {
            Ok(Ok(played)) => played.err(),
            Ok(Err(_)) | Err(_) => Some(sound::DOES_NOT_ANSWER.to_owned()),
        };
        {
            let mut desk = self.desk();
            desk.notification_note = notification
                .as_ref()
                .map(|_| "Meldingen van het systeem werken niet: let op deze lijst.".to_owned());
            desk.sound_note = sound
                .as_ref()
                .map(|_| "Geluid ontbreekt: er is geen werkend geluidsapparaat.".to_owned());
        }
        self.changed();
        ChannelReport { notification, sound }
    }

    /// Writes the alarm log where a person finds downloads; the answer is where.
    pub fn export_alarms(&self) -> Result<String, AppError> {
        Ok(self
            .desk()
            .export_alarms(&paths::downloads(&self.arguments))?
            .display()
            .to_string())
    }

    /// Writes the list of defects of one location, or of all, where a person finds downloads; the answer is where.
    pub fn export_defects(&self, location: Option<&str>) -> Result<String, AppError> {
        let path = self
            .desk()
            .export_defects(location, &paths::downloads(&self.arguments))?;
        Ok(path.display().to_string())
    }

    fn answered(self: &Arc<Self>, id: &str, answer: Answer) {
        match answer {
            Answer::Acknowledge => {
                if let Err(error) = self.act(|desk| desk.acknowledge(&id.into())) {
                    tracing::warn!(%error, %id, "a notification's answer was not carried out");
                }
            }
            Answer::Show => {
                let _ = self.app.emit("show-alarm", id);
            }
        }
    }

    pub(crate) fn changed(&self) {
        let frame = self.frame();
        let now = (frame.worst, frame.open_alarms);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if *shown != now {
            *shown = now;
            tray::show(&self.app, now.0, now.1);
        }
        drop(shown);
        let _ = self.app.emit("frame", frame);
    }

    pub fn first_picture(&self) {
        tracing::info!("first picture");
        if std::env::var_os("BEDDENWACHT_BENCH").is_some() {
            println!("first picture");
        }
    }
}

/// Keeps a remark for as long as what it says is so; one about something else stays.
fn stand_while(note: &mut Option<String>, text: &str, holds: bool) {
    if holds {
        *note = Some(text.to_owned());
    } else if note.as_deref() == Some(text) {
        *note = None;
    }
}

/// The window as an outlet of following.
pub(crate) struct Window(pub Arc<Shell>);

impl Outlet for Window {
    fn toasts(&self, toasts: Vec<Toast>) {
        self.0.toasts(toasts);
    }

    fn changed(&self) {
        self.0.changed();
    }
}
