//! What people did is sent in order, once, and whatever is wrong with one row stays with that row.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use store::{Decision, Ledger, OutboxKind, OutboxRow, OutboxState, Settled, StoreError};

fn now() -> Timestamp {
    "2026-11-22T03:00:00+01:00".parse().unwrap()
}

fn later(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

struct Desk {
    ledger: Ledger,
    path: PathBuf,
    _dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.sqlite");
        let (ledger, _) = Ledger::open(&path, now()).unwrap();
        Self {
            ledger,
            path,
            _dir: dir,
        }
    }

    fn with(rows: &[(&str, &str)]) -> Self {
        let mut desk = Self::new();
        for (id, subject) in rows {
            desk.ledger.enqueue(&row(id, subject), "wan-hoofd").unwrap();
        }
        desk
    }

    fn take(&mut self, at: Timestamp) -> Option<String> {
        let due = self
            .ledger
            .take_due("", at, at + SignedDuration::from_mins(30))
            .unwrap();
        due.row.map(|r| r.id)
    }

    fn state(&self, id: &str) -> OutboxState {
        let rows = self.ledger.outbox().unwrap();
        rows.into_iter().find(|r| r.id == id).unwrap().state
    }

    /// As a bad disk or a hand with an SQL prompt would.
    fn damage(&self, sql: &str) {
        rusqlite::Connection::open(&self.path)
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }
}

fn row(id: &str, subject: &str) -> OutboxRow {
    OutboxRow::waiting(id.to_owned(), OutboxKind::Label, subject, "{}".to_owned(), now())
}

#[test]
fn r_12_rows_about_one_bed_go_in_order_and_another_bed_does_not_wait_for_them() {
    let mut desk = Desk::with(&[("a", "bed-1"), ("b", "bed-1"), ("c", "bed-2")]);
    assert_eq!(desk.take(now()).as_deref(), Some("a"));
    assert_eq!(
        desk.take(now()).as_deref(),
        Some("c"),
        "b waits for a, which is about the same bed"
    );
    assert_eq!(desk.take(now()), None);
    desk.ledger.settle("a", Settled::Sent).unwrap();
    assert_eq!(desk.take(later(30)).as_deref(), Some("b"));
}

#[test]
fn r_12_an_attempt_is_counted_before_it_is_made_and_survives_a_crash() {
    let mut desk = Desk::with(&[("a", "bed-1")]);
    assert_eq!(desk.take(now()).as_deref(), Some("a"));
    let (mut again, _) = Ledger::open(&desk.path, now()).unwrap();
    let due = again.take_due("", later(30), later(60)).unwrap();
    assert_eq!(due.row.unwrap().attempts, 2, "the first attempt was on disk");
}

#[test]
fn r_12_a_row_that_waits_for_a_person_holds_nothing_back() {
    for settled in [
        Settled::Refused {
            status: Some(422),
            why: "onbekend bed",
        },
        Settled::Conflict {
            why: "WACO koos intussen iets anders",
            theirs: None,
        },
    ] {
        let mut desk = Desk::with(&[("a", "bed-1"), ("b", "bed-1"), ("c", "bed-2")]);
        desk.ledger.settle("a", settled).unwrap();
        assert_eq!(desk.take(now()).as_deref(), Some("b"), "{settled:?}");
        assert_eq!(desk.take(now()).as_deref(), Some("c"), "{settled:?}");
    }
}

#[test]
fn r_12_a_row_that_cannot_be_read_is_passed_over_named_and_kept() {
    for (damage, why) in [
        ("UPDATE outbox SET kind = 'fax' WHERE id = 'a'", "fax"),
        (
            "UPDATE outbox SET state = 'waiting', decided = 'perhaps' WHERE id = 'a'",
            "perhaps",
        ),
        ("UPDATE outbox SET payload = '{\"half\":' WHERE id = 'a'", "EOF"),
        (
            "UPDATE outbox SET payload = CAST(X'22FF22' AS TEXT) WHERE id = 'a'",
            "utf-8",
        ),
        ("UPDATE outbox SET attempts = -1 WHERE id = 'a'", "out of range"),
        (
            "UPDATE outbox SET created = 9223372036854775807 WHERE id = 'a'",
            "a time",
        ),
    ] {
        let mut desk = Desk::with(&[("a", "bed-1"), ("b", "bed-1"), ("c", "bed-2")]);
        desk.damage(damage);
        let due = desk.ledger.take_due("", now(), later(30)).unwrap();
        assert_eq!(due.row.map(|r| r.id).as_deref(), Some("b"), "{damage}");
        let passed = due.unreadable.first().unwrap();
        assert_eq!((passed.table, passed.row.as_str()), ("outbox", "a"), "{damage}");
        assert!(passed.why.contains(why), "{damage}: {}", passed.why);
        assert_eq!(desk.take(now()).as_deref(), Some("c"), "{damage}");
        assert_eq!(desk.ledger.unreadable().unwrap().len(), 1, "{damage}");
        let c = rusqlite::Connection::open(&desk.path).unwrap();
        let kept: u32 = c
            .query_row("SELECT count(*) FROM outbox WHERE id = 'a'", [], |r| r.get(0))
            .unwrap();
        assert_eq!(kept, 1, "the row is still there for repair");
    }
}

