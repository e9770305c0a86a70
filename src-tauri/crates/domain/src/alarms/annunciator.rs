//! When to sound, and when to be silent: sound repeats until somebody acknowledges, silence is short and breaks
//! (AH-05, AH-06, AH-07, AH-12).

use super::catalogue::Priority;
use jiff::{SignedDuration, Timestamp};

/// Silence lasts this long at the most (AH-06).
pub const SILENCE: SignedDuration = SignedDuration::from_secs(120);
/// How soon an unacknowledged high alarm sounds again, when nobody chose otherwise (AH-05), in seconds.
pub const REPEAT_S: i64 = 60;
/// What one can choose, in seconds.
pub const REPEAT_RANGE_S: std::ops::RangeInclusive<i64> = 15..=300;
/// Two sounds never overlap: the longest of them, with the device opened and closed, takes this long.
const LONGEST_SOUND: SignedDuration = SignedDuration::from_secs(5);

/// What the loudspeaker is at.
#[derive(Clone, Debug, Default)]
pub struct Annunciator {
    /// Since when, and over what.
    silence: Option<(Timestamp, Priority)>,
    /// When anything sounded last.
    last: Option<Timestamp>,
    /// When a high alarm did: what is lower and sounds in between does not put its repetition off.
    last_high: Option<Timestamp>,
    waiting: Option<Priority>,
}

impl Annunciator {
    /// An alarm is announced. It breaks a silence over alarms of its own priority or lower ones.
    pub fn announce(&mut self, priority: Priority) {
        if self.silence.is_some_and(|(_, over)| priority >= over) {
            self.silence = None;
        }
        self.waiting = self.waiting.max(Some(priority));
    }

    /// A person asks for silence over what is open now; `None` where nothing is.
    pub fn silence(&mut self, over: Option<Priority>, now: Timestamp) {
        self.silence = over.map(|priority| (now, priority));
        self.waiting = None;
    }

    /// Seconds of silence that are left.
    pub fn silent_for_s(&self, now: Timestamp) -> Option<i64> {
        let (since, _) = self.silence?;
        // Before its beginning the clock was set back, and nobody knows how long it has lasted: it is over.
        let left = SILENCE - now.duration_since(since);
        (since <= now && left.is_positive()).then(|| left.as_secs().max(1))
    }

    /// The clock was set back by this much: what lasts goes on for as long as it would have.
    pub fn set_back(&mut self, by: SignedDuration) {
        let silence = self.silence.as_mut().map(|(at, _)| at);
        for at in [silence, self.last.as_mut(), self.last_high.as_mut()]
            .into_iter()
            .flatten()
        {
            *at -= by;
        }
    }

    /// What to sound now. `open` is the highest priority among the unacknowledged alarms; only high ones repeat.
    pub fn sound(&mut self, open: Option<Priority>, repeat_s: i64, now: Timestamp) -> Option<Priority> {
        if self.silent_for_s(now).is_none() {
            self.silence = None;
        }
        // A clock that was set back must not silence an alarm.
        let since = |at: Option<Timestamp>| at.map(|at| now.duration_since(at)).filter(|s| !s.is_negative());
        if self.silence.is_some() || since(self.last).is_some_and(|s| s < LONGEST_SOUND) {
            return None;
        }
        let waiting = self.waiting.take().filter(|_| open.is_some());
        let due = open == Some(Priority::High) && since(self.last_high).is_none_or(|s| s.as_secs() >= repeat_s);
        let priority = waiting.max(due.then_some(Priority::High))?;
        self.last = Some(now);
        if priority == Priority::High {
            self.last_high = Some(now);
        }
        Some(priority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    const HIGH: Option<Priority> = Some(Priority::High);

    /// The seconds at which something sounds.
    fn heard(a: &mut Annunciator, seconds: std::ops::Range<i64>, open: Option<Priority>) -> Vec<i64> {
        seconds.filter(|s| a.sound(open, REPEAT_S, at(*s)).is_some()).collect()
    }

    #[test]
    fn ah_05_a_high_alarm_sounds_every_minute_until_it_is_acknowledged() {
        let mut a = Annunciator::default();
        a.announce(Priority::High);
        assert_eq!(heard(&mut a, 0..200, HIGH), [0, 60, 120, 180]);
        assert!(heard(&mut a, 200..400, None).is_empty(), "acknowledged");
        a.announce(Priority::Medium);
        assert_eq!(
            heard(&mut a, 400..600, Some(Priority::Medium)),
            [400],
            "a medium one sounds once"
        );
    }

    #[test]
    fn ah_05_a_high_alarm_sounds_every_minute_also_while_lower_ones_keep_coming() {
        let mut a = Annunciator::default();
        a.announce(Priority::High);
        let mut high = vec![];
        for second in 0..200 {
            if second % 50 == 49 {
                a.announce(Priority::Medium);
            }
            if a.sound(HIGH, REPEAT_S, at(second)) == HIGH {
                high.push(second);
            }
        }
        assert_eq!(high, [0, 60, 120, 180]);
    }

    #[test]
    fn ah_06_silence_lasts_two_minutes_and_counts_down() {
        let mut a = Annunciator::default();
        a.announce(Priority::High);
        assert_eq!(heard(&mut a, 0..10, HIGH), [0]);
        a.silence(HIGH, at(10));
        assert_eq!(a.silent_for_s(at(10)), Some(120));
        assert_eq!(a.silent_for_s(at(100)), Some(30));
        assert_eq!(heard(&mut a, 10..140, HIGH), [130], "and then it sounds again");
        assert_eq!(a.silent_for_s(at(130)), None);
    }

    #[test]
    fn ah_07_an_equal_or_higher_alarm_breaks_the_silence_and_a_lower_one_does_not() {
        let mut a = Annunciator::default();
        a.announce(Priority::Medium);
        assert_eq!(heard(&mut a, 0..10, Some(Priority::Medium)), [0]);
        a.silence(Some(Priority::Medium), at(10));
        a.announce(Priority::Low);
        assert!(heard(&mut a, 10..20, Some(Priority::Medium)).is_empty());
        a.announce(Priority::High);
        assert_eq!(heard(&mut a, 20..30, HIGH), [20]);
    }

    #[test]
    fn ah_12_two_hundred_alarms_in_a_second_are_one_sound() {
        let mut a = Annunciator::default();
        for _ in 0..200 {
            a.announce(Priority::Medium);
            a.announce(Priority::High);
        }
        assert_eq!(a.sound(HIGH, REPEAT_S, at(0)), HIGH, "the highest of them");
        assert!(heard(&mut a, 1..59, HIGH).is_empty());
    }

    #[test]
    fn r_13_a_clock_that_is_set_back_does_not_silence_an_alarm() {
        let mut a = Annunciator::default();
        a.announce(Priority::High);
        assert_eq!(heard(&mut a, 5_000..5_001, HIGH).len(), 1);
        assert_eq!(heard(&mut a, 0..2, HIGH), [0]);
    }

    #[test]
    fn ah_06_a_silence_that_has_not_begun_by_the_clock_is_over() {
        let mut a = Annunciator::default();
        a.announce(Priority::High);
        a.silence(HIGH, at(5_000));
        assert_eq!(a.silent_for_s(at(4_000)), None);
        assert_eq!(heard(&mut a, 4_000..4_001, HIGH), [4_000]);
    }
}
