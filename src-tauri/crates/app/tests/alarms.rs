//! Alarms that a control room can trust, on real files and with a clock of the test's own.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock, ErrorCode,
    alarms::{AlarmChoice, DeskRule, NotificationChange, NotificationKey, Priority},
    clock::FixedClock,
    effect::Effect,
    engine::{Input, PackedDelivery},
    sources::Channel,
};
use domain::{
    alarms::{Alarm, AlarmState},
    stop::StopLevel,
};
use feed::{
    FeedError,
    fhir::{reader::Reader, sync::Delivery},
};
use jiff::{SignedDuration, Timestamp};
use std::{fs, sync::Arc};
use support::{NIGHT, Region, TestDesk, night_clock, open_desk};
use tempfile::TempDir;

const REGION: &str = "https://region.example/fhir";

struct Watch {
    desk: TestDesk,
    clock: Arc<FixedClock>,
    dir: TempDir,
}

/// A stop: service, id, whether it holds, and how many minutes after its beginning it is expected to end.
type Stop<'a> = (&'a str, &'a str, bool, Option<i64>);

impl Watch {
    fn open() -> Self {
        Self::with(&[])
    }

    /// With files of an administrator in the data folder.
    fn with(files: &[(&str, &str)]) -> Self {
        let clock = night_clock();
        let dir = TempDir::new().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let mut watch = Self {
            desk: open_desk(dir.path(), &clock),
            clock,
            dir,
        };
        watch.deliver(&[]);
        watch
    }

    fn restart(&mut self) {
        self.desk.wait_until_stored().unwrap();
        self.desk = open_desk(self.dir.path(), &self.clock);
    }

    /// Delivers stops of the one hospital; each began when it was first told of.
    fn deliver(&mut self, stops: &[Stop]) {
        let began: Timestamp = NIGHT.parse().unwrap();
        let mut region = Region::new()
            .site("isala", "Isala Zwolle")
            .seh("seh", "isala")
            .heartbeat("isala", self.clock.now());
        for (service, id, holds, minutes) in stops {
            let mut stop = support::Stop::new(id, "seh", service, began).holds(*holds);
            if let Some(minutes) = minutes {
                stop = stop.expected_end(began + SignedDuration::from_mins(*minutes));
            }
            region = region.stop(stop);
        }
        support::deliver(&mut self.desk, &region);
    }

    /// Second after second; returns the seconds at which something sounded.
    fn seconds(&mut self, seconds: i64) -> Vec<(i64, Priority)> {
        let mut heard = vec![];
        for second in 1..=seconds {
            self.clock.advance(SignedDuration::from_secs(1));
            self.desk.tick().unwrap();
            heard.extend(self.desk.take_sound().map(|p| (second, p)));
        }
        heard
    }

    fn minutes(&mut self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
        self.desk.tick().unwrap();
    }

    fn one(&self) -> Alarm {
        let list = self.desk.alarm_list();
        assert_eq!(list.len(), 1, "{list:?}");
        list[0].clone()
    }

    fn summaries(&mut self) -> Vec<String> {
        let shown = self.desk.take_toasts().into_iter().filter_map(|t| match t {
            NotificationChange::Show { summary, .. } => Some(summary),
            NotificationChange::Withdraw { .. } => None,
        });
        shown.collect()
    }
}

const SEH: Stop = ("seh", "s1", true, None);

#[test]
fn ah_02_ah_05_an_unacknowledged_stop_sounds_every_minute_and_again_after_a_restart() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    assert_eq!(watch.desk.take_sound(), Some(Priority::High));
    let heard: Vec<i64> = watch.seconds(130).into_iter().map(|(at, _)| at).collect();
    assert_eq!(heard, [60, 120]);
    watch.restart();
    watch.desk.announce_standing();
    assert_eq!(
        watch.desk.take_sound(),
        Some(Priority::High),
        "it sounds again, at once"
    );
    assert_eq!(watch.summaries(), ["SEH-stop Isala Zwolle"]);
    let id = watch.one().id;
    watch.desk.acknowledge(&id).unwrap();
    assert!(watch.seconds(200).is_empty(), "acknowledged, its sound stops");
}

