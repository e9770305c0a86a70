//! L1: a tile a location.

use crate::{
    moment::Moment,
    say,
    sources::Link,
    text::{band_in_words, freshness_code, reasons_in_words, status_code, status_in_words, variant_name},
};
use domain::{
    ElementCode, PlaceId,
    busyness::Band,
    freshness::{self, Freshness},
    ids::source_of,
    label::LabelKind,
    place::Place,
    region::StopPointStatus,
    stop::StopStatus,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use ts_rs::TS;

/// The whole region.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RegionView {
    pub tiles: Vec<Tile>,
    pub sehs: SehCount,
    pub totals: Vec<RegionTotal>,
}

/// The region's emergency departments by what they are now, each hospital once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct SehCount {
    pub of: u32,
    pub open: u32,
    pub threatened: u32,
    pub stop: u32,
    /// Outside their opening hours.
    pub closed: u32,
    /// Without fresh information.
    pub unknown: u32,
}

/// One row of beds over the whole region, with what it stands for.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RegionTotal {
    pub name: String,
    /// Free and offered at the locations that are current.
    pub free: u32,
    pub offered: u32,
    /// Locations counted, of those that have such beds.
    pub from: u32,
    pub of: u32,
    /// Beds there of which nobody knows the state.
    pub unknown: u32,
}

/// One location.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Tile {
    pub id: String,
    pub name: String,
    /// "24/7", "08:00–22:00", "geen SEH".
    pub tag: String,
    pub seh: Option<SehStatus>,
    pub meter: Option<Meter>,
    pub points: Vec<Point>,
    pub rows: Vec<CapacityRow>,
    pub favourite: bool,
    pub contact: Option<String>,
    /// Whose number that is at this hour, where the source says so.
    pub on_duty: Option<String>,
    /// How often "free" held lately, where somebody called.
    pub free_confirmed: Option<String>,
    pub age: String,
    /// `fresh`, `ageing`, `stale` or `unknown`.
    pub freshness: &'static str,
}

/// The emergency department in words.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SehStatus {
    /// `open`, `threatened`, `stop`, `closed` or `unknown`.
    pub status: &'static str,
    pub title: String,
    pub lines: Vec<String>,
}

/// Another stop point.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Point {
    pub name: String,
    pub status: &'static str,
    pub word: String,
}

/// The busyness meter of a tile.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Meter {
    pub score: i32,
    /// "NEDOCS" or "mNEDOCS", with "herberekend" where the score is ours.
    pub variant: String,
    /// Where the pointer stands, 0 to 1: percentile of its own half year, else on the fixed scale to 200.
    pub position: f64,
    /// "drukker dan 94 % van het half jaar", or the fixed band's word.
    pub words: String,
    /// `↑`, `→` or `↓` against half an hour ago.
    pub trend: &'static str,
    /// The last three hours as an SVG path in a box of 100 by 24.
    pub spark: String,
    /// How the value stands out: `normal`, `warn` or `stop`; an old value does not.
    pub level: &'static str,
    /// Of the measurement itself, whatever else its location delivers: `fresh`, `ageing`, `stale` or `unknown`.
    pub freshness: &'static str,
    pub age: String,
}

/// One row of beds: free, held back, offered; `null` is unknown.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CapacityRow {
    pub name: String,
    pub capacity: Option<u32>,
    pub free: Option<u32>,
    /// Beds of which nobody knows the state.
    pub unknown: u32,
    pub held: u32,
    pub offered: Option<u32>,
    /// The element's code.
    pub element: String,
    /// "14:10 telefonisch bevestigd door …", where somebody called within half a day.
    pub confirmed: Option<String>,
}

/// The tiles.
pub fn view(m: &Moment) -> RegionView {
    let now = m.now();
    let sehs = m.region.seh_by_hospital(now, &m.zone);
    let mut tiles: Vec<Tile> = m.region.sites().map(|site| tile(m, site, &sehs, now)).collect();
    // Largest first until a person orders them: that is where the eye goes.
    tiles.sort_by_cached_key(|t| {
        let beds = m.region.beds_delivered(&PlaceId::from(t.id.as_str()));
        (m.tiles.rank(&t.id), std::cmp::Reverse(beds), t.name.clone())
    });
    let totals = region_totals(m, now);
    RegionView {
        tiles,
        sehs: seh_count(&sehs),
        totals,
    }
}

fn seh_count(sehs: &[(&Place, StopPointStatus)]) -> SehCount {
    let mut count = SehCount::default();
    for (_, seh) in sehs {
        count.of += 1;
        *match seh.status {
            StopStatus::Open => &mut count.open,
            StopStatus::Threatened => &mut count.threatened,
            StopStatus::Stop => &mut count.stop,
            StopStatus::Closed => &mut count.closed,
            StopStatus::Unknown => &mut count.unknown,
        } += 1;
    }
    count
}

