//! How far the next hospital is: from the shipped matrix, from a region's own, or from the distance (issue 11, B17).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use app::{
    clock::FixedClock,
    settings,
    sources::SourceRequest,
    stops::{self, OtherSeh},
};
use std::{fs, path::PathBuf, sync::Arc};
use support::{NIGHT, Region, Stop, TestDesk, deliver, deliver_from, night_clock, open_desk};
use tempfile::TempDir;

const ZWOLLE: (f64, f64) = (52.514, 6.124);
const MEPPEL: (f64, f64) = (52.691, 6.218);
const HARDERWIJK: (f64, f64) = (52.342, 5.616);
/// No hospital of the matrix lies there.
const EMMELOORD: (f64, f64) = (52.711, 5.749);

/// A desk's folder with what an administrator put there.
struct Folder {
    dir: TempDir,
    clock: Arc<FixedClock>,
}

impl Folder {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: night_clock(),
        }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        fs::create_dir(folder.drive_times()).unwrap();
        for (name, text) in files {
            fs::write(folder.drive_times().join(name), text).unwrap();
        }
        folder
    }

    fn drive_times(&self) -> PathBuf {
        self.dir.path().join("drive-times")
    }

    fn desk(&self) -> TestDesk {
        open_desk(self.dir.path(), &self.clock)
    }

    /// A desk to which this was delivered.
    fn desk_of(&self, region: &Region) -> TestDesk {
        let mut desk = self.desk();
        deliver(&mut desk, region);
        desk.tick().unwrap();
        desk
    }
}

/// Zwolle, and another hospital there.
fn zwolle_and(id: &str, name: &str, at: (f64, f64)) -> Region {
    hospital(
        hospital(Region::new(), "isala-zwolle", "Isala Zwolle", ZWOLLE),
        id,
        name,
        at,
    )
}

fn hospital(region: Region, id: &str, name: &str, at: (f64, f64)) -> Region {
    region.site_at(id, name, at).seh(&format!("{id}-seh"), id)
}

/// The SEH of Zwolle stands still.
fn seh_stop() -> Stop {
    Stop::new("s1", "isala-zwolle-seh", "seh", NIGHT.parse().unwrap())
}

fn others(desk: &TestDesk) -> Vec<OtherSeh> {
    stops::outlook(&desk.moment(), "isala-zwolle").unwrap().others
}

/// The only other hospital's drive: its band, with siren, whether by distance.
fn drive(desk: &TestDesk) -> Option<(String, Option<u32>, bool)> {
    let drive = others(desk).remove(0).drive?;
    Some((drive.band, drive.siren_min, drive.by_distance))
}

fn advice(desk: &TestDesk) -> String {
    let moment = desk.moment();
    let stop = moment.alarms.values().find(|a| a.id.stop().is_some()).unwrap();
    stop.text.advice.clone()
}

const HEADER: &str = "from,to,car_min,siren_min,low_min,high_min,method,source,date";

