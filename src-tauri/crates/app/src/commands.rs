//! The one list of what a screen can ask. The dispatch, the checking of arguments, the intents that the engine takes, what
//! a shell has to supply, and the TypeScript of all of it come from here: another request is another line (decision 0014).
//!
//! - A *view* is drawn from a moment.
//! - A *query* is drawn from a moment and from what lies on disk; it is read beside the engine.
//! - An *intent* is what a person wants done: the engine carries it out, and it is on disk before it is answered.
//! - A *desktop* request needs the machine around us: a shell carries it out.

use crate::{
    AppError, alarms,
    alarms::{AlarmChoice, AlarmMetricsView},
    beds::{self, BedView, BedsView},
    confirmations::ConfirmRequest,
    data_quality::{self, DataQualityIssueGroup},
    engine::{Act, Engine, Handle},
    frame::{self, ChannelReport, FrameView},
    labels::{self, Decision, LabelChoices, LabelPreview, LabelRequest, SetPreview, SetRequest},
    location::{self, LocationView},
    moment::Moment,
    records::Records,
    region::{self, RegionView, TileChoice},
    settings::{self, SettingsView},
    sources::SourceRequest,
    stops::{self, StopOutlook, StopRequest},
    text::Language,
    worklist::{self, WorklistView},
};
use domain::alarms::AlarmId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{fmt, future::Future};

/// Arguments larger than this are no screen's (S-04); labelling a whole large site takes a fifth of it.
const LARGEST_ARGUMENTS: usize = 1 << 20;

macro_rules! requests {
    (
        views { $( $v:ident($($va:ident: $vt:ty),*) -> $vr:ty = |$vm:ident| $ve:expr; )* }
        queries { $( $q:ident($($qa:ident: $qt:ty),*) -> $qr:ty = |$qm:ident, $qd:ident| $qe:expr; )* }
        intents { $( $I:ident $i:ident($($ia:ident: $it:ty),*) -> $ir:ty = |$ie:ident| $ib:expr; )* }
        desktop { $( $d:ident($($da:ident: $dt:ty),*) -> $dr:ty; )* }
    ) => {
        /// What a person wants done.
        #[derive(Clone)]
        pub enum Intent { $( $I { $($ia: $it),* }, )* }

        impl Intent {
            /// Its name in the list.
            pub fn name(&self) -> &'static str {
                match self { $( Intent::$I { .. } => stringify!($i), )* }
            }

        }

        impl Act for Intent {
            fn carry_out(self: Box<Self>, engine: &mut Engine) -> Result<Value, AppError> {
                match *self {
                    $( Intent::$I { $($ia),* } => {
                        let $ie = engine;
                        let answer: Result<$ir, AppError> = $ib;
                        Ok(serde_json::to_value(answer?)?)
                    } )*
                }
            }
        }

        /// What needs the machine around the engine.
        pub trait Desktop: Send + Sync {
            $( fn $d(&self, $($da: $dt),*) -> impl Future<Output = Result<$dr, AppError>> + Send; )*
        }

        /// Answers one request with JSON.
        ///
        /// # Errors
        /// When there is no such request, an argument is missing, unknown, of another type or too large; else as the
        /// request itself.
        pub async fn answer<D: Desktop>(
            handle: &Handle,
            desktop: &D,
            name: &str,
            arguments: Value,
        ) -> Result<String, AppError> {
            match name {
                $( stringify!($v) => {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Arguments { $($va: $vt),* }
                    let Arguments { $($va),* } = parse(arguments)?;
                    let moment = handle.moment();
                    let $vm: &Moment = &moment;
                    let answer: Result<$vr, AppError> = $ve;
                    json(&answer?)
                } )*
                $( stringify!($q) => {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Arguments { $($qa: $qt),* }
                    let Arguments { $($qa),* } = parse(arguments)?;
                    let (moment, records) = (handle.moment(), handle.records());
                    beside(move || {
                        let ($qm, $qd): (&Moment, &Records) = (&moment, &records);
                        let answer: Result<$qr, AppError> = $qe;
                        json(&answer?)
                    }).await
                } )*
                $( stringify!($i) => {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Arguments { $($ia: $it),* }
                    let Arguments { $($ia),* } = parse(arguments)?;
                    json(&handle.carry_out(Intent::$I { $($ia),* }).await?)
                } )*
                $( stringify!($d) => {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Arguments { $($da: $dt),* }
                    let Arguments { $($da),* } = parse(arguments)?;
                    json(&desktop.$d($($da),*).await?)
                } )*
                _ => Err(AppError::not_found(format!("request {name:?}"))),
            }
        }

        /// The list as TypeScript: name, arguments and answer.
        #[cfg(test)]
        pub(crate) fn typescript(config: &ts_rs::Config) -> String {
            use ts_rs::TS;
            let mut out = String::from("\n/** What can be asked of Rust: the request's name there, what it takes, what it answers. */\nexport type Requests = {\n");
            let mut line = |name: &str, arguments: &[(&str, String)], answer: String| {
                let arguments: Vec<String> = arguments.iter().map(|(n, t)| format!("{n}: {t}")).collect();
                let arguments = if arguments.is_empty() { "null".to_owned() } else { format!("{{ {} }}", arguments.join("; ")) };
                let answer = if answer == "null" { "void".to_owned() } else { answer };
                out.push_str(&format!("  {name}: {{ arguments: {arguments}; answer: {answer} }};\n"));
            };
            $( line(stringify!($v), &[$((stringify!($va), <$vt as TS>::name(config))),*], <$vr as TS>::name(config)); )*
            $( line(stringify!($q), &[$((stringify!($qa), <$qt as TS>::name(config))),*], <$qr as TS>::name(config)); )*
            $( line(stringify!($i), &[$((stringify!($ia), <$it as TS>::name(config))),*], <$ir as TS>::name(config)); )*
            $( line(stringify!($d), &[$((stringify!($da), <$dt as TS>::name(config))),*], <$dr as TS>::name(config)); )*
            out.push_str("};\n");
            out
        }
    };
}

