//! The TypeScript of everything that crosses to the screen is written from Rust; a difference fails the test.

use super::*;
use crate::{
    assets, confirmations, data_quality, error, label_decisions, label_export, labels, rules, sets, source, stops,
    tiles,
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
        error::ErrorCode,
        error::AppError,
        crate::effect::View,
        FrameView,
        Connection,
        AlarmRow,
        ChannelReport,
        RegionView,
        RegionTotal,
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
        assets::Document,
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
        crate::storage::StorageView,
        crate::storage::UnreadableRows,
        crate::storage::LedgerCopy,
        LocationSetting,
        RowSetting,
        AlarmSettings,
        WatchRow,
        rules::AlarmChoice,
        rules::DeskRule,
        AlarmMetricsView,
        Measure,
        TypeRow,
        tiles::TileChoice,
        tiles::RowChoice,
        labels::Until,
        labels::LabelRequest,
        labels::LabelPreview,
        labels::Suggestion,
        labels::LabelChoices,
        label_decisions::LabelKey,
        label_decisions::Decision,
        sets::SetRequest,
        sets::SetPreview,
        label_export::Advice,
        WorklistView,
        WorkGroup,
        WorkRow,
        SetRow,
        stops::StopRequest,
        stops::StopLevelChoice,
        stops::StopOutlook,
        stops::OtherSeh,
        stops::Choice,
        source::SourceRequest,
        data_quality::DefectGroup,
        confirmations::ConfirmRequest,
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