/// A region's own drives, among them the shipped ids.
fn matrix(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn who_announces_a_stop_reads_the_drive_to_each_neighbour_as_a_band_with_and_without_siren() {
    let desk = Folder::new().desk_of(&zwolle_and("meppel", "Isala Meppel", MEPPEL));
    assert_eq!(drive(&desk), Some(("19–28".to_owned(), Some(18), false)));
}

#[test]
fn a_stop_calls_with_the_nearest_open_seh_and_the_band_of_the_drive() {
    let region = hospital(
        zwolle_and("meppel", "Isala Meppel", MEPPEL),
        "jansdal",
        "St Jansdal",
        HARDERWIJK,
    );
    let desk = Folder::new().desk_of(&region.stop(seh_stop()));
    assert!(
        advice(&desk).ends_with("Isala Meppel, ca. 19–28 min."),
        "{}",
        advice(&desk)
    );
}

/// Zwolle, where the SEH stands still, and Meppel; a second source delivers Zwolle too and does not know of the stop.
fn with_a_copy_of_zwolle(folder: &Folder) -> TestDesk {
    let mut desk = folder.desk();
    desk.set_source("https://region.example/fhir").unwrap();
    let second = SourceRequest {
        address: "https://buren.example/fhir".to_owned(),
        ..SourceRequest::default()
    };
    let second = desk.add_source(second).unwrap();
    let here = zwolle_and("meppel", "Isala Meppel", MEPPEL);
    deliver_from(&mut desk, "", &[], &here.stop(seh_stop()));
    let copy = hospital(Region::new(), "z", "Isala Zwolle", ZWOLLE);
    deliver_from(&mut desk, &second, &[], &copy);
    desk.tick().unwrap();
    assert!(desk.region.place(&"bron2~z".into()).is_some(), "there is no copy");
    desk
}

#[test]
fn the_nearest_open_seh_is_never_the_stopped_hospital_itself_as_another_source_has_it() {
    let desk = with_a_copy_of_zwolle(&Folder::new());
    assert!(advice(&desk).contains("Isala Meppel, ca. 19–28"), "{}", advice(&desk));
}

#[test]
fn who_announces_a_stop_does_not_find_its_own_hospital_among_the_neighbours() {
    let desk = with_a_copy_of_zwolle(&Folder::new());
    let names: Vec<String> = others(&desk).into_iter().map(|o| o.name).collect();
    assert_eq!(names, ["Isala Meppel"]);
}

#[test]
fn a_hospital_that_is_in_no_matrix_has_a_drive_by_its_distance_and_says_so() {
    let desk = Folder::new().desk_of(&zwolle_and("emmeloord", "Emmeloord", EMMELOORD));
    let (band, _, by_distance) = drive(&desk).unwrap();
    assert!(by_distance, "{band}");
    let longest: u32 = band.rsplit('–').next().unwrap().parse().unwrap();
    assert!(longest >= 40, "33 km are not driven in {band} minutes");
}

#[test]
fn a_drive_to_a_hospital_of_unknown_place_is_unknown_and_never_0() {
    let region = zwolle_and("meppel", "Isala Meppel", MEPPEL)
        .site("elders", "Aalsmeer")
        .seh("elders-seh", "elders");
    let found = others(&Folder::new().desk_of(&region));
    let drives: Vec<_> = found.iter().map(|o| (o.name.as_str(), o.drive.is_some())).collect();
    assert_eq!(
        drives,
        [("Isala Meppel", true), ("Aalsmeer", false)],
        "the unknown one stands last"
    );
}

#[test]
fn a_regions_own_matrix_counts_for_locations_by_their_own_ids() {
    let places = "id,name,latitude,longitude\nisala-zwolle,Zwolle,52.514,6.124\nmeppel,Meppel,52.691,6.218\n";
    let rows = matrix(&["isala-zwolle,meppel,27,,25,31,wegennet,Regio Zwolle,2026-11-01"]);
    let folder = Folder::with(&[("places.csv", places), ("matrix.csv", &rows)]);
    // Where they lie is not delivered.
    let region = Region::new()
        .site("isala-zwolle", "Isala Zwolle")
        .seh("a", "isala-zwolle")
        .site("meppel", "Isala Meppel")
        .seh("b", "meppel");
    let desk = folder.desk_of(&region);
    assert_eq!(drive(&desk), Some(("25–31".to_owned(), None, false)));
    assert!(desk.health.storage.is_none(), "{:?}", desk.health.storage);
}

#[test]
fn a_regions_own_matrix_may_use_the_shipped_places_and_a_dutch_spreadsheets_semicolons() {
    let rows = matrix(&["isala-zwolle,isala-diaconessenhuis-meppel,30,22,26,35,wegennet,Regio Zwolle,2026-11-01"]);
    let rows = format!("\u{feff}{}", rows.replace(',', ";").replace('\n', "\r\n"));
    let desk = Folder::with(&[("matrix.csv", &rows)]).desk_of(&zwolle_and("meppel", "Isala Meppel", MEPPEL));
    assert_eq!(drive(&desk), Some(("26–35".to_owned(), Some(22), false)));
}

#[test]
fn what_a_regions_own_matrix_leaves_out_is_estimated_and_not_taken_from_the_shipped_one() {
    let rows = matrix(&["isala-zwolle,ziekenhuis-st-jansdal-harderwijk,40,30,35,45,wegennet,Regio Zwolle,2026-11-01"]);
    let desk = Folder::with(&[("matrix.csv", &rows)]).desk_of(&zwolle_and("meppel", "Isala Meppel", MEPPEL));
    assert!(
        drive(&desk).unwrap().2,
        "two sources in one list would not be comparable"
    );
}

/// What is wrong with a region's file is said; the desk goes on with the shipped drives.
fn refused(files: &[(&str, &str)], why: &str) {
    let desk = Folder::with(files).desk_of(&zwolle_and("meppel", "Isala Meppel", MEPPEL));
    assert_eq!(
        drive(&desk),
        Some(("19–28".to_owned(), Some(18), false)),
        "the shipped drives count"
    );
    let note = desk.health.storage.clone().unwrap();
    let told = note.text.said(app::text::Language::Dutch);
    assert!(told.contains("drive-times") && told.contains(why), "{told}");
}

fn refused_row(row: &str, why: &str) {
    let good = "isala-zwolle,ziekenhuis-st-jansdal-harderwijk,40,30,35,45,wegennet,Regio,2026-11-01";
    refused(&[("matrix.csv", &matrix(&[good, row]))], why);
}

#[test]
fn a_matrix_with_an_unknown_place_is_refused_by_row_and_name() {
    refused_row(
        "isala-zwolle,meppel,27,20,25,31,wegennet,Regio,2026-11-01",
        "row 2, isala-zwolle to meppel: there is no place \"meppel\"",
    );
}

#[test]
fn a_matrix_that_writes_unknown_as_0_minutes_is_refused() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,0,0,0,0,wegennet,Regio,2026-11-01",
        "0 minutes",
    );
}