#[test]
fn ah_04_an_acknowledgement_ends_the_sound_of_that_alarm_only_and_is_kept_with_who_when_and_where() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH, ("seh", "s2", true, None)]);
    let ids: Vec<_> = watch.desk.alarm_list().into_iter().map(|a| a.id).collect();
    let [first, second] = &ids[..] else { panic!("{ids:?}") };
    let at = watch.desk.moment().now;
    watch.desk.acknowledge(first).unwrap();
    assert!(!watch.seconds(130).is_empty(), "the other one still calls");
    watch.desk.acknowledge(second).unwrap();
    assert!(watch.seconds(130).is_empty());
    watch.restart();
    let list = watch.desk.alarm_list();
    let kept = list
        .iter()
        .find(|a| a.id == *first)
        .and_then(|a| a.acknowledged.clone())
        .unwrap();
    assert_eq!(
        (kept.by.as_str(), kept.workstation.as_str(), kept.at),
        ("wan-hoofd", "balie", at)
    );
}

#[test]
fn a_key_that_was_pressed_for_what_the_screen_showed_does_not_acknowledge_what_was_raised_anew_since() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    let shown = watch.one();
    let later = shown.raised_at + SignedDuration::from_secs(1);
    let error = watch.desk.acknowledge_as_shown(&shown.id, later).unwrap_err();
    assert_eq!(error.code, ErrorCode::Changed);
    assert!(watch.one().is_open());
    watch.desk.acknowledge_as_shown(&shown.id, shown.raised_at).unwrap();
    assert!(!watch.one().is_open());
}

#[test]
fn ah_06_ah_07_silence_is_short_leaves_the_list_alone_and_gives_way_to_an_equal_alarm() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    watch.desk.take_sound();
    watch.desk.silence();
    assert_eq!(watch.desk.frame().silent_for_s, Some(120));
    assert!(watch.seconds(100).is_empty());
    assert_eq!(watch.desk.frame().open_alarms, 1, "silence is not acknowledgement");
    watch.deliver(&[SEH, ("ccu", "s2", true, None)]);
    assert!(
        watch.seconds(10).is_empty(),
        "a medium alarm does not break the silence over a high one"
    );
    watch.deliver(&[SEH, ("ccu", "s2", true, None), ("seh", "s3", true, None)]);
    assert_eq!(watch.seconds(3).first().map(|(_, p)| *p), Some(Priority::High));
}

#[test]
fn ah_11_a_stop_that_comes_and_goes_within_a_minute_becomes_one_alarm_for_all() {
    let mut watch = Watch::open();
    for _ in 0..3 {
        watch.deliver(&[SEH]);
        watch.clock.advance(SignedDuration::from_secs(5));
        watch.deliver(&[("seh", "s1", false, None)]);
        watch.clock.advance(SignedDuration::from_secs(5));
    }
    watch.desk.tick().unwrap();
    let list = watch.desk.alarm_list();
    let open: Vec<&Alarm> = list.iter().filter(|a| a.is_open()).collect();
    assert_eq!(open.len(), 1, "{list:?}");
    assert_eq!(
        (open[0].kind.code(), open[0].priority),
        ("chattering", Priority::High),
        "as grave as its gravest"
    );
    assert_eq!(
        list.iter().filter(|a| a.state() == AlarmState::Suppressed).count(),
        1,
        "its own is kept, and quiet"
    );
    watch.desk.take_toasts();
    watch.seconds(700);
    let states: Vec<_> = watch.desk.alarm_list().iter().map(Alarm::state).collect();
    assert!(
        states.iter().all(|s| *s == AlarmState::ReturnedUnacknowledged),
        "calm again, nothing is lost: {states:?}"
    );
}

