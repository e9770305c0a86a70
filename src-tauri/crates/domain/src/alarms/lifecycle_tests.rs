use super::super::{AlarmKind, AlarmSubject, FeedProblem, LeadingReason, reading_order};
use super::*;
use crate::stop::StopLevel;

pub(super) fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

pub(super) fn later(minutes: i64) -> Timestamp {
    now() + jiff::SignedDuration::from_mins(minutes)
}

pub(super) fn id() -> AlarmId {
    AlarmId::of_stop(Some(&"isala".into()), &"seh".into(), &"s1".into())
}

pub(super) fn full_seh(level: StopLevel) -> AlarmSubject {
    AlarmSubject::Stop {
        service: "seh".into(),
        level,
        reason: Some(LeadingReason::Code("seh-vol".into())),
    }
}

pub(super) fn stop(expected_end: Option<Timestamp>) -> Condition {
    Condition {
        id: id(),
        kind: AlarmKind::SehStop,
        priority: Priority::High,
        place: Some("isala".into()),
        subject: full_seh(StopLevel::Stop),
        text: AlarmText {
            hospital: "Isala Zwolle".into(),
            what: "SEH-stop".into(),
            since: Some(now()),
            expected_end,
            reason: "SEH vol".into(),
            advice: String::new(),
            phone: None,
        },
    }
}

pub(super) fn raised() -> Alarm {
    advance(None, Event::Present(stop(None)), now()).unwrap().0.unwrap()
}

pub(super) fn ack() -> Event {
    Event::Acknowledge(Acknowledgement {
        by: "wan-hoofd".into(),
        workstation: "balie".into(),
        at: now(),
    })
}

#[test]
fn ah_03_a_stop_that_ends_unseen_stays_on_the_list_until_acknowledged() {
    let (alarm, _) = advance(Some(raised()), Event::Absent, later(5)).unwrap();
    let alarm = alarm.expect("a stop nobody saw must not disappear");
    assert_eq!(alarm.state(), AlarmState::ReturnedUnacknowledged);
    let (gone, effects) = advance(Some(alarm), ack(), later(6)).unwrap();
    assert!(gone.is_none(), "acknowledged and over is normal");
    assert_eq!(effects, vec![Effect::Withdraw(id())]);
}

#[test]
fn ah_04_an_acknowledgement_keeps_who_when_and_where() {
    let (alarm, _) = advance(Some(raised()), ack(), now()).unwrap();
    let kept = alarm.unwrap().acknowledged.unwrap();
    assert_eq!(
        (kept.by.as_str(), kept.workstation.as_str(), kept.at),
        ("wan-hoofd", "balie", now())
    );
}

#[test]
fn a_repeat_of_the_same_stop_is_not_announced_twice_but_an_extension_is() {
    let (alarm, effects) = advance(Some(raised()), Event::Present(stop(None)), later(5)).unwrap();
    assert!(effects.is_empty(), "the feed repeats itself every five minutes");
    let (alarm, _) = advance(alarm, ack(), later(6)).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(stop(Some(later(120)))), later(7)).unwrap();
    assert_eq!(effects, vec![Effect::Announce(id())]);
    assert_eq!(alarm.unwrap().state(), AlarmState::Unacknowledged);
}

#[test]
fn ah_08_a_shelf_needs_a_reason_and_a_limit_and_returns_by_itself() {
    let shelve = |reason: &str, minutes| Event::Shelve {
        by: "wan-hoofd".into(),
        reason: reason.into(),
        until: later(minutes),
    };
    assert_eq!(advance(Some(raised()), shelve(" ", 60), now()), Err(Refused::NoReason));
    assert_eq!(
        advance(Some(raised()), shelve("bekend", 14), now()),
        Err(Refused::LimitOutOfRange)
    );
    assert_eq!(
        advance(Some(raised()), shelve("bekend", 721), now()),
        Err(Refused::LimitOutOfRange)
    );
    let (alarm, _) = advance(Some(raised()), shelve("bekend", 60), now()).unwrap();
    let (alarm, effects) = advance(alarm, Event::Tick, later(59)).unwrap();
    assert_eq!(alarm.as_ref().unwrap().state(), AlarmState::Shelved);
    assert!(effects.is_empty());
    let (alarm, effects) = advance(alarm, Event::Tick, later(60)).unwrap();
    assert_eq!(alarm.unwrap().state(), AlarmState::Unacknowledged);
    assert_eq!(effects.len(), 1, "what returns from the shelf demands attention");
}

