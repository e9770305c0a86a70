//! What asks for somebody's timely response, worked out from values alone; and what does not ask again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    alarms::{AlarmChoice, AlarmRules, ConditionInputs, Priority, SourceInput, Watching, conditions},
    assets::{StopCodes, stop_codes},
    clock::FixedClock,
    health::StorageNote,
    outbox::UnsentStop,
    sources::{FeedError, Link},
    text::{Language, Spoken},
};
use domain::{
    alarms::{Alarm, AlarmKind, AlarmState, Condition, StorageProblem, entry},
    drive_times::DriveTimes,
    place::{Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind, Region},
    service_day::dutch_zone,
    stop::{Stop, StopLevel},
};
use feed::fhir::sync::Delivery;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::{collections::BTreeMap, sync::Arc};
use support::{TestDesk, open_desk};

fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

/// What a desk would know, without a desk.
struct Known {
    region: Region,
    links: Vec<(&'static str, Link, Option<SignedDuration>)>,
    storage: Option<StorageNote>,
    unsent: Vec<UnsentStop>,
    busier_than: BTreeMap<domain::PlaceId, u32>,
    standing: BTreeMap<domain::AlarmId, Alarm>,
    codes: StopCodes,
    drive_times: DriveTimes,
    zone: TimeZone,
}

impl Known {
    /// One hospital with an SEH.
    fn new() -> Self {
        let mut known = Self {
            region: Region::default(),
            links: vec![],
            storage: None,
            unsent: vec![],
            busier_than: BTreeMap::new(),
            standing: BTreeMap::new(),
            codes: stop_codes().unwrap(),
            drive_times: app::drive_times::shipped().unwrap(),
            zone: dutch_zone(),
        };
        known.site("isala", "Isala Zwolle", |_| {});
        known.place("seh", "isala", "SEH");
        known
    }

    fn site(&mut self, id: &str, name: &str, change: impl FnOnce(&mut Place)) {
        let mut site = Place::new(id.into(), PlaceKind::Site, name, None);
        site.phone = Some("038-000 00 00".to_owned());
        change(&mut site);
        self.region
            .put(&RecordKey::new(RecordKind::Place, id), Fact::Place(site), now());
    }

    fn place(&mut self, id: &str, part_of: &str, name: &str) {
        let place = Place::new(id.into(), PlaceKind::Department, name, Some(part_of.into()));
        self.region
            .put(&RecordKey::new(RecordKind::Place, id), Fact::Place(place), now());
    }

    fn stop(&mut self, id: &str, place: &str) {
        let stop = Stop {
            id: id.into(),
            place: place.into(),
            service: "seh".into(),
            level: StopLevel::Stop,
            active: true,
            start: Some(now()),
            end: None,
            expected_end: None,
            reasons: vec![],
            version: None,
        };
        self.region
            .put(&RecordKey::new(RecordKind::Stop, id), Fact::Stop(stop), now());
    }

    fn conditions(&self) -> Vec<Condition> {
        let (rules, choice) = (AlarmRules::default(), AlarmChoice::default());
        let sources = self.links.iter().map(|(key, link, clock_skew)| SourceInput {
            key: (*key).into(),
            name: "de regio".to_owned(),
            link,
            clock_skew: *clock_skew,
        });
        let inputs = ConditionInputs {
            region: &self.region,
            sources: sources.collect(),
            sources_forgotten: false,
            stop_codes: &self.codes,
            drive_times: &self.drive_times,
            watching: Watching {
                rules: &rules,
                choice: &choice,
                now: now(),
                zone: &self.zone,
            },
            storage: self.storage.as_ref(),
            unsent: self.unsent.clone(),
            busier_than: self.busier_than.clone(),
            chattering: self.standing.keys().map(|id| (id.origin(), 3)).collect(),
            standing: &self.standing,
            now: now(),
            zone: &self.zone,
            language: Language::Dutch,
        };
        conditions(&inputs).into_values().collect()
    }

