//! Dutch words for what the domain says.

use domain::stop::StopStatus;
use jiff::{Timestamp, tz::TimeZone};

/// "03:40", or "21 nov 03:40" when it is another day.
pub fn clock(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ];
    let (then, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = then.strftime("%H:%M").to_string();
    if then.date() == today.date() {
        return time;
    }
    let month = usize::try_from(then.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .unwrap_or(&"");
    format!("{} {month} {time}", then.day())
}

/// "12 s", "4 min", "3 u 05", "2 d"; `?` when there is no age.
pub fn age_in_words(age_s: Option<i64>) -> String {
    match age_s {
        None => "?".to_owned(),
        Some(s) if s < 0 => "klok loopt voor".to_owned(),
        Some(s) if s < 60 => format!("{s} s"),
        Some(s) if s < 3600 => format!("{} min", s / 60),
        Some(s) if s < 48 * 3600 => format!("{} u {:02}", s / 3600, s % 3600 / 60),
        Some(s) => format!("{} d", s / 86_400),
    }
}

/// "1 bed", "34 bedden".
pub fn beds_in_words(n: u32) -> String {
    if n == 1 {
        "1 bed".to_owned()
    } else {
        format!("{n} bedden")
    }
}

/// The word beside the shape.
pub fn status_in_words(status: StopStatus) -> &'static str {
    match status {
        StopStatus::Open => "open",
        StopStatus::Threatened => "dreigende stop",
        StopStatus::Stop => "stop",
        StopStatus::Closed => "gesloten",
        StopStatus::Unknown => "onbekend",
    }
}