#[test]
fn a_matrix_in_seconds_is_refused() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,1500,1100,1300,1700,wegennet,Regio,2026-11-01",
        "are these seconds?",
    );
}

#[test]
fn a_matrix_with_a_drive_faster_than_anybody_drives_is_refused() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,3,2,2,4,wegennet,Regio,2026-11-01",
        "faster than anybody",
    );
}

#[test]
fn a_matrix_with_minutes_outside_their_band_is_refused() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,23,20,25,31,wegennet,Regio,2026-11-01",
        "not between low_min and high_min",
    );
}

#[test]
fn a_matrix_that_is_slower_with_siren_is_refused() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,26,27,25,31,wegennet,Regio,2026-11-01",
        "siren_min is more than car_min",
    );
}

#[test]
fn a_matrix_with_the_same_drive_twice_is_refused() {
    refused_row(
        "isala-zwolle,ziekenhuis-st-jansdal-harderwijk,41,30,35,45,wegennet,Regio,2026-11-01",
        "it stands twice",
    );
}

#[test]
fn a_matrix_with_minutes_that_are_no_number_is_refused_by_its_line() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,-5,20,25,31,wegennet,Regio,2026-11-01",
        "line: 3",
    );
}

#[test]
fn a_matrix_that_names_no_source_is_refused() {
    refused_row(
        "isala-zwolle,isala-diaconessenhuis-meppel,26,20,25,31,wegennet,,2026-11-01",
        "it names no source",
    );
}

#[test]
fn an_empty_matrix_is_refused() {
    refused(&[("matrix.csv", &matrix(&[]))], "it has no rows");
}

#[test]
fn places_without_a_matrix_are_said() {
    refused(&[("places.csv", "id,name,latitude,longitude\n")], "matrix.csv");
}

#[test]
fn a_place_that_lies_nowhere_on_earth_is_refused() {
    let places = "id,name,latitude,longitude\na,A,525.14,6.124\nb,B,NaN,6.2\n";
    let rows = matrix(&["a,b,27,20,25,31,wegennet,Regio,2026-11-01"]);
    refused(&[("places.csv", places), ("matrix.csv", &rows)], "\"a\"");
}

#[test]
fn the_settings_name_whose_drive_times_count_their_licence_and_date() {
    let shown = settings::view(&Folder::new().desk().moment()).drive_times;
    assert_eq!(
        shown,
        ["© OpenStreetMap contributors, openrouteservice, TNO; ODbL 1.0 (28-02-2022)"]
    );
}

#[test]
fn the_settings_name_the_regions_source_where_its_matrix_counts() {
    let rows = matrix(&["isala-zwolle,isala-diaconessenhuis-meppel,30,22,26,35,wegennet,Regio Zwolle,2026-11-01"]);
    let desk = Folder::with(&[("matrix.csv", &rows)]).desk();
    assert_eq!(
        settings::view(&desk.moment()).drive_times,
        ["Regio Zwolle (01-11-2026)"]
    );
}
