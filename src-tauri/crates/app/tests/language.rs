//! The language of the desk: chosen by a person, kept, and of the words alone.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    Clock,
    alarms::NotificationChange,
    clock::FixedClock,
    effect::{Effect, View},
    text::Language,
};
use domain::alarms::{Alarm, AlarmState};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeSet, sync::Arc};
use support::{NIGHT, Region, TestDesk, night_clock, open_desk};
use tempfile::TempDir;

/// A desk in whose region one emergency department announced a stop.
fn desk_with_a_stop(dir: &TempDir) -> (TestDesk, Arc<FixedClock>) {
    let clock = night_clock();
    let mut desk = open_desk(dir.path(), &clock);
    let began: Timestamp = NIGHT.parse().unwrap();
    let region = Region::new()
        .site("isala", "Isala Zwolle")
        .seh("seh", "isala")
        .heartbeat("isala", clock.now())
        .stop(support::Stop::new("s1", "seh", "seh", began));
    support::deliver(&mut desk, &region);
    (desk, clock)
}

fn one(desk: &TestDesk) -> Alarm {
    let list = desk.alarm_list();
    assert_eq!(list.len(), 1, "{list:?}");
    list[0].clone()
}

fn title(desk: &TestDesk) -> String {
    desk.frame().alarms[0].title.clone()
}

#[test]
fn an_alarm_that_stands_is_said_in_the_chosen_language_and_not_raised_again() {
    let dir = TempDir::new().unwrap();
    let (mut desk, clock) = desk_with_a_stop(&dir);
    let before = one(&desk);
    assert_eq!(title(&desk), "SEH-stop Isala Zwolle");
    desk.acknowledge(&before.id).unwrap();
    desk.take_effects();
    clock.advance(SignedDuration::from_secs(30));
    desk.set_now();
    desk.choose_language(Language::English).unwrap();
    desk.tick().unwrap();
    let after = one(&desk);
    assert_eq!(title(&desk), "SEH stop Isala Zwolle");
    assert_eq!(
        (after.state(), after.raised_at, &after.subject),
        (AlarmState::Acknowledged, before.raised_at, &before.subject),
        "other words are no other alarm"
    );
    let told = desk.take_effects();
    let told = told
        .iter()
        .any(|e| matches!(e, Effect::Notify(NotificationChange::Show { .. }) | Effect::Sound(_)));
    assert!(!told, "nobody is called for other words");
}

#[test]
fn another_language_draws_every_screen_anew() {
    let dir = TempDir::new().unwrap();
    let (mut desk, _) = desk_with_a_stop(&dir);
    desk.take_effects();
    desk.choose_language(Language::English).unwrap();
    let changed = desk.take_effects().into_iter().find_map(|effect| match effect {
        Effect::Changed(views) => Some(views),
        _ => None,
    });
    assert_eq!(changed, Some(BTreeSet::from(View::ALL)));
}

#[test]
fn the_chosen_language_is_still_there_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let (mut desk, clock) = desk_with_a_stop(&dir);
    desk.choose_language(Language::English).unwrap();
    desk.wait_until_stored().unwrap();
    drop(desk);
    let desk = open_desk(dir.path(), &clock);
    assert_eq!(desk.frame().language, Language::English);
}