    fn hospitals(&self) -> Vec<String> {
        self.conditions().into_iter().map(|c| c.text.hospital).collect()
    }
}

#[test]
fn a_stop_of_a_hospital_that_nobody_knows_calls_with_what_is_known() {
    let mut known = Known::new();
    known.stop("s1", "elders");
    let found = known.conditions();
    assert_eq!(
        found.len(),
        1,
        "a stop must not be lost since its place is not known: {found:?}"
    );
    assert_eq!((found[0].kind, found[0].priority), (AlarmKind::SehStop, Priority::High));
    assert_eq!(found[0].text.hospital, "onbekend ziekenhuis, elders");
    assert_eq!(found[0].place, None, "there is no location to open");
    known.place("elders", "nergens", "SEH Oost");
    assert_eq!(known.hospitals(), ["onbekend ziekenhuis, SEH Oost"]);
}

#[test]
fn a_stop_of_a_hospital_that_is_not_in_use_calls_as_any_other() {
    let mut known = Known::new();
    known.site("isala", "Isala Zwolle", |s| s.status = Some("inactive".to_owned()));
    known.stop("s1", "seh");
    assert_eq!(known.hospitals(), ["Isala Zwolle"]);
    assert_eq!(known.conditions()[0].text.phone.as_deref(), Some("038-000 00 00"));
}

#[test]
fn a_stop_that_only_the_second_copy_of_a_hospital_has_calls() {
    let mut known = Known::new();
    known.site("bron2~1", "Isala Zwolle", |_| {});
    known.stop("bron2~s1", "bron2~1");
    let found = known.conditions();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].id.to_string(), "stop/isala/seh/bron2~s1");
}

#[test]
fn a_stop_calls_once_and_one_in_shadow_running_calls_nobody() {
    let mut known = Known::new();
    known.stop("s1", "seh");
    assert_eq!(known.conditions().len(), 1);
    known.site("isala", "Isala Zwolle", |s| s.shadow = true);
    assert_eq!(known.hospitals(), [""; 0]);
    known.site("isala", "Isala Zwolle", |s| {
        s.shadow = true;
        s.status = Some("inactive".to_owned());
    });
    assert_eq!(
        known.hospitals(),
        [""; 0],
        "not in use does not bring it out of the shadow"
    );
}

#[test]
fn every_kind_of_alarm_has_a_condition_whose_alarm_is_found_again_by_its_text() {
    let mut known = Known::new();
    known.place("ccu", "isala", "CCU");
    known.stop("s1", "seh");
    for (id, service, level) in [("s2", "ccu", StopLevel::Stop), ("s3", "seh", StopLevel::Threatened)] {
        let stop = Stop {
            service: service.into(),
            level,
            id: id.into(),
            ..known.region.stops.get("s1").unwrap().clone()
        };
        known
            .region
            .put(&RecordKey::new(RecordKind::Stop, id), Fact::Stop(stop), now());
    }
    let lost = Link::Offline {
        since: now() - SignedDuration::from_mins(9),
        error: FeedError::Failing(503),
    };
    known.links = vec![
        ("", Link::Live, Some(SignedDuration::from_mins(9))),
        ("bron2", lost, None),
    ];
    // Its only delivery was long ago.
    let old = now() - SignedDuration::from_hours(1);
    let site = Place::new("stil".into(), PlaceKind::Site, "Stil", None);
    known
        .region
        .put(&RecordKey::new(RecordKind::Place, "stil"), Fact::Place(site), old);
    known.busier_than = [("isala".into(), 95)].into();
    known.storage = Some(StorageNote {
        problem: StorageProblem::NotWritable,
        text: Spoken::of(|_| "schijf vol".to_owned()),
    });
    known.unsent = vec![UnsentStop {
        row: "rij".to_owned(),
        site: Some("isala".into()),
        hospital: "Isala Zwolle".to_owned(),
        phone: None,
        since: now(),
        why: None,
    }];
    let first = known.conditions().into_iter().find(|c| c.kind == AlarmKind::SehStop);
    let raised = domain::alarms::advance(None, domain::alarms::Event::Present(first.unwrap()), now());
    let alarm = raised.unwrap().0.unwrap();
    known.standing = [(alarm.id.clone(), alarm)].into();
    let found = known.conditions();
    for kind in AlarmKind::ALL {
        assert!(found.iter().any(|c| c.kind == *kind), "no condition is a {kind:?}");
    }
    for condition in found {
        assert_eq!(
            condition.id.to_string().parse(),
            Ok(condition.id.clone()),
            "{:?}",
            condition.kind
        );
        assert_eq!(entry(condition.kind).kind, condition.kind);
    }
}