#[test]
fn ah_09_a_high_alarm_that_escalates_leaves_the_shelf() {
    let shelve = Event::Shelve {
        by: "w".into(),
        reason: "bekend".into(),
        until: later(60),
    };
    let (alarm, _) = advance(Some(raised()), shelve, now()).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(stop(Some(later(240)))), later(1)).unwrap();
    assert_eq!(alarm.unwrap().state(), AlarmState::Unacknowledged);
    assert_eq!(effects.len(), 1);
}

#[test]
fn ah_21_the_list_reads_unacknowledged_first_then_priority_then_newest() {
    let make = |id: &str, kind: AlarmKind, at, acked| {
        let mut a = raised();
        a.id = AlarmId::of_stop(None, &"seh".into(), &id.into());
        a.kind = kind;
        a.priority = kind.priority();
        a.raised_at = at;
        a.acknowledged = acked;
        a
    };
    let done = Some(Acknowledgement {
        by: "w".into(),
        workstation: "b".into(),
        at: now(),
    });
    let mut list = vec![
        make("acknowledged-stop", AlarmKind::SehStop, later(9), done),
        make("old-stop", AlarmKind::SehStop, now(), None),
        make("threatened", AlarmKind::ThreatenedStop, later(8), None),
        make("new-stop", AlarmKind::SehStop, later(1), None),
    ];
    reading_order(&mut list);
    let ids: Vec<_> = list.iter().filter_map(|a| a.id.stop()).map(|s| s.as_str()).collect();
    assert_eq!(ids, ["new-stop", "old-stop", "threatened", "acknowledged-stop"]);
}

#[test]
fn what_a_person_must_act_on_is_raised_again_when_it_changes() {
    let reason = |reason| AlarmSubject::Stop {
        service: "seh".into(),
        level: StopLevel::Stop,
        reason,
    };
    let other_service = AlarmSubject::Stop {
        service: "ccu".into(),
        level: StopLevel::Stop,
        reason: Some(LeadingReason::Code("seh-vol".into())),
    };
    for (what, subject) in [
        ("a threat that was a stop", full_seh(StopLevel::Threatened)),
        ("another reason", reason(Some(LeadingReason::Code("personeel".into())))),
        ("no reason any more", reason(None)),
        ("another service", other_service),
    ] {
        let (alarm, _) = advance(Some(raised()), ack(), later(1)).unwrap();
        let changed = Condition { subject, ..stop(None) };
        let (alarm, effects) = advance(alarm, Event::Present(changed), later(2)).unwrap();
        assert_eq!(effects, [Effect::Announce(id())], "{what}");
        assert_eq!(alarm.unwrap().state(), AlarmState::Unacknowledged, "{what}");
    }
}

#[test]
fn a_stop_that_is_expected_to_end_sooner_is_not_raised_again() {
    let (alarm, _) = advance(None, Event::Present(stop(Some(later(120)))), now()).unwrap();
    let (alarm, _) = advance(alarm, ack(), later(1)).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(stop(Some(later(60)))), later(2)).unwrap();
    assert!(effects.is_empty(), "good news needs no acknowledgement: {effects:?}");
    assert_eq!(alarm.unwrap().state(), AlarmState::Acknowledged);
}

