//! Words for what the domain says.

use super::Language;
use crate::say;
use domain::{alarms::AlarmKind, stop::StopStatus};
use feed::FeedErrorCode;
use jiff::{Timestamp, tz::TimeZone};

/// "03:40", or "21 nov 03:40" when it is another day.
pub fn clock(language: Language, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, today) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = then.strftime("%H:%M").to_string();
    if then.date() == today.date() {
        return time;
    }
    say!(
        language,
        DateAndTime,
        day = then.day(),
        month = then.month(),
        time = time
    )
}

/// "12 s", "4 min", "3 u 05", "2 d"; `?` when there is no age.
pub fn age_in_words(language: Language, age_s: Option<i64>) -> String {
    match age_s {
        None => "?".to_owned(),
        Some(s) if s < 0 => say!(language, AgeAhead),
        Some(s) if s < 60 => say!(language, AgeSeconds, n = s),
        Some(s) if s < 3600 => say!(language, AgeMinutes, n = s / 60),
        Some(s) if s < 48 * 3600 => {
            let minutes = format!("{:02}", s % 3600 / 60);
            say!(language, AgeHours, n = s / 3600, minutes = minutes)
        }
        Some(s) => say!(language, AgeDays, n = s / 86_400),
    }
}

/// "1 bed", "34 bedden".
pub(crate) fn beds_in_words(language: Language, n: u32) -> String {
    say!(language, BedsCounted, n = n)
}

/// The word beside the shape.
pub fn status_in_words(language: Language, status: StopStatus) -> String {
    match status {
        StopStatus::Open => say!(language, StatusOpen),
        StopStatus::Threatened => say!(language, StatusThreatened),
        StopStatus::Stop => say!(language, StatusStop),
        StopStatus::Closed => say!(language, StatusClosed),
        StopStatus::Unknown => say!(language, StatusUnknown),
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

/// One sentence for each way in which a source fails.
pub fn error_in_words(language: Language, code: FeedErrorCode) -> String {
    match code {
        FeedErrorCode::Address => say!(language, SourceErrorAddress),
        FeedErrorCode::Certificate => say!(language, SourceErrorCertificate),
        FeedErrorCode::Denied => say!(language, SourceErrorDenied),
        FeedErrorCode::SignInNeeded => say!(language, SourceErrorSignInNeeded),
        FeedErrorCode::SignInRevoked => say!(language, SourceErrorSignInRevoked),
        FeedErrorCode::SignInClient => say!(language, SourceErrorSignInClient),
        FeedErrorCode::SignInPassword => say!(language, SourceErrorSignInPassword),
        FeedErrorCode::SignInClock => say!(language, SourceErrorSignInClock),
        FeedErrorCode::SignInKeyring => say!(language, SourceErrorSignInKeyring),
        FeedErrorCode::SignInNoEndpoints => say!(language, SourceErrorSignInNoEndpoints),
        FeedErrorCode::SignInAbandoned => say!(language, SourceErrorSignInAbandoned),
        FeedErrorCode::Busy => say!(language, SourceErrorBusy),
        FeedErrorCode::Failing => say!(language, SourceErrorFailing),
        FeedErrorCode::NotFhir => say!(language, SourceErrorNotFhir),
        FeedErrorCode::Gone => say!(language, SourceErrorGone),
        FeedErrorCode::Unreachable | FeedErrorCode::Conflict | FeedErrorCode::Refused => {
            say!(language, SourceErrorUnreachable)
        }
    }
}

/// What the alarm catalogue says of a kind.
pub(crate) struct AlarmWords {
    pub name: String,
    pub cause: String,
    /// What happens when nobody does anything.
    pub consequence: String,
    pub response: String,
}

/// The alarm catalogue in words. A kind that nobody put into words does not compile.
pub(crate) fn alarm_words(language: Language, kind: AlarmKind) -> AlarmWords {
    macro_rules! words {
        ($name:ident, $cause:ident, $consequence:ident, $response:ident) => {
            AlarmWords {
                name: say!(language, $name),
                cause: say!(language, $cause),
                consequence: say!(language, $consequence),
                response: say!(language, $response),
            }
        };
    }
    match kind {
        AlarmKind::SehStop => words!(
            AlarmSehStopName,
            AlarmSehStopCause,
            AlarmSehStopConsequence,
            AlarmSehStopResponse
        ),
        AlarmKind::ServiceStop => words!(
            AlarmServiceStopName,
            AlarmServiceStopCause,
            AlarmServiceStopConsequence,
            AlarmServiceStopResponse
        ),
        AlarmKind::ThreatenedStop => words!(
            AlarmThreatenedStopName,
            AlarmThreatenedStopCause,
            AlarmThreatenedStopConsequence,
            AlarmThreatenedStopResponse
        ),
        AlarmKind::FeedSilent => words!(
            AlarmFeedSilentName,
            AlarmFeedSilentCause,
            AlarmFeedSilentConsequence,
            AlarmFeedSilentResponse
        ),
        AlarmKind::FeedLost => words!(
            AlarmFeedLostName,
            AlarmFeedLostCause,
            AlarmFeedLostConsequence,
            AlarmFeedLostResponse
        ),
        AlarmKind::NotSent => words!(
            AlarmNotSentName,
            AlarmNotSentCause,
            AlarmNotSentConsequence,
            AlarmNotSentResponse
        ),
        AlarmKind::Storage => words!(
            AlarmStorageName,
            AlarmStorageCause,
            AlarmStorageConsequence,
            AlarmStorageResponse
        ),
        AlarmKind::Clock => words!(
            AlarmClockName,
            AlarmClockCause,
            AlarmClockConsequence,
            AlarmClockResponse
        ),
        AlarmKind::Busyness => words!(
            AlarmBusynessName,
            AlarmBusynessCause,
            AlarmBusynessConsequence,
            AlarmBusynessResponse
        ),
        AlarmKind::Chattering => words!(
            AlarmChatteringName,
            AlarmChatteringCause,
            AlarmChatteringConsequence,
            AlarmChatteringResponse
        ),
    }
}