fn desk() -> (tempfile::TempDir, Arc<FixedClock>, TestDesk) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Arc::new(FixedClock::new(now())));
    let desk = open_desk(dir.path(), &clock);
    (dir, clock, desk)
}

fn only(desk: &TestDesk) -> Alarm {
    let list = desk.alarm_list();
    assert_eq!(list.len(), 1, "{list:?}");
    list[0].clone()
}

#[test]
fn an_error_that_alternates_between_503_and_no_answer_is_acknowledged_once() {
    let (_dir, clock, mut desk) = desk();
    desk.set_source("https://region.example/fhir").unwrap();
    desk.offline("", FeedError::Failing(503));
    clock.advance(SignedDuration::from_mins(6));
    desk.offline("", FeedError::Failing(503));
    let id = only(&desk).id;
    desk.acknowledge(&id).unwrap();
    desk.take_toasts();
    for error in [
        FeedError::Unreachable("timed out".to_owned()),
        FeedError::Busy(30),
        FeedError::Failing(500),
    ] {
        clock.advance(SignedDuration::from_mins(1));
        desk.offline("", error.clone());
        assert_eq!(only(&desk).state(), AlarmState::Acknowledged, "{error:?} is no news");
        assert!(desk.take_toasts().is_empty(), "{error:?} calls nobody");
    }
    let why = only(&desk).text.reason;
    assert_eq!(why, "De server heeft een storing.", "what is shown is the latest");
    desk.offline("", FeedError::Denied(403));
    assert_eq!(
        only(&desk).state(),
        AlarmState::Unacknowledged,
        "now somebody must be let in"
    );
}

#[test]
fn r_13_a_clock_that_drifts_on_is_acknowledged_once_and_one_that_turns_is_not() {
    let (_dir, clock, mut desk) = desk();
    desk.set_source("https://region.example/fhir").unwrap();
    let mut off = |minutes: i64| {
        for _ in 0..2 {
            let delivery = Delivery {
                server_date: Some(clock.now() - SignedDuration::from_mins(minutes)),
                ..Delivery::default()
            };
            desk.apply(&delivery, "").unwrap();
            clock.advance(SignedDuration::from_secs(40));
        }
        let alarm = only(&desk);
        let state = alarm.state();
        if alarm.is_open() {
            desk.acknowledge(&alarm.id).unwrap();
        }
        state
    };
    assert_eq!(off(5), AlarmState::Unacknowledged);
    assert_eq!(off(6), AlarmState::Acknowledged, "a minute more is the same clock");
    assert_eq!(off(-6), AlarmState::Unacknowledged, "the other way is another fault");
}

#[test]
fn r_06_a_disk_that_fills_up_calls_again_although_a_file_was_unreadable_before() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("agreements.json"), "{").unwrap();
    let clock = Arc::new(FixedClock::new(now()));
    let mut desk = open_desk(dir.path(), &clock);
    desk.tick().unwrap();
    let id = only(&desk).id;
    desk.acknowledge(&id).unwrap();
    desk.storage_failed("disk full");
    desk.tick().unwrap();
    assert_eq!(only(&desk).state(), AlarmState::Unacknowledged);
}

#[test]
fn r_07_a_row_of_the_alarm_table_that_is_not_readable_is_an_alarm_and_the_others_stand() {
    let (dir, clock, mut desk) = desk();
    desk.storage_failed("a reason to have one");
    desk.tick().unwrap();
    drop(desk);
    let file = rusqlite::Connection::open(dir.path().join("ledger.sqlite")).unwrap();
    file.execute("INSERT INTO alarm (id, body) VALUES ('x', '{')", [])
        .unwrap();
    let mut desk = open_desk(dir.path(), &clock);
    desk.tick().unwrap();
    let alarm = only(&desk);
    assert_eq!(alarm.kind, AlarmKind::Storage);
    assert!(alarm.text.reason.contains("niet leesbaar"), "{}", alarm.text.reason);
    let kept: i64 = file
        .query_row("SELECT count(*) FROM alarm WHERE id = 'x'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(kept, 1, "kept for repair");
}
