//! Back to the record: the day's labels by hand, so that a hospital's ICT can set them up, and what to set up for good.

use crate::{
    AppError,
    export::{self, not_written},
    moment::Moment,
    records::Records,
    say,
    text::kind_name,
};
use domain::{
    PlaceId,
    label::{LabelKind, LabelOverride},
    place::PlaceKind,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use ts_rs::TS;

const COLUMNS: [&str; 12] = [
    "locatie",
    "afdeling",
    "kamer",
    "bed",
    "bed-id",
    "classificatie",
    "element",
    "volgens EPD",
    "door",
    "reden",
    "van",
    "tot",
];

/// Labelled by hand for so long that the record should know it.
const LONG: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Labels that ended longer ago than this are no longer made daily.
const LATELY: SignedDuration = SignedDuration::from_hours(48);

/// Something that the record should supply instead of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Advice {
    pub location: String,
    pub department: String,
    pub what: String,
    pub beds: u32,
    pub since: String,
}

/// The labels by hand that held on a day, newest of each bed and classification; of one location or of all.
fn labels_of_day(
    m: &Moment,
    records: &Records,
    day: Date,
    location: Option<&str>,
) -> Result<Vec<LabelOverride>, AppError> {
    let bound = |day: Date| day.to_zoned(m.zone.clone()).map_or(m.now(), |z| z.timestamp());
    let (start, end) = (bound(day), bound(day.saturating_add(1.day())));
    let held = |l: &LabelOverride| l.from < end && l.until.is_none_or(|until| until > start && until > l.from);
    let mut labels: BTreeMap<(PlaceId, LabelKind), LabelOverride> = BTreeMap::new();
    for (_, label) in records.labels_since(start - SignedDuration::from_hours(24 * 90))? {
        if held(&label) {
            labels.insert((label.bed.clone(), label.kind), label);
        }
    }
    for (key, label) in m.region.labels.iter() {
        if held(label) {
            labels.entry(key.clone()).or_insert_with(|| label.clone());
        }
    }
    let mut labels: Vec<LabelOverride> = labels.into_values().collect();
    labels.retain(|l| location.is_none_or(|site| m.region.site_of(&l.bed).is_some_and(|s| s.as_str() == site)));
    Ok(labels)
}

fn export_row(m: &Moment, label: &LabelOverride) -> [String; 12] {
    let name = |kind: PlaceKind| {
        m.region
            .above(&label.bed, &kind)
            .map_or_else(String::new, |p| p.name.clone())
    };
    let at = |t: Timestamp| t.to_zoned(m.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    [
        name(PlaceKind::Site),
        name(PlaceKind::Department),
        name(PlaceKind::Room),
        name(PlaceKind::Bed),
        label.bed.0.clone(),
        kind_name(m.language, label.kind),
        m.codes.display(label.kind, &label.element),
        m.delivered(&label.bed, label.kind)
            .map_or_else(|| say!(m.language, Nothing), |e| m.codes.display(label.kind, &e)),
        label.author.clone(),
        label.reason.clone(),
        at(label.from),
        label.until.map_or_else(|| say!(m.language, UntilWithdrawn), at),
    ]
}

/// Writes the day's labels by hand as CSV and XLSX into a folder. Returns both paths.
///
/// # Errors
/// When the ledger cannot be read or a file cannot be written.
pub fn export_labels(
    m: &Moment,
    records: &Records,
    day: Date,
    location: Option<&str>,
    into: &Path,
) -> Result<Vec<PathBuf>, AppError> {
    let rows: Vec<[String; 12]> = labels_of_day(m, records, day, location)?
        .iter()
        .map(|l| export_row(m, l))
        .collect();
    let stem = format!(
        "handmatige-labels-{day}{}",
        location.map_or_else(String::new, |l| format!("-{l}"))
    );
    let (csv_path, xlsx_path) = (into.join(format!("{stem}.csv")), into.join(format!("{stem}.xlsx")));
    std::fs::create_dir_all(into).map_err(|e| not_written(&e))?;
    sheet(&say!(m.language, SheetLabels), &rows, &xlsx_path).map_err(|e| not_written(&e))?;
    export::csv(&csv_path, COLUMNS, rows)?;
    Ok(vec![csv_path, xlsx_path])
}

/// What has been labelled by hand for more than two weeks, and still is: advice what to automate. `made` are the labels
/// given here in the last ninety days.
pub fn label_advice(m: &Moment, made: &[(Timestamp, LabelOverride)]) -> Vec<Advice> {
    let now = m.now();
    let mut spans: BTreeMap<(PlaceId, LabelKind, String), (Timestamp, Timestamp)> = BTreeMap::new();
    for label in made.iter().map(|(_, l)| l).chain(m.region.labels.values()) {
        let end = label.until.map_or(now, |until| until.min(now));
        if end <= label.from {
            continue;
        }
        let span = spans
            .entry((label.bed.clone(), label.kind, label.element.0.clone()))
            .or_insert((label.from, end));
        *span = (span.0.min(label.from), span.1.max(end));
    }
    let mut found: BTreeMap<(String, String, String), (u32, Timestamp)> = BTreeMap::new();
    for ((bed, kind, element), (first, last)) in spans {
        if now.duration_since(first) < LONG || now.duration_since(last) > LATELY {
            continue;
        }
        let name = |kind: PlaceKind| m.region.above(&bed, &kind).map_or_else(String::new, |p| p.name.clone());
        let what = format!(
            "{}: {}",
            kind_name(m.language, kind),
            m.codes.display(kind, &element.as_str().into())
        );
        let one = found
            .entry((name(PlaceKind::Site), name(PlaceKind::Department), what))
            .or_insert((0, first));
        *one = (one.0 + 1, one.1.min(first));
    }
    found
        .into_iter()
        .map(|((location, department, what), (beds, first))| Advice {
            location,
            department,
            what,
            beds,
            since: m.clock(first),
        })
        .collect()
}

/// Writes today's labels by hand where a person finds downloads; the answer is where.
///
/// # Errors
/// When the ledger cannot be read or a file cannot be written.
pub fn export_today(m: &Moment, records: &Records) -> Result<Vec<String>, AppError> {
    let today = m.now.to_zoned(m.zone.clone()).date();
    let paths = export_labels(m, records, today, None, &records.downloads())?;
    Ok(paths.iter().map(|p| p.display().to_string()).collect())
}

fn sheet(name: &str, rows: &[[String; 12]], path: &Path) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(name)?;
    let bold = Format::new().set_bold();
    for (c, name) in (0u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, c, name, &bold)?;
    }
    for (r, row) in (1u32..).zip(rows) {
        for (c, cell) in (0u16..).zip(row) {
            sheet.write_string(r, c, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    book.save(path)
}
