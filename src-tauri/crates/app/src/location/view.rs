//! L2: one location in full.

use crate::{
    AppError,
    assets::Document,
    beds::name_with_shadow,
    moment::Moment,
    region::{CapacityRow, Meter, capacity_rows, meter, seh_status},
    say,
    text::{
        KINDS, freshness_code, kind_name, reasons_in_words, state_code, status_code, status_in_words, variant_name,
    },
};
use domain::{
    PlaceId,
    busyness::{Variant, terms},
    freshness,
    place::PlaceKind,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use ts_rs::TS;

/// One location.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LocationView {
    pub id: String,
    pub name: String,
    pub organisation: Option<String>,
    pub age: String,
    pub freshness: &'static str,
    /// How often "free" held lately, where somebody called.
    pub free_confirmed: Option<String>,
    pub delivered: Option<String>,
    pub stops: Vec<StopRow>,
    pub meter: Option<Meter>,
    pub scores: Vec<Score>,
    /// The last three hours and the last day as SVG images, for a day and a night ground.
    pub chart_3h: Option<String>,
    pub chart_24h: Option<String>,
    pub process: Vec<(String, String)>,
    pub capacity: Vec<CapacityTab>,
    pub wards: Vec<StripWard>,
    pub contacts: Vec<ContactRow>,
    /// The region's documents, at hand without a network.
    pub documents: Vec<Document>,
    pub total_capacity: Option<u32>,
    pub total_free: Option<u32>,
    pub total_unknown: Option<u32>,
}

/// One stop point with all that was said about it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct StopRow {
    pub name: String,
    pub status: &'static str,
    pub word: String,
    pub lines: Vec<String>,
    /// What this hospital agreed to do at this status.
    pub actions: Vec<String>,
    /// Stops that were announced through the server and can be lifted there.
    pub liftable: Vec<String>,
}

/// One score with who computed it and what each term contributes.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Score {
    pub variant: &'static str,
    pub score: f64,
    pub source: String,
    pub terms: Vec<Term>,
    pub age: String,
}

/// One term of the formula.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Term {
    pub name: String,
    pub input: String,
    pub points: f64,
}

/// One classification's elements.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CapacityTab {
    pub kind: &'static str,
    pub name: String,
    pub rows: Vec<CapacityRow>,
}

/// A ward as a strip of beds.
#[derive(Clone, Debug, Serialize, TS)]
pub struct StripWard {
    pub id: String,
    pub name: String,
    pub free: Option<u32>,
    pub capacity: Option<u32>,
    /// One state code a bed.
    pub beds: Vec<&'static str>,
}

/// Somebody to call.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ContactRow {
    pub role: String,
    pub phone: Option<String>,
    /// This is their shift.
    pub on_duty: bool,
    /// This is somebody else's shift.
    pub off_duty: bool,
}

/// One location in full; `night` chooses the ink of the charts.
///
/// # Errors
/// When there is no such location.
pub fn view(m: &Moment, id: &str, night: bool) -> Result<LocationView, AppError> {
    let now = m.now();
    let id = PlaceId::from(id);
    let site = m.region.place(&id).ok_or_else(|| AppError::not_found(&id))?;
    let totals = m.region.totals(&id, now, &m.zone);
    let states = m.region.bed_states(&id, now, &m.zone);
    let mut wards: Vec<StripWard> = vec![];
    for ward in m.region.children(&id).filter(|p| p.kind == PlaceKind::Department) {
        let ward_totals = m.region.totals(&ward.id, now, &m.zone);
        let inside = m.region.beds(&ward.id);
        if inside.is_empty() {
            continue;
        }
        let state_of = |bed: &PlaceId| states.iter().find(|(b, _)| &b.id == bed).map(|(_, s)| state_code(*s));
        wards.push(StripWard {
            id: ward.id.0.clone(),
            name: name_with_shadow(m, ward),
            free: ward_totals.available.known(),
            capacity: ward_totals.capacity.known(),
            beds: inside
                .iter()
                .filter_map(|b| state_of(&b.id))
                .filter(|s| *s != "blocked")
                .collect(),
        });
    }
    Ok(LocationView {
        organisation: site
            .organization
            .as_ref()
            .and_then(|o| m.region.organizations.get(o))
            .map(|o| o.name.clone()),
        name: site.name.clone(),
        age: m.age_in_words(m.region.age_s(&id, now)),
        freshness: freshness_code(m.region.freshness(&id, now)),
        free_confirmed: m.free_confirmed(&id, now),
        delivered: m.region.delivered_at(&id).map(|at| m.clock(at)),
        stops: stop_rows(m, &id, now),
        meter: meter(m, &id, now),
        scores: score_rows(m, &id, now),
        chart_3h: chart(m, &id, now, 3, night),
        chart_24h: chart(m, &id, now, 24, night),
        process: process_rows(m, &id),
        capacity: KINDS
            .into_iter()
            .map(|kind| CapacityTab {
                kind: kind.code(),
                name: kind_name(m.language, kind),
                rows: capacity_rows(m, &id, kind, now)
                    .into_iter()
                    .map(|(_, row)| row)
                    .collect(),
            })
            .collect(),
        wards,
        contacts: contact_rows(m, &id, now),
        documents: m.agreements.documents.clone(),
        total_capacity: totals.capacity.known(),
        total_free: totals.available.known(),
        total_unknown: totals.unknown.known(),
        id: id.0,
    })
}

