//! Following a server: full load, then deltas (ITI-90-NL and ITI-91-NL; wire-format.md 3), each type by itself.
//!
//! What a round promises, so that nothing is skipped and nothing half-read counts as complete:
//!
//! 1. Every type has a cursor of its own: the server's time of the first page of the last time that the type was read to
//!    its end. [`Delivery::next_since`] names the types whose cursor moves; a type that is not in it is asked again from
//!    where it was.
//! 2. A type is delivered whole or not at all. Of a type that broke off on page three nothing is delivered: a history
//!    comes newest first, and with its newest pages applied the older versions, which come again next time, would be
//!    refused as older, and a stop that began and ended between them would never be told. Other types are not touched.
//! 3. Only of a type that was loaded anew to its last page, with what changed meanwhile, is gone what it does not name
//!    ([`Delivery::complete`]), and never what was delivered without being understood ([`Reading::kept`]).
//! 4. A type that the server refuses (4xx) is said in [`Delivery::refused`] and among the issues, and costs that type only.
//!    A refused history is first tried as a plain search. A `401` is about the account and costs the round.
//! 5. Where the line breaks, the round goes on with the next type, once; a second break, a busy server or a bad account
//!    ends it. What was read until then is delivered, and the rest is named in [`Delivery::unfinished`].

pub use super::delivery::{Completeness, Cursors, Delivery, RefusedType, UnfinishedType};