#[test]
fn ah_09_a_stop_that_begins_anew_leaves_the_shelf() {
    let shelve = || Event::Shelve {
        by: "w".into(),
        reason: "bekend".into(),
        until: later(60),
    };
    let (alarm, _) = advance(Some(raised()), shelve(), now()).unwrap();
    let (alarm, _) = advance(alarm, Event::Absent, later(5)).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(stop(None)), later(10)).unwrap();
    assert_eq!(alarm.unwrap().state(), AlarmState::Unacknowledged);
    assert_eq!(effects, vec![Effect::Announce(id())]);

    // A line that comes and goes stays on it: that is what the shelf is for.
    let mut lost = raised();
    lost.id = AlarmId::of_source(AlarmKind::FeedLost, &"".into());
    lost.kind = AlarmKind::FeedLost;
    let condition = Condition {
        id: lost.id.clone(),
        kind: AlarmKind::FeedLost,
        ..stop(None)
    };
    let (alarm, _) = advance(Some(lost), shelve(), now()).unwrap();
    let (alarm, _) = advance(alarm, Event::Absent, later(5)).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(condition), later(10)).unwrap();
    assert_eq!(alarm.unwrap().state(), AlarmState::Shelved);
    assert!(effects.is_empty());
}

#[test]
fn of_stops_that_were_not_sent_one_more_is_raised_again_and_one_less_is_not() {
    let not_sent = |rows: &[&str]| {
        let rows = rows.iter().map(|row| (*row).to_owned()).collect();
        Condition {
            kind: AlarmKind::NotSent,
            subject: AlarmSubject::NotSent { rows },
            ..stop(None)
        }
    };
    let (alarm, _) = advance(None, Event::Present(not_sent(&["a"])), now()).unwrap();
    let (alarm, _) = advance(alarm, ack(), later(1)).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(not_sent(&["a", "b"])), later(2)).unwrap();
    assert_eq!(effects, vec![Effect::Announce(id())]);
    let (alarm, _) = advance(alarm, ack(), later(3)).unwrap();
    let (alarm, effects) = advance(alarm, Event::Present(not_sent(&["b"])), later(4)).unwrap();
    assert!(effects.is_empty(), "one of them was sent");
    assert_eq!(alarm.as_ref().unwrap().state(), AlarmState::Acknowledged);
    // As an earlier version stored it.
    let mut old = alarm.unwrap();
    old.subject = serde_json::from_str(r#"{"about":"plain"}"#).unwrap();
    let (alarm, effects) = advance(Some(old), Event::Present(not_sent(&["b"])), later(5)).unwrap();
    assert!(effects.is_empty(), "an update of this program is not an alarm");
    assert_eq!(alarm.unwrap().state(), AlarmState::Acknowledged);
}

#[test]
fn a_lost_feed_is_raised_again_only_when_somebody_must_do_something_else_about_it() {
    let lost = |problem, reason: &str| Condition {
        id: AlarmId::of_source(AlarmKind::FeedLost, &"".into()),
        kind: AlarmKind::FeedLost,
        place: None,
        subject: AlarmSubject::FeedLost { problem },
        text: AlarmText {
            reason: reason.into(),
            ..AlarmText::default()
        },
        ..stop(None)
    };
    let failing = lost(FeedProblem::NoAnswer, "De server heeft een storing.");
    let (alarm, _) = advance(None, Event::Present(failing), now()).unwrap();
    let (alarm, _) = advance(alarm, ack(), later(1)).unwrap();
    let timeout = lost(FeedProblem::NoAnswer, "De server is niet bereikbaar.");
    let (alarm, effects) = advance(alarm, Event::Present(timeout), later(2)).unwrap();
    assert!(effects.is_empty(), "down is down: {effects:?}");
    let sign_in = lost(FeedProblem::SignIn, "Meld u opnieuw aan.");
    let (_, effects) = advance(alarm, Event::Present(sign_in), later(3)).unwrap();
    assert_eq!(effects.len(), 1, "now somebody has to sign in");
}