#[test]
fn ah_12_two_hundred_alarms_at_once_are_one_banner_and_one_sound_and_every_high_one_is_told() {
    // Without escalation: what goes up after ten minutes would be told again.
    let mut watch = Watch::with(&[("alarms.json", r#"{"watch":{"shifts":[]}}"#)]);
    let ids: Vec<String> = (0..200).map(|n| format!("s{n}")).collect();
    let stops: Vec<Stop> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| (if n % 20 == 0 { "seh" } else { "ccu" }, id.as_str(), true, None))
        .collect();
    watch.deliver(&stops);
    let heard = watch.seconds(50);
    assert_eq!(heard.len(), 1, "sound does not stack: {heard:?}");
    let shown = watch.summaries();
    assert!(
        shown.len() <= 20 && shown.contains(&"Veel meldingen tegelijk".to_owned()),
        "nine before the flood, the flood itself, and ten high ones: {shown:?}"
    );
    let frame = watch.desk.frame();
    assert_eq!(frame.flood.as_deref(), Some("200 meldingen in tien minuten"));
    let single: Vec<_> = frame.alarms.iter().filter(|a| !a.grouped).collect();
    assert_eq!(single.len(), 10, "every high one");
    assert!(single.iter().all(|a| a.priority == "high"));
    assert_eq!(frame.alarms.len(), 200, "and nothing is lost");
    watch.minutes(11);
    assert_eq!(watch.desk.frame().flood, None);
}

#[test]
fn ah_13_an_alarm_that_stands_for_a_day_is_marked_and_never_removed() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    assert!(!watch.desk.frame().alarms[0].stale);
    for _ in 0..25 {
        watch.clock.advance(SignedDuration::from_hours(1));
        watch.deliver(&[SEH]);
    }
    assert!(watch.desk.frame().alarms[0].stale);
    assert_eq!(watch.desk.alarm_metrics_view().stale, ["SEH-stop Isala Zwolle"]);
}

#[test]
fn ah_14_the_page_counts_what_happened_and_the_log_can_be_taken_along() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH, ("ccu", "s2", true, None)]);
    watch.minutes(2);
    let id = watch.desk.alarm_list()[0].id.clone();
    watch.desk.acknowledge(&id).unwrap();
    let view = watch.desk.alarm_metrics_view();
    let value = |name: &str| view.measures.iter().find(|m| m.name == name).unwrap().value.clone();
    assert_eq!(value("drukste 10 minuten"), "2");
    assert_eq!(value("hoog / midden / laag"), "50 / 50 / 0 %");
    assert_eq!(value("tijd tot bevestigen, mediaan"), "120 s");
    assert_eq!(view.top.len(), 2);
    assert!(view.chart.unwrap().contains("<svg"));
    let path = app::alarms::export(&watch.desk.moment(), watch.desk.records(), watch.dir.path()).unwrap();
    let csv = fs::read_to_string(path).unwrap();
    assert_eq!(csv.lines().count(), 4, "two raised and one acknowledged: {csv}");
}

#[test]
fn ah_15_every_alarm_says_where_what_why_and_what_to_do_and_whom_to_call() {
    let mut watch = Watch::open();
    watch.desk.set_source(REGION).unwrap();
    watch.deliver(&[("seh", "s1", true, Some(120)), ("ccu", "s2", true, None)]);
    watch.desk.apply(&Delivery::default(), "").unwrap();
    // Silent for eleven minutes by the clock of the source.
    watch.clock.advance(SignedDuration::from_mins(20));
    let late = Delivery {
        server_date: Some(watch.clock.now() - SignedDuration::from_mins(9)),
        ..Delivery::default()
    };
    watch.desk.apply(&late, "").unwrap();
    watch.seconds(40);
    watch.desk.offline("", FeedError::Unreachable("x".to_owned()));
    watch.clock.advance(SignedDuration::from_mins(5));
    watch.desk.storage_failed("schijf vol");
    watch.desk.tick().unwrap();
    let list = watch.desk.alarm_list();
    let mut kinds: Vec<&str> = list.iter().map(|a| a.kind.code()).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        [
            "clock",
            "feed-lost",
            "feed-silent",
            "seh-stop",
            "service-stop",
            "storage"
        ]
    );
    for alarm in list {
        let t = &alarm.text;
        for (what, text) in [("where", &t.hospital), ("what", &t.what), ("advice", &t.advice)] {
            assert!(!text.is_empty(), "{:?} does not say {what}", alarm.kind);
        }
        let of_a_hospital = alarm.place.is_some();
        assert!(
            !of_a_hospital || t.phone.is_some(),
            "{:?} does not say whom to call",
            alarm.kind
        );
        assert!(
            !alarm.kind.code().contains("stop") || t.since.is_some(),
            "{:?} does not say since when",
            alarm.kind
        );
    }
    let shown = watch.desk.frame().alarms;
    let seh = shown.iter().find(|a| a.title.starts_with("SEH-stop")).unwrap();
    let when = seh.when.as_deref().unwrap();
    assert!(when.contains("verwacht tot 05:00"), "{when}");
}

