//! What the desk writes down about itself: a file a day beside the data, for its owner alone, and a line about every
//! panic. No personal data but the user name.

use crate::paths;
use app::{Clock, SystemClock};
use jiff::{civil::Date, tz::TimeZone};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
};
use tracing::Subscriber;
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_subscriber::{EnvFilter, util::SubscriberInitExt};

/// Files older than this many days are deleted.
const KEPT: usize = 14;
const PREFIX: &str = "beddenwacht.";
const SUFFIX: &str = ".log";

/// Logs to files in `log` in the data folder from now on, panics too; the guard flushes them at the end.
pub fn start(data_dir: &Path) -> Option<WorkerGuard> {
    let dir = data_dir.join("log");
    paths::private_dir(&dir).ok()?;
    let (writer, guard) = tracing_appender::non_blocking(DailyFile::new(dir, SystemClock));
    let filter = EnvFilter::try_from_env("BEDDENWACHT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    subscriber(filter, writer).init();
    panic::set_hook(Box::new(|panic| {
        let said = what_panicked(panic);
        tracing::error!("{said}");
        // Where the log can not be written, the terminal may be there.
        eprintln!("beddenwacht: {said}");
    }));
    Some(guard)
}

fn subscriber(filter: EnvFilter, writer: NonBlocking) -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer)
        .finish()
}

/// One event as one line: what a server or a file said must not look like a line of the desk's own, or hide a part of it.
fn as_one_line(event: &[u8]) -> String {
    let text = String::from_utf8_lossy(event);
    let mut line = String::with_capacity(text.len());
    for c in text.strip_suffix('\n').unwrap_or(&text).chars() {
        let steers = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || steers {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    line
}

/// Which thread panicked and where. Of what it said only what stands in the source: what was put together at run time may
/// hold an address, a name or a secret.
fn what_panicked(panic: &PanicHookInfo) -> String {
    let thread = std::thread::current();
    let place = panic.location().map_or_else(|| "?".to_owned(), ToString::to_string);
    let said = panic.payload().downcast_ref::<&'static str>();
    let said = said.map_or_else(String::new, |text| format!(": {text}"));
    format!("thread {} panicked at {place}{said}", thread.name().unwrap_or("?"))
}

/// A file a day (UTC). tracing-appender's own leaves the rights to the umask.
struct DailyFile<C> {
    dir: PathBuf,
    clock: C,
    today: Option<(Date, File)>,
}

impl<C: Clock> DailyFile<C> {
    fn new(dir: PathBuf, clock: C) -> Self {
        Self {
            dir,
            clock,
            today: None,
        }
    }

    fn open(&self, day: Date) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.dir.join(format!("{PREFIX}{day}{SUFFIX}")))?;
        // One of an earlier version may still be open to others.
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        self.forget_the_oldest();
        Ok(file)
    }

    /// The day is in the name, so that the names are in order of age.
    fn forget_the_oldest(&self) {
        let files = fs::read_dir(&self.dir).into_iter().flatten().flatten();
        let mut ours: Vec<PathBuf> = files
            .filter(|file| {
                let name = file.file_name();
                let name = name.to_string_lossy();
                name.starts_with(PREFIX) && name.ends_with(SUFFIX)
            })
            .map(|file| file.path())
            .collect();
        ours.sort();
        let old = ours.len().saturating_sub(KEPT);
        for path in ours.into_iter().take(old) {
            let _ = fs::remove_file(path);
        }
    }
}

