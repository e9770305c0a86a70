//! L4: one bed, as delivered beside as read.

use crate::{
    AppError,
    moment::Moment,
    records::Records,
    text::{KINDS, clock, state_code, state_in_words},
};
use domain::{
    PlaceId, bed,
    label::{EffectiveLabel, LabelSource},
    place::{Place, PlaceKind},
    region::{Fact, RecordKey, RecordKind},
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use ts_rs::TS;

/// One bed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BedView {
    pub id: String,
    pub title: String,
    pub state: &'static str,
    pub word: &'static str,
    /// What was delivered, beside what it was read as: (element, as delivered, as read).
    pub codes: Vec<(String, String, String)>,
    pub labels: Vec<LabelStack>,
    /// The last 24 hours, oldest first.
    pub history: Vec<Span>,
    /// The resource as it was delivered last, without patient data.
    pub raw: String,
}

/// One classification's label, the delivered value under the manual one.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LabelStack {
    pub kind: &'static str,
    pub shown: String,
    /// "EPD", "regio" or "handmatig door … tot …: reden".
    pub source: String,
    /// The EPD's value where a person laid another one over it.
    pub under: Option<String>,
}

/// A stretch of time in one state.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Span {
    pub state: &'static str,
    /// "sinds 02:10: bezet".
    pub text: String,
    /// Share of the 24 hours.
    pub share: f64,
}

fn place_key(id: &PlaceId) -> RecordKey {
    RecordKey {
        kind: RecordKind::Place,
        id: id.0.clone(),
    }
}

const HISTORY: SignedDuration = SignedDuration::from_hours(24);

/// One bed in full.
///
/// # Errors
/// When there is no such bed, or its past cannot be read.
pub fn view(m: &Moment, records: &Records, id: &str) -> Result<BedView, AppError> {
    let now = m.now();
    let id = PlaceId::from(id);
    let place = m
        .region
        .place(&id)
        .filter(|p| p.kind == PlaceKind::Bed)
        .ok_or_else(|| AppError::not_found(&id))?;
    let state = m.region.state(place, now, bed::cutoff(now, &m.zone));
    let above = [PlaceKind::Site, PlaceKind::Department, PlaceKind::Room];
    let mut title: Vec<&str> = above
        .iter()
        .filter_map(|kind| m.region.above(&id, kind).map(|p| p.name.as_str()))
        .collect();
    title.push(&place.name);
    let raw = records.raw(&place_key(&id))?.unwrap_or_default();
    let pretty = serde_json::from_str::<serde_json::Value>(&raw)
        .and_then(|v| serde_json::to_string_pretty(&v))
        .unwrap_or(raw);
    Ok(BedView {
        title: title.join(" · "),
        state: state_code(state),
        word: state_in_words(state),
        codes: code_rows(m, place, now),
        labels: KINDS
            .iter()
            .filter_map(|(kind, name)| {
                let label = m.region.label(place, *kind, now)?;
                Some(stack(m, *kind, name, &label, now))
            })
            .collect(),
        history: bed_history(m, records, &id, now)?,
        raw: pretty,
        id: id.0,
    })
}

fn code_rows(m: &Moment, place: &Place, now: Timestamp) -> Vec<(String, String, String)> {
    let delivered = |text: Option<&str>| text.map_or_else(|| "niet geleverd".to_owned(), str::to_owned);
    let status = match place.status.as_deref() {
        Some("active") => "in gebruik",
        Some("suspended") => "geblokkeerd",
        Some("inactive") => "bestaat niet meer",
        Some(_) => "niet begrepen",
        None => "onbekend",
    };
    let operational = match place.operational_status.as_deref() {
        Some("U") => "leeg",
        Some("O") => "patiënt in bed",
        Some("H") => "wordt schoongemaakt",
        Some("K") => "besmet",
        Some("I") => "isolatie",
        Some("C") => "gesloten",
        Some(_) => "niet begrepen: telt niet als vrij",
        None => "onbekend: telt niet als vrij",
    };
    let mut rows = vec![
        (
            "status".to_owned(),
            delivered(place.status.as_deref()),
            status.to_owned(),
        ),
        (
            "operationalStatus".to_owned(),
            delivered(place.operational_status.as_deref()),
            operational.to_owned(),
        ),
    ];
    if let Some(r) = &place.reservation {
        let at = |t: Option<Timestamp>| t.map_or_else(|| "…".to_owned(), |t| clock(t, now, &m.zone));
        rows.push((
            "bed-reservering".to_owned(),
            format!("{} – {}", at(r.start), at(r.end)),
            "telt als bezet zolang het begin vóór 10:00 ligt".to_owned(),
        ));
    }
    if let Some(reason) = &place.blocked_reason {
        rows.push((
            "bed-blokkade".to_owned(),
            reason.clone(),
            "reden van de blokkade".to_owned(),
        ));
    }
    rows
}

fn stack(
    m: &Moment,
    kind: domain::label::LabelKind,
    name: &'static str,
    label: &EffectiveLabel<'_>,
    now: Timestamp,
) -> LabelStack {
    let source = match (label.over, label.source) {
        (Some(over), _) => {
            let until = over.until.map_or_else(
                || "tot intrekken".to_owned(),
                |u| format!("tot {}", clock(u, now, &m.zone)),
            );
            let reason = if over.reason.is_empty() {
                String::new()
            } else {
                format!(": {}", over.reason)
            };
            format!("handmatig door {} {until}{reason}", over.author)
        }
        (None, LabelSource::Regio) => "regio".to_owned(),
        (None, LabelSource::Handmatig) => "handmatig, zo geleverd".to_owned(),
        (None, LabelSource::Epd) => "EPD".to_owned(),
    };
    LabelStack {
        kind: name,
        shown: m.codes.display(kind, label.element),
        source,
        under: label.over.map(|_| {
            label
                .delivered
                .map_or_else(|| "geen".to_owned(), |d| m.codes.display(kind, &d.element))
        }),
    }
}

fn bed_history(m: &Moment, records: &Records, id: &PlaceId, now: Timestamp) -> Result<Vec<Span>, AppError> {
    let since = now - HISTORY;
    let mut spans = vec![];
    for (from, to, fact) in records.history(&place_key(id), since)? {
        let Fact::Place(place) = fact else { continue };
        let (start, end) = (from.max(since), to.unwrap_or(now).min(now));
        let state = bed::state(&place, &[], start, bed::cutoff(start, &m.zone));
        spans.push(Span {
            state: state_code(state),
            text: format!("sinds {}: {}", clock(from, now, &m.zone), state_in_words(state)),
            share: end.duration_since(start).as_secs_f64() / HISTORY.as_secs_f64(),
        });
    }
    Ok(spans)
}
