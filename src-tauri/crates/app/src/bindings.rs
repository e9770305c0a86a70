//! The TypeScript of everything that crosses to the screen is written from Rust; a difference fails the test.

use crate::{
    alarms::{AlarmChoice, AlarmMetricsView, DeskRule, Measure, TypeRow},
    assets::Document,
    beds::{BedCell, BedView, BedsView, LabelStack, Room, Span, Ward},
    confirmations::ConfirmRequest,
    data_quality::DataQualityIssueGroup,
    effect::View,
    error::{AppError, ErrorCode},
    frame::{AlarmRow, ChannelReport, Connection, FrameView},
    labels::{
        Advice, Decision, LabelChoices, LabelKey, LabelPreview, LabelRequest, SetPreview, SetRequest, Suggestion, Until,
    },
    location::{CapacityTab, ContactRow, LocationView, Score, StopRow, StripWard, Term},
    region::{CapacityRow, Meter, Point, RegionTotal, RegionView, RowChoice, SehCount, SehStatus, Tile, TileChoice},
    settings::{AlarmSettings, LocationSetting, RowSetting, SettingsView, SourceRow, WatchRow},
    sources::{SignInKind, SourceRequest},
    stops::{Choice, Drive, OtherSeh, StopLevelChoice, StopOutlook, StopRequest},
    storage::{LedgerCopy, StorageView, UnreadableRows},
    text::{Choosable, Language},
    worklist::{SetRow, WorkGroup, WorkRow, WorklistView},
};
use std::{env, fs, path::Path};
use ts_rs::{Config, TS};

fn bindings() -> String {
    let config = Config::default();
    let mut out = String::from("// Written by `cargo xtask bindings` from src-tauri/crates/app. Do not edit.\n");
    macro_rules! declare {
        ($($t:ty),+ $(,)?) => { $( out.push_str(&format!("\nexport {}\n", <$t as TS>::decl(&config))); )+ };
    }
    declare!(
        ErrorCode,
        AppError,
        View,
        Language,
        FrameView,
        Connection,
        AlarmRow,
        ChannelReport,
        RegionView,
        RegionTotal,
        SehCount,
        Tile,
        SehStatus,
        Meter,
        Point,
        CapacityRow,
        LocationView,
        StopRow,
        Score,
        Term,
        CapacityTab,
        StripWard,
        ContactRow,
        Document,
        BedsView,
        Ward,
        Room,
        BedCell,
        Choosable,
        BedView,
        LabelStack,
        Span,
        SettingsView,
        SourceRow,
        StorageView,
        UnreadableRows,
        LedgerCopy,
        LocationSetting,
        RowSetting,
        AlarmSettings,
        WatchRow,
        AlarmChoice,
        DeskRule,
        AlarmMetricsView,
        Measure,
        TypeRow,
        TileChoice,
        RowChoice,
        Until,
        LabelRequest,
        LabelPreview,
        Suggestion,
        LabelChoices,
        LabelKey,
        Decision,
        SetRequest,
        SetPreview,
        Advice,
        WorklistView,
        WorkGroup,
        WorkRow,
        SetRow,
        StopRequest,
        StopLevelChoice,
        StopOutlook,
        OtherSeh,
        Drive,
        Choice,
        SignInKind,
        SourceRequest,
        DataQualityIssueGroup,
        ConfirmRequest,
    );
    out.push_str(&crate::commands::typescript(&config));
    out
}

#[test]
fn the_screen_and_rust_agree_on_every_type() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/bindings/index.ts");
    let wanted = bindings();
    if env::var_os("BEDDENWACHT_WRITE_BINDINGS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "ui/src/bindings is behind: run `cargo xtask bindings` and commit it"
    );
}
