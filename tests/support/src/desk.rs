//! Opening a desk on a folder, and delivering a region to it. No test opens one otherwise.

use crate::Region;
use app::{
    AppError, Clock, Engine, Handle, Identity, Moment, Paths,
    alarms::{AlarmMetricsView, Call, NotificationChange, Priority},
    beds::BedsView,
    clock::FixedClock,
    effect::Effect,
    engine::{Input, PackedDelivery},
    frame::FrameView,
    health::HealthReport,
    journal::AuditRow,
    labels::{LabelChoices, LabelPreview, LabelRequest},
    location::LocationView,
    records::Records,
    region::RegionView,
    report::{BedsReport, OutboxReport, RegionReport},
    sources::{Channel, FeedError},
    stops::{StopLevelChoice, StopRequest},
    worklist::WorklistView,
};
use feed::{
    Profile,
    fhir::{
        reader::Reader,
        sync::{Completeness, Delivery},
        visibility::Own,
    },
};
use jiff::Timestamp;
use std::{
    ops::{Deref, DerefMut},
    path::Path,
    sync::Arc,
};

/// Whoever sits at the desk of a test.
pub const OPERATOR: &str = "wan-hoofd";
/// Where that desk stands.
pub const WORKSTATION: &str = "balie";
/// Three in the night, when nobody else is there.
pub const NIGHT: &str = "2026-11-22T03:00:00+01:00";

/// A clock that stands still at three in the night until a test moves it.
pub fn night_clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(NIGHT.parse().unwrap()))
}

/// The desk of [`OPERATOR`], with its files in this folder.
pub fn open_desk(dir: &Path, clock: &Arc<FixedClock>) -> TestDesk {
    open_desk_of(OPERATOR, WORKSTATION, dir, clock.clone())
}

/// The desk of somebody.
pub fn open_desk_of(user: &str, workstation: &str, dir: &Path, clock: Arc<dyn Clock>) -> TestDesk {
    let identity = Identity::of(user, workstation);
    TestDesk::open(dir, clock, identity).unwrap()
}

/// Delivers a region as a file that is imported.
pub fn deliver(desk: &mut TestDesk, region: &Region) {
    let dir = tempfile::tempdir().unwrap();
    let file = region.write(&dir.path().join("levering.json"));
    desk.import(&file).unwrap();
}

/// Delivers a region as the whole of what a source has; `own` are the organisations of the account there.
pub fn deliver_from(desk: &mut TestDesk, source: &str, own: &[&str], region: &Region) {
    let moment = desk.moment();
    let own: Vec<String> = own.iter().map(|o| (*o).to_owned()).collect();
    let own = Own::new(source, &own, []);
    let reader = Reader {
        profile: &moment.profile,
        received: moment.now,
        source,
        own: Some(&own),
    };
    let delivery = Delivery {
        reading: reader.json(&region.bundle().to_string()).unwrap(),
        complete: Completeness::all(),
        everything: true,
        ..Delivery::default()
    };
    desk.apply(&delivery, source).unwrap();
}

/// A full stop of the SEH of the hospital `isala`, for two hours.
pub fn seh_stop() -> StopRequest {
    StopRequest {
        site: "isala".to_owned(),
        service: "seh".to_owned(),
        level: StopLevelChoice::Stop,
        reasons: vec!["seh-vol".to_owned()],
        note: String::new(),
        minutes: 120,
    }
}

/// What one channel of the desk's first source brought, for the engine to take in.
pub fn delivered(channel: Channel, region: &Region, received: Timestamp, complete: Completeness) -> Input {
    Input::Delivered {
        source: String::new(),
        channel,
        brought: Box::new(brought(region, received, complete)),
    }
}

/// The same, as it comes from the channel.
pub fn brought(region: &Region, received: Timestamp, complete: Completeness) -> PackedDelivery {
    PackedDelivery::of(delivery(region, received, complete), received).unwrap()
}

/// The same, before it is packed for the disk.
pub fn delivery(region: &Region, received: Timestamp, complete: Completeness) -> Delivery {
    let profile = Profile::shipped().unwrap();
    let reader = Reader {
        profile: &profile,
        received,
        source: "",
        own: None,
    };
    Delivery {
        reading: reader.json(&region.bundle().to_string()).unwrap(),
        everything: complete == Completeness::all(),
        complete,
        ..Delivery::default()
    }
}

/// A desk without a window.
pub struct TestDesk {
    engine: Engine,
    records: Records,
    clock: Arc<dyn Clock>,
    effects: Vec<Effect>,
}

impl Deref for TestDesk {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

/// Whatever is done is done at the clock's time.
impl DerefMut for TestDesk {
    fn deref_mut(&mut self) -> &mut Engine {
        self.engine.set_now();
        &mut self.engine
    }
}

impl TestDesk {
    /// The desk of somebody, with its files in this folder.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>, identity: Identity) -> Result<Self, AppError> {
        let paths = Paths { dir: dir.to_owned() };
        let engine = Engine::open(&paths, clock.clone(), identity)?;
        Ok(Self {
            engine,
            records: Records::new(&paths, dir.join("export")),
            clock,
            effects: vec![],
        })
    }