fn tile(m: &Moment, site: &Place, sehs: &[(&Place, StopPointStatus)], now: Timestamp) -> Tile {
    let mut points = m.region.stop_status(&site.id, now, &m.zone);
    let (mut seh_at, mut called_at) = (&site.id, &site.id);
    // A second copy often has beds alone, from the hospital's own folder: it is still the hospital with that SEH, and
    // "no SEH" or no number would send somebody elsewhere.
    if let Some(first) = m.region.first_copy(site) {
        if !points.iter().any(|p| p.service.is_seh()) {
            points = m.region.stop_status(&first.id, now, &m.zone);
            seh_at = &first.id;
        }
        if m.region.phone(&site.id, now, &m.zone).is_none() {
            called_at = &first.id;
        }
    }
    let own = points.iter().find(|p| p.service.is_seh());
    // What another source says of the same SEH counts here too where it is graver.
    let elsewhere = sehs
        .iter()
        .find(|(hospital, _)| hospital.id == site.id)
        .map(|(_, seh)| seh);
    let seh = own.map(|own| {
        let graver = elsewhere.filter(|seh| seh.status.gravity() > own.status.gravity());
        graver.unwrap_or(own)
    });
    let tag = match seh {
        // Where every source is gone the whole frame says so.
        _ if is_cut_off(m, site) => say!(m.language, TagNoConnection),
        _ if site.shadow => say!(m.language, TagShadow),
        _ if m.region.is_double(site) => {
            let source = m.source(source_of(site.id.as_str()));
            let name = source.map(|s| m.source_name(s)).unwrap_or_default();
            say!(m.language, TagDouble, source = name)
        }
        None => say!(m.language, TagNoSeh),
        Some(p) => p.hours.clone().unwrap_or_else(|| "24/7".to_owned()),
    };
    Tile {
        id: site.id.0.clone(),
        name: site.name.clone(),
        tag,
        seh: seh.map(|p| seh_status(m, p)),
        meter: meter(m, seh_at, now),
        points: points
            .iter()
            .filter(|p| !p.service.is_seh())
            .map(|p| Point {
                name: m.stop_codes.service(p.service.as_str()),
                status: status_code(p.status),
                word: status_in_words(m.language, p.status),
            })
            .collect(),
        rows: tile_rows(m, &site.id, now),
        favourite: !m.tiles.rank(site.id.as_str()).0,
        contact: m.region.phone(called_at, now, &m.zone),
        on_duty: m
            .region
            .on_duty(called_at, now, &m.zone)
            .filter(|c| !c.hours.spans.is_empty())
            .map(|c| c.display.clone()),
        free_confirmed: m.free_confirmed(&site.id, now),
        age: m.age_in_words(m.region.age_s(&site.id, now)),
        freshness: freshness_code(m.region.freshness(&site.id, now)),
    }
}

/// Whether a location's source is offline while another one is not: its tile must not look like those beside it.
fn is_cut_off(m: &Moment, site: &Place) -> bool {
    let offline = |link: &Link| matches!(link, Link::Offline { .. });
    offline(m.link_of(site.id.as_str())) && !m.sources().iter().all(|s| offline(s.link()))
}

/// The chosen rows that a location has beds for.
fn tile_rows(m: &Moment, site: &PlaceId, now: Timestamp) -> Vec<CapacityRow> {
    let wanted = m.tiles.rows();
    let mut found = vec![];
    for kind in LabelKind::BED {
        if wanted.iter().any(|(k, _)| *k == kind) {
            let rows = capacity_rows(m, site, kind, now).into_iter();
            found.extend(rows.map(|(code, row)| ((kind, ElementCode::from(code.as_str())), row)));
        }
    }
    let mut rows = vec![];
    for key in &wanted {
        if let Some(at) = found.iter().position(|(k, _)| k == key) {
            rows.push(found.swap_remove(at).1);
        }
    }
    rows
}

/// Rows of a classification in the list's order, with their codes.
pub(crate) fn capacity_rows(m: &Moment, site: &PlaceId, kind: LabelKind, now: Timestamp) -> Vec<(String, CapacityRow)> {
    let mut rows = m.region.capacity(site, kind, now, &m.zone);
    rows.sort_by_key(|r| m.codes.order(kind, &r.element));
    rows.into_iter()
        .map(|r| {
            let row = CapacityRow {
                name: m.codes.display(kind, &r.element),
                capacity: r.totals.capacity.known(),
                free: r.totals.available.known(),
                unknown: r.totals.unknown.known().unwrap_or(0),
                held: r.threshold,
                offered: r.offered().known(),
                element: r.element.0.clone(),
                confirmed: m.confirmed(site, kind, &r.element, now),
            };
            (r.element.0, row)
        })
        .collect()
}