requests! {
    views {
        frame() -> FrameView = |m| Ok(frame::view(m));
        region() -> RegionView = |m| Ok(region::view(m));
        location(id: String, night: bool) -> LocationView = |m| location::view(m, &id, night);
        beds(id: String, kind: String) -> BedsView = |m| beds::view(m, &id, &kind);
        settings() -> SettingsView = |m| Ok(settings::view(m));
        preview_label(request: LabelRequest) -> LabelPreview = |m| labels::preview(m, &request);
        preview_set(request: SetRequest) -> SetPreview = |m| m.preview_set(&request);
        stop_outlook(site: String) -> StopOutlook = |m| stops::outlook(m, &site);
        data_quality() -> Vec<DataQualityIssueGroup> = |m| Ok(data_quality::view(m));
    }
    queries {
        bed(id: String) -> BedView = |m, records| beds::bed(m, records, &id);
        label_choices(kind: String) -> LabelChoices = |m, records| labels::choices(m, records, &kind);
        worklist() -> WorklistView = |m, records| worklist::view(m, records);
        alarm_metrics(night: bool) -> AlarmMetricsView = |m, records| alarms::metrics(m, records, night);
        export_labels() -> Vec<String> = |m, records| crate::labels::export_today(m, records);
        export_alarms() -> String = |m, records| alarms::export(m, records, &records.downloads());
        export_data_quality(location: Option<String>) -> String =
            |m, records| data_quality::export(m, location.as_deref(), &records.downloads());
    }
    intents {
        ArrangeTiles arrange_tiles(choice: TileChoice) -> () = |e| e.arrange_tiles(choice);
        LabelBeds label_beds(request: LabelRequest) -> usize = |e| e.label_beds(&request);
        BeginLabelling begin_labelling() -> () = |e| { e.begin_labelling(); Ok(()) };
        ShareLabelTime share_label_time(share: bool) -> () = |e| e.share_label_time(share);
        Decide decide(decision: Decision) -> () = |e| e.decide(&decision);
        SaveSet save_set(request: SetRequest) -> () = |e| e.save_set(&request);
        SwitchSet switch_set(id: String, on: bool) -> () = |e| e.switch_set(&id, on);
        DropSet drop_set(id: String) -> () = |e| e.drop_set(&id);
        UndoLabel undo_label() -> usize = |e| e.undo_label();
        Acknowledge acknowledge(id: String, raised: Option<String>) -> () = |e| match raised {
            Some(raised) => e.acknowledge_as_shown(&alarm_id(&id)?, timestamp(&raised)?),
            None => e.acknowledge(&alarm_id(&id)?),
        };
        Shelve shelve(id: String, reason: String, minutes: u32) -> () =
            |e| e.shelve(&alarm_id(&id)?, &reason, i64::from(minutes));
        Unshelve unshelve(id: String) -> () = |e| e.unshelve(&alarm_id(&id)?);
        OutOfService out_of_service(id: String, reason: Option<String>) -> () =
            |e| e.out_of_service(&alarm_id(&id)?, reason.as_deref());
        Silence silence() -> () = |e| { e.silence(); Ok(()) };
        TakeOver take_over(name: String) -> () = |e| e.take_over(&name);
        ChooseLanguage choose_language(language: Language) -> () = |e| e.choose_language(language);
        ChooseAlarms choose_alarms(choice: AlarmChoice) -> () = |e| e.choose_alarms(choice);
        AnnounceStop announce_stop(request: StopRequest) -> () = |e| e.announce_stop(&request);
        LiftStop lift_stop(stop: String) -> () = |e| e.lift_stop(&stop);
        Confirm confirm(request: ConfirmRequest) -> () = |e| e.confirm(&request);
        RestoreLedger restore_ledger(backup: String) -> () = |e| e.restore_ledger(&backup);
        KeepLedger keep_ledger() -> () = |e| e.keep_ledger();
    }
    desktop {
        test_channels() -> ChannelReport;
        open_practice() -> ();
        plug_practice(plugged: bool) -> ();
        practice_scenario(name: String) -> ();
        try_connection(request: SourceRequest) -> String;
        add_source(request: SourceRequest) -> ();
        sign_in(key: String) -> ();
        remove_source(key: String) -> ();
        first_picture() -> ();
    }
}

/// By its name alone: what it carries may be somebody's words or secret.
impl fmt::Debug for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The alarm that the screen means.
fn alarm_id(text: &str) -> Result<AlarmId, AppError> {
    text.parse().map_err(AppError::not_found)
}

fn timestamp(text: &str) -> Result<Timestamp, AppError> {
    text.parse()
        .map_err(|error: jiff::Error| AppError::invalid(error.to_string()))
}

fn parse<T: DeserializeOwned>(arguments: Value) -> Result<T, AppError> {
    let size = serde_json::to_string(&arguments).map_or(usize::MAX, |text| text.len());
    if size > LARGEST_ARGUMENTS {
        return Err(AppError::invalid("the arguments are too large"));
    }
    // A request without arguments may come without an object to hold them.
    let arguments = if arguments.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        arguments
    };
    serde_json::from_value(arguments).map_err(|e| AppError::invalid(e.to_string()))
}

fn json<T: Serialize>(answer: &T) -> Result<String, AppError> {
    Ok(serde_json::to_string(answer)?)
}

/// Reads from disk beside the threads that wait for the network.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T, AppError> + Send + 'static) -> Result<T, AppError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(AppError::new(crate::ErrorCode::Storage, error.to_string())),
    }
}
