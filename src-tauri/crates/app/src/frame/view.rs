//! The frame around every screen: connection, alarms, what is incomplete.

use crate::{
    moment::Moment,
    say,
    sources::Link,
    text::{Language, error_in_words},
};
use domain::alarms::{
    Alarm, AlarmScope, AlarmState, Escalation, Priority, SuppressionRule, Suspension, entry, metrics,
};
use domain::{freshness::Freshness, place::Place};
use jiff::Timestamp;
use serde::Serialize;
use store::OutboxState;
use ts_rs::TS;

/// How the connection stands.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Connection {
    /// `none`, `starting`, `live`, `late` or `offline`.
    pub state: &'static str,
    pub text: String,
    /// Since when no source answers: nothing on the screen is current then, however young it is.
    pub offline_since: Option<String>,
    /// Seconds since something was last heard, while that is live: a screen counts on from there by itself.
    pub heard_s: Option<u32>,
}

/// One row of the alarm list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct AlarmRow {
    pub id: String,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// The state's code of the alarm life cycle.
    pub state: &'static str,
    pub open: bool,
    pub title: String,
    pub age: String,
    pub lines: Vec<String>,
    pub phone: Option<String>,
    /// Who acknowledged it, or why and until when it is set aside.
    pub note: Option<String>,
    pub location: Option<String>,
    /// Standing for over a day (AH-13).
    pub stale: bool,
    /// In a flood, told together with the others; the high ones never are.
    pub grouped: bool,
}

/// What a test of the channels found: each one's answer, `null` where it was confirmed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ChannelReport {
    pub notification: Option<String>,
    pub sound: Option<String>,
}

/// The frame.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FrameView {
    /// In which the screen speaks.
    pub language: Language,
    pub region: String,
    pub time: String,
    pub connection: Connection,
    /// `null` until somebody takes the desk over.
    pub user: Option<String>,
    /// Who is signed in to the machine, to be offered as a name.
    pub signed_in: Option<String>,
    pub workstation: String,
    pub alarms: Vec<AlarmRow>,
    pub open_alarms: u32,
    pub shelved_alarms: u32,
    /// "14 meldingen in tien minuten" while that is so (AH-12).
    pub flood: Option<String>,
    /// Seconds of silence that are left (AH-06).
    pub silent_for_s: Option<u32>,
    /// The worst that is not acknowledged, for the tray.
    #[serde(skip)]
    #[ts(skip)]
    pub worst: Option<Priority>,
    /// The shift whose watch list holds.
    pub shift: Option<String>,
    pub locations: u32,
    pub current: u32,
    pub waiting: u32,
    /// Labels or stops that the server refused or that somebody else overtook.
    pub troubled: Vec<String>,
    pub last_complete: Option<String>,
    /// Standing remarks on what does not work at this workstation.
    pub notes: Vec<String>,
    pub practice: bool,
    /// No source was ever chosen.
    pub first_start: bool,
}

fn connection(m: &Moment, now: Timestamp) -> Connection {
    let (sources, language) = (m.sources(), m.language);
    let offline = || {
        sources.iter().filter_map(|s| match s.link() {
            Link::Offline { since, error } => Some((s, *since, error_in_words(language, error.code()))),
            Link::None | Link::Starting | Link::Live => None,
        })
    };
    let mut offline_since = None;
    let (state, text) = match (sources.len(), offline().count()) {
        (0, _) => ("none", say!(language, ConnectionNone)),
        (all, down) if down == all => {
            let seen = m.complete_at().map_or_else(
                || say!(language, ConnectionNoState),
                |at| say!(language, ConnectionStateOf, at = m.clock(at)),
            );
            let since = offline().map(|(_, since, _)| since).max().unwrap_or(now);
            let since = m.clock(since);
            let why = offline().map(|(_, _, why)| why).next().unwrap_or_default();
            let offline = say!(
                language,
                ConnectionOffline,
                since = since.as_str(),
                seen = seen,
                why = why
            );
            offline_since = Some(since);
            ("offline", offline)
        }
        (all, down) if down > 0 => {
            let which = offline().map(|(s, since, why)| {
                let (source, since) = (m.source_name(s), m.clock(since));
                say!(
                    language,
                    ConnectionSourceOffline,
                    source = source,
                    since = since,
                    why = why
                )
            });
            let which = which.collect::<Vec<_>>().join(" ");
            let text = say!(language, ConnectionSomeOffline, n = down, of = all, which = which);
            ("late", text)
        }
        _ if !sources.iter().all(|s| *s.link() == Link::Live) => ("starting", say!(language, ConnectionStarting)),
        _ => {
            let age = m.heard_at().map(|at| now.duration_since(at).as_secs());
            if age.is_some_and(|s| s > 60) {
                ("late", say!(language, ConnectionLate, age = m.age_in_words(age)))
            } else {
                ("live", say!(language, ConnectionLive))
            }
        }
    };
    let heard = m.heard_at().filter(|_| state == "live");
    let heard_s = heard.and_then(|at| u32::try_from(now.duration_since(at).as_secs()).ok());
    Connection {
        state,
        text,
        offline_since,
        heard_s,
    }
}

/// Whether what is shown of a location is what its source says now: young, and still confirmed.
fn is_current(m: &Moment, site: &Place, now: Timestamp) -> bool {
    m.region.freshness(&site.id, now) <= Freshness::Ageing
        && !matches!(m.link_of(site.id.as_str()), Link::Offline { .. })
}

