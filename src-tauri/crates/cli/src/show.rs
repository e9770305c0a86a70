//! The reports as text for a terminal.

use app::{
    data_quality::DataQualityIssue,
    journal::AuditRow,
    report::{AlarmReport, BedsReport, OutboxReport, RegionReport},
};

fn number(n: Option<u32>) -> String {
    n.map_or_else(|| "?".to_owned(), |n| n.to_string())
}

pub fn region(report: &RegionReport) {
    println!(
        "{}  {} van {} locaties actueel",
        report.at, report.coverage.current, report.coverage.locations
    );
    for l in &report.locations {
        let seh = l
            .seh
            .as_ref()
            .map_or_else(|| "geen SEH".to_owned(), |s| format!("{:?}", s.status).to_lowercase());
        let busy = l
            .busyness
            .as_ref()
            .map_or_else(|| "?".to_owned(), |b| format!("{:.0}", b.score));
        println!(
            "{:<24} {:<11} druk {:>4}  bedden {:>4}  bezet {:>4}  vrij {:>4}  onbekend {:>3}",
            l.name,
            seh,
            busy,
            number(l.totals.capacity),
            number(l.totals.occupied),
            number(l.totals.available),
            number(l.totals.unknown)
        );
    }
}

pub fn beds(report: &BedsReport) {
    println!("{}  {}", report.location, report.at);
    for bed in &report.beds {
        let labels: Vec<_> = bed
            .labels
            .iter()
            .map(|(kind, l)| format!("{kind}={}", l.element))
            .collect();
        let state = format!("{:?}", bed.state).to_lowercase();
        println!("{:<36} {:<10} {}", bed.id, state, labels.join(" "));
    }
}

pub fn outbox(rows: &[OutboxReport]) {
    for row in rows {
        println!(
            "{} {:<8} {:<9} {} {}",
            row.created,
            row.kind,
            row.state,
            row.subject,
            row.reason.as_deref().unwrap_or("")
        );
    }
}

pub fn alarms(rows: &[AlarmReport]) {
    for row in rows {
        println!("{:?} {:?} {}", row.priority, row.state, row.text);
    }
}

pub fn audit(rows: &[AuditRow]) {
    for row in rows {
        let change = match (&row.from, &row.to) {
            (None, None) => String::new(),
            (from, to) => format!(
                "  {} → {}",
                from.as_deref().unwrap_or("geen"),
                to.as_deref().unwrap_or("zoals het EPD")
            ),
        };
        println!("{} {} {:<12} {}{change}", row.at, row.who, row.what, row.about);
    }
}

pub fn defects(rows: &[DataQualityIssue]) {
    for row in rows {
        let since = row.since.as_deref().unwrap_or("");
        println!(
            "{since:<32} {:<26} {} · {}: {}",
            row.code, row.location, row.place, row.detail
        );
    }
}
