//! What is wrong with the deliveries, each with since when and where: for the coordinator to send to a hospital's ICT.

use crate::{
    AppError, export,
    moment::Moment,
    say,
    text::{Language, kind_name},
};
use domain::{
    PlaceId,
    bed::{self, BedState},
    freshness::Freshness,
    label::LabelKind,
    place::{Place, PlaceKind},
    region::SiteReport,
};
use feed::data_quality;
use jiff::Timestamp;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use store::ParseIssue;
use ts_rs::TS;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DataQualityIssue {
    /// `silent`, `unknown-status`, `unknown-element`, `missing-label`, `occupied-in-closed-ward`, `ward-as-bed`,
    /// `more-patients-than-capacity`, `stop-without-location`, or the code of what was not understood in a delivery.
    pub code: String,
    pub location: String,
    /// Ward, room and bed in words, or the place in the delivery.
    pub place: String,
    pub detail: String,
    /// RFC 3339; `null` where nothing says since when.
    pub since: Option<String>,
}

/// What is wrong in one way at one location, for the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DataQualityIssueGroup {
    pub location: String,
    pub code: String,
    /// The code in words.
    pub what: String,
    pub count: u32,
    /// Of the oldest, in words.
    pub since: Option<String>,
    /// Where and what, of the first few.
    pub examples: Vec<String>,
}

const EXAMPLES: usize = 3;

/// A code in words.
fn in_words(language: Language, code: &str) -> String {
    match code {
        "silent" => say!(language, DefectSilent),
        "unknown-status" => say!(language, DefectUnknownStatus),
        "unknown-element" | "unknown-code" => say!(language, DefectUnknownCode),
        "missing-label" => say!(language, DefectMissingLabel),
        "occupied-in-closed-ward" => say!(language, DefectOccupiedInClosedWard),
        "ward-as-bed" => say!(language, DefectWardAsBed),
        "more-patients-than-capacity" => say!(language, DefectMorePatientsThanCapacity),
        "stop-without-location" => say!(language, DefectStopWithoutLocation),
        "patient-data" => say!(language, DefectPatientData),
        "unknown-resource" => say!(language, DefectUnknownResource),
        "malformed" => say!(language, DefectMalformed),
        "missing" | "missing-number" => say!(language, DefectMissing),
        "time-in-future" => say!(language, DefectTimeInFuture),
        "bed-in-two-rooms" => say!(language, DefectBedInTwoRooms),
        "hidden" => say!(language, DefectHidden),
        "older-version" => say!(language, DefectOlderVersion),
        "unresolved-reference" => say!(language, DefectUnresolvedReference),
        "parameter-ignored" => say!(language, DefectParameterIgnored),
        "type-refused" => say!(language, DefectTypeRefused),
        "shrunk" => say!(language, DefectShrunk),
        other => other.to_owned(),
    }
}

/// Writes the list where a person finds downloads; the answer is where.
///
/// # Errors
/// When the file cannot be written.
pub fn export(m: &Moment, location: Option<&str>, into: &Path) -> Result<String, AppError> {
    Ok(export_defects(m, location, into)?.display().to_string())
}

/// What is wrong now, one line a location and kind: the most frequent first.
pub fn view(m: &Moment) -> Vec<DataQualityIssueGroup> {
    let mut groups: BTreeMap<(String, String), Vec<DataQualityIssue>> = BTreeMap::new();
    for defect in defects(m) {
        let key = (defect.location.clone(), defect.code.clone());
        groups.entry(key).or_default().push(defect);
    }
    let group = |((location, code), all): ((String, String), Vec<DataQualityIssue>)| {
        let oldest = all
            .iter()
            .filter_map(|d| d.since.as_deref()?.parse::<Timestamp>().ok())
            .min();
        let say = |d: &DataQualityIssue| format!("{}: {}", d.place, d.detail);
        DataQualityIssueGroup {
            what: in_words(m.language, &code),
            location,
            code,
            count: u32::try_from(all.len()).unwrap_or(u32::MAX),
            since: oldest.map(|at| m.clock(at)),
            examples: all.iter().take(EXAMPLES).map(say).collect(),
        }
    };
    let mut groups: Vec<DataQualityIssueGroup> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|g| (g.location.clone(), std::cmp::Reverse(g.count)));
    groups
}