/// The chosen rows summed over the locations that are current: a stale number is in no total.
fn region_totals(m: &Moment, now: Timestamp) -> Vec<RegionTotal> {
    let mut totals: Vec<RegionTotal> = vec![];
    for site in m.region.counted_sites() {
        let current = m.region.freshness(&site.id, now) <= Freshness::Ageing;
        for row in tile_rows(m, &site.id, now) {
            let at = totals.iter().position(|t| t.name == row.name).unwrap_or_else(|| {
                totals.push(RegionTotal {
                    name: row.name.clone(),
                    free: 0,
                    offered: 0,
                    from: 0,
                    of: 0,
                    unknown: 0,
                });
                totals.len() - 1
            });
            let Some(total) = totals.get_mut(at) else { continue };
            total.of += 1;
            if let (true, Some(free), Some(offered)) = (current, row.free, row.offered) {
                total.from += 1;
                total.free += free;
                total.offered += offered;
                total.unknown += row.unknown;
            }
        }
    }
    let order = m.tiles.rows();
    let rank = |name: &str| order.iter().position(|(kind, e)| m.codes.display(*kind, e) == name);
    totals.sort_by_key(|t| rank(&t.name));
    totals
}

pub(crate) fn seh_status(m: &Moment, p: &StopPointStatus) -> SehStatus {
    let name = m.stop_codes.service(p.service.as_str());
    let language = m.language;
    let title = match p.status {
        StopStatus::Stop => say!(language, PointStop, service = name),
        StopStatus::Threatened => say!(language, PointThreatened, service = name),
        StopStatus::Open | StopStatus::Closed | StopStatus::Unknown => {
            format!("{name} {}", status_in_words(language, p.status))
        }
    };
    let at = |t: Timestamp| m.clock(t);
    let mut lines = vec![];
    match (p.status, p.since) {
        (StopStatus::Stop | StopStatus::Threatened, since) => {
            let since = since.map_or_else(
                || say!(language, PointSinceUnknown),
                |s| say!(language, PointSince, at = at(s)),
            );
            lines.push(match p.expected_end {
                Some(end) if p.overdue => say!(language, PointOverdue, since = since, end = at(end)),
                Some(end) => say!(language, PointUntil, since = since, end = at(end)),
                None => say!(language, PointEndUnknown, since = since),
            });
            lines.push(reasons_in_words(&p.reasons));
        }
        (StopStatus::Closed, _) => lines.push(say!(language, PointClosed)),
        (StopStatus::Unknown, _) => lines.push(say!(language, PointUnknown)),
        (StopStatus::Open, _) => {}
    }
    lines.retain(|l| !l.is_empty());
    SehStatus {
        status: status_code(p.status),
        title,
        lines,
    }
}

pub(crate) fn meter(m: &Moment, site: &PlaceId, now: Timestamp) -> Option<Meter> {
    let (id, measurement, score, source) = m
        .region
        .measurements_of(site)
        .into_iter()
        .find_map(|(id, m)| m.shown().map(|(score, source)| (id, m, score, source)))?;
    let by_source = m.region.now_of(id, now);
    let recent = m.trends.line(id, by_source - SignedDuration::from_hours(3), by_source);
    let percent = m.trends.busier_than(id, score, by_source);
    let band = Band::of(score);
    let age_s = m.region.age_of(measurement.place.as_str(), measurement.at, now);
    let freshness = freshness::grade(age_s);
    let before = recent
        .iter()
        .rev()
        .find(|(at, _)| by_source.duration_since(*at).as_secs() >= 1800)
        .map(|(_, s)| *s);
    let variant = match source {
        domain::busyness::ScoreSource::Server => variant_name(measurement).to_owned(),
        domain::busyness::ScoreSource::Computed => {
            say!(m.language, MeterRecomputed, variant = variant_name(measurement))
        }
    };
    Some(Meter {
        score: score.round() as i32,
        variant,
        position: percent.map_or(score / 200.0, |p| f64::from(p) / 100.0).clamp(0.0, 1.0),
        words: percent.map_or_else(
            || band_in_words(m.language, band),
            |p| say!(m.language, MeterBusier, percent = p),
        ),
        trend: match before {
            Some(then) if score > then + 5.0 => "↑",
            Some(then) if score < then - 5.0 => "↓",
            _ => "→",
        },
        spark: charts::spark_path(&recent, by_source, 3),
        freshness: freshness_code(freshness),
        age: m.age_in_words(age_s),
        level: match band {
            // An old number asks for a call, not for a decision.
            _ if freshness > Freshness::Ageing => "normal",
            Band::Rustig | Band::Normaal | Band::Druk => "normal",
            Band::ZeerDruk => "warn",
            Band::Overvol | Band::Ontwricht => "stop",
        },
    })
}
