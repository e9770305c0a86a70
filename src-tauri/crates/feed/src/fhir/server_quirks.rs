//! What real servers do otherwise than the standard says, or than others do: each in one place, with the server that has
//! it, when it was seen, and what is done about it. The rest of the crate asks here and knows no server by name.
//!
//! Tried in November 2026 were sekmet-fhir 0.1.1 and helios-hfs 0.2.7. Where the notes of those trials do not say which
//! of the two it was, this says "one of the two".
//!
//! | quirk | seen at | what is done |
//! |---|---|---|
//! | a conditional create, or a search, by the identifier of a `Basic` is refused by 400 | helios-hfs 0.2.7 without its file of search parameters | [`knows_no_identifier`]: written to an id of our own, [`own_id`] |
//! | a stale version inside a transaction is answered by 400 with the words of a 412 | one of the two; the other answers 412 | [`is_conflict`]: a conflict all the same |
//! | a search parameter is dropped in silence, `_since` among them | one of the two | [`ignored_parameter`]: listed; what comes instead is more than was asked for, and applying that changes nothing |
//! | no `meta.lastUpdated` on a Bundle, only the HTTP `Date`, rounded to seconds | one of the two | [`server_time`]: two seconds earlier |
//! | times are kept to the second, the microsecond or the nanosecond | both, each in its own way | [`same_moment`]: compared by the second |
//! | a type history is sorted oldest first, or holds two versions of one instant | the practice region of `sim`, since it was written | [`put_in_order`]: by time, then by version number |
//! | `Retry-After` is a date instead of seconds | none yet; RFC 9110 allows both, and proxies stand in front of servers | [`retry_after_s`] |

use crate::reading::Change;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use url::Url;

/// Whether a 400 is really a 412: a version in a transaction was overtaken.
pub(crate) fn is_conflict(status: u16, detail: &str) -> bool {
    status == 400 && detail.contains("412")
}

/// Whether a refusal says that the server cannot find a resource by its identifier.
pub(crate) fn knows_no_identifier(status: u16, detail: &str) -> bool {
    let detail = detail.to_lowercase();
    status == 400 && (detail.contains("search param") || detail.contains("identifier"))
}

/// The id of our own that stands for an identifier, at servers that cannot look for one: the same at every desk.
pub(crate) fn own_id(identifier: &str) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(identifier.as_bytes());
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("lo-{hex}")
}

/// What was asked and, by its own word, not done by the server.
pub(crate) fn ignored_parameter(asked: &Url, answered: Option<&str>) -> Option<String> {
    let answered = Url::options().base_url(Some(asked)).parse(answered?).ok()?;
    let done: Vec<String> = answered.query_pairs().map(|(key, _)| key.into_owned()).collect();
    // A page size may be capped in silence.
    let matters = |key: &str| matches!(key, "_since" | "_lastUpdated");
    asked
        .query_pairs()
        .map(|(key, _)| key.into_owned())
        .find(|key| matters(key) && !done.contains(key))
}

/// `meta.lastUpdated` of a Bundle, else the answer's `Date` less two seconds, since that one is rounded.
pub(crate) fn server_time(said: Option<&str>, date: Option<Timestamp>) -> Option<Timestamp> {
    said.and_then(super::reader::timestamp)
        .or_else(|| date.map(|d| d - SignedDuration::from_secs(2)))
}

/// Whether two times are the same but for what a server rounds off.
pub(crate) fn same_moment(a: Option<Timestamp>, b: Option<Timestamp>) -> bool {
    a.map(Timestamp::as_second) == b.map(Timestamp::as_second)
}

/// Seconds to wait, from a `Retry-After` in seconds or as a date; that one is taken by the server's own clock.
pub(crate) fn retry_after_s(header: &str, server_date: Option<Timestamp>) -> Option<u64> {
    header.trim().parse().ok().or_else(|| {
        let until = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(header).ok()?;
        u64::try_from(until.duration_since(server_date?).as_secs().max(0)).ok()
    })
}

/// Puts versions in the order in which they were written, oldest first: what lay between is applied, and told, too.
pub(crate) fn put_in_order(changes: &mut [Change]) {
    // Stable: among different records of one instant the order of the delivery stays.
    changes.sort_by_key(|c| c.head().updated);
    let mut versions: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, change) in changes.iter().enumerate() {
        let head = change.head();
        versions.entry((head.updated, &head.key)).or_default().push(at);
    }
    let of_one_instant: Vec<Vec<usize>> = versions.into_values().filter(|all| all.len() > 1).collect();
    let number = |c: &Change| c.head().version.as_ref().and_then(|v| v.parse::<u64>().ok());
    for places in of_one_instant {
        for (i, &first) in places.iter().enumerate() {
            for &second in places.iter().skip(i + 1) {
                let swapped = matches!(
                    (changes.get(first).and_then(number), changes.get(second).and_then(number)),
                    (Some(a), Some(b)) if b < a
                );
                if swapped {
                    changes.swap(first, second);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_a_server_dropped_in_silence_is_noticed() {
        let asked: Url = "https://x/fhir/Flag/_history?_since=2026-01-01T00:00:00Z&_count=1000"
            .parse()
            .unwrap();
        let ignored = |answered: &str| ignored_parameter(&asked, Some(answered));
        assert_eq!(
            ignored("https://x/fhir/Flag/_history?_count=1000"),
            Some("_since".to_owned())
        );
        assert_eq!(
            ignored("Flag/_history?_since=2026-01-01T00%3A00%3A00Z"),
            None,
            "a capped page is no loss"
        );
        assert_eq!(ignored_parameter(&asked, None), None);
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date_by_the_servers_own_clock() {
        let date = "Sun, 22 Nov 2026 03:00:00 GMT";
        let now = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).unwrap();
        assert_eq!(retry_after_s("7", None), Some(7));
        assert_eq!(retry_after_s("Sun, 22 Nov 2026 03:00:12 GMT", Some(now)), Some(12));
        assert_eq!(
            retry_after_s("Sun, 22 Nov 2026 02:00:00 GMT", Some(now)),
            Some(0),
            "long past"
        );
        assert_eq!(retry_after_s("soon", Some(now)), None);
    }

    #[test]
    fn the_own_id_of_a_label_is_a_fhir_id_and_differs_by_bed_and_kind() {
        let one = own_id("bed-1|covidcapaciteit");
        assert!(
            one.len() <= 64 && one.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "{one}"
        );
        assert_ne!(one, own_id("bed-2|covidcapaciteit"));
        assert_eq!(
            one,
            own_id("bed-1|covidcapaciteit"),
            "every desk writes to the same place"
        );
    }
}