use super::{
    bundle::Bundle,
    client::{Answer, Capability, Server},
    kinds::kind_of,
    reader::Reader,
    server_quirks,
};
use crate::{
    data_quality::IssueCode,
    error::FeedError,
    reading::{Change, Reading},
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

/// A server may date a stop when it begins to write it and show it some seconds later, and its nodes' clocks may differ: so
/// far back a stop is asked for again. What comes twice is known already.
pub const SHOWN_LATE: SignedDuration = SignedDuration::from_secs(120);
/// Of this type the history of the last day is loaded too, so that a line can be drawn from the first minute on.
const WITH_ITS_DAY: &str = "Observation";

const PAGE: &str = "1000";
/// A server that keeps sending next links would otherwise hold us for ever.
const MOST_PAGES: usize = 2_000;

/// What an error of one type means for the round.
enum Cost {
    /// The server says no to this type.
    Type,
    /// This type only, and it may work next time.
    TypeForNow,
    /// The line: twice in succession ends the round.
    Line,
    Round,
}

fn cost(error: &FeedError) -> Cost {
    match error {
        FeedError::Denied(_) | FeedError::Refused { .. } | FeedError::Gone | FeedError::Conflict => Cost::Type,
        FeedError::Failing(_) | FeedError::NotFhir(_) => Cost::TypeForNow,
        FeedError::Unreachable(_) => Cost::Line,
        FeedError::Address(_) | FeedError::Certificate(_) | FeedError::SignIn(_) | FeedError::Busy(_) => Cost::Round,
    }
}

/// Loads everything, then what changed during the loading.
///
/// # Errors
/// When not one type could be read: as one of them said.
pub async fn full_load(server: &Server, capability: &Capability, reader: &Reader<'_>) -> Result<Delivery, FeedError> {
    let mut delivery = round(server, capability, reader, &Cursors::new(), &TYPES).await?;
    delivery.everything = delivery.unfinished.is_empty();
    Ok(delivery)
}

/// Asks what changed of some types since their cursors; a type without one is loaded anew, as is one whose history does
/// not go back that far. Boundaries are inclusive: versions may come twice.
///
/// # Errors
/// As [`full_load`].
pub async fn delta(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    since: &Cursors,
    types: &[&str],
) -> Result<Delivery, FeedError> {
    round(server, capability, reader, since, types).await
}

async fn round(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    since: &Cursors,
    types: &[&str],
) -> Result<Delivery, FeedError> {
    let server = &server.within_round();
    let mut delivery = Delivery::default();
    let mut line_broke = false;
    // An incomplete statement must not cost the stops.
    let asked: Vec<&str> = types
        .iter()
        .copied()
        .filter(|kind| capability.offers(kind) || *kind == URGENT)
        .collect();
    let mut read = 0_usize;
    let mut left = asked.iter();
    while let Some(&resource) = left.next() {
        let error = match one_type(server, capability, reader, since.get(resource).copied(), resource).await {
            Ok(one) => {
                line_broke = false;
                read += 1;
                one.add_to(&mut delivery, resource);
                continue;
            }
            Err(error) => error,
        };
        tracing::warn!(%error, resource, "a type was not read");
        let ends = match cost(&error) {
            Cost::Type => {
                refuse(&mut delivery, resource, error);
                continue;
            }
            Cost::TypeForNow => false,
            Cost::Line => std::mem::replace(&mut line_broke, true),
            Cost::Round => true,
        };
        let unfinished = |resource: &str| UnfinishedType {
            resource: resource.to_owned(),
            error: error.clone(),
        };
        delivery.unfinished.push(unfinished(resource));
        if ends {
            delivery.unfinished.extend(left.by_ref().map(|r| unfinished(r)));
        }
    }
    if read == 0
        && let Some(error) = first_error(&delivery)
    {
        return Err(error.clone());
    }
    server_quirks::put_in_order(&mut delivery.reading.changes);
    if !delivery.complete.is_empty() {
        reader.look_over(&mut delivery.reading);
    }
    Ok(delivery)
}

/// What a round says in which nothing was read: what ended it, before what a single type was refused for.
fn first_error(delivery: &Delivery) -> Option<&FeedError> {
    let unfinished = delivery.unfinished.iter().map(|u| &u.error);
    unfinished.chain(delivery.refused.iter().map(|r| &r.error)).next()
}

fn refuse(delivery: &mut Delivery, resource: &str, error: FeedError) {
    let status = error.status().map_or_else(String::new, |s| format!(" (HTTP {s})"));
    let detail = format!("de server weigert {resource}{status}");
    delivery.reading.issue(resource, IssueCode::TypeRefused, detail);
    delivery.refused.push(RefusedType {
        resource: resource.to_owned(),
        error,
    });
}

/// One type, read to its end.
#[derive(Default)]
struct TypeRead {
    reading: Reading,
    /// The server's time of the first page.
    from: Option<Timestamp>,
    server_date: Option<Timestamp>,
    /// It holds everything that exists.
    whole: bool,
    /// Of the first page, where that was the only one.
    etag: Option<String>,
}

impl TypeRead {
    fn add_to(mut self, delivery: &mut Delivery, resource: &str) {
        // Something came of which not even the name could be read: it may be any record, so none may be called gone.
        if self.whole && self.reading.nameless == 0 {
            delivery.complete.add(kind_of(resource));
        }
        if let Some(from) = self.from {
            delivery.next_since.insert(resource.to_owned(), from);
        }
        delivery.server_date = self.server_date.or(delivery.server_date);
        delivery.reading.absorb(std::mem::take(&mut self.reading));
    }
}

/// A delta where there is a cursor and the server lets us have it; everything otherwise.
async fn one_type(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    since: Option<Timestamp>,
    resource: &str,
) -> Result<TypeRead, FeedError> {
    if let Some(since) = since {
        let url = delta_url(server, capability, since, resource)?;
        match pages(server, url, reader).await {
            Err(error) if matches!(cost(&error), Cost::Type) => {
                tracing::info!(%error, resource, "no delta; loading the type anew");
            }
            other => return other,
        }
    }
    load(server, capability, reader, resource).await
}

/// Everything of a type, and what changed of it during the loading: a list that is turned page by page while others
/// write may skip what moved to a page before.
async fn load(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    resource: &str,
) -> Result<TypeRead, FeedError> {
    let mut url = server.url(resource)?;
    url.query_pairs_mut().append_pair("_count", PAGE);
    let mut all = pages(server, url, reader).await?;
    all.whole = true;
    let Some(from) = all.from else { return Ok(all) };
    let late = pages(server, delta_url(server, capability, from, resource)?, reader).await;
    match late {
        Ok(late) => all.reading.absorb(late.reading),
        // A server that keeps no history: what changed meanwhile comes with the next load.
        Err(error) if matches!(cost(&error), Cost::Type) => {}
        Err(error) => return Err(error),
    }
    if resource == WITH_ITS_DAY && capability.has_history(resource) {
        let day = delta_url(server, capability, from - SignedDuration::from_hours(24), resource)?;
        match pages(server, day, reader).await {
            Ok(day) => all.reading.absorb(day.reading),
            Err(error) => tracing::info!(%error, "without the busyness of the last day"),
        }
    }
    Ok(all)
}

/// What was asked for and which state of it was seen: the same question is answered cheaply.
pub type Seen = Option<(Url, String)>;

/// As [`delta`] for one type, without an answer where the server says that nothing changed since `seen`.
///
/// # Errors
/// When the type could not be read; a refusal is no error but in [`Delivery::refused`].
pub async fn delta_if_changed(
    server: &Server,
    capability: &Capability,
    reader: &Reader<'_>,
    since: Timestamp,
    resource: &str,
    seen: &mut Seen,
) -> Result<Delivery, FeedError> {
    let server = &server.within_round();
    let mut delivery = Delivery::default();
    let url = delta_url(server, capability, since, resource)?;
    let known = seen.take().filter(|(asked, _)| *asked == url);
    let etag = known.as_ref().map(|(_, etag)| etag.as_str());
    let read = match server.get_if_changed(url.clone(), etag).await {
        Ok(None) => {
            *seen = known;
            return Ok(delivery);
        }
        Ok(Some(answer)) => pages_from(server, answer, &url, reader).await,
        Err(error) => Err(error),
    };
    let read = match read {
        Err(error) if matches!(cost(&error), Cost::Type) => load(server, capability, reader, resource).await,
        other => other,
    };
    match read {
        Ok(one) => {
            *seen = one.etag.clone().map(|etag| (url, etag));
            one.add_to(&mut delivery, resource);
        }
        Err(error) if matches!(cost(&error), Cost::Type) => refuse(&mut delivery, resource, error),
        Err(error) => return Err(error),
    }
    server_quirks::put_in_order(&mut delivery.reading.changes);
    Ok(delivery)
}

/// The minute that a time lies in: a question that stays the same for that long can be answered by "not changed".
fn whole_minute(at: Timestamp) -> Timestamp {
    let into_it = SignedDuration::from_millis(at.as_millisecond().rem_euclid(60_000));
    let at = at - into_it;
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn delta_url(server: &Server, capability: &Capability, since: Timestamp, resource: &str) -> Result<Url, FeedError> {
    let since = if resource == URGENT {
        whole_minute(since - SHOWN_LATE)
    } else {
        since
    };
    let by_history = capability.has_history(resource);
    let path = if by_history {
        format!("{resource}/_history")
    } else {
        resource.to_owned()
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

async fn pages(server: &Server, first: Url, reader: &Reader<'_>) -> Result<TypeRead, FeedError> {
    let answer = server.get(first.clone()).await?;
    pages_from(server, answer, &first, reader).await
}

/// Reads a first page and those that follow it.
async fn pages_from(server: &Server, first: Answer, asked: &Url, reader: &Reader<'_>) -> Result<TypeRead, FeedError> {
    let mut read = TypeRead::default();
    let etag = first.etag.clone();
    let Some(mut next) = page(server, &first, asked, reader, &mut read, true)? else {
        // Of more than one page the first does not name the state of all.
        read.etag = etag;
        oldest_first(asked, &mut read.reading.changes);
        return Ok(read);
    };
    for _ in 1..MOST_PAGES {
        let answer = server.get(next.clone()).await?;
        match page(server, &answer, &next, reader, &mut read, false)? {
            None => {
                oldest_first(asked, &mut read.reading.changes);
                return Ok(read);
            }
            Some(following) => next = following,
        }
    }
    Err(FeedError::NotFhir(format!("more than {MOST_PAGES} pages")))
}

/// Histories come newest first, but not everywhere; turned round where they do, so that versions that carry the same
/// time, and numbers that cannot be compared, still keep their order.
fn oldest_first(asked: &Url, changes: &mut [Change]) {
    if !asked.path().ends_with("/_history") {
        return;
    }
    let updated = |c: Option<&Change>| c.and_then(|c| c.head().updated);
    if updated(changes.first()) > updated(changes.last()) {
        changes.reverse();
    }
}

/// Reads a page; the answer is where the next one lies.
fn page(
    server: &Server,
    answer: &Answer,
    asked: &Url,
    reader: &Reader<'_>,
    read: &mut TypeRead,
    first: bool,
) -> Result<Option<Url>, FeedError> {
    let bundle: Bundle = serde_json::from_str(&answer.body).map_err(|e| FeedError::NotFhir(e.to_string()))?;
    if bundle.resource_type != "Bundle" {
        return Err(FeedError::NotFhir(format!(
            "a {} instead of a Bundle",
            bundle.resource_type
        )));
    }
    read.server_date = answer.date.or(read.server_date);
    if first {
        read.from = server_quirks::server_time(bundle.meta.last_updated.as_deref(), answer.date)
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
    if let Some(ignored) = server_quirks::ignored_parameter(asked, link("self")).filter(|_| first) {
        let what = format!("de server negeerde {ignored} van {}", asked.path());
        read.reading.issue(asked.path(), IssueCode::ParameterIgnored, what);
    }
    // What lies in the future does so by the clock of whoever dated it. A `Date` cuts its second off.
    let received = answer
        .date
        .map_or(reader.received, |date| date + SignedDuration::from_secs(1));
    read.reading.absorb(Reader { received, ..*reader }.entries(&bundle));
    link("next").map(|next| same_server(server, next)).transpose()
}

/// Whether the server lets us read at all: a capability statement is public on many servers, places are not.
///
/// # Errors
/// As the server says.
pub async fn may_read(server: &Server) -> Result<(), FeedError> {
    let mut url = server.url("Location")?;
    url.query_pairs_mut().append_pair("_count", "1");
    server.get(url).await.map(drop)
}

/// The next link, verbatim but for being relative; another origin's (scheme, host or port) is not followed (S-02).
///
/// # Errors
/// When it lies elsewhere.
pub fn same_server(server: &Server, link: &str) -> Result<Url, FeedError> {
    let url = server.url(link)?;
    if url.origin() != server.base().origin() {
        return Err(FeedError::NotFhir(format!(
            "the next page lies at another origin: {}",
            url.origin().ascii_serialization()
        )));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s_02_a_next_page_is_followed_at_the_exact_origin_of_the_server_only() {
        let server = Server::new("https://region.example/fhir").unwrap();
        let follows = |link: &str| same_server(&server, link).is_ok();
        assert!(follows("Location?_page=2") && follows("https://region.example:443/fhir/x?page=2"));
        assert!(!follows("http://region.example/fhir/x?page=2"), "not encrypted");
        assert!(
            !follows("https://region.example:8443/fhir/x"),
            "another port is another program"
        );
        assert!(!follows("https://elsewhere.example/fhir/x"), "another host");
    }
}
