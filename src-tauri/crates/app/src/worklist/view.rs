//! What labels ask of a person today: each line handled where it stands.

use crate::{
    AppError,
    labels::{Advice, LabelKey, SetPreview, label_advice},
    moment::Moment,
    outbox::UnsentStop,
    records::Records,
    say,
    text::{beds_in_words, kind_name},
};
use domain::{
    PlaceId,
    label::{Agreement, EndCause, LabelKind, LabelOverride},
    label_set::When,
    place::{Place, PlaceKind},
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Serialize;
use std::{cmp::Reverse, collections::BTreeMap};
use store::{OutboxKind, OutboxRow, OutboxState, Spent};
use ts_rs::TS;

/// The list.
#[derive(Clone, Debug, Serialize, TS)]
pub struct WorklistView {
    pub groups: Vec<WorkGroup>,
    pub sets: Vec<SetRow>,
    /// "vandaag 12 keer, 84 bedden, 3 min 10 s", a line a day, the newest first.
    pub time: Vec<String>,
    /// The time is reported with this person's name.
    pub shared: bool,
    pub advice: Vec<Advice>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct WorkGroup {
    /// `missing`, `ending`, `ended`, `contradicts`, `unsent`, `dissolved`.
    pub code: &'static str,
    pub title: String,
    pub rows: Vec<WorkRow>,
}

/// One line: what it is about, what is the matter, and what can be done.
#[derive(Clone, Debug, Serialize, TS)]
pub struct WorkRow {
    pub title: String,
    pub lines: Vec<String>,
    /// The beds to label, where that is what is asked.
    pub beds: Vec<String>,
    pub classification: String,
    pub labels: Vec<LabelKey>,
    /// The outbox row to decide.
    pub row: Option<String>,
    /// `label`, `keep`, `let-go`, `extend`, `repeat`, `mine`, `theirs`, `retry`, `withdraw`.
    pub actions: Vec<&'static str>,
}

/// A set as it stands.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SetRow {
    pub id: String,
    pub name: String,
    pub on: bool,
    pub when: String,
    pub author: String,
    pub preview: SetPreview,
}

const SOON: SignedDuration = SignedDuration::from_hours(1);

const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// The worklist as it stands.
///
/// # Errors
/// When the ledger cannot be read.
pub fn view(m: &Moment, records: &Records) -> Result<WorklistView, AppError> {
    let since = m.now - SignedDuration::from_hours(24 * 90);
    let spent = records.spent_since(m.now - SignedDuration::from_hours(24 * 14))?;
    Ok(worklist(m, &records.labels_since(since)?, spent))
}

/// `made` are the labels given here in the last ninety days, `spent` what labelling cost in the last fourteen.
fn worklist(m: &Moment, made: &[(Timestamp, LabelOverride)], spent: Vec<Spent>) -> WorklistView {
    let (now, language) = (m.now(), m.language);
    let standing = |wanted: &dyn Fn(&LabelOverride) -> bool| -> Vec<&LabelOverride> {
        let mine = |l: &&LabelOverride| m.may_label(&l.bed).is_ok() && m.region.place(&l.bed).is_some();
        m.region.labels.values().filter(mine).filter(|l| wanted(l)).collect()
    };
    let ending = standing(&|l| l.valid_at(now) && l.until.is_some_and(|u| u.duration_since(now) <= SOON));
    let ended = standing(&|l| {
        let long_enough = l
            .until
            .is_some_and(|u| u.duration_since(l.from) >= SignedDuration::from_mins(1));
        long_enough && l.until.is_some_and(|u| u <= now && now.duration_since(u) <= LATELY)
    });
    let contradicts = standing(&|l| {
        let own = m
            .own_labels
            .get(&(l.bed.clone(), l.kind))
            .is_some_and(|o| o.from == l.from);
        own && l.valid_at(now) && l.agreement(m.delivered(&l.bed, l.kind).as_ref()) == Agreement::Contradicts
    });
    let groups = vec![
        group("unsent", say!(language, WorkUnsent), unsent_rows(m)),
        group(
            "contradicts",
            say!(language, WorkContradicts),
            label_rows(m, &contradicts, now, true),
        ),
        group("ending", say!(language, WorkEnding), label_rows(m, &ending, now, false)),
        group("ended", say!(language, WorkEnded), label_rows(m, &ended, now, false)),
        group("missing", say!(language, WorkMissing), missing_rows(m, now)),
        group("dissolved", say!(language, WorkDissolved), dissolved_rows(m, made, now)),
    ];
    WorklistView {
        groups: groups.into_iter().filter(|g| !g.rows.is_empty()).collect(),
        sets: set_rows(m, now),
        time: time_rows(m, spent, now),
        shared: m.share_label_time,
        advice: label_advice(m, made),
    }
}

/// Labels that belong together: of one ward, element, author and end.
fn label_rows(m: &Moment, labels: &[&LabelOverride], now: Timestamp, contradicting: bool) -> Vec<WorkRow> {
    let language = m.language;
    let mut together: BTreeMap<(String, LabelKind, String, String), Vec<&LabelOverride>> = BTreeMap::new();
    for label in labels {
        let delivered = m.delivered(&label.bed, label.kind).map(|e| e.0).unwrap_or_default();
        let key = if contradicting {
            delivered
        } else {
            format!("{:?}", label.until)
        };
        together
            .entry((ward_in_words(m, &label.bed), label.kind, label.element.0.clone(), key))
            .or_default()
            .push(label);
    }
    together
        .into_iter()
        .filter_map(|((ward, kind, ..), labels)| {
            let first = *labels.first()?;
            let shown = m.codes.display(kind, &first.element);
            let epd = |e: Option<&domain::ElementCode>| {
                e.map_or_else(|| say!(language, Nothing), |e| m.codes.display(kind, e))
            };
            let author = first.author.as_str();
            let mut lines = vec![say!(
                language,
                WorkGivenBy,
                n = labels.len(),
                element = shown,
                author = author
            )];
            if contradicting {
                let (was, is) = (
                    epd(first.delivered.as_ref()),
                    epd(m.delivered(&first.bed, kind).as_ref()),
                );
                lines.push(say!(language, WorkEpdSaid, was = was, is = is));
            } else if let Some(until) = first.until {
                let at = m.clock(until);
                lines.push(if until <= now {
                    say!(language, WorkEndedAt, at = at)
                } else {
                    say!(language, WorkEndsAt, at = at)
                });
            }
            if !first.reason.is_empty() {
                lines.push(first.reason.clone());
            }
            let actions = if contradicting {
                vec!["keep", "let-go"]
            } else if first.valid_at(now) {
                vec!["extend", "let-go"]
            } else {
                vec!["repeat", "label"]
            };
            Some(WorkRow {
                title: ward,
                lines,
                beds: labels.iter().map(|l| l.bed.0.clone()).collect(),
                classification: kind.code().to_owned(),
                labels: labels
                    .iter()
                    .map(|l| LabelKey {
                        bed: l.bed.0.clone(),
                        classification: kind.code().to_owned(),
                    })
                    .collect(),
                row: None,
                actions,
            })
        })
        .collect()
}

fn missing_rows(m: &Moment, now: Timestamp) -> Vec<WorkRow> {
    let mut missing: BTreeMap<(String, LabelKind), Vec<String>> = BTreeMap::new();
    let lacks = |site: &Place| {
        let sums = m.region.sums(&site.id, now, &m.zone);
        LabelKind::MANDATORY.iter().any(|kind| sums.labels_missing(*kind) > 0)
    };
    let sites = m
        .region
        .sites()
        .filter(|s| m.account.may_label(s.id.as_str()) && lacks(s));
    for site in sites {
        for bed in m.region.beds(&site.id) {
            for kind in LabelKind::MANDATORY {
                if m.region.label(bed, kind, now).is_none() {
                    let ward = ward_in_words(m, &bed.id);
                    missing.entry((ward, kind)).or_default().push(bed.id.0.clone());
                }
            }
        }
    }
    missing
        .into_iter()
        .map(|((title, kind), beds)| WorkRow {
            title,
            lines: vec![say!(
                m.language,
                WorkWithout,
                n = beds.len(),
                kind = kind_name(m.language, kind)
            )],
            beds,
            classification: kind.code().to_owned(),
            labels: vec![],
            row: None,
            actions: vec!["label"],
        })
        .collect()
}

fn unsent_rows(m: &Moment) -> Vec<WorkRow> {
    let (mut rows, mut waiting) = (unsent_stop_rows(m), 0);
    rows.extend(m.outbox.iter().filter_map(|row| refused_row(m, row)));
    let mut why = None;
    for row in m.outbox.iter().filter(|r| r.kind == OutboxKind::Label) {
        if row.state == OutboxState::Waiting {
            waiting += 1;
            why = why.or(row.reason.as_ref());
            continue;
        }
        // One that cannot be read says so where it stands among the remarks; it is in no one's way here.
        let Ok(label) = serde_json::from_str::<LabelOverride>(&row.payload) else {
            continue;
        };
        let shown = |l: &LabelOverride| (m.codes.display(l.kind, &l.element), l.author.clone(), m.clock(l.from));
        let (element, author, at) = shown(&label);
        let mut lines = vec![say!(m.language, WorkHere, element = element, author = author, at = at)];
        let actions = if row.state == OutboxState::Conflict {
            let theirs: Option<LabelOverride> = row.theirs.as_deref().and_then(|t| serde_json::from_str(t).ok());
            lines.extend(theirs.map(|theirs| {
                let (element, author, at) = shown(&theirs);
                say!(m.language, WorkOnServer, element = element, author = author, at = at)
            }));
            vec!["mine", "theirs"]
        } else {
            lines.extend(row.reason.as_ref().map(|r| say!(m.language, WorkRefused, why = r)));
            vec!["retry", "theirs"]
        };
        rows.push(WorkRow {
            title: format!("{} · {}", ward_in_words(m, &label.bed), bed_name(m, &label.bed)),
            lines,
            beds: vec![label.bed.0.clone()],
            classification: label.kind.code().to_owned(),
            labels: vec![],
            row: Some(row.id.clone()),
            actions,
        });
    }
    if waiting > 0 {
        rows.push(WorkRow {
            title: say!(m.language, WorkWaiting, n = waiting),
            lines: why
                .into_iter()
                .map(|w| say!(m.language, WorkLastAttempt, why = w))
                .collect(),
            beds: vec![],
            classification: String::new(),
            labels: vec![],
            row: None,
            actions: vec![],
        });
    }
    rows
}

/// An acknowledgement or a confirmation that the server does not take: a person sends it again or lets it go.
fn refused_row(m: &Moment, row: &OutboxRow) -> Option<WorkRow> {
    let hospital = |place: Option<&PlaceId>| {
        let site = place.map(|place| m.region.site_of(place).unwrap_or(place));
        let name = site.and_then(|site| m.region.place(site)).map(|site| site.name.clone());
        name.unwrap_or_else(|| row.subject.clone())
    };
    let title = match row.kind {
        OutboxKind::Label | OutboxKind::Stop => return None,
        OutboxKind::Acknowledgement => {
            let stop = m.region.stops.get(row.subject.as_str());
            say!(
                m.language,
                WorkAcknowledgement,
                hospital = hospital(stop.map(|s| &s.place))
            )
        }
        OutboxKind::Confirmation => {
            let site = row.subject.split('|').next().map(PlaceId::from);
            say!(m.language, WorkConfirmation, hospital = hospital(site.as_ref()))
        }
    };
    (row.state != OutboxState::Waiting).then(|| WorkRow {
        title,
        lines: row
            .reason
            .iter()
            .map(|r| say!(m.language, WorkRefused, why = r))
            .collect(),
        beds: vec![],
        classification: String::new(),
        labels: vec![],
        row: Some(row.id.clone()),
        actions: vec!["retry", "withdraw"],
    })
}

fn unsent_stop_rows(m: &Moment) -> Vec<WorkRow> {
    let row_of = |stop: UnsentStop| WorkRow {
        title: say!(m.language, WorkStop, hospital = stop.hospital),
        lines: [
            Some(say!(m.language, WorkStopGiven, at = m.clock(stop.since))),
            stop.why,
            stop.phone.map(|phone| say!(m.language, WorkStopCall, phone = phone)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        beds: vec![],
        classification: String::new(),
        labels: vec![],
        row: Some(stop.row),
        actions: vec!["retry", "withdraw"],
    };
    m.unsent_stops().into_iter().map(row_of).collect()
}

fn dissolved_rows(m: &Moment, made: &[(Timestamp, LabelOverride)], now: Timestamp) -> Vec<WorkRow> {
    let mut by_ward: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (at, label) in made {
        if *at >= now - LATELY && label.ended == Some(EndCause::Agreed) {
            let shown = m.codes.display(label.kind, &label.element);
            *by_ward.entry((ward_in_words(m, &label.bed), shown)).or_default() += 1;
        }
    }
    by_ward
        .into_iter()
        .map(|((title, shown), n)| WorkRow {
            title,
            lines: vec![say!(m.language, LabelTimes, n = n, what = shown)],
            beds: vec![],
            classification: String::new(),
            labels: vec![],
            row: None,
            actions: vec![],
        })
        .collect()
}

fn set_rows(m: &Moment, now: Timestamp) -> Vec<SetRow> {
    let at = |t: Timestamp| m.clock(t);
    let mut rows: Vec<SetRow> = m
        .sets
        .iter()
        .map(|set| SetRow {
            id: set.id.clone(),
            name: set.name.clone(),
            // One for every night is on by day too; one with an end is off once that has come.
            on: set.on && (matches!(set.when, When::Daily { .. }) || set.window(now, &m.zone).is_some()),
            when: match &set.when {
                When::Until { until: None } => say!(m.language, SetUntilOff),
                When::Until { until: Some(end) } => say!(m.language, UntilAt, at = at(*end)),
                When::Daily { from, until } => {
                    let at = |time: &jiff::civil::Time| time.strftime("%H:%M").to_string();
                    say!(m.language, SetDaily, from = at(from), until = at(until))
                }
            },
            author: set.author.clone(),
            preview: m.preview_of(set),
        })
        .collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn time_rows(m: &Moment, spent: Vec<Spent>, now: Timestamp) -> Vec<String> {
    /// The day, newest first, and who agreed to be named.
    type Day = (Reverse<Date>, Option<String>);
    let mut days: BTreeMap<Day, (u32, u32, i64)> = BTreeMap::new();
    for spent in spent {
        let day = spent.at.to_zoned(m.zone.clone()).date();
        let one = days.entry((Reverse(day), spent.who)).or_default();
        *one = (one.0 + 1, one.1 + spent.beds, one.2 + spent.ms);
    }
    let today = now.to_zoned(m.zone.clone()).date();
    let rows = days.into_iter().map(|((Reverse(day), who), (gestures, beds, ms))| {
        let day = if day == today {
            say!(m.language, WorkToday)
        } else {
            day.strftime("%d-%m").to_string()
        };
        let who = who.map_or_else(String::new, |w| format!(" ({w})"));
        let seconds = (ms + 500) / 1000;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        say!(
            m.language,
            WorkTime,
            day = format!("{day}{who}"),
            n = gestures,
            beds = beds_in_words(m.language, beds),
            min = minutes,
            s = format!("{seconds:02}")
        )
    });
    rows.collect()
}

fn ward_in_words(m: &Moment, bed: &PlaceId) -> String {
    let name = |kind: PlaceKind| m.region.above(bed, &kind).map(|p| p.name.clone());
    let names: Vec<String> = [name(PlaceKind::Site), name(PlaceKind::Department)]
        .into_iter()
        .flatten()
        .collect();
    names.join(" · ")
}

fn bed_name(m: &Moment, bed: &PlaceId) -> String {
    m.region.place(bed).map_or_else(|| bed.0.clone(), |p| p.name.clone())
}

fn group(code: &'static str, title: String, rows: Vec<WorkRow>) -> WorkGroup {
    WorkGroup { code, title, rows }
}
