//! How good the alarms themselves are, and the catalogue that they follow (AH-14, AH-16).

use crate::{
    AppError, export,
    moment::Moment,
    records::Records,
    say,
    text::{Language, alarm_words},
};
use domain::{
    PlaceId,
    alarms::{
        AlarmCondition, AlarmKind, AlarmOrigin, CatalogueEntry, entry,
        metrics::{AlarmEvent, AlarmMetrics, measure, stale},
    },
};
use jiff::SignedDuration;
use serde::Serialize;
use std::path::{Path, PathBuf};
use ts_rs::TS;

/// The measures of the alarms, and the catalogue.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AlarmMetricsView {
    /// "de laatste 24 uur".
    pub period: String,
    pub measures: Vec<Measure>,
    /// Alarms in each ten minutes as an SVG image.
    pub chart: Option<String>,
    /// Sources with the most alarms.
    pub top: Vec<(String, u32)>,
    /// Alarms that stand for over a day.
    pub stale: Vec<String>,
    pub table: Vec<TypeRow>,
}

/// A measure beside its aim.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Measure {
    pub name: String,
    pub value: String,
    pub aim: String,
    /// `null` where there is nothing to judge yet.
    pub good: Option<bool>,
}

/// A row of the alarm catalogue.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TypeRow {
    pub name: String,
    pub priority: &'static str,
    pub cause: String,
    pub consequence: String,
    pub response: String,
    pub delays: String,
}

const PERIOD: SignedDuration = SignedDuration::from_hours(24);

/// The measures of the last day; `night` chooses the ink of the chart.
///
/// # Errors
/// When the ledger cannot be read.
pub fn view(m: &Moment, records: &Records, night: bool) -> Result<AlarmMetricsView, AppError> {
    Ok(alarm_metrics_view(m, &records.alarm_events(m.now - PERIOD)?, night))
}

/// Writes the alarm log of the last 30 days as CSV; the answer is where.
///
/// # Errors
/// When the ledger cannot be read or the file cannot be written.
pub fn export(m: &Moment, records: &Records, into: &Path) -> Result<String, AppError> {
    let events = records.alarm_events(m.now - SignedDuration::from_hours(24 * 30))?;
    Ok(export_alarms(m, events, into)?.display().to_string())
}

fn alarm_metrics_view(m: &Moment, events: &[AlarmEvent], night: bool) -> AlarmMetricsView {
    let now = m.now();
    let q = measure(events, now - PERIOD, now);
    let ink = if night { charts::NIGHT } else { charts::DAY };
    AlarmMetricsView {
        period: say!(m.language, MetricsPeriod),
        measures: measures(m.language, &q),
        chart: charts::bars(&q.per_ten, 10, &ink).ok(),
        stale: stale(m.alarms.values(), now)
            .into_iter()
            .map(|a| format!("{} {}", a.text.what, a.text.hospital))
            .collect(),
        table: AlarmKind::ALL
            .iter()
            .map(|kind| {
                let (entry, words) = (entry(*kind), alarm_words(m.language, *kind));
                TypeRow {
                    name: words.name,
                    priority: entry.priority.code(),
                    cause: words.cause,
                    consequence: words.consequence,
                    response: words.response,
                    delays: delays(m.language, &entry),
                }
            })
            .collect(),
        top: q
            .top
            .into_iter()
            .map(|(origin, n)| (origin_in_words(m, &origin), n))
            .collect(),
    }
}

