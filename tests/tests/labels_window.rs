//! Labelling in the real window: a ward in five keys, a set, a conflict, the worklist.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use beddenwacht_tests::{
    desktop::{Desktop, Window},
    now, until,
};
use domain::label::{LabelKind, LabelOverride};
use sim::{Practice, Setup};

const RIGHT: &str = "\u{e014}";
const ENTER: &str = "\u{e007}";
const CONTROL: char = '\u{e009}';

async fn open_beds(window: &Window) {
    until("eight tiles", 30, async || {
        window.count("[data-testid=tile]").await == 8
    })
    .await;
    window.click("[data-testid=tile][data-id=isala-zwolle]").await;
    window.see("[data-testid=location]").await;
    window.keys("b").await;
    window.see("[data-bed]").await;
}

const WARD: &str = "[data-bed^='isala-zwolle-w00-']";
const COVID: &str = "[data-bed^='isala-zwolle-w00-'][data-element='ic-covid']";

/// Arrow, A(fdeling), L(abel), the first of the list: the whole ward, before it is given.
async fn choose_ward(window: &Window) {
    window.keys(RIGHT).await;
    window.keys("a").await;
    window.keys("l").await;
    window.see("[data-testid=element]").await;
    until("the choices are there", 10, async || {
        window.count(".offers button").await > 3
    })
    .await;
    window.keys("1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ward_is_labelled_in_five_keys_and_taken_back_in_one() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url()]).await;
    open_beds(&window).await;
    let beds = window.count(WARD).await;
    assert!(beds >= 30, "an intensive care of {beds} beds");
    choose_ward(&window).await;
    window.picture("label-panel-keys").await;
    window.keys(ENTER).await;
    until("the ward is labelled", 10, async || window.count(COVID).await == beds).await;
    window.chord(CONTROL, "z").await;
    until("and taken back", 10, async || window.count(COVID).await == 0).await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ward_is_kept_as_a_set_and_switched_off_and_on_from_the_worklist() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url()]).await;
    open_beds(&window).await;
    let beds = window.count(WARD).await;
    choose_ward(&window).await;
    window.click("[data-testid=as-set]").await;
    window
        .see("[data-testid=set-name]")
        .await
        .send_keys("harmonica stand 2")
        .await
        .unwrap();
    until("what the set touches is shown before it is kept", 10, async || {
        let said = window.text("[data-testid=preview]").await;
        // A ward with a blocked bed is named by its rooms.
        said.contains("Set: IC") && said.contains(&format!("{beds} bedden → IC – Covid"))
    })
    .await;
    window.picture("label-set").await;
    window.click("[data-testid=give]").await;
    window.gone("[role=dialog]").await;
    until("the set is on", 10, async || window.count(COVID).await == beds).await;
    window.keys("t").await;
    window.see("[data-set='harmonica stand 2'][data-on=true]").await;
    window.picture("worklist").await;
    window.click("[data-set='harmonica stand 2'] [aria-pressed=true]").await;
    window.see("[data-set='harmonica stand 2'][data-on=false]").await;
    window.keys("2").await;
    until("off, the ward shows what the record says", 10, async || {
        window.count(COVID).await == 0
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worklist_says_what_labelling_cost_and_writes_the_days_labels_for_the_record() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url()]).await;
    open_beds(&window).await;
    choose_ward(&window).await;
    window.keys(ENTER).await;
    window.see(COVID).await;
    window.keys("t").await;
    let said = window.text("[data-testid=worklist]").await;
    assert!(said.contains("vandaag: "), "{said}");
    window.click("[data-testid=export]").await;
    until("both files are written", 10, async || {
        let said = window.text("[role=status].notification").await;
        said.contains("Geschreven") && said.contains(".csv") && said.contains(".xlsx")
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_labelled_the_same_bed_is_shown_beside_you_and_you_decide() {
    let desktop = Desktop::start().await;
    let region = Practice::start(Setup::default(), now).await.unwrap();
    let window = desktop.open(&["--source", &region.url()]).await;
    window.see("[data-testid=no-operator]").await;
    window.keys("o").await;
    window.see("[data-testid=take-over]").await;
    window.keys(ENTER).await;
    window.gone("[role=dialog]").await;
    open_beds(&window).await;
    let bed = "isala-zwolle-w00-k01-b1";
    let theirs = LabelOverride {
        bed: bed.into(),
        kind: LabelKind::Covidcapaciteit,
        element: "kliniek-covid".into(),
        system: None,
        author: "collega".to_owned(),
        reason: "cohort".to_owned(),
        from: now(),
        until: None,
        delivered: None,
        set: None,
        ended: None,
        version: None,
        server_id: None,
    };
    let profile = feed::Profile::shipped().unwrap();
    let transaction = feed::fhir::basic_label::label_transaction(&theirs, "collega-1", &profile);
    let server = feed::fhir::client::Server::new(&region.url()).unwrap();
    server.transaction(&transaction).await.unwrap();

    window.click(&format!("[data-bed='{bed}']")).await;
    window.keys("l").await;
    window.see("[data-testid=element]").await;
    window.keys("ICC").await;
    until("one bed", 10, async || {
        window.text("[data-testid=preview]").await.contains("1 ×")
    })
    .await;
    window.keys(ENTER).await;
    window.gone("[role=dialog]").await;
    window.keys("t").await;
    window.see("[data-group=unsent] [data-action=theirs]").await;
    let said = window.text("[data-group=unsent]").await;
    for part in [
        "hier: IC – Covid, door wan-hoofd om",
        "op de server: Kliniek – Covid, door collega om",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    window.picture("label-conflict").await;
    window.click("[data-group=unsent] [data-action=theirs]").await;
    window.gone("[data-group=unsent]").await;
    window.keys("2").await;
    window
        .see(&format!("[data-bed='{bed}'][data-element='kliniek-covid']"))
        .await;
    window.close().await;
}