#[test]
fn what_this_desk_does_not_watch_in_this_shift_stands_on_the_screen_and_calls_nobody() {
    let mut watch = Watch::open();
    let away = AlarmChoice {
        unwatched: [("nacht".to_owned(), ["isala".to_owned()].into())].into(),
        ..AlarmChoice::default()
    };
    watch.desk.choose_alarms(away).unwrap();
    watch.deliver(&[SEH]);
    assert!(watch.desk.alarm_list().is_empty());
    assert_eq!(watch.desk.region_view().tiles[0].seh.as_ref().unwrap().status, "stop");
    watch.restart();
    watch.clock.advance(SignedDuration::from_hours(5));
    watch.deliver(&[SEH]);
    assert_eq!(watch.one().kind.code(), "seh-stop", "the day watches it");
    let wild = AlarmChoice {
        repeat_s: Some(5),
        ..AlarmChoice::default()
    };
    assert_eq!(watch.desk.choose_alarms(wild).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn what_nobody_acknowledges_goes_up_and_then_the_regions_command_is_called_once() {
    let rules = r#"{"watch":{"shifts":[]},"escalation":{"raise_after_min":10,"command_after_min":15,"command":["bel","regio"],"time_limit_s":5}}"#;
    let mut watch = Watch::with(&[("alarms.json", rules)]);
    watch.deliver(&[("ccu", "s2", true, None)]);
    assert_eq!(watch.one().priority, Priority::Medium);
    watch.minutes(9);
    assert_eq!(watch.one().priority, Priority::Medium);
    watch.minutes(1);
    assert_eq!(watch.one().priority, Priority::High);
    watch.minutes(5);
    watch.restart();
    watch.minutes(5);
    let calls = watch.desk.take_calls();
    assert!(calls.is_empty(), "called before the restart, not again: {calls:?}");
    let mut watch = Watch::with(&[("alarms.json", rules)]);
    watch.deliver(&[("ccu", "s2", true, None)]);
    watch.minutes(15);
    let calls = watch.desk.take_calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(
        (calls[0].command.clone(), calls[0].time_limit_s),
        (vec!["bel".to_owned(), "regio".to_owned()], 5)
    );
    let input: serde_json::Value = serde_json::from_str(&calls[0].input).unwrap();
    assert_eq!(
        (input["kind"].clone(), input["location"].clone()),
        ("service-stop".into(), "isala".into())
    );
}

#[test]
fn a_stop_that_runs_over_its_expected_end_is_reminded_of_and_stands() {
    let mut watch = Watch::open();
    watch.deliver(&[("seh", "s1", true, Some(60))]);
    let id = watch.one().id;
    watch.desk.acknowledge(&id).unwrap();
    watch.desk.take_toasts();
    let mut reminded = vec![];
    for minute in 1..=80 {
        watch.minutes(1);
        reminded.extend(watch.summaries().into_iter().map(|s| (minute, s)));
    }
    let said = |minute: i64, word: &str| (minute, format!("{word}: SEH-stop Isala Zwolle"));
    assert_eq!(
        reminded,
        [said(45, "Loopt bijna af"), said(60, "Over tijd"), said(75, "Over tijd")]
    );
    assert_eq!(watch.one().state(), AlarmState::Acknowledged);
    let when = watch.desk.frame().alarms[0].when.clone().unwrap();
    assert!(when.contains("over tijd"), "{when}");
}

#[test]
fn a_reminder_of_a_stop_goes_when_the_stop_does() {
    let mut watch = Watch::open();
    watch.deliver(&[("seh", "s1", true, Some(60))]);
    let id = watch.one().id;
    watch.desk.acknowledge(&id).unwrap();
    watch.minutes(45);
    watch.desk.take_toasts();
    watch.deliver(&[("seh", "s1", false, Some(60))]);
    let key = NotificationKey::Reminder(id);
    assert!(watch.desk.take_toasts().contains(&NotificationChange::Withdraw { key }));
}

#[test]
fn whoever_takes_over_is_who_acknowledges_from_then_on_also_after_a_restart() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    watch.desk.take_over("waco").unwrap();
    assert_eq!(watch.desk.take_over("  ").unwrap_err().code, ErrorCode::Invalid);
    watch.restart();
    watch.desk.resume_operator().unwrap();
    let id = watch.one().id;
    watch.desk.acknowledge(&id).unwrap();
    assert_eq!(watch.one().acknowledged.unwrap().by, "waco");
    let trail = watch.desk.audit_trail();
    assert!(
        trail.iter().any(|r| r.what == "take-over" && r.who == "waco"),
        "{trail:?}"
    );
}

#[test]
fn an_administrator_takes_an_alarm_out_of_service_with_a_reason_and_back() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    watch.desk.take_sound();
    let id = watch.one().id;
    assert_eq!(
        watch.desk.out_of_service(&id, Some(" ")).unwrap_err().code,
        ErrorCode::Invalid
    );
    watch.desk.out_of_service(&id, Some("oefening")).unwrap();
    assert!(watch.seconds(120).is_empty());
    assert_eq!(watch.one().state(), AlarmState::OutOfService);
    watch.desk.out_of_service(&id, None).unwrap();
    assert_eq!(watch.one().state(), AlarmState::Unacknowledged);
}