fn alarm_row(m: &Moment, alarm: &Alarm, flood: bool, now: Timestamp) -> AlarmRow {
    let (t, language) = (&alarm.text, m.language);
    let at = |time: Timestamp| m.clock(time);
    // What an alarm of a stop or a site says of times is the source's, of others ours.
    let dated = match entry(alarm.kind).scope {
        AlarmScope::Stop | AlarmScope::Site => m.region.now_of_source(alarm.id.source().as_str(), now),
        AlarmScope::Desk | AlarmScope::Source | AlarmScope::Origin => now,
    };
    let when = match (t.since, t.expected_end) {
        (Some(s), Some(e)) if e < dated => say!(language, RowOverdue, since = at(s), end = at(e)),
        (Some(s), Some(e)) => say!(language, RowUntil, since = at(s), end = at(e)),
        (Some(s), None) => say!(language, RowSince, since = at(s)),
        _ => String::new(),
    };
    let ended = (!alarm.active).then(|| say!(language, RowOver));
    let note = match (&alarm.suspension, &alarm.acknowledged) {
        (Some(Suspension::Shelved { by, reason, until }), _) => {
            Some(say!(language, RowShelved, until = at(*until), by = by, reason = reason))
        }
        (Some(Suspension::Suppressed { rule }), _) => {
            Some(say!(language, RowSuppressed, rule = rule_in_words(language, rule)))
        }
        (Some(Suspension::OutOfService { by, reason }), _) => {
            Some(say!(language, RowOutOfService, by = by, reason = reason))
        }
        (None, Some(ack)) => Some(say!(language, RowAcknowledged, at = at(ack.at), by = ack.by.as_str())),
        (None, None) => None,
    };
    let elsewhere = alarm
        .elsewhere
        .iter()
        .map(|a| format!("{} ({}) {}", a.by, a.workstation, at(a.at)));
    let elsewhere = elsewhere.collect::<Vec<_>>().join(", ");
    let elsewhere = (!elsewhere.is_empty()).then(|| say!(language, RowElsewhere, who = elsewhere));
    let raised = (alarm.escalation != Escalation::None).then(|| say!(language, RowRaised));
    let lines = [
        Some(when),
        ended,
        raised,
        Some(t.reason.clone()),
        Some(t.advice.clone()),
        elsewhere,
    ];
    AlarmRow {
        id: alarm.id.to_string(),
        stale: !metrics::stale([alarm], now).is_empty(),
        grouped: flood && alarm.priority != Priority::High,
        priority: alarm.priority.code(),
        state: match alarm.state() {
            AlarmState::Unacknowledged => "unacknowledged",
            AlarmState::Acknowledged => "acknowledged",
            AlarmState::ReturnedUnacknowledged => "returned-unacknowledged",
            AlarmState::Shelved => "shelved",
            AlarmState::Suppressed => "suppressed",
            AlarmState::OutOfService => "out-of-service",
        },
        open: alarm.is_open(),
        title: format!("{} {}", t.what, t.hospital),
        age: m.age_in_words(Some(
            t.since
                .map_or_else(
                    || now.duration_since(alarm.raised_at),
                    |since| dated.duration_since(since),
                )
                .as_secs()
                .max(0),
        )),
        lines: lines.into_iter().flatten().filter(|l| !l.is_empty()).collect(),
        phone: t.phone.clone(),
        note,
        location: alarm.place.as_ref().map(|p| p.0.clone()),
    }
}

impl FrameView {
    /// Whether a screen that shows `self` has to be drawn anew for `other`: the clock goes on by itself.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let time = other.time.clone();
        *other == Self { time, ..self.clone() }
    }
}

/// The frame as it stands.
pub fn view(m: &Moment) -> FrameView {
    let now = m.now();
    let flood = m.flood;
    let list = m.alarm_list();
    let rows = list.iter().map(|a| alarm_row(m, a, flood.is_some(), now));
    let rows: Vec<AlarmRow> = rows.collect();
    let outbox = &m.outbox;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let regions = m.region.organizations.values().filter(|o| o.jurisdiction);
    let regions: Vec<&str> = regions.map(|o| o.name.as_str()).collect();
    FrameView {
        language: m.language,
        region: if regions.is_empty() {
            say!(m.language, ScreenRegion)
        } else {
            regions.join(" · ")
        },
        time: now.to_zoned(m.zone.clone()).strftime("%H:%M:%S").to_string(),
        connection: connection(m, now),
        user: m.identity.user.clone(),
        signed_in: m.identity.signed_in.clone(),
        workstation: m.identity.workstation.clone(),
        open_alarms: count(rows.iter().filter(|r| r.open).count()),
        shelved_alarms: count(rows.iter().filter(|r| r.state == "shelved").count()),
        alarms: rows,
        flood: flood.map(|n| say!(m.language, FloodCount, n = n)),
        silent_for_s: m.annunciator.silent_for_s(now).and_then(|s| u32::try_from(s).ok()),
        worst: m.highest_open(),
        shift: m.shift_name(),
        locations: count(m.region.counted_sites().count()),
        current: count(m.region.counted_sites().filter(|s| is_current(m, s, now)).count()),
        waiting: count(outbox.iter().filter(|r| r.state == OutboxState::Waiting).count()),
        troubled: outbox
            .iter()
            .filter(|r| matches!(r.state, OutboxState::Conflict | OutboxState::Refused))
            .map(|r| {
                let about = r.subject.split('|').next().unwrap_or(&r.subject);
                let reason = r.reason.as_deref().unwrap_or(r.state.code());
                format!("{}: {reason}", m.bed_in_words(&about.into()))
            })
            .collect(),
        last_complete: m.complete_at().map(|at| m.clock(at)),
        notes: m.health.notes(m.language),
        practice: m.is_practice(),
        first_start: m.sources().is_empty(),
    }
}

fn rule_in_words(language: Language, rule: &SuppressionRule) -> String {
    match rule {
        SuppressionRule::Chattering => say!(language, RowChattering),
        SuppressionRule::Region(name) => name.clone(),
    }
}
