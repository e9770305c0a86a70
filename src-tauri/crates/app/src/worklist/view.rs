//! What labels ask of a person today: each line handled where it stands.

use crate::{
    AppError,
    labels::{Advice, LabelKey, SetPreview, label_advice},
    moment::Moment,
    outbox::UnsentStop,
    records::Records,
    text::{beds_in_words, clock, kind_name},
};
use domain::{
    PlaceId,
    label::{Agreement, EndCause, LabelKind, LabelOverride},
    label_set::When,
    place::PlaceKind,
};
use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::Serialize;
use std::{cmp::Reverse, collections::BTreeMap};
use store::{OutboxKind, OutboxState, Spent};
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
    pub title: &'static str,
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
    let now = m.now();
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
        group("unsent", "Nog niet door de server aanvaard", unsent_rows(m, now)),
        group(
            "contradicts",
            "Het EPD veranderde onder het label",
            label_rows(m, &contradicts, now, true),
        ),
        group("ending", "Loopt binnen een uur af", label_rows(m, &ending, now, false)),
        group(
            "ended",
            "Afgelopen in de laatste 24 uur",
            label_rows(m, &ended, now, false),
        ),
        group("missing", "Bedden zonder verplicht label", missing_rows(m, now)),
        group(
            "dissolved",
            "Vandaag opgelost: het EPD zegt nu hetzelfde",
            dissolved_rows(m, made, now),
        ),
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
            let epd =
                |e: Option<&domain::ElementCode>| e.map_or_else(|| "geen".to_owned(), |e| m.codes.display(kind, e));
            let mut lines = vec![format!("{} × {shown}, door {}", labels.len(), first.author)];
            if contradicting {
                let now_says = epd(m.delivered(&first.bed, kind).as_ref());
                lines.push(format!("EPD zei {}, zegt nu {now_says}", epd(first.delivered.as_ref())));
            } else if let Some(until) = first.until {
                let word = if until <= now { "liep af om" } else { "loopt af om" };
                lines.push(format!("{word} {}", clock(until, now, &m.zone)));
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
    for site in m.region.sites().filter(|s| m.account.may_label(s.id.as_str())) {
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
            lines: vec![format!("{} × geen {}", beds.len(), kind_name(kind))],
            beds,
            classification: kind.code().to_owned(),
            labels: vec![],
            row: None,
            actions: vec!["label"],
        })
        .collect()
}

fn unsent_rows(m: &Moment, now: Timestamp) -> Vec<WorkRow> {
    let (mut rows, mut waiting) = (unsent_stop_rows(m, now), 0);
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
        let said = |l: &LabelOverride, who: &str| {
            let shown = m.codes.display(l.kind, &l.element);
            format!("{who}: {shown}, door {} om {}", l.author, clock(l.from, now, &m.zone))
        };
        let mut lines = vec![said(&label, "hier")];
        let actions = if row.state == OutboxState::Conflict {
            let theirs: Option<LabelOverride> = row.theirs.as_deref().and_then(|t| serde_json::from_str(t).ok());
            lines.extend(theirs.map(|t| said(&t, "op de server")));
            vec!["mine", "theirs"]
        } else {
            lines.extend(row.reason.as_ref().map(|r| format!("de server weigert: {r}")));
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
            title: format!("{waiting} labels wachten op verzending"),
            lines: why.into_iter().map(|w| format!("laatste poging: {w}")).collect(),
            beds: vec![],
            classification: String::new(),
            labels: vec![],
            row: None,
            actions: vec![],
        });
    }
    rows
}

fn unsent_stop_rows(m: &Moment, now: Timestamp) -> Vec<WorkRow> {
    let row_of = |stop: UnsentStop| WorkRow {
        title: format!("Stop · {}", stop.hospital),
        lines: [
            Some(format!("gegeven om {}", clock(stop.since, now, &m.zone))),
            stop.why,
            stop.phone.map(|phone| format!("De regio weet het niet: bel {phone}")),
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
            lines: vec![format!("{n} × {shown}")],
            beds: vec![],
            classification: String::new(),
            labels: vec![],
            row: None,
            actions: vec![],
        })
        .collect()
}

fn set_rows(m: &Moment, now: Timestamp) -> Vec<SetRow> {
    let at = |t: Timestamp| clock(t, now, &m.zone);
    let mut rows: Vec<SetRow> = m
        .sets
        .iter()
        .map(|set| SetRow {
            id: set.id.clone(),
            name: set.name.clone(),
            // One for every night is on by day too; one with an end is off once that has come.
            on: set.on && (matches!(set.when, When::Daily { .. }) || set.window(now, &m.zone).is_some()),
            when: match &set.when {
                When::Until { until: None } => "tot hij uitgaat".to_owned(),
                When::Until { until: Some(end) } => format!("tot {}", at(*end)),
                When::Daily { from, until } => {
                    format!("elke dag {} – {}", from.strftime("%H:%M"), until.strftime("%H:%M"))
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
            "vandaag".to_owned()
        } else {
            day.strftime("%d-%m").to_string()
        };
        let who = who.map_or_else(String::new, |w| format!(" ({w})"));
        let seconds = (ms + 500) / 1000;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        format!(
            "{day}{who}: {gestures} keer, {}, {minutes} min {seconds:02} s",
            beds_in_words(beds)
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

fn group(code: &'static str, title: &'static str, rows: Vec<WorkRow>) -> WorkGroup {
    WorkGroup { code, title, rows }
}
