//! A desk that runs as the application's does: its engine turns, its sources are asked through the real tasks, and what it
//! wants done is written down.

use app::{
    AppError, Clock, Engine, Handle, Identity, Moment, Paths,
    alarms::AlarmId,
    commands::Intent,
    confirmations::ConfirmRequest,
    effect::{Effect, EffectSink},
    engine::{self, Setup},
    frame::FrameView,
    labels::{Decision, LabelRequest},
    records::Records,
    region::RegionView,
    report::{BedsReport, OutboxReport},
    sources::{BulkFollower, FolderWatch, Follower, OutboxSender, Server, StopFollower},
    stops::StopRequest,
    worklist::WorklistView,
};
use serde_json::Value;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use store::OutboxRow;

/// Writes down what the engine wants done.
#[derive(Clone, Debug, Default)]
pub struct Written(Arc<Mutex<Vec<Effect>>>);

impl EffectSink for Written {
    fn perform(&self, effect: Effect) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(effect);
    }
}

impl Written {
    /// Everything since the last call.
    pub fn take(&self) -> Vec<Effect> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A desk with its engine running. Needs a runtime.
#[derive(Clone, Debug)]
pub struct RunningDesk {
    pub handle: Handle,
    pub effects: Written,
}

/// What follows a source, a step at a time.
pub struct Steps {
    handle: Handle,
    bulk: BulkFollower,
    stops: StopFollower,
    sender: OutboxSender,
}

impl RunningDesk {
    /// The desk of somebody, with its files in this folder.
    pub fn open(user: &str, workstation: &str, dir: &Path, clock: Arc<dyn Clock>) -> Self {
        let identity = Identity::of(user, workstation);
        let paths = Paths { dir: dir.to_owned() };
        let engine = Engine::open(&paths, clock, identity).unwrap();
        let effects = Written::default();
        let records = Records::new(&paths, dir.join("export"));
        let handle = engine::start(engine, records, Arc::new(effects.clone()));
        Self { handle, effects }
    }

    /// The moment once everything that was told before is in it.
    pub async fn settled(&self) -> Arc<Moment> {
        self.handle.reached().await.unwrap();
        self.moment()
    }

    /// The moment as it was published last.
    pub fn moment(&self) -> Arc<Moment> {
        self.handle.moment()
    }

    /// Follows this address and no other.
    pub async fn set_source(&self, address: &str) {
        let address = address.to_owned();
        self.handle.set_up(Setup::FollowOnly { address }).await.unwrap();
    }

    /// Has everything that waits sent, however lately it was tried.
    pub async fn send_now(&self) {
        self.handle.set_up(Setup::SendNow).await.unwrap();
    }

    /// What follows the desk's first source without an account, a step at a time.
    pub fn follow(&self, address: &str) -> Steps {
        self.follow_as(Server::new(address).unwrap())
    }

    /// What follows the desk's first source as a server's account, a step at a time.
    pub fn follow_as(&self, server: Server) -> Steps {
        let follower = Follower::of(self.handle.clone(), "", server);
        Steps {
            handle: self.handle.clone(),
            bulk: follower.bulk(),
            stops: follower.stops(),
            sender: follower.sender(),
        }
    }

    /// What follows a folder.
    pub fn watch(&self, folder: &Path) -> FolderWatch {
        FolderWatch::new(self.handle.clone(), "", folder)
    }

    async fn carry_out(&self, intent: Intent) -> Result<Value, AppError> {
        self.handle.carry_out(intent).await
    }

    pub async fn label_beds(&self, request: &LabelRequest) -> Result<Value, AppError> {
        let request = request.clone();
        self.carry_out(Intent::LabelBeds { request }).await
    }

    pub async fn undo_label(&self) -> Result<Value, AppError> {
        self.carry_out(Intent::UndoLabel {}).await
    }

    pub async fn decide(&self, decision: &Decision) -> Result<Value, AppError> {
        let decision = decision.clone();
        self.carry_out(Intent::Decide { decision }).await
    }

    pub async fn announce_stop(&self, request: &StopRequest) -> Result<Value, AppError> {
        let request = request.clone();
        self.carry_out(Intent::AnnounceStop { request }).await
    }

    pub async fn lift_stop(&self, stop: &str) -> Result<Value, AppError> {
        let stop = stop.to_owned();
        self.carry_out(Intent::LiftStop { stop }).await
    }

    pub async fn acknowledge(&self, id: &AlarmId) -> Result<Value, AppError> {
        let id = id.to_string();
        self.carry_out(Intent::Acknowledge { id }).await
    }

    pub async fn confirm(&self, request: &ConfirmRequest) -> Result<Value, AppError> {
        let request = request.clone();
        self.carry_out(Intent::Confirm { request }).await
    }

    pub fn frame(&self) -> FrameView {
        app::frame::view(&self.moment())
    }

    pub fn region_view(&self) -> RegionView {
        app::region::view(&self.moment())
    }

    pub fn worklist(&self) -> WorklistView {
        app::worklist::view(&self.moment(), &self.handle.records()).unwrap()
    }

    pub fn beds_report(&self, location: &str) -> Result<BedsReport, AppError> {
        self.moment().beds_report(location)
    }

    pub fn outbox_report(&self) -> Vec<OutboxReport> {
        app::report::outbox(&self.handle.records()).unwrap()
    }

    /// The whole outbox, oldest first.
    pub fn outbox(&self) -> Vec<OutboxRow> {
        self.handle.records().outbox().unwrap()
    }
}

impl Steps {
    /// Asks for everything, sends what waits, and asks for what that changed. Returns whether the source answered.
    pub async fn round(&mut self) -> bool {
        let live = self.bulk.round().await;
        self.handle.reached().await.unwrap();
        if live && self.sender.send_all().await.unwrap() > 0 {
            self.bulk.round().await;
        }
        self.handle.reached().await.unwrap();
        live
    }

    /// Asks for stops alone. Returns whether one changed.
    pub async fn look_for_stops(&mut self) -> bool {
        let news = self.stops.look().await;
        self.handle.reached().await.unwrap();
        news
    }

    /// How much longer a busy server asked to be left alone.
    pub fn asked_to_wait_s(&self) -> Option<u64> {
        self.bulk.asked_to_wait_s()
    }

    /// Sends what waits. Returns how many rows were tried.
    pub async fn send(&mut self) -> usize {
        let tried = self.sender.send_all().await.unwrap();
        self.handle.reached().await.unwrap();
        tried
    }
}