/// "SEH Isala Zwolle" for a service, "Levering stil Isala Zwolle" for what a site has one of.
fn origin_in_words(m: &Moment, origin: &AlarmOrigin) -> String {
    let name = |site: Option<&PlaceId>| {
        site.map_or_else(String::new, |id| {
            let known = m.region.place(id);
            format!(" {}", known.map_or(id.as_str(), |p| &p.name))
        })
    };
    match origin {
        AlarmOrigin::Service { site, service, .. } => {
            format!("{}{}", m.stop_codes.service(service.as_str()), name(site.as_ref()))
        }
        AlarmOrigin::Alarm(id) => match id.condition() {
            AlarmCondition::Stop { service, .. } => {
                format!("{}{}", m.stop_codes.service(service.as_str()), name(id.site()))
            }
            AlarmCondition::Chattering(of) => {
                let chattering = alarm_words(m.language, AlarmKind::Chattering).name;
                format!("{chattering}: {}", origin_in_words(m, of))
            }
            AlarmCondition::Only(kind) => format!("{}{}", alarm_words(m.language, *kind).name, name(id.site())),
        },
    }
}

fn export_alarms(m: &Moment, events: Vec<AlarmEvent>, into: &Path) -> Result<PathBuf, AppError> {
    let now = m.now();
    let day = now.to_zoned(m.zone.clone()).date();
    let path = into.join(format!("meldingen-{day}.csv"));
    let rows = events.into_iter().map(|e| {
        [
            feed::fhir::encode::date_time(e.at),
            e.alarm.to_string(),
            e.alarm.origin().to_string(),
            e.priority.code().to_owned(),
            e.transition.code().to_owned(),
        ]
    });
    export::csv(&path, ["tijd", "melding", "bron", "prioriteit", "wat"], rows)?;
    Ok(path)
}

fn delays(language: Language, t: &CatalogueEntry) -> String {
    let mut parts = vec![];
    if t.on_delay_s > 0 {
        parts.push(say!(language, DelayOn, n = t.on_delay_s));
    }
    if t.off_delay_s > 0 {
        parts.push(say!(language, DelayOff, n = t.off_delay_s));
    }
    if t.deadband > 0.0 {
        parts.push(say!(language, DelayDeadband, n = format!("{:.0}", t.deadband)));
    }
    if parts.is_empty() {
        say!(language, DelayNone)
    } else {
        parts.join(", ")
    }
}

/// The measures against the figures of EEMUA 191 and ISA-18.2 (control-room.md 2).
fn measures(language: Language, q: &AlarmMetrics) -> Vec<Measure> {
    let any = q.peak > 0;
    let number = |v: f64| language.tenths(v);
    let percent = |v: f64| format!("{} %", number(v));
    let judged = |good: bool| any.then_some(good);
    let [high, medium, low] = q.split;
    vec![
        Measure {
            name: say!(language, MeasureAverage),
            value: number(q.average),
            aim: say!(language, AimAverage),
            good: judged(q.average <= 1.0),
        },
        Measure {
            name: say!(language, MeasurePeak),
            value: q.peak.to_string(),
            aim: say!(language, AimPeak),
            good: judged(q.peak < 10),
        },
        Measure {
            name: say!(language, MeasureFlood),
            value: percent(q.flood_percent),
            aim: say!(language, AimFlood),
            good: judged(q.flood_percent < 1.0),
        },
        Measure {
            name: say!(language, MeasureDay),
            value: format!("{:.0}", q.per_day),
            aim: say!(language, AimDay),
            good: judged(q.per_day <= 300.0),
        },
        Measure {
            name: say!(language, MeasureSplit),
            value: format!("{high:.0} / {medium:.0} / {low:.0} %"),
            aim: "5 / 15 / 80 %".to_owned(),
            good: judged(high <= 5.0),
        },
        Measure {
            name: say!(language, MeasureTop),
            value: percent(q.top_percent),
            aim: say!(language, AimTop),
            good: judged(q.top_percent <= 5.0),
        },
        Measure {
            name: say!(language, MeasureChatter),
            value: q.chatter.to_string(),
            aim: "0".to_owned(),
            good: judged(q.chatter == 0),
        },
        Measure {
            name: say!(language, MeasureAcknowledge),
            value: q
                .median_acknowledge_s
                .map_or_else(|| "–".to_owned(), |s| format!("{s} s")),
            aim: say!(language, AimAcknowledge),
            good: None,
        },
    ]
}