/// Everything that is wrong now, a location after another.
pub fn defects(m: &Moment) -> Vec<DataQualityIssue> {
    let now = m.now();
    let mut found = vec![];
    for site in m.region.sites() {
        let defect = |code: &str, place: &PlaceId, detail: String, since: Option<Timestamp>| DataQualityIssue {
            code: code.to_owned(),
            location: site.name.clone(),
            place: m.bed_in_words(place),
            detail,
            since: since.map(feed::fhir::encode::date_time),
        };
        if m.region.freshness(&site.id, now) > Freshness::Ageing {
            let since = m.region.delivered_at(&site.id);
            found.push(defect("silent", &site.id, say!(m.language, DefectSilent), since));
        }
        if let Some((patients, capacity)) = overfull(m, site, now) {
            let detail = say!(m.language, DefectPatients, patients = patients, capacity = capacity);
            let since = m.region.delivered_at(&site.id);
            found.push(defect("more-patients-than-capacity", &site.id, detail, since));
        }
        for bed in m.region.beds(&site.id) {
            let since = m.region.written_at(&bed.id);
            found.extend(
                bed_defects(m, bed, now)
                    .into_iter()
                    .map(|(code, detail)| defect(code, &bed.id, detail, since)),
            );
        }
        for ward in m.region.children(&site.id).filter(|p| m.region.is_ward_sent_as_bed(p)) {
            let since = m.region.written_at(&ward.id);
            found.push(defect(
                "ward-as-bed",
                &ward.id,
                say!(m.language, DefectWardAsBed),
                since,
            ));
        }
    }
    found.extend(homeless_stops(m, now));
    // A bed without a status was found above, where it stands in words.
    let told = |n: &&ParseIssue| data_quality::is_bed_without_status(&n.path);
    let rest = m.not_understood.iter().filter(|n| !told(n)).map(|n| DataQualityIssue {
        location: site_named_in(m, &n.path).map_or_else(|| n.source.clone(), |s| s.name.clone()),
        code: n.code.clone(),
        place: n.path.clone(),
        detail: n.detail.clone(),
        since: n.since.map(feed::fhir::encode::date_time),
    });
    found.extend(rest);
    found
}

/// Stops that hold and that no tile shows, since their hospital is unknown or not in use.
fn homeless_stops(m: &Moment, now: Timestamp) -> impl Iterator<Item = DataQualityIssue> + '_ {
    let holding = m.region.stops.values().filter(move |stop| m.region.holds(stop, now));
    holding.filter_map(|stop| {
        let site = m.region.site_of(&stop.place).and_then(|id| m.region.place(id));
        let in_use = |site: &Place| m.region.sites().any(|s| s.id == site.id);
        if site.is_some_and(in_use) {
            return None;
        }
        let service = m.stop_codes.service(stop.service.as_str());
        let place = m.region.place(&stop.place);
        Some(DataQualityIssue {
            code: "stop-without-location".to_owned(),
            location: site
                .or(place)
                .map_or_else(|| stop.place.to_string(), |p| p.name.clone()),
            place: stop.place.to_string(),
            detail: match site {
                Some(_) => say!(m.language, DefectStopLocationClosed, service = service),
                None => say!(m.language, DefectStopLocationUnknown, service = service),
            },
            since: stop.start.map(feed::fhir::encode::date_time),
        })
    })
}

/// The site of the place that a path names; an id may hold dots itself.
fn site_named_in<'a>(m: &'a Moment, path: &str) -> Option<&'a Place> {
    let mut id = data_quality::place_in_path(path)?;
    while m.region.place(&id.into()).is_none() {
        id = id.rsplit_once('.')?.0;
    }
    let place = m.region.place(&id.into())?;
    m.region.place(m.region.site_of(&place.id)?)
}

/// A site's own count of patients, where it is more than there are beds.
fn overfull(m: &Moment, site: &Place, now: Timestamp) -> Option<(u32, u32)> {
    let capacity = m.region.totals(&site.id, now, &m.zone).capacity.known()?;
    let own = |r: &&SiteReport| r.place == site.id;
    let patients = m.region.reports.values().find(own)?.occupied.known()?;
    (patients > capacity).then_some((patients, capacity))
}

fn bed_defects(m: &Moment, place: &Place, now: Timestamp) -> Vec<(&'static str, String)> {
    let mut found = vec![];
    let state = m.region.state(place, now, bed::cutoff(now, &m.zone));
    if state == BedState::Unknown {
        let said = |code: &Option<String>| code.clone().unwrap_or_else(|| say!(m.language, DefectNothing));
        let detail = say!(
            m.language,
            DefectCodes,
            status = said(&place.status),
            operational = said(&place.operational_status)
        );
        found.push(("unknown-status", detail));
    }
    let ward = m.region.above(&place.id, &PlaceKind::Department);
    let closed = ward.is_some_and(|w| matches!(w.status.as_deref(), Some("suspended" | "inactive")));
    if closed && state == BedState::Occupied {
        found.push(("occupied-in-closed-ward", say!(m.language, DefectClosedWard)));
    }
    for label in &place.labels {
        if m.codes.element(label.kind, &label.element).is_none() {
            found.push(("unknown-element", format!("{}: {}", label.kind.code(), label.element)));
        }
    }
    for kind in LabelKind::MANDATORY {
        if !place.labels.iter().any(|l| l.kind == kind) {
            let detail = say!(m.language, DefectWithout, kind = kind_name(m.language, kind));
            found.push(("missing-label", detail));
        }
    }
    found
}

/// Writes the list as CSV into a folder; of one location or of all. Returns its path.
///
/// # Errors
/// When the cache cannot be read or the file cannot be written.
pub fn export_defects(m: &Moment, location: Option<&str>, into: &Path) -> Result<PathBuf, AppError> {
    let day = m.now().to_zoned(m.zone.clone()).date();
    let path = into.join(format!("gegevenskwaliteit-{day}.csv"));
    let wanted = |d: &DataQualityIssue| location.is_none_or(|l| d.location == l);
    let rows = defects(m).into_iter().filter(wanted);
    export::csv(
        &path,
        ["sinds", "locatie", "waar", "soort", "toelichting"],
        rows.map(|d| [d.since.unwrap_or_default(), d.location, d.place, d.code, d.detail]),
    )?;
    Ok(path)
}
