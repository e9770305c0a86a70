//! A desk on watch over one hospital, and what a test lets happen to it.

use crate::{NIGHT, Region, Stop, TestDesk, deliver_from, night_clock, open_desk};
use app::{
    Clock,
    alarms::{NotificationChange, NotificationKey},
    clock::FixedClock,
};
use domain::alarms::Alarm;
use feed::fhir::{reader::Reader, sync::Delivery};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::{fs, sync::Arc};
use tempfile::TempDir;

/// The address of its first source.
pub const REGION: &str = "https://region.example/fhir";

/// Every alarm calls, at every hour, and nothing goes up.
pub const ALWAYS: &str = r#"{"watch":{"shifts":[]}}"#;

/// A desk that follows one region of one hospital, `isala`, with what befalls it.
pub struct Watch {
    pub desk: TestDesk,
    pub clock: Arc<FixedClock>,
    pub dir: TempDir,
}

impl Watch {
    /// A desk that follows one region; without escalation, since what goes up is told again.
    pub fn open() -> Self {
        Self::with(ALWAYS)
    }

    /// The same with rules of an administrator.
    pub fn with(rules: &str) -> Self {
        let mut watch = Self::unheard(rules);
        watch.whole(&[]);
        watch
    }

    /// One whose region has said nothing yet.
    pub fn unheard(rules: &str) -> Self {
        let (dir, clock) = (TempDir::new().unwrap(), night_clock());
        fs::write(dir.path().join("alarms.json"), rules).unwrap();
        let mut desk = open_desk(dir.path(), &clock);
        desk.set_source(REGION).unwrap();
        Self { desk, clock, dir }
    }

    /// Everything that the region has.
    pub fn whole(&mut self, stops: &[Stop]) {
        let region = stops.iter().cloned().fold(self.isala("isala"), Region::stop);
        deliver_from(&mut self.desk, "", &[], &region);
    }

    pub fn isala(&self, id: &str) -> Region {
        Region::new()
            .site(id, "Isala Zwolle")
            .seh("seh", id)
            .heartbeat(id, self.clock.now())
    }

    /// Only what changed, from a source; `more` are entries of a history beside the resources.
    pub fn changes(&mut self, source: &str, region: &Region, more: &[Value]) {
        let mut bundle = region.bundle();
        bundle["type"] = json!("history");
        bundle["entry"].as_array_mut().unwrap().extend_from_slice(more);
        let moment = self.desk.moment();
        let reader = Reader {
            profile: &moment.profile,
            received: moment.now,
            source,
            own: None,
        };
        let delivery = Delivery {
            reading: reader.json(&bundle.to_string()).unwrap(),
            ..Delivery::default()
        };
        self.desk.apply(&delivery, source).unwrap();
    }

    pub fn stop(&mut self, stop: Stop) {
        self.changes("", &Region::new().stop(stop), &[]);
    }

    pub fn later(&mut self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub fn seconds(&mut self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
        self.desk.tick().unwrap();
    }

    pub fn one(&self) -> Alarm {
        let list = self.desk.alarm_list();
        assert_eq!(list.len(), 1, "{list:?}");
        list[0].clone()
    }

    pub fn acknowledge(&mut self) {
        let id = self.one().id;
        self.desk.acknowledge(&id).unwrap();
        self.desk.take_toasts();
    }

    pub fn shown(&mut self) -> Vec<NotificationKey> {
        let shown = self.desk.take_toasts().into_iter().filter_map(|t| match t {
            NotificationChange::Show { key, .. } => Some(key),
            NotificationChange::Withdraw { .. } => None,
        });
        shown.collect()
    }

    /// The alarms that were notified one by one.
    pub fn shown_singly(&mut self) -> usize {
        let single = |key: &NotificationKey| matches!(key, NotificationKey::Alarm(_));
        self.shown().iter().filter(|key| single(key)).count()
    }
}

pub fn began() -> Timestamp {
    NIGHT.parse().unwrap()
}

pub fn seh(id: &str) -> Stop {
    Stop::new(id, "seh", "seh", began())
}

pub fn ccu(id: &str) -> Stop {
    Stop::new(id, "seh", "ccu", began())
}
