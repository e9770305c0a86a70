//! Dutch clock time: the reservation cut-off and opening hours.

use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// The zone in which "10:00" and opening hours are meant. Falls back to UTC only where no time-zone data exist at all.
pub fn dutch_zone() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC)
}

/// The moment up to which a reservation counts as occupied: 10:00 on the day after the service day, which itself
/// switches at 10:00 (domain.md 2.3 and 10.11). In the night that is this morning, not the next one.
pub fn reservation_cutoff(now: Timestamp, zone: &TimeZone) -> Timestamp {
    next_at(now, civil::time(10, 0, 0, 0), zone)
}

/// The next moment at which Dutch clocks show a time.
pub fn next_at(now: Timestamp, time: civil::Time, zone: &TimeZone) -> Timestamp {
    let local = now.to_zoned(zone.clone());
    let day = if local.time() < time {
        local.date()
    } else {
        local.date().saturating_add(1.day())
    };
    day.to_datetime(time)
        .to_zoned(zone.clone())
        .map_or(now, |z| z.timestamp())
}

/// The end of the running shift: 07:30, 15:30 or 23:00, whichever comes first.
pub fn shift_end(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let ends = [
        civil::time(7, 30, 0, 0),
        civil::time(15, 30, 0, 0),
        civil::time(23, 0, 0, 0),
    ];
    ends.into_iter().map(|end| next_at(now, end, zone)).min().unwrap_or(now)
}

/// Weekly opening hours of a service; several spans a day are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    pub spans: Vec<OpenSpan>,
}

/// One span on some days; `from == until` means all day, `until < from` runs past midnight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSpan {
    /// ISO weekdays, 1 = Monday.
    pub weekdays: Vec<i8>,
    pub from: civil::Time,
    pub until: civil::Time,
}

impl OpeningHours {
    /// Whether the service is open at `now`; no hours at all means that nothing says it ever closes.
    pub fn open_at(&self, now: Timestamp, zone: &TimeZone) -> bool {
        if self.spans.is_empty() {
            return true;
        }
        let local = now.to_zoned(zone.clone());
        let today = local.weekday().to_monday_one_offset();
        let yesterday = if today == 1 { 7 } else { today - 1 };
        let at = local.time();
        self.spans.iter().any(|span| {
            if span.from == span.until {
                span.weekdays.contains(&today)
            } else if span.from < span.until {
                span.weekdays.contains(&today) && at >= span.from && at < span.until
            } else {
                (span.weekdays.contains(&today) && at >= span.from)
                    || (span.weekdays.contains(&yesterday) && at < span.until)
            }
        })
    }

    /// "08:00–22:00" for the tile, or nothing when open day and night or when the days differ.
    pub fn in_words(&self) -> Option<String> {
        match self.spans.as_slice() {
            [one] if one.from != one.until => Some(format!(
                "{}–{}",
                one.from.strftime("%H:%M"),
                one.until.strftime("%H:%M")
            )),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn in_the_night_a_reservation_counts_until_ten_this_morning() {
        let cutoff = reservation_cutoff(at("2026-11-22T02:00:00+01:00"), &dutch_zone());
        assert_eq!(cutoff, at("2026-11-22T10:00:00+01:00"));
    }

    #[test]
    fn r_13_by_day_a_reservation_counts_until_ten_tomorrow_even_when_the_clock_changes_that_night() {
        let cutoff = reservation_cutoff(at("2026-10-24T14:00:00+02:00"), &dutch_zone());
        assert_eq!(
            cutoff,
            at("2026-10-25T10:00:00+01:00"),
            "summer time ends in the night of 25 October 2026"
        );
    }

    #[test]
    fn the_night_shift_ends_at_half_past_seven() {
        let night = at("2026-11-22T07:30:00+01:00");
        assert_eq!(shift_end(at("2026-11-21T23:30:00+01:00"), &dutch_zone()), night);
        assert_eq!(shift_end(at("2026-11-22T03:00:00+01:00"), &dutch_zone()), night);
        assert_eq!(shift_end(night, &dutch_zone()), at("2026-11-22T15:30:00+01:00"));
    }

    #[test]
    fn zutphen_is_closed_at_night_and_open_by_day() {
        let hours = OpeningHours {
            spans: vec![OpenSpan {
                weekdays: (1..=7).collect(),
                from: civil::time(8, 0, 0, 0),
                until: civil::time(22, 0, 0, 0),
            }],
        };
        assert!(hours.open_at(at("2026-11-22T12:00:00+01:00"), &dutch_zone()));
        assert!(!hours.open_at(at("2026-11-22T22:00:00+01:00"), &dutch_zone()));
        assert!(!hours.open_at(at("2026-11-22T03:00:00+01:00"), &dutch_zone()));
        assert_eq!(hours.in_words().as_deref(), Some("08:00–22:00"));
    }

    #[test]
    fn hours_that_run_past_midnight_belong_to_the_evening_they_began_in() {
        let friday_night = OpeningHours {
            spans: vec![OpenSpan {
                weekdays: vec![5],
                from: civil::time(20, 0, 0, 0),
                until: civil::time(4, 0, 0, 0),
            }],
        };
        assert!(
            friday_night.open_at(at("2026-11-21T03:00:00+01:00"), &dutch_zone()),
            "Saturday 03:00"
        );
        assert!(
            !friday_night.open_at(at("2026-11-20T03:00:00+01:00"), &dutch_zone()),
            "Friday 03:00"
        );
    }
}