impl<C: Clock> Write for DailyFile<C> {
    /// Called once an event, with all of it.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let day = self.clock.now().to_zoned(TimeZone::UTC).date();
        let file = match self.today.take() {
            Some((of, file)) if of == day => file,
            Some(_) | None => self.open(day)?,
        };
        let (_, file) = self.today.insert((day, file));
        file.write_all(as_one_line(event).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.today.as_mut().map_or(Ok(()), |(_, file)| file.flush())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use app::clock::FixedClock;
    use jiff::SignedDuration;
    use std::{os::unix::fs::PermissionsExt, sync::Mutex};

    fn names(dir: &Path) -> Vec<String> {
        let files = fs::read_dir(dir).unwrap().flatten();
        let mut names: Vec<String> = files.map(|f| f.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn rights(dir: &Path, name: &str) -> u32 {
        fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o777
    }

    fn log(dir: &Path) -> DailyFile<FixedClock> {
        let clock = FixedClock::new("2026-11-22T23:30:00Z".parse().unwrap());
        DailyFile::new(dir.to_owned(), clock)
    }

    #[test]
    fn s_12_the_log_of_today_and_of_tomorrow_are_their_owners_alone_from_the_first_byte() {
        rustix::process::umask(rustix::fs::Mode::empty());
        let dir = tempfile::tempdir().unwrap();
        let mut log = log(dir.path());
        log.write_all(b"vandaag\n").unwrap();
        log.clock.advance(SignedDuration::from_hours(1));
        log.write_all(b"morgen\n").unwrap();
        assert_eq!(
            names(dir.path()),
            ["beddenwacht.2026-11-22.log", "beddenwacht.2026-11-23.log"]
        );
        for name in names(dir.path()) {
            assert_eq!(rights(dir.path(), &name), 0o600, "{name}");
        }
    }

    #[test]
    fn s_12_a_log_of_an_earlier_version_is_closed_to_others_and_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let name = "beddenwacht.2026-11-22.log";
        fs::write(dir.path().join(name), "vroeger\n").unwrap();
        fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(0o644)).unwrap();
        log(dir.path()).write_all(b"nu\n").unwrap();
        assert_eq!(rights(dir.path(), name), 0o600);
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), "vroeger\nnu\n");
    }

    /// What a day's file says after some lines were written to the log as the desk does it.
    fn logged(what: impl FnOnce()) -> String {
        let dir = tempfile::tempdir().unwrap();
        let (writer, guard) = tracing_appender::non_blocking(log(dir.path()));
        tracing::subscriber::with_default(subscriber(EnvFilter::new("info"), writer), what);
        drop(guard);
        let [name] = &names(dir.path())[..] else { unreachable!() };
        fs::read_to_string(dir.path().join(name)).unwrap()
    }

    #[test]
    fn s_07_what_a_server_says_writes_no_line_of_its_own_into_the_log() {
        let said = "HAPI\n2026-11-22T03:00:00Z  INFO alarm acknowledged\r\u{1b}[2K\u{202e}\u{2028}end";
        let text = logged(|| tracing::info!(software = %said, "following"));
        assert_eq!(text.lines().count(), 1, "{text:?}");
        let strange = |c: char| c.is_control() && c != '\n' || ('\u{2028}'..='\u{202e}').contains(&c);
        assert!(!text.contains(strange), "{text:?}");
        assert!(text.contains("HAPI\\n2026"), "it is still there to be read: {text:?}");
    }

    #[test]
    fn s_07_a_line_says_when_in_utc_how_bad_where_and_what() {
        let text = logged(|| tracing::warn!(request = "shelve", code = ?app::ErrorCode::NotAllowed, "not answered"));
        let [when, level, place, what @ ..] = &text.split_whitespace().collect::<Vec<_>>()[..] else {
            unreachable!()
        };
        assert!(when.ends_with('Z') && when.parse::<jiff::Timestamp>().is_ok(), "{when}");
        assert_eq!((*level, place.ends_with("logging::tests:")), ("WARN", true), "{place}");
        assert_eq!(what.join(" "), "not answered request=\"shelve\" code=NotAllowed");
    }

    #[test]
    fn s_07_log_files_are_kept_for_fourteen_days() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("van-iemand-anders.txt"), "").unwrap();
        let mut log = log(dir.path());
        for _ in 0..20 {
            log.write_all(b"een dag\n").unwrap();
            log.clock.advance(SignedDuration::from_hours(24));
        }
        let names = names(dir.path());
        assert_eq!(names.len(), KEPT + 1, "{names:?}");
        assert_eq!(names[0], "beddenwacht.2026-11-28.log", "the oldest are gone");
    }

    #[test]
    fn r_15_a_panic_is_told_with_its_thread_and_place_and_without_what_it_was_about() {
        let told: std::sync::Arc<Mutex<Vec<String>>> = std::sync::Arc::default();
        let telling = told.clone();
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            telling.lock().unwrap().push(what_panicked(panic))
        }));
        let panicking = |what: fn()| {
            let thread = std::thread::Builder::new().name("volger".to_owned());
            assert!(thread.spawn(what).unwrap().join().is_err());
        };
        panicking(|| panic!("a fixed text"));
        let secret = || panic!("token {}", std::hint::black_box("geheim"));
        panicking(secret);
        panic::set_hook(before);
        let told = told.lock().unwrap().clone();
        assert!(
            told[0].contains("thread volger panicked at ") && told[0].contains("logging.rs:"),
            "{told:?}"
        );
        assert!(told[0].ends_with(": a fixed text"), "{told:?}");
        assert!(!told[1].contains("geheim"), "{told:?}");
    }
}
