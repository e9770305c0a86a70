//! Dutch words for what the domain says.

use domain::stop::StopStatus;
use feed::FeedErrorCode;
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

/// The reasons of a stop, leading one first.
pub fn reasons_in_words(reasons: &[domain::stop::StopReason]) -> String {
    reasons
        .iter()
        .map(|r| r.text.as_str())
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// One Dutch sentence for each way in which a source fails.
pub fn error_in_words(code: FeedErrorCode) -> &'static str {
    match code {
        FeedErrorCode::Address => "Het adres klopt niet.",
        FeedErrorCode::Certificate => "Het certificaat van de server wordt niet vertrouwd.",
        FeedErrorCode::Denied => {
            "De server kent u, maar weigert (403), vaak omdat dit adres (IP) niet is toegelaten: vraag de beheerder van de regio."
        }
        FeedErrorCode::SignInNeeded => "De server vraagt om aanmelden: kies bij de bron hoe u zich aanmeldt.",
        FeedErrorCode::SignInRevoked => {
            "De aanmelding is verlopen of ingetrokken: meld u opnieuw aan bij Instellingen, Bronnen."
        }
        FeedErrorCode::SignInClient => {
            "De aanmeldserver weigert deze toepassing: laat de beheerder client-id en geheim nakijken."
        }
        FeedErrorCode::SignInPassword => {
            "De naam of het wachtwoord klopt niet: vul ze opnieuw in bij Instellingen, Bronnen."
        }
        FeedErrorCode::SignInClock => {
            "De klok van deze werkplek loopt niet gelijk, daarom wordt de aanmelding geweigerd: zet de klok goed."
        }
        FeedErrorCode::SignInKeyring => "De sleutelbos van dit systeem antwoordt niet: ontgrendel hem of vraag ICT.",
        FeedErrorCode::SignInNoEndpoints => {
            "De server zegt niet waar u zich kunt aanmelden: vul het adres van de aanmeldserver in."
        }
        FeedErrorCode::SignInAbandoned => "De browser kwam niet terug: probeer het aanmelden nog eens.",
        FeedErrorCode::Busy => "De server is overbelast.",
        FeedErrorCode::Failing => "De server heeft een storing.",
        FeedErrorCode::NotFhir => "Er antwoordt iets anders dan de regionale server, bijvoorbeeld een aanmeldpagina.",
        FeedErrorCode::Gone => "De server bewaart de geschiedenis niet zo lang.",
        FeedErrorCode::Unreachable | FeedErrorCode::Conflict | FeedErrorCode::Refused => {
            "De server is niet bereikbaar."
        }
    }
}