#[test]
fn ah_17_r_13_a_clock_that_is_off_is_an_alarm_that_does_not_flutter_at_its_limit() {
    let mut watch = Watch::open();
    watch.desk.set_source(REGION).unwrap();
    let off = |watch: &mut Watch, seconds: i64| {
        let delivery = Delivery {
            server_date: Some(watch.clock.now() - SignedDuration::from_secs(seconds)),
            ..Delivery::default()
        };
        watch.desk.apply(&delivery, "").unwrap();
        watch.seconds(70);
        let found = watch.desk.alarm_list().into_iter().find(|a| a.kind.code() == "clock");
        found.map(|a| a.active)
    };
    assert_eq!(off(&mut watch, 119), None);
    assert_eq!(off(&mut watch, 130), Some(true));
    assert_eq!(off(&mut watch, 110), Some(true), "within the dead band it stands");
    assert_eq!(off(&mut watch, 10), Some(false));
}

#[test]
fn r_06_a_disk_that_takes_nothing_is_an_alarm_and_the_stop_is_seen_and_heard_all_the_same() {
    let mut watch = Watch::open();
    let other = rusqlite::Connection::open(watch.dir.path().join("ledger.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    watch.deliver(&[SEH]);
    assert_eq!(watch.one().kind.code(), "seh-stop");
    assert_eq!(watch.desk.take_sound(), Some(Priority::High));
    watch.desk.write_behind();
    let id = watch.one().id;
    let error = watch.desk.acknowledge(&id).unwrap_err();
    assert_eq!(error.code, ErrorCode::Storage, "what a person did is refused, and said");
    assert!(watch.one().is_open());
    watch.desk.tick().unwrap();
    let kinds: Vec<_> = watch.desk.alarm_list().iter().map(|a| a.kind.code()).collect();
    assert!(kinds.contains(&"storage"), "{kinds:?}");
    other.execute_batch("ROLLBACK").unwrap();
    watch.desk.acknowledge(&id).unwrap();
}

#[test]
fn a_stop_is_announced_before_the_ledger_has_it_and_is_in_the_ledger_after_that() {
    let mut watch = Watch::open();
    let kept = |watch: &Watch| {
        let ledger = rusqlite::Connection::open(watch.dir.path().join("ledger.sqlite")).unwrap();
        let count = ledger.query_row("SELECT count(*) FROM alarm", [], |row| row.get::<_, i64>(0));
        count.unwrap()
    };
    watch.desk.set_source(REGION).unwrap();
    let now = watch.clock.now();
    let region = Region::new().site("isala", "Isala Zwolle").seh("seh", "isala");
    let region = region.stop(support::Stop::new("s1", "seh", "seh", now));
    let reader = Reader {
        profile: &watch.desk.moment().profile,
        received: now,
        source: "",
        own: None,
    };
    let delivery = Delivery {
        reading: reader.json(&region.bundle().to_string()).unwrap(),
        ..Delivery::default()
    };
    let effects = watch.desk.take(Input::Delivered {
        source: String::new(),
        channel: Channel::Urgent,
        brought: Box::new(PackedDelivery::of(delivery, now).unwrap()),
    });
    let announced = effects.iter().any(|e| matches!(e, Effect::Notify(_)));
    assert!(announced, "it is announced");
    assert_eq!(kept(&watch), 0, "and no disk was waited for");
    watch.desk.write_behind();
    assert_eq!(kept(&watch), 1);
}

#[test]
fn what_a_person_did_is_on_disk_after_what_the_feed_did_before() {
    let mut watch = Watch::open();
    watch.deliver(&[SEH]);
    let id = watch.one().id;
    watch.desk.acknowledge(&id).unwrap();
    let opened = open_desk(watch.dir.path(), &watch.clock);
    assert!(
        !opened.alarm_list()[0].is_open(),
        "acknowledged, also for whoever opens the file now"
    );
}

#[test]
fn this_desks_own_list_decides_before_the_regions_which_stop_calls_and_how_urgently() {
    let mut watch = Watch::open();
    let rule = |service: Option<&str>, level, priority| DeskRule {
        shift: Some("nacht".to_owned()),
        location: Some("isala".to_owned()),
        service: service.map(str::to_owned),
        level,
        priority,
    };
    let choice = AlarmChoice {
        rules: vec![
            rule(Some("ccu"), Some(StopLevel::Stop), Some(Priority::High)),
            rule(Some("ccu"), None, Some(Priority::Low)),
            rule(None, None, None),
        ],
        ..AlarmChoice::default()
    };
    watch.desk.choose_alarms(choice).unwrap();
    watch.deliver(&[SEH, ("ccu", "s2", true, None)]);
    let one = watch.one();
    assert_eq!((one.priority, one.kind.code()), (Priority::High, "service-stop"));
    watch.restart();
    assert_eq!(watch.one().priority, Priority::High, "the choice is on disk");
}
