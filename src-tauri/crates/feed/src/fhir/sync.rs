//! Following a server: full load, then deltas (ITI-90-NL and ITI-91-NL; wire-format.md 3).

use crate::{
    fhir::bundle::Bundle,
    fhir::client::{Answer, Capability, FeedError, Server, server_time},
    fhir::reader::Reader,
    reading::{Reading, code},
};
use jiff::{SignedDuration, Timestamp};
use url::Url;

/// The types that are followed, in the order in which references resolve.
pub const TYPES: [&str; 9] = [
    "Organization",
    "Location",
    "HealthcareService",
    "OrganizationAffiliation",
    "Flag",
    "Observation",
    "MeasureReport",
    "PractitionerRole",
    "Basic",
];

/// Stops travel ahead of everything else.
pub const URGENT: &str = "Flag";

const PAGE: &str = "1000";
/// A server that keeps sending next links would otherwise hold us for ever.
const MOST_PAGES: usize = 2_000;

/// What one round with the server brought.
#[derive(Debug, Default)]
pub struct Delivery {
    pub reading: Reading,
    /// Holds everything that exists: what it does not name is gone.
    pub complete: bool,
    /// Where the next delta starts: the server's own time of this round's first page.
    pub next_since: Option<Timestamp>,
    /// The server's clock, for measuring how far ours is off.
    pub server_date: Option<Timestamp>,
}

/// Loads everything, then what changed during the loading.
///
/// # Errors
/// As soon as one page fails; nothing of the round is used then.
pub async fn full_load(server: &Server, capability: &Capability, reader: &Reader<'_>) -> Result<Delivery, FeedError> {
    let mut delivery = Delivery {
        complete: true,
        ..Delivery::default()
    };
    for kind in TYPES {
        let mut url = server.url(kind)?;
        url.query_pairs_mut().append_pair("_count", PAGE);
        pages(server, url, reader, &mut delivery).await?;
    }
    if let Some(since) = delivery.next_since {
        let late = delta(server, capability, reader, since, &TYPES).await?;
        delivery.reading.absorb(late.reading);
        // The busyness of the last day, so that a line can be drawn from the first minute on.
        if capability.history.iter().any(|kind| kind == "Observation") {
            let past = delta(
                server,
                capability,
                reader,
                since - SignedDuration::from_hours(24),
                &["Observation"],
            )
            .await;
            delivery.reading.absorb(past.map(|d| d.reading).unwrap_or_default());
        }
    }
    // Histories come newest first; applied oldest first, so that what lay between is kept too.
    delivery.reading.changes.sort_by_key(|c| c.head().updated);
    reader.look_over(&mut delivery.reading);
    Ok(delivery)
}

/// Asks what changed since the server's own time `since`. Boundaries are inclusive: versions may come twice.
///
/// # Errors
/// [`FeedError::Gone`] when the server does not keep history that far back: load everything again.
pub async fn delta(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    since: Timestamp,
    types: &[&str],
) -> Result<Delivery, FeedError> {
    let mut delivery = Delivery::default();
    for kind in types {
        let url = delta_url(server, capability, since, kind)?;
        pages(server, url, reader, &mut delivery).await?;
    }
    // Histories come newest first; applied oldest first, so that what lay between is kept too.
    delivery.reading.changes.sort_by_key(|c| c.head().updated);
    Ok(delivery)
}

/// What was asked for and which state of it was seen: the same question is answered cheaply.
pub type Seen = Option<(Url, String)>;

/// As [`delta`] for one type, without an answer where the server says that nothing changed since `seen`.
///
/// # Errors
/// As [`delta`].
pub async fn delta_if_changed(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    since: Timestamp,
    kind: &str,
    seen: &mut Seen,
) -> Result<Delivery, FeedError> {
    let mut delivery = Delivery::default();
    let url = delta_url(server, capability, since, kind)?;
    let known = seen.take().filter(|(asked, _)| *asked == url);
    let etag = known.as_ref().map(|(_, etag)| etag.as_str());
    let Some(answer) = server.get_if_changed(url.clone(), etag).await? else {
        *seen = known;
        return Ok(delivery);
    };
    let etag = answer.etag.clone();
    let more = page(server, &answer, &url, reader, &mut delivery, true)?;
    match more {
        // Of more than one page the first does not name the state of all.
        Some(next) => pages(server, next, reader, &mut delivery).await?,
        None => *seen = etag.map(|etag| (url, etag)),
    }
    delivery.reading.changes.sort_by_key(|c| c.head().updated);
    Ok(delivery)
}

