//! A source's clock that is off, and ours that is set back or stood still: no stop, no alarm and no age may suffer.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    clock::FixedClock,
    engine::PackedDelivery,
    labels::{LabelRequest, Until},
    outbox::Sent,
    sources::{Channel, FeedError},
};
use domain::{
    PlaceId,
    alarms::{Alarm, AlarmKind, AlarmState},
    bed::{self, BedState},
    freshness::Freshness,
    label::LabelKind,
    place::{Period, Place, PlaceKind},
    region::Fact,
};
use feed::{
    Profile,
    fhir::{
        reader::Reader,
        sync::{Completeness, Delivery},
    },
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use support::{Bed, Region, Stop, TestDesk, night_clock, open_desk, seh_stop};

/// A desk that follows a server whose clock is ahead of ours, or behind it.
struct Followed {
    _dir: tempfile::TempDir,
    clock: Arc<FixedClock>,
    desk: TestDesk,
    ahead: SignedDuration,
    /// Whether its answers say what its clock says.
    dated: bool,
}

impl Followed {
    fn new(ahead: SignedDuration) -> Self {
        Self::of(ahead, true)
    }

    fn of(ahead: SignedDuration, dated: bool) -> Self {
        let (dir, clock) = (tempfile::tempdir().unwrap(), night_clock());
        let mut desk = open_desk(dir.path(), &clock);
        desk.set_source("https://region.example/fhir").unwrap();
        let mut followed = Self {
            _dir: dir,
            clock,
            desk,
            ahead,
            dated,
        };
        followed.deliver_hospital();
        followed.desk.take_toasts();
        followed
    }

    fn deliver_hospital(&mut self) {
        let at = self.server();
        let hospital = Region::new().site("isala", "Isala Zwolle").seh("seh", "isala");
        self.tell(Channel::Bulk, &hospital.heartbeat("isala", at), Completeness::all());
    }

    /// What the server's clock says.
    fn server(&self) -> Timestamp {
        self.clock.now() + self.ahead
    }

    fn wait(&mut self, by: SignedDuration) {
        self.clock.advance(by);
        self.desk.tick().unwrap();
    }

    fn tell(&mut self, channel: Channel, region: &Region, complete: Completeness) {
        let now = self.clock.now();
        self.answer(channel, region, complete, now);
    }

    /// An answer that was asked for then, and that the server dated now.
    fn answer(&mut self, channel: Channel, region: &Region, complete: Completeness, asked: Timestamp) {
        let (profile, received) = (Profile::shipped().unwrap(), self.clock.now());
        let reader = Reader {
            profile: &profile,
            // As a server's answer is read.
            received: if self.dated { self.server() } else { received },
            source: "",
            own: None,
        };
        let delivery = Delivery {
            reading: reader.json(&region.bundle().to_string()).unwrap(),
            complete,
            server_date: self.dated.then(|| self.server()),
            ..Delivery::default()
        };
        let brought = PackedDelivery::of(delivery, received).unwrap().asked_for_at(asked);
        self.desk.deliver("", channel, brought).unwrap();
    }

    fn tell_stop(&mut self, stop: Stop) {
        self.tell(Channel::Urgent, &Region::new().stop(stop), Completeness::default());
    }

    fn alarms(&self, kind: AlarmKind) -> Vec<Alarm> {
        let mut list = self.desk.alarm_list();
        list.retain(|a| a.kind == kind && a.active);
        list
    }

    fn age_s(&self) -> Option<i64> {
        self.desk.moment().region.age_s(&"isala".into(), self.clock.now())
    }

    fn announce(&mut self) {
        self.desk.announce_stop(&seh_stop()).unwrap();
    }
}

const DAY: SignedDuration = SignedDuration::from_hours(24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

#[test]
fn r_13_a_stop_of_a_server_ten_minutes_ahead_is_announced_now() {
    let mut followed = Followed::new(minutes(10));
    let began = followed.server();
    followed.tell_stop(Stop::new("stop", "seh", "seh", began));
    assert_eq!(followed.alarms(AlarmKind::SehStop).len(), 1, "nobody is told");
    let tile = serde_json::to_string(&followed.desk.region_view()).unwrap();
    assert!(tile.contains("STOP SEH"), "{tile}");
    assert_eq!(
        followed.age_s(),
        Some(0),
        "what was delivered just now looks old, or not dated"
    );
}

#[test]
fn r_13_a_stop_between_two_looks_of_a_server_that_is_behind_is_told() {
    let mut followed = Followed::new(minutes(-10));
    followed.wait(seconds(10));
    let began = followed.server() - seconds(6);
    followed.tell_stop(Stop::new("stop", "seh", "seh", began).holds(false));
    let list = followed.desk.alarm_list();
    let stops: Vec<AlarmState> = list
        .iter()
        .filter(|a| a.kind == AlarmKind::SehStop)
        .map(Alarm::state)
        .collect();
    assert_eq!(stops, [AlarmState::ReturnedUnacknowledged]);
}

#[test]
fn r_13_a_stop_announced_here_at_a_server_that_is_behind_holds_at_once() {
    let mut followed = Followed::new(minutes(-10));
    followed.announce();
    let row = followed.desk.next_to_send("").unwrap().unwrap();
    let sent: serde_json::Value = serde_json::from_str(&row.payload).unwrap();
    let start: Timestamp = sent["period"]["start"].as_str().unwrap().parse().unwrap();
    assert!(start <= followed.server(), "every desk would hear of it in ten minutes");
}

#[test]
fn a_heartbeat_of_tomorrow_does_not_hide_a_silent_hospital() {
    // Ours was a day ahead when it came, and nothing told how far the source's is off.
    let mut followed = Followed::of(SignedDuration::ZERO, false);
    followed.wait(DAY);
    let tomorrow = followed.clock.now();
    let region = Region::new().heartbeat("isala", tomorrow);
    followed.tell(Channel::Bulk, &region, Completeness::default());
    followed.wait(-DAY);
    followed.wait(minutes(11));
    assert_eq!(followed.alarms(AlarmKind::FeedSilent).len(), 1, "its silence is hidden");
}

#[test]
fn r_13_ages_are_right_with_a_server_ninety_seconds_off() {
    for off in [90, -90] {
        let mut followed = Followed::new(seconds(off));
        assert_eq!(followed.age_s(), Some(0), "{off} s off");
        followed.wait(seconds(300));
        let freshness = |f: &Followed| f.desk.moment().region.freshness(&"isala".into(), f.clock.now());
        assert_eq!(freshness(&followed), Freshness::Fresh, "{off} s off");
        followed.wait(seconds(1));
        assert_eq!(freshness(&followed), Freshness::Ageing, "{off} s off");
    }
}

#[test]
fn r_13_an_answer_that_takes_long_does_not_make_every_age_younger() {
    let mut followed = Followed::new(SignedDuration::ZERO);
    let asked = followed.clock.now();
    followed.wait(minutes(3));
    // Dated when it began, as a server does that sends a large answer slowly.
    followed.ahead = minutes(-3);
    followed.answer(Channel::Bulk, &Region::new(), Completeness::default(), asked);
    assert_eq!(followed.age_s(), Some(180));
}

#[test]
fn r_13_a_clock_set_back_during_an_outage_delays_no_alarm() {
    let mut followed = Followed::new(SignedDuration::ZERO);
    followed.desk.offline("", FeedError::Failing(503));
    followed.wait(minutes(3));
    followed.wait(-HOUR);
    followed.wait(minutes(2));
    assert_eq!(
        followed.alarms(AlarmKind::FeedLost).len(),
        1,
        "the outage is told an hour late"
    );
}

#[test]
fn r_13_a_clock_set_back_delays_no_stop_of_this_desk() {
    let mut followed = Followed::new(SignedDuration::ZERO);
    followed.announce();
    let row = followed.desk.next_to_send("").unwrap().unwrap();
    followed
        .desk
        .settle(&row, &Sent::Later(FeedError::Failing(503)))
        .unwrap();
    followed.wait(-HOUR);
    assert!(
        followed.desk.next_to_send("").unwrap().is_some(),
        "it is not sent for an hour"
    );
    followed.wait(seconds(10));
    assert_eq!(followed.alarms(AlarmKind::NotSent).len(), 1, "nobody is told");
    followed.wait(minutes(15));
    assert!(
        followed.desk.next_to_send("").unwrap().is_none(),
        "it is sent when it may no longer hold"
    );
}

#[test]
fn r_13_a_shelf_ends_in_time_also_when_the_clock_goes_back() {
    let mut followed = Followed::new(SignedDuration::ZERO);
    let began = followed.server();
    followed.tell_stop(Stop::new("stop", "seh", "seh", began));
    let id = followed.alarms(AlarmKind::SehStop)[0].id.clone();
    followed.desk.shelve(&id, "bekend", 15).unwrap();
    followed.wait(minutes(10));
    followed.wait(-HOUR);
    followed.wait(minutes(5));
    let state = followed.alarms(AlarmKind::SehStop)[0].state();
    assert_eq!(state, AlarmState::Unacknowledged);
}

#[test]
fn r_13_ages_go_on_when_our_clock_is_set_back() {
    let mut followed = Followed::new(SignedDuration::ZERO);
    followed.wait(minutes(4));
    followed.wait(-HOUR);
    assert_eq!(followed.age_s(), Some(240));
}

#[test]
fn ah_06_silence_is_two_minutes_also_when_the_clock_goes_back() {
    // A source that says nothing of its clock: an alarm about ours would break the silence, and should.
    let mut followed = Followed::of(SignedDuration::ZERO, false);
    let began = followed.server() - HOUR - HOUR;
    followed.tell_stop(Stop::new("stop", "seh", "seh", began));
    followed.wait(seconds(1));
    followed.desk.take_sound();
    followed.desk.silence();
    followed.wait(seconds(60));
    followed.wait(-HOUR);
    followed.wait(seconds(59));
    assert_eq!(followed.desk.take_sound(), None, "the silence was cut short");
    followed.wait(seconds(1));
    assert!(
        followed.desk.take_sound().is_some(),
        "the desk stays silent for an hour"
    );
}

/// A free bed that is kept for somebody until then.
fn reserved(id: &str, until: Timestamp) -> Place {
    Place {
        status: Some("active".to_owned()),
        operational_status: Some("U".to_owned()),
        reservation: Some(Period {
            start: None,
            end: Some(until),
        }),
        ..Place::new(id.into(), PlaceKind::Bed, id, Some("isala".into()))
    }
}

#[test]
fn r_13_eight_hours_of_sleep_are_told_as_a_gap_and_every_end_is_still_right() {
    let mut followed = Followed::new(SignedDuration::ZERO);
    let (clock, began) = (followed.clock.clone(), followed.server());
    let ends = began + SignedDuration::from_hours(4);
    let region = Region::new()
        .bed(Bed::new("bed", "isala"))
        .fact("kept", &Fact::Place(reserved("kept", ends)))
        .stop(Stop::new("stop", "seh", "seh", began).expected_end(ends));
    followed.tell(Channel::Bulk, &region, Completeness::default());
    let labelled = LabelRequest {
        beds: vec!["bed".to_owned()],
        kind: LabelKind::Specialistisch.code().to_owned(),
        element: "ic-beademd".to_owned(),
        reason: "nacht".to_owned(),
        until: Until::At { at: ends.to_string() },
    };
    followed.desk.label_beds(&labelled).unwrap();
    let id = followed.alarms(AlarmKind::SehStop)[0].id.clone();
    followed.desk.shelve(&id, "bekend", 60).unwrap();
    followed.desk.take_toasts();
    followed.wait(SignedDuration::from_hours(8));

    let moment = followed.desk.moment();
    let connection = followed.desk.frame().connection;
    assert_eq!(
        (connection.state, connection.text.as_str()),
        ("late", "Vertraagd · 8 u 00")
    );
    assert_eq!(followed.age_s(), Some(8 * 3600));
    let kept = moment.region.place(&PlaceId::from("kept")).unwrap();
    let cutoff = bed::cutoff(clock.now(), &moment.zone);
    assert_eq!(moment.region.state(kept, clock.now(), cutoff), BedState::Free);
    let totals = moment.region.totals(&"isala".into(), clock.now(), &moment.zone);
    assert_eq!(totals.available.known(), Some(2), "the sum still keeps the bed");
    let bed = moment.region.place(&PlaceId::from("bed")).unwrap();
    assert!(
        moment
            .region
            .label(bed, LabelKind::Specialistisch, clock.now())
            .is_none()
    );
    let stop = &followed.alarms(AlarmKind::SehStop)[0];
    assert_eq!(stop.state(), AlarmState::Unacknowledged, "it is still on the shelf");
    assert!(!followed.desk.take_toasts().is_empty(), "it came back without a word");
    let tile = serde_json::to_string(&followed.desk.region_view()).unwrap();
    assert!(tile.contains("over tijd"), "{tile}");
}
