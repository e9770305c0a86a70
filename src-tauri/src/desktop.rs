//! The desktop around the engine: it starts the engine, performs its effects, follows the sources that it names and
//! carries the screen's requests in. It decides nothing.

use crate::{
    Arguments,
    crash_sentinel::CrashSentinel,
    effects::{
        ANSWER_WITHIN, Failure, Reply, attention, do_not_disturb, escalation_command,
        notification::{Answer, Notifier},
        sound::{self, Speaker},
        tray,
    },
    paths,
    sources::Followed,
};
use app::{
    AppError, Clock, Engine, Handle, Identity, Paths, SystemClock,
    alarms::{NotificationChange, NotificationKey, Priority},
    commands::Intent,
    effect::{Effect, EffectSink, View},
    engine::{self, Input, Setup},
    frame::{self, ChannelReport, FrameView},
    health::{DeviceAnswer, HealthReport},
    records::Records,
    say,
    text::Language,
};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tauri::{AppHandle, Emitter};

/// How often the loudspeaker and the desktop are asked whether they are muted.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often ages on the screen are drawn anew where nothing else changed.
const AGES_EVERY: Duration = Duration::from_secs(60);
/// The sound of a test, with the device opened and closed.
const SOUND_WITHIN: Duration = Duration::from_secs(5);
/// How often it is written down that the desk runs.
const ALIVE_EVERY: Duration = Duration::from_secs(60);

pub struct DesktopApp {
    app: AppHandle,
    pub(crate) arguments: Arguments,
    pub(crate) handle: OnceLock<Handle>,
    notifier: Notifier,
    pub(crate) speaker: Speaker,
    /// What the window and the tray show, so that they are told only when that changes.
    shown: Mutex<Option<FrameView>>,
    /// The engine does not answer.
    stuck: AtomicBool,
    pub(crate) followed: Mutex<Followed>,
    sentinel: Option<CrashSentinel>,
    pub(crate) paths: Paths,
    /// Whoever looks after what is kept was started.
    pub(crate) looked_after: AtomicBool,
}

fn device_answer(reply: Reply<bool>) -> Option<DeviceAnswer> {
    match reply {
        Reply::Said(true) => Some(DeviceAnswer::Yes),
        Reply::Said(false) => Some(DeviceAnswer::No),
        Reply::DoesNotAnswer => Some(DeviceAnswer::None),
        Reply::NobodySays => None,
    }
}

impl DesktopApp {
    /// Opens the desk with its last picture and starts its engine; no network is touched.
    pub fn open(app: AppHandle, arguments: Arguments, data_dir: &Path) -> Result<Arc<Self>, AppError> {
        let armed = CrashSentinel::arm(data_dir, SystemClock.now());
        let armed = armed.inspect_err(|error| tracing::warn!(%error, "a crash of this session would not be told"));
        let (sentinel, ended_unexpectedly) = armed.map_or((None, None), |(sentinel, ended)| (Some(sentinel), ended));
        let identity = Identity {
            user: None,
            // Not HOSTNAME: a shell sets it, and a desktop is not started from one.
            workstation: gethostname::gethostname().to_string_lossy().into_owned(),
            signed_in: std::env::var("USER").or_else(|_| std::env::var("USERNAME")).ok(),
        };
        let downloads = paths::downloads(&arguments);
        let paths = Paths {
            dir: data_dir.to_owned(),
        };
        let mut engine = Engine::open(&paths, Arc::new(SystemClock), identity)?;
        engine.resume_operator()?;
        let records = Records::new(&paths, downloads);
        let desktop = Arc::new(Self {
            app,
            arguments,
            handle: OnceLock::new(),
            notifier: Notifier::default(),
            speaker: Speaker::new(ANSWER_WITHIN),
            shown: Mutex::new(None),
            stuck: AtomicBool::new(false),
            followed: Mutex::default(),
            sentinel,
            paths,
            looked_after: AtomicBool::new(false),
        });
        let sink: Arc<dyn EffectSink> = Arc::new(Sink(desktop.clone()));
        let handle = tauri::async_runtime::block_on(async move { engine::start(engine, records, sink) });
        if let Some(at) = ended_unexpectedly {
            tracing::warn!(last_known_to_run = %at, "the last session ended unexpectedly");
            handle.tell(Input::Health(HealthReport::EndedUnexpectedly(at)));
        }
        let _ = desktop.handle.set(handle);
        Ok(desktop)
    }

