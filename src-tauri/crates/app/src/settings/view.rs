//! Screen 8: how this desk is set up.

use crate::{
    alarms::AlarmChoice,
    moment::Moment,
    region::{self, MOST_ROWS},
    say,
    sources::{Link, Source},
    stops::Choice,
    storage::{self, StorageView},
    text::{error_in_words, kind_name},
};
use feed::auth::SignIn;
use serde::Serialize;
use ts_rs::TS;

#[derive(Clone, Debug, Serialize, TS)]
pub struct SettingsView {
    /// In the order in which they stand.
    pub locations: Vec<LocationSetting>,
    /// Every element in use, those on the tiles first and in their order.
    pub rows: Vec<RowSetting>,
    pub most_rows: u32,
    pub alarms: AlarmSettings,
    pub sources: Vec<SourceRow>,
    pub storage: StorageView,
    /// Version of the code lists, and whether they are our proposal.
    pub code_lists: Vec<String>,
    /// Version of the region's agreements, where there are any.
    pub agreements: Option<String>,
    /// Whose drive times count, under which licence, and of when.
    pub drive_times: Vec<String>,
}

/// What alarms at this desk.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AlarmSettings {
    #[ts(type = "number")]
    pub repeat_s: i64,
    /// The shifts that the region's watch list knows.
    pub shifts: Vec<String>,
    pub current: Option<String>,
    /// Location, and by shift whether it is watched; last whether its busyness is an alarm.
    pub rows: Vec<WatchRow>,
    /// The stop points that the region knows: code and name.
    pub services: Vec<Choice>,
    pub choice: AlarmChoice,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct WatchRow {
    pub id: String,
    pub name: String,
    pub watched: Vec<bool>,
    pub busyness: bool,
}

/// A source that is followed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SourceRow {
    pub key: String,
    pub name: String,
    pub address: String,
    /// `starting`, `live` or `offline`.
    pub state: &'static str,
    /// Since when and why, in words.
    pub text: String,
    /// Who we are there, in words.
    pub account: String,
    /// A person can sign in with the browser.
    pub can_sign_in: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct LocationSetting {
    pub id: String,
    pub name: String,
    pub favourite: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct RowSetting {
    pub kind: String,
    pub kind_name: String,
    pub element: String,
    pub name: String,
    pub chosen: bool,
}

/// The settings as they stand.
pub fn view(m: &Moment) -> SettingsView {
    let locations = region::view(m).tiles.into_iter().map(|t| LocationSetting {
        id: t.id,
        name: t.name,
        favourite: t.favourite,
    });
    let chosen = m.tiles.rows();
    let used = m.elements_in_use();
    let others = used.iter().filter(|key| !chosen.contains(key));
    let rows = chosen.iter().chain(others).map(|key| RowSetting {
        kind: key.0.code().to_owned(),
        kind_name: kind_name(m.language, key.0),
        element: key.1.0.clone(),
        name: m.codes.display(key.0, &key.1),
        chosen: chosen.contains(key),
    });
    SettingsView {
        locations: locations.collect(),
        rows: rows.collect(),
        most_rows: u32::try_from(MOST_ROWS).unwrap_or(u32::MAX),
        alarms: alarm_settings(m),
        sources: m.sources().iter().map(|s| source_row(m, s)).collect(),
        storage: storage::view(m),
        code_lists: m
            .codes
            .0
            .iter()
            .map(|l| {
                let list = format!("{} {}", kind_name(m.language, l.kind), l.version);
                if l.proposed {
                    say!(m.language, ListProposed, list = list)
                } else {
                    list
                }
            })
            .collect(),
        agreements: Some(m.agreements.version.clone()).filter(|v| !v.is_empty()),
        drive_times: m
            .drive_times
            .sources()
            .map(|s| format!("{} ({})", s.source, s.date.strftime("%d-%m-%Y")))
            .collect(),
    }
}

fn source_row(m: &Moment, source: &Source) -> SourceRow {
    let (now, language) = (m.now(), m.language);
    let (state, text) = match source.link() {
        Link::None | Link::Starting => ("starting", say!(language, SourceConnecting)),
        Link::Live => {
            let age = source.heard_at().map(|at| now.duration_since(at).as_secs());
            ("live", say!(language, SourceAnswered, age = m.age_in_words(age)))
        }
        Link::Offline { since, error } => {
            let since = m.clock(*since);
            let why = error_in_words(language, error.code());
            ("offline", say!(language, SourceSilent, since = since, why = why))
        }
    };
    let settings = &source.settings;
    SourceRow {
        key: settings.key.clone(),
        name: m.source_name(source),
        address: settings.address.clone(),
        state,
        text,
        account: match &settings.sign_in {
            SignIn::None => say!(language, SourceNoAccount),
            SignIn::Basic { user } => say!(language, SourceWithPassword, user = user),
            SignIn::Service { client_id, .. } => say!(language, SourceServiceAccount, client = client_id),
            SignIn::Person { .. } => say!(language, SourceByBrowser),
        },
        can_sign_in: source.is_person(),
    }
}

fn alarm_settings(m: &Moment) -> AlarmSettings {
    let shifts: Vec<String> = m.rules.watch.shifts.iter().map(|s| s.name.clone()).collect();
    let watched = |id: &str, shift: &String| {
        let away = m.alarm_choice.unwatched.get(shift);
        !away.is_some_and(|sites| sites.contains(id))
    };
    AlarmSettings {
        repeat_s: m.repeat_s(),
        current: m.shift_name(),
        rows: m
            .region
            .sites()
            .map(|s| WatchRow {
                id: s.id.0.clone(),
                name: s.name.clone(),
                watched: shifts.iter().map(|shift| watched(s.id.as_str(), shift)).collect(),
                busyness: m.watches_busyness(&s.id),
            })
            .collect(),
        services: m
            .stop_codes
            .services
            .iter()
            .map(|s| Choice {
                code: s.code.clone(),
                display: s.display.clone(),
                minutes: None,
            })
            .collect(),
        shifts,
        choice: (*m.alarm_choice).clone(),
    }
}