    /// Sets it turning, to be asked as a shell asks it. Needs a runtime.
    pub fn run(self) -> Handle {
        app::engine::start(self.engine, self.records, Arc::new(crate::running::Written::default()))
    }

    /// The moment that a screen would draw now.
    pub fn moment(&self) -> Moment {
        let mut moment = self.engine.moment().clone();
        moment.now = self.clock.now();
        moment
    }

    /// What lies on disk, once all deliveries lie there. What the feed made of alarms gets there by
    /// [`Engine::write_behind`], which a test calls itself.
    pub fn records(&self) -> &Records {
        while self.engine.waiting_to_be_stored() > 0 {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        &self.records
    }

    fn taken<T>(&mut self, wanted: impl Fn(&Effect) -> Option<T>) -> Vec<T> {
        let new = self.engine.take_effects();
        self.effects.extend(new);
        let mut taken = vec![];
        self.effects.retain(|effect| match wanted(effect) {
            Some(found) => {
                taken.push(found);
                false
            }
            None => true,
        });
        taken
    }

    /// The notifications since the last call.
    pub fn take_toasts(&mut self) -> Vec<NotificationChange> {
        self.taken(|e| match e {
            Effect::Notify(toast) => Some(toast.clone()),
            _ => None,
        })
    }

    /// The commands to be run since the last call.
    pub fn take_calls(&mut self) -> Vec<Call> {
        self.taken(|e| match e {
            Effect::RunCommand(call) => Some(call.clone()),
            _ => None,
        })
    }

    /// The last sound since the last call.
    pub fn take_sound(&mut self) -> Option<Priority> {
        self.taken(|e| match e {
            Effect::Sound(priority) => Some(*priority),
            _ => None,
        })
        .pop()
    }

    pub fn apply(&mut self, delivery: &Delivery, key: &str) -> Result<(), AppError> {
        let again = Delivery {
            reading: delivery.reading.clone(),
            complete: delivery.complete.clone(),
            everything: delivery.everything,
            next_since: delivery.next_since.clone(),
            refused: delivery.refused.clone(),
            unfinished: delivery.unfinished.clone(),
            server_date: delivery.server_date,
        };
        let now = self.clock.now();
        self.deliver(key, Channel::Bulk, PackedDelivery::of(again, now)?)
    }

    pub fn offline(&mut self, key: &str, error: FeedError) {
        self.no_answer(key, Channel::Bulk, error);
    }

    /// The disk does not take what must be kept.
    pub fn storage_failed(&mut self, why: &str) {
        self.report(HealthReport::Storage(why.to_owned()));
    }

    /// A device or a task reports.
    pub fn report(&mut self, report: HealthReport) {
        self.engine.take(Input::Health(report));
    }

    pub fn frame(&self) -> FrameView {
        app::frame::view(&self.moment())
    }

    pub fn region_view(&self) -> RegionView {
        app::region::view(&self.moment())
    }

    pub fn location_view(&self, id: &str) -> LocationView {
        app::location::view(&self.moment(), id, false).unwrap()
    }

    pub fn beds_view(&self, id: &str, kind: &str) -> BedsView {
        app::beds::view(&self.moment(), id, kind).unwrap()
    }

    pub fn worklist(&self) -> WorklistView {
        app::worklist::view(&self.moment(), self.records()).unwrap()
    }

    pub fn alarm_metrics_view(&self) -> AlarmMetricsView {
        app::alarms::metrics(&self.moment(), &self.records, false).unwrap()
    }

    pub fn preview_label(&self, request: &LabelRequest) -> Result<LabelPreview, AppError> {
        app::labels::preview(&self.moment(), request)
    }

    pub fn label_choices(&self, kind: &str) -> Result<LabelChoices, AppError> {
        app::labels::choices(&self.moment(), &self.records, kind)
    }

    pub fn audit_trail(&self) -> Vec<AuditRow> {
        app::journal::trail(&self.moment(), self.records()).unwrap()
    }

    pub fn outbox_report(&self) -> Vec<OutboxReport> {
        app::report::outbox(self.records()).unwrap()
    }

    pub fn region_report(&self, at: Option<Timestamp>) -> RegionReport {
        match at {
            Some(then) => self.records().moment_at(&self.moment(), then).unwrap().region_report(),
            None => self.moment().region_report(),
        }
    }

    pub fn beds_report(&self, location: &str) -> Result<BedsReport, AppError> {
        self.moment().beds_report(location)
    }

    /// Reads the past of the emergency departments, as the desktop does after its first picture.
    pub fn read_trends(&mut self) {
        let read = self.records().trends(&self.moment()).unwrap();
        self.engine.take(Input::Trends(read));
    }
}
