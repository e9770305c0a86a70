//! `bedden`: the same use cases as the window, for administrators and for checking.

mod delivery;
mod show;

use app::{
    AppError, Clock, Engine, ErrorCode, Identity, Moment, Paths, SystemClock,
    alarms::NotificationChange,
    effect::{Effect, EffectSink},
    engine::{self, Setup},
    labels::{LabelRequest, Until},
    records::Records,
    sources::{Follower, Link, PollSchedule, SourceRequest},
};
use clap::{Parser, Subcommand};
use delivery::{Access, Delivery, import};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sim::{Practice, Scenario, Setup as PracticeSetup};
use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

/// Regionale beddencapaciteit zonder venster.
#[derive(Debug, Parser)]
#[command(name = "bedden", version)]
struct Arguments {
    /// Where cache.sqlite and ledger.sqlite lie; the window's own folder when left out.
    #[arg(long, global = true)]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read files: FHIR R4 JSON (a resource or a Bundle), NDJSON, or the CSV delivery; one transaction a file.
    Import {
        files: Vec<PathBuf>,
        /// How a CSV file of a hospital's own names its columns and spells its values.
        #[arg(long)]
        mapping: Option<PathBuf>,
        /// Only say what the files would be read as.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write a hospital's own CSV file to the regional server: only what changed, with the heartbeat.
    Deliver(Delivery),
    /// Follow a regional server, as the window does.
    Follow {
        url: String,
        #[command(flatten)]
        access: Access,
        /// One whole round, then stop.
        #[arg(long)]
        once: bool,
        /// Seconds between two rounds.
        #[arg(long, default_value_t = 300)]
        every: u64,
    },
    /// The region, now or at a past moment.
    Region {
        #[arg(long)]
        at: Option<Timestamp>,
        #[arg(long)]
        json: bool,
    },
    /// Every bed of a location.
    Beds {
        location: String,
        #[arg(long)]
        at: Option<Timestamp>,
        #[arg(long)]
        json: bool,
    },
    /// Label a bed by hand.
    Label {
        bed: String,
        /// Classification: its code, or the address of its code system.
        system: String,
        element: String,
        /// RFC 3339.
        #[arg(long)]
        until: String,
        #[arg(long)]
        reason: String,
    },
    /// What has to be sent, and what became of it.
    Outbox {
        #[arg(long)]
        json: bool,
    },
    /// The alarms in reading order.
    Alarms {
        #[arg(long)]
        json: bool,
    },
    /// Write the labels by hand of a day as CSV and XLSX, for the hospital's ICT, and say what to automate.
    Labels {
        /// The day; today when left out.
        #[arg(long)]
        day: Option<jiff::civil::Date>,
        /// One location's id; all when left out.
        #[arg(long)]
        location: Option<String>,
        #[arg(long, default_value = ".")]
        to: PathBuf,
    },
    /// What is wrong with the deliveries, since when and where; as CSV for a hospital's ICT with --to.
    Defects {
        #[arg(long)]
        json: bool,
        /// A folder for the CSV.
        #[arg(long)]
        to: Option<PathBuf>,
        /// One location's name; all when left out.
        #[arg(long)]
        location: Option<String>,
    },
    /// Put another code list in the place of the shipped one: our JSON, or a FHIR CodeSystem.
    Codes {
        file: PathBuf,
        /// The classification of a CodeSystem whose address is not known.
        #[arg(long)]
        kind: Option<String>,
    },
    /// Who changed what here, when, from what to what.
    Audit {
        #[arg(long)]
        json: bool,
    },
    /// Check both databases, and list what was delivered and not understood.
    Check,
    /// The simulated region as a FHIR server on the loopback address.
    Practice {
        #[arg(long, default_value_t = 8095)]
        port: u16,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Simulated minutes a minute.
        #[arg(long, default_value_t = 1.0)]
        speed: f64,
        #[arg(long, default_value = "calm")]
        scenario: String,
    },
}

/// Prints notifications: there is no desktop to show them on.
struct Terminal;

impl EffectSink for Terminal {
    fn perform(&self, effect: Effect) {
        if let Effect::Notify(NotificationChange::Show { summary, body, .. }) = effect {
            eprintln!("! {summary} — {}", body.replace('\n', " · "));
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bedden: {error}");
            ExitCode::from(2)
        }
    }
}

fn paths(dir: Option<PathBuf>) -> Result<Paths, AppError> {
    let dir = dir
        .or_else(|| dirs::data_dir().map(|d| d.join("beddenwacht")))
        .ok_or_else(|| AppError::invalid("no folder for data: give --data-dir"))?;
    Ok(Paths { dir })
}

fn open(dir: Option<PathBuf>) -> Result<Engine, AppError> {
    let user = std::env::var("USER").unwrap_or_else(|_| "bedden".to_owned());
    let identity = Identity::of(&user, "bedden");
    let engine = Engine::open(&paths(dir)?, Arc::new(SystemClock), identity)?;
    // A window says so and goes on; a command that ends at once would lose what it did.
    if engine.storage.places.ledger.is_in_memory() {
        return Err(AppError::new(ErrorCode::Storage, "the ledger cannot be written"));
    }
    Ok(engine)
}

/// What lies on disk, read beside the desk.
fn records(dir: Option<PathBuf>) -> Result<Records, AppError> {
    let paths = paths(dir)?;
    let downloads = paths.dir.clone();
    Ok(Records::new(&paths, downloads))
}

/// The desk as it stands, or as it stood.
fn moment(dir: Option<PathBuf>, at: Option<Timestamp>) -> Result<Moment, AppError> {
    let engine = open(dir.clone())?;
    match at {
        None => Ok(engine.moment().clone()),
        Some(then) => records(dir)?.moment_at(engine.moment(), then),
    }
}

fn print<T: Serialize>(value: &T) -> Result<(), AppError> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime, AppError> {
    tokio::runtime::Runtime::new().map_err(|e| AppError::invalid(e.to_string()))
}

fn run(arguments: Arguments) -> Result<ExitCode, AppError> {
    let dir = arguments.data_dir;
    match arguments.command {
        Command::Import {
            files,
            mapping,
            dry_run,
        } => return import(open(dir)?, &files, mapping.as_deref(), dry_run),
        Command::Deliver(order) => order.run(dir)?,
        Command::Follow {
            url,
            access,
            once,
            every,
        } => return follow(dir, &access.request(&url)?, once, every),
        Command::Region { at, json } => {
            let report = moment(dir, at)?.region_report();
            if json { print(&report)? } else { show::region(&report) }
        }
        Command::Beds { location, at, json } => {
            let report = moment(dir, at)?.beds_report(&location)?;
            if json { print(&report)? } else { show::beds(&report) }
        }
        Command::Label {
            bed,
            system,
            element,
            until,
            reason,
        } => {
            let mut desk = open(dir)?;
            let request = LabelRequest {
                beds: vec![bed.strip_prefix("Location/").unwrap_or(&bed).to_owned()],
                kind: system,
                element,
                reason,
                until: Until::At { at: until },
            };
            desk.label_beds(&request)?;
            println!("{bed}: staat op schijf en wacht op verzending");
        }
        Command::Outbox { json } => {
            let report = app::report::outbox(&records(dir)?)?;
            if json { print(&report)? } else { show::outbox(&report) }
        }
        Command::Alarms { json } => {
            let report = open(dir)?.alarms_report();
            if json { print(&report)? } else { show::alarms(&report) }
        }
        Command::Labels { day, location, to } => {
            let (desk, records) = (moment(dir.clone(), None)?, records(dir)?);
            let day = day.unwrap_or_else(|| desk.now.to_zoned(desk.zone.clone()).date());
            for path in app::labels::export_labels(&desk, &records, day, location.as_deref(), &to)? {
                println!("{}", path.display());
            }
            let made = records.labels_since(desk.now - SignedDuration::from_hours(24 * 90))?;
            for advice in app::labels::label_advice(&desk, &made) {
                println!(
                    "al sinds {} met de hand: {} bedden van {} {}: {}",
                    advice.since, advice.beds, advice.location, advice.department, advice.what
                );
            }
        }
        Command::Defects { json, to, location } => {
            let desk = open(dir)?;
            match to {
                Some(to) => println!("{}", app::data_quality::export(&desk, location.as_deref(), &to)?),
                None if json => print(&app::data_quality::defects(&desk))?,
                None => show::defects(&app::data_quality::defects(&desk)),
            }
        }
        Command::Codes { file, kind } => {
            let paths = paths(dir)?;
            let known = app::assets::code_lists()?;
            let list = app::settings::import(&paths, &file, kind.as_deref(), &known)?;
            println!(
                "{} {}: {} elementen",
                list.kind.code(),
                list.version,
                list.elements.len()
            );
        }
        Command::Audit { json } => {
            let trail = app::journal::trail(&moment(dir.clone(), None)?, &records(dir)?)?;
            if json { print(&trail)? } else { show::audit(&trail) }
        }
        Command::Check => {
            let desk = moment(dir.clone(), None)?;
            let found = records(dir)?.check()?;
            found.iter().for_each(|(what, verdict)| println!("{what}: {verdict}"));
            for n in desk.not_understood.iter() {
                println!("  {} {}: {}", n.code, n.path, n.detail);
            }
            let whole = found
                .iter()
                .all(|(what, verdict)| what == "not-understood" || verdict == "ok");
            return Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Command::Practice {
            port,
            seed,
            speed,
            scenario,
        } => return practice(port, seed, speed, &scenario),
    }
    Ok(ExitCode::SUCCESS)
}

fn follow(dir: Option<PathBuf>, request: &SourceRequest, once: bool, every: u64) -> Result<ExitCode, AppError> {
    let (engine, records) = (open(dir.clone())?, records(dir)?);
    let server = request.server().map_err(|e| AppError::invalid(e.to_string()))?;
    let address = request.address.clone();
    runtime()?.block_on(async {
        let handle = engine::start(engine, records, Arc::new(Terminal));
        handle.set_up(Setup::FollowOnly { address }).await?;
        let follower = Follower::of(handle.clone(), "", server);
        if !once {
            let schedule = PollSchedule {
                all: Duration::from_secs(every.max(1)),
                ..PollSchedule::default()
            };
            let _following = follower.start(schedule);
            return std::future::pending().await;
        }
        let mut bulk = follower.bulk();
        if bulk.round().await && follower.sender().send_all().await? > 0 {
            bulk.round().await;
        }
        handle.reached().await?;
        match handle.moment().link_of("") {
            Link::Live => Ok(ExitCode::SUCCESS),
            Link::Offline { error, .. } => {
                eprintln!("bedden: {error}");
                Ok(ExitCode::FAILURE)
            }
            Link::None | Link::Starting => Ok(ExitCode::FAILURE),
        }
    })
}

fn practice(port: u16, seed: u64, speed: f64, scenario: &str) -> Result<ExitCode, AppError> {
    let scenario = Scenario::from_name(scenario).ok_or_else(|| {
        let names: Vec<_> = Scenario::ALL.iter().map(|(n, _)| *n).collect();
        AppError::invalid(format!("scenario {scenario:?} is none of {}", names.join(", ")))
    })?;
    if !(0.1..=600.0).contains(&speed) {
        return Err(AppError::invalid("the speed lies between 0.1 and 600"));
    }
    runtime()?.block_on(async {
        let setup = PracticeSetup {
            port,
            seed,
            speed,
            scenario,
            ..PracticeSetup::default()
        };
        let region = Practice::start(setup, || SystemClock.now())
            .await
            .map_err(|e| AppError::invalid(e.to_string()))?;
        println!("{}", region.url());
        std::future::pending::<()>().await;
        Ok(ExitCode::SUCCESS)
    })
}