#[test]
fn an_update_of_the_program_raises_nothing_that_was_acknowledged_before_it() {
    let (alarm, _) = advance(Some(raised()), ack(), later(1)).unwrap();
    let stored = Alarm {
        subject: None,
        ..alarm.unwrap()
    };
    let (alarm, effects) = advance(Some(stored.clone()), Event::Present(stop(None)), later(2)).unwrap();
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!(
        alarm.unwrap().subject,
        Some(full_seh(StopLevel::Stop)),
        "and known from now on"
    );
    let longer = Event::Present(stop(Some(later(240))));
    let (_, effects) = advance(Some(stored), longer, later(2)).unwrap();
    assert_eq!(effects.len(), 1, "a stop that was extended meanwhile is raised");
}

#[test]
fn an_expected_end_that_comes_near_and_passes_is_reminded_of_every_quarter_and_lifts_nothing() {
    let end = later(60);
    let (mut alarm, _) = advance(None, Event::Present(stop(Some(end))), now()).unwrap();
    let (acknowledged, _) = advance(alarm, ack(), now()).unwrap();
    alarm = acknowledged;
    let mut reminded = vec![];
    for minute in 1..=100 {
        let (next, effects) = advance(alarm, Event::Tick, later(minute)).unwrap();
        alarm = next;
        if effects == [Effect::Remind(id())] {
            reminded.push(minute - 60);
        }
    }
    assert_eq!(reminded, [-15, 0, 15, 30]);
    let alarm = alarm.unwrap();
    assert_eq!(alarm.state(), AlarmState::Acknowledged, "a reminder is not a new alarm");
    assert!(alarm.active, "and nothing lifts a stop but the hospital");
}

#[test]
fn what_nobody_acknowledges_goes_up_once_and_then_the_command_is_called_once() {
    let threat = Condition {
        kind: AlarmKind::ThreatenedStop,
        priority: Priority::Medium,
        subject: full_seh(StopLevel::Threatened),
        ..stop(None)
    };
    let (alarm, _) = advance(None, Event::Present(threat.clone()), now()).unwrap();
    let up = || Event::Escalate(Escalation::Raised);
    let (alarm, effects) = advance(alarm, up(), later(10)).unwrap();
    assert_eq!(effects, [Effect::Announce(id())]);
    assert_eq!(alarm.as_ref().unwrap().priority, Priority::High);
    assert!(advance(alarm.clone(), up(), later(11)).is_err());
    let (alarm, effects) = advance(alarm, Event::Present(threat), later(12)).unwrap();
    assert!(effects.is_empty(), "a repeat does not bring it down again: {effects:?}");
    assert_eq!(alarm.as_ref().unwrap().priority, Priority::High);
    let (alarm, effects) = advance(alarm, Event::Escalate(Escalation::Called), later(15)).unwrap();
    assert_eq!(effects, [Effect::Call(id())]);
    let (alarm, _) = advance(alarm, ack(), later(16)).unwrap();
    assert!(advance(alarm, Event::Escalate(Escalation::Called), later(30)).is_err());
}

#[test]
fn an_acknowledgement_at_another_desk_is_shown_and_silences_nothing_here() {
    let elsewhere = Event::AcknowledgedElsewhere(Acknowledgement {
        by: "collega".into(),
        workstation: "meldkamer".into(),
        at: now(),
    });
    let (alarm, effects) = advance(Some(raised()), elsewhere.clone(), now()).unwrap();
    let (alarm, _) = advance(alarm, elsewhere, now()).unwrap();
    let alarm = alarm.unwrap();
    assert!(effects.is_empty() && alarm.is_open());
    assert_eq!(alarm.elsewhere.len(), 1, "told twice, shown once");
}

#[test]
fn what_is_over_says_since_when_and_what_holds_again_does_not() {
    let ended = |alarm: &Option<Alarm>| alarm.as_ref().unwrap().ended_at;
    let (alarm, _) = advance(Some(raised()), Event::Absent, later(5)).unwrap();
    assert_eq!(ended(&alarm), Some(later(5)));
    let (alarm, _) = advance(alarm, Event::Absent, later(9)).unwrap();
    assert_eq!(ended(&alarm), Some(later(5)), "told twice, ended once");
    let (alarm, _) = advance(alarm, Event::Present(stop(None)), later(10)).unwrap();
    assert_eq!(ended(&alarm), None);
}