    /// Announces what stood when the application last ran, and follows what it followed.
    pub fn start(self: &Arc<Self>) {
        let desktop = self.clone();
        tauri::async_runtime::spawn(async move {
            let Some(handle) = desktop.handle.get() else { return };
            if let Err(error) = desktop.set_up(handle).await {
                tracing::error!(%error, "what is followed could not be set up");
            }
            desktop.read_trends();
            desktop.look_for_ever().await;
        });
    }

    async fn set_up(self: &Arc<Self>, handle: &Handle) -> Result<(), AppError> {
        handle.set_up(Setup::AnnounceStanding).await?;
        if self.arguments.practice {
            return self.start_practice().await;
        }
        if let Some(address) = self.arguments.source.clone() {
            handle.set_up(Setup::FollowOnly { address }).await?;
        }
        self.follow_what_is_named();
        Ok(())
    }

    /// The past of the emergency departments is read beside the first picture, not before it.
    pub(crate) fn read_trends(self: &Arc<Self>) {
        let desktop = self.clone();
        tauri::async_runtime::spawn_blocking(move || {
            let Some(handle) = desktop.handle.get() else { return };
            match handle.records().trends(&handle.moment()) {
                Ok(trends) => handle.tell(Input::Trends(trends)),
                Err(error) => tracing::warn!(%error, "the past of the emergency departments is not readable"),
            }
        });
    }

