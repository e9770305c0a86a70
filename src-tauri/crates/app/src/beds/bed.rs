//! L4: one bed, as delivered beside as read.

use crate::{
    AppError,
    moment::Moment,
    records::Records,
    say,
    text::{KINDS, kind_name, state_code, state_in_words},
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
    pub word: String,
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
    pub kind: String,
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
        word: state_in_words(m.language, state),
        codes: code_rows(m, place),
        labels: KINDS
            .iter()
            .filter_map(|kind| Some(stack(m, *kind, &m.region.label(place, *kind, now)?)))
            .collect(),
        history: bed_history(m, records, &id, now)?,
        raw: pretty,
        id: id.0,
    })
}

fn code_rows(m: &Moment, place: &Place) -> Vec<(String, String, String)> {
    let language = m.language;
    let delivered = |text: Option<&str>| text.map_or_else(|| say!(language, CodeNotDelivered), str::to_owned);
    let status = match place.status.as_deref() {
        Some("active") => say!(language, CodeActive),
        Some("suspended") => say!(language, CodeSuspended),
        Some("inactive") => say!(language, CodeInactive),
        Some(_) => say!(language, CodeNotUnderstood),
        None => say!(language, BedUnknown),
    };
    let operational = match place.operational_status.as_deref() {
        Some("U") => say!(language, CodeEmpty),
        Some("O") => say!(language, CodeOccupied),
        Some("H") => say!(language, CodeCleaning),
        Some("K") => say!(language, CodeContaminated),
        Some("I") => say!(language, CodeIsolation),
        Some("C") => say!(language, CodeClosed),
        Some(_) => say!(language, CodeNotFree),
        None => say!(language, CodeUnknown),
    };
    let mut rows = vec![
        ("status".to_owned(), delivered(place.status.as_deref()), status),
        (
            "operationalStatus".to_owned(),
            delivered(place.operational_status.as_deref()),
            operational,
        ),
    ];
    if let Some(r) = &place.reservation {
        let at = |t: Option<Timestamp>| t.map_or_else(|| "…".to_owned(), |t| m.clock(t));
        rows.push((
            say!(language, CodeReservation),
            format!("{} – {}", at(r.start), at(r.end)),
            say!(language, CodeReservationMeans),
        ));
    }
    if let Some(reason) = &place.blocked_reason {
        rows.push((
            say!(language, CodeBlocked),
            reason.clone(),
            say!(language, CodeBlockedMeans),
        ));
    }
    rows
}

fn stack(m: &Moment, kind: domain::label::LabelKind, label: &EffectiveLabel<'_>) -> LabelStack {
    let language = m.language;
    let source = match (label.over, label.source) {
        (Some(over), _) => {
            let (author, until) = (over.author.as_str(), until_in_words(m, over.until));
            if over.reason.is_empty() {
                say!(language, BedByHand, author = author, until = until)
            } else {
                let reason = over.reason.as_str();
                say!(
                    language,
                    BedByHandBecause,
                    author = author,
                    until = until,
                    reason = reason
                )
            }
        }
        (None, LabelSource::Regio) => say!(language, BedSourceRegion),
        (None, LabelSource::Handmatig) => say!(language, BedSourceHand),
        (None, LabelSource::Epd) => say!(language, BedSourceEpd),
    };
    LabelStack {
        kind: kind_name(language, kind),
        shown: m.codes.display(kind, label.element),
        source,
        under: label.over.map(|_| {
            label
                .delivered
                .map_or_else(|| say!(language, Nothing), |d| m.codes.display(kind, &d.element))
        }),
    }
}

/// Until when a label by hand holds.
pub(super) fn until_in_words(m: &Moment, until: Option<Timestamp>) -> String {
    match until {
        Some(until) => say!(m.language, UntilAt, at = m.clock(until)),
        None => say!(m.language, UntilWithdrawn),
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
            text: say!(
                m.language,
                BedWas,
                since = m.clock(from),
                state = state_in_words(m.language, state)
            ),
            share: end.duration_since(start).as_secs_f64() / HISTORY.as_secs_f64(),
        });
    }
    Ok(spans)
}