fn delta_url(server: &Server, capability: &Capability, since: Timestamp, kind: &str) -> Result<Url, FeedError> {
    let by_history = capability.history.iter().any(|k| k == kind);
    let path = if by_history {
        format!("{kind}/_history")
    } else {
        kind.to_owned()
    };
    let mut url = server.url(&path)?;
    if by_history {
        url.query_pairs_mut().append_pair("_since", &since.to_string());
    } else {
        url.query_pairs_mut().append_pair("_lastUpdated", &format!("ge{since}"));
    }
    url.query_pairs_mut().append_pair("_count", PAGE);
    Ok(url)
}

async fn pages(server: &Server, first: Url, reader: &Reader<'_>, delivery: &mut Delivery) -> Result<(), FeedError> {
    let mut asked = first;
    for number in 0..MOST_PAGES {
        let answer = server.get(asked.clone()).await?;
        match page(server, &answer, &asked, reader, delivery, number == 0)? {
            None => return Ok(()),
            Some(next) => asked = next,
        }
    }
    Err(FeedError::NotFhir(format!("more than {MOST_PAGES} pages")))
}

/// Reads a page into the delivery; the answer is where the next one lies.
fn page(
    server: &Server,
    answer: &Answer,
    asked: &Url,
    reader: &Reader<'_>,
    delivery: &mut Delivery,
    first: bool,
) -> Result<Option<Url>, FeedError> {
    let bundle: Bundle = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
    if bundle.resource_type != "Bundle" {
        return Err(FeedError::NotFhir(format!(
            "a {} instead of a Bundle",
            bundle.resource_type
        )));
    }
    delivery.server_date = answer.date.or(delivery.server_date);
    if delivery.next_since.is_none() {
        delivery.next_since = server_time(bundle.meta.last_updated.as_deref(), answer.date)
            // A server clock ahead of its own stamps would make us skip versions.
            .map(|t| t - SignedDuration::from_secs(1));
    }
    let link = |relation: &str| {
        bundle
            .link
            .iter()
            .find(|l| l.relation == relation)
            .map(|l| l.url.as_str())
    };
    // Only of the first page: what follows is the server's own cursor.
    if let Some(ignored) = ignored_parameter(asked, link("self")).filter(|_| first) {
        let what = format!("de server negeerde {ignored} van {}", asked.path());
        delivery.reading.problem(asked.path(), code::IGNORED, what);
    }
    delivery.reading.absorb(reader.entries(&bundle));
    link("next").map(|next| same_server(server, next)).transpose()
}

/// What was asked and, by its own word, not done by the server: some drop parameters that they do not know (wire-format.md
/// 4). What it gives instead is more than was asked for, and applying that changes nothing.
fn ignored_parameter(asked: &Url, answered: Option<&str>) -> Option<String> {
    let answered = Url::options().base_url(Some(asked)).parse(answered?).ok()?;
    let done: Vec<String> = answered.query_pairs().map(|(key, _)| key.into_owned()).collect();
    // A page size may be capped in silence.
    let matters = |key: &str| matches!(key, "_since" | "_lastUpdated");
    asked
        .query_pairs()
        .map(|(key, _)| key.into_owned())
        .find(|key| matters(key) && !done.contains(key))
}

/// The next link, verbatim but for being relative; another host's is not followed (S-02).
///
/// # Errors
/// When it lies on another host.
pub fn same_server(server: &Server, link: &str) -> Result<Url, FeedError> {
    let url = server.url(link)?;
    if url.host_str() != server.base().host_str() {
        return Err(FeedError::NotFhir(format!(
            "the next page lies on another host: {:?}",
            url.host_str()
        )));
    }
    Ok(url)
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
}