    async fn look_for_ever(self: &Arc<Self>) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        let mut ages = tokio::time::interval(AGES_EVERY);
        let mut alive = tokio::time::interval(ALIVE_EVERY);
        loop {
            tokio::select! {
                _ = look.tick() => self.look_at_channels(),
                _ = ages.tick() => self.tell_changed(&View::ALL.into()),
                _ = alive.tick() => self.write_down_that_it_runs(),
            }
        }
    }

    fn write_down_that_it_runs(&self) {
        if let Some(sentinel) = &self.sentinel
            && let Err(error) = sentinel.alive(SystemClock.now())
        {
            tracing::warn!(%error, "it could not be written down that the desk runs");
        }
    }

    /// The way to the engine.
    ///
    /// # Errors
    /// Before it was started.
    pub fn handle(&self) -> Result<&Handle, AppError> {
        self.handle
            .get()
            .ok_or_else(|| AppError::new(app::ErrorCode::Storage, "the engine is not started"))
    }

    pub(crate) fn followed(&self) -> MutexGuard<'_, Followed> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn health(&self, report: HealthReport) {
        if let Some(handle) = self.handle.get() {
            handle.tell(Input::Health(report));
        }
    }

    /// In which the desk speaks.
    pub(crate) fn language(&self) -> Language {
        self.handle
            .get()
            .map_or_else(Language::default, |handle| handle.moment().language)
    }

    fn notify(self: &Arc<Self>, change: NotificationChange) {
        let (answering, failing) = (self.clone(), self.clone());
        self.notifier.perform(
            self.language(),
            change,
            move |key, answer| answering.answered(&key, answer),
            move |why| {
                tracing::warn!(%why, "no native notification");
                failing.health(HealthReport::Notification(Some(why.to_string())));
            },
        );
    }

    fn sound(self: &Arc<Self>, priority: Priority) {
        let desktop = self.clone();
        self.speaker.play(priority, move |played| {
            let why = played.err();
            match &why {
                None => tracing::info!(?priority, "sound started"),
                Some(why) => tracing::warn!(%why, "no sound"),
            }
            desktop.health(HealthReport::Sound(why.map(|why| why.to_string())));
        });
    }

    /// A muted loudspeaker and a desktop that must not be disturbed are said before the alarm comes that nobody would
    /// hear or see (AH-19, AH-20). Each is asked beside everything else, and not waited for.
    fn look_at_channels(self: &Arc<Self>) {
        let desktop = self.clone();
        tauri::async_runtime::spawn(async move {
            let muted = sound::is_muted(Path::new("pactl"), ANSWER_WITHIN).await;
            if let Some(answer) = device_answer(muted) {
                desktop.health(HealthReport::Muted(answer));
            }
        });
        let desktop = self.clone();
        tauri::async_runtime::spawn(async move {
            let held_back = do_not_disturb::held_back(ANSWER_WITHIN).await;
            if let Some(answer) = device_answer(held_back) {
                desktop.health(HealthReport::DoNotDisturb(answer));
            }
        });
    }

    /// The session ends as it should.
    pub fn ended(&self) {
        if let Some(sentinel) = &self.sentinel {
            sentinel.disarm();
        }
    }

    /// Tries every channel, and says of each whether it was confirmed.
    pub(crate) async fn try_channels(&self) -> ChannelReport {
        let language = self.language();
        let notification = self.notifier.test(language).await.err();
        let (tell, told) = tokio::sync::oneshot::channel();
        self.speaker
            .play(Priority::Medium, move |played| drop(tell.send(played)));
        let sound = match tokio::time::timeout(SOUND_WITHIN, told).await {
            Ok(Ok(played)) => played.err(),
            Ok(Err(_)) | Err(_) => Some(Failure::DoesNotAnswer),
        };
        self.health(HealthReport::Notification(
            notification.as_ref().map(Failure::to_string),
        ));
        self.health(HealthReport::Sound(sound.as_ref().map(Failure::to_string)));
        let words = |failure, silent| match failure {
            Failure::DoesNotAnswer => silent,
            Failure::Said(why) => why,
        };
        ChannelReport {
            notification: notification.map(|failure| words(failure, say!(language, NotificationServerSilent))),
            sound: sound.map(|failure| words(failure, say!(language, SoundDeviceSilent))),
        }
    }

    fn answered(self: &Arc<Self>, key: &NotificationKey, answer: Answer) {
        match (answer, key.alarm()) {
            (Answer::Acknowledge, Some(id)) => {
                let (desktop, id) = (self.clone(), id.to_string());
                tauri::async_runtime::spawn(async move {
                    let done = match desktop.handle() {
                        Ok(handle) => handle.carry_out(Intent::Acknowledge { id: id.clone() }).await.map(drop),
                        Err(error) => Err(error),
                    };
                    if let Err(error) = done {
                        tracing::warn!(%error, %id, "a notification's answer was not carried out");
                    }
                });
            }
            // Many alarms are not acknowledged by one answer: the list is shown.
            (Answer::Acknowledge | Answer::Show, id) => {
                let id = id.map(ToString::to_string).unwrap_or_default();
                let _ = self.app.emit("show-alarm", id);
            }
        }
    }

    /// Tells the window which views may look different. The frame is drawn here and sent when it differs.
    pub(crate) fn tell_changed(&self, views: &BTreeSet<View>) {
        if views.contains(&View::Frame) {
            self.push_frame();
        }
        let pulled: Vec<View> = views.iter().copied().filter(|v| *v != View::Frame).collect();
        if !pulled.is_empty() {
            let _ = self.app.emit("changed", pulled);
        }
    }

    fn push_frame(&self) {
        let Some(handle) = self.handle.get() else { return };
        let mut frame = frame::view(&handle.moment());
        if self.stuck.load(Ordering::Relaxed) {
            frame.notes.insert(0, say!(frame.language, NoteStuck));
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.as_ref().is_some_and(|before| before.says_the_same(&frame)) {
            return;
        }
        if shown.as_ref().is_none_or(|before| before.language != frame.language) {
            tray::speak(&self.app, frame.language);
        }
        let tray = |f: &FrameView| (f.language, f.worst, f.open_alarms);
        if shown.as_ref().map(tray) != Some(tray(&frame)) {
            tray::show(&self.app, frame.language, frame.worst, frame.open_alarms);
        }
        *shown = Some(frame.clone());
        drop(shown);
        let _ = self.app.emit("frame", frame);
    }
}

/// Performs the engine's effects.
struct Sink(Arc<DesktopApp>);

impl EffectSink for Sink {
    fn perform(&self, effect: Effect) {
        let desktop = &self.0;
        match effect {
            Effect::Notify(change) => desktop.notify(change),
            Effect::Sound(priority) => desktop.sound(priority),
            Effect::StopSound => desktop.speaker.stop(),
            Effect::AskForAttention => attention::ask(&desktop.app),
            Effect::RunCommand(call) => {
                tauri::async_runtime::spawn(escalation_command::run(call));
            }
            Effect::Send => desktop.followed().send(),
            Effect::AskSources => desktop.followed().ask(),
            Effect::SourcesChanged => desktop.follow_what_is_named(),
            Effect::EngineStuck(stuck) => {
                desktop.stuck.store(stuck, Ordering::Relaxed);
                desktop.push_frame();
            }
            Effect::Changed(views) => desktop.tell_changed(&views),
        }
    }
}