/// Who is on duty first, then those of whom nothing says when, then the others.
fn contact_rows(m: &Moment, id: &PlaceId, now: Timestamp) -> Vec<ContactRow> {
    let mut rows: Vec<(u8, ContactRow)> = m
        .region
        .contacts_of(id)
        .map(|c| {
            let known = !c.hours.spans.is_empty();
            let on_duty = known && c.hours.open_at(now, &m.zone);
            let row = ContactRow {
                role: c.display.clone(),
                phone: c.phone.clone(),
                on_duty,
                off_duty: known && !on_duty,
            };
            (if on_duty { 0 } else { 1 + u8::from(known) }, row)
        })
        .collect();
    rows.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| x.role.cmp(&y.role)));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn stop_rows(m: &Moment, id: &PlaceId, now: Timestamp) -> Vec<StopRow> {
    let rows = m.region.stop_status(id, now, &m.zone);
    rows.iter()
        .map(|p| {
            let mut lines = seh_status(m, p).lines;
            for more in p.stops.iter().skip(1) {
                lines.push(say!(m.language, PointAlso, reasons = reasons_in_words(&more.reasons)));
            }
            StopRow {
                name: m.stop_codes.service(p.service.as_str()),
                status: status_code(p.status),
                word: status_in_words(m.language, p.status),
                lines,
                actions: p.stops.first().map_or_else(Vec::new, |s| {
                    m.agreements.actions(id.as_str(), p.service.as_str(), s.level).to_vec()
                }),
                liftable: p
                    .stops
                    .iter()
                    .map(|s| s.id.0.clone())
                    .filter(|s| m.region.stops.contains_key(s))
                    .collect(),
            }
        })
        .collect()
}

/// Every score there is: the server's as delivered, ours beside it and named as ours.
fn score_rows(m: &Moment, id: &PlaceId, now: Timestamp) -> Vec<Score> {
    let language = m.language;
    let mut rows = vec![];
    let by_source = m.region.now_of(id.as_str(), now);
    let mut recomputed: Vec<Variant> = vec![];
    for (_, measured) in m.region.measurements_of(id) {
        let age = m.age_in_words(freshness::age_s(measured.at, by_source));
        if let Some(score) = measured.score {
            rows.push(Score {
                variant: variant_name(measured),
                score,
                source: say!(language, ScoreDelivered),
                terms: vec![],
                age: age.clone(),
            });
        }
        for (variant, name) in [(Variant::Nedocs, "NEDOCS"), (Variant::Mnedocs, "mNEDOCS")] {
            let Some(t) = terms(&measured.inputs, variant) else {
                continue;
            };
            if recomputed.contains(&variant) {
                continue;
            }
            recomputed.push(variant);
            let input = |v: Option<f64>| v.map_or_else(|| "?".to_owned(), |v| language.decimal(v));
            let i = &measured.inputs;
            let acute = match variant {
                Variant::Nedocs => (say!(language, TermVentilated), i.ventilated),
                Variant::Mnedocs => (say!(language, TermUrgency), i.highest_urgency),
            };
            rows.push(Score {
                variant: name,
                score: t.score(),
                source: say!(language, ScoreRecomputed),
                terms: vec![
                    Term {
                        name: say!(language, TermCrowding),
                        input: format!("{} / {}", input(i.patients), input(i.places)),
                        points: t.crowding,
                    },
                    Term {
                        name: say!(language, TermBoarding),
                        input: say!(
                            language,
                            TermBoardingOf,
                            n = input(i.boarders),
                            of = input(i.hospital_beds)
                        ),
                        points: t.boarding,
                    },
                    Term {
                        name: acute.0,
                        input: input(acute.1),
                        points: t.acuity,
                    },
                    Term {
                        name: say!(language, TermLongest),
                        input: say!(language, TermHours, n = input(i.longest_boarding_h)),
                        points: t.longest_boarding,
                    },
                    Term {
                        name: say!(language, TermDoorToBed),
                        input: say!(language, TermHours, n = input(i.last_door_to_bed_h)),
                        points: t.door_to_bed,
                    },
                    Term {
                        name: say!(language, TermConstant),
                        input: String::new(),
                        points: t.constant,
                    },
                ],
                age: age.clone(),
            });
        }
    }
    rows
}

fn chart(m: &Moment, id: &PlaceId, now: Timestamp, hours: i64, night: bool) -> Option<String> {
    let measured = m.region.measurements_of(id);
    let (key, _) = measured.into_iter().find(|(_, m)| m.shown().is_some())?;
    let points = m.trends.line(key, now - SignedDuration::from_hours(hours), now);
    let ink = if night { charts::NIGHT } else { charts::DAY };
    charts::busyness(&points, now, hours, &m.zone, &ink).ok()
}

fn process_rows(m: &Moment, id: &PlaceId) -> Vec<(String, String)> {
    let unit = |u: &str| {
        match u {
            "{patients}" => "",
            "min" => " min",
            other => other,
        }
        .to_owned()
    };
    let here = m.region.processes_of(id);
    let now = m.now();
    here.flat_map(|p| {
        let age = m.age_in_words(m.region.age_of(p.place.as_str(), p.at, now));
        let measured = (say!(m.language, ProcessMeasured), say!(m.language, Ago, age = age));
        let steps = p.steps.iter().map(|s| {
            let value = s.value.map_or_else(
                || say!(m.language, ProcessMissing),
                |v| format!("{v:.0}{}", unit(&s.unit)),
            );
            (s.display.clone(), value)
        });
        std::iter::once(measured).chain(steps).collect::<Vec<_>>()
    })
    .collect()
}