#[test]
fn a_stop_that_comes_too_late_is_not_sent_but_said() {
    let mut desk = Desk::new();
    let stop = OutboxRow::waiting("s".into(), OutboxKind::Stop, "stop-1", "{}".into(), now()).until(later(15));
    desk.ledger.enqueue(&stop, "wan-hoofd").unwrap();
    desk.ledger.enqueue(&row("after", "stop-1"), "wan-hoofd").unwrap();
    let open = desk.ledger.open_outbox().unwrap();
    assert_eq!(
        open.first().map(|r| r.deadline),
        Some(Some(later(15))),
        "a person hears of it"
    );
    assert_eq!(
        desk.take(later(15)).as_deref(),
        Some("after"),
        "and it holds nothing back"
    );
}

#[test]
fn what_a_person_withdraws_is_never_sent_and_the_audit_trail_says_who() {
    let mut desk = Desk::with(&[("a", "bed-1")]);
    assert!(desk.ledger.withdraw("a", "waco", later(1)).unwrap());
    assert_eq!(desk.take(later(1)), None);
    assert_eq!(desk.state("a"), OutboxState::Withdrawn);
    assert!(
        desk.ledger.open_outbox().unwrap().is_empty(),
        "it asks for nothing any more"
    );
    let (at, who, what, _) = desk.ledger.journal().unwrap().pop().unwrap();
    assert_eq!((at, who.as_str(), what.as_str()), (later(1), "waco", "withdraw"));
}

#[test]
fn what_is_on_the_server_can_not_be_withdrawn() {
    let mut desk = Desk::with(&[("a", "bed-1")]);
    desk.ledger.settle("a", Settled::Sent).unwrap();
    assert!(!desk.ledger.withdraw("a", "waco", now()).unwrap());
    assert_eq!(desk.state("a"), OutboxState::Sent);
}

#[test]
fn an_answer_that_comes_after_the_withdrawal_counts_only_when_it_says_that_the_server_has_it() {
    let mut desk = Desk::with(&[("a", "bed-1")]);
    desk.take(now());
    desk.ledger.withdraw("a", "waco", now()).unwrap();
    desk.ledger
        .settle("a", Settled::Later { why: "geen antwoord" })
        .unwrap();
    assert_eq!(
        desk.state("a"),
        OutboxState::Withdrawn,
        "it must not come to life again"
    );
    desk.ledger.settle("a", Settled::Sent).unwrap();
    assert_eq!(desk.state("a"), OutboxState::Sent, "what the server took, it has");
}

#[test]
fn a_refused_row_says_the_servers_status_and_goes_once_more_when_a_person_asks() {
    let mut desk = Desk::with(&[("a", "bed-1")]);
    desk.take(now());
    let refused = Settled::Refused {
        status: Some(403),
        why: "mag niet",
    };
    desk.ledger.settle("a", refused).unwrap();
    let open = desk.ledger.open_outbox().unwrap();
    assert_eq!(open.first().unwrap().refused_status, Some(403));
    assert_eq!(desk.take(later(60)), None, "nothing of itself");
    assert!(desk.ledger.retry("a", Some(later(90)), later(60)).unwrap());
    let due = desk.ledger.take_due("", later(60), later(61)).unwrap().row.unwrap();
    assert_eq!(
        (due.id.as_str(), due.refused_status, due.deadline),
        ("a", None, Some(later(90)))
    );
}

#[test]
fn a_conflict_that_a_person_decided_asks_for_nothing_any_more() {
    let mut desk = Desk::with(&[("a", "bed-1")]);
    let overtaken = Settled::Conflict {
        why: "WACO koos intussen iets anders",
        theirs: Some("{}"),
    };
    desk.ledger.settle("a", overtaken).unwrap();
    desk.ledger.decide("a", Decision::Theirs, "wan-hoofd", now()).unwrap();
    assert!(desk.ledger.open_outbox().unwrap().is_empty());
    assert!(desk.ledger.unaccepted(OutboxKind::Label).unwrap().is_empty());
    assert!(!desk.ledger.retry("a", None, now()).unwrap(), "the decision stands");
}

#[test]
fn every_code_is_read_back_as_what_was_written_and_no_other_is() {
    for kind in OutboxKind::ALL {
        assert_eq!(OutboxKind::from_code(kind.code()).unwrap(), *kind);
    }
    for state in OutboxState::ALL {
        assert_eq!(OutboxState::from_code(state.code()).unwrap(), *state);
    }
    assert!(matches!(
        OutboxState::from_code("perhaps"),
        Err(StoreError::Value { .. })
    ));
}
