//! What people did and the server must hear of: a queue that a lost answer, a refusal or a damaged row cannot stop.
//!
//! Rows about the same subject go in order. A row that waits for a person (conflict, refused), was withdrawn, is past
//! its deadline or cannot be read holds back nothing.

use super::{
    Ledger,
    audit::journal,
    unreadable::{Rows, Unreadable, rows, sort_out},
};
use crate::{cache::key_in_front, micros, open::StoreError, time};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Row, Transaction, TransactionBehavior, params};
use serde::de::IgnoredAny;
use std::collections::BTreeSet;

/// Declares an enum that is stored by code.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident in $column:literal { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code in the file.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// Reads a code.
            ///
            /// # Errors
            /// When this version does not know it.
            pub fn from_code(code: &str) -> Result<Self, StoreError> {
                match code {
                    $($code => Ok(Self::$variant),)*
                    other => Err(StoreError::Value { column: $column, value: other.to_owned() }),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

coded!(
    /// What kind of thing a row sends.
    OutboxKind in "outbox.kind" {
        Label = "label",
        Stop = "stop",
        Acknowledgement = "acknowledgement",
        Confirmation = "confirmation",
    }
);
coded!(
    /// Where a row stands.
    OutboxState in "outbox.state" {
        Waiting = "waiting",
        /// On the server.
        Sent = "sent",
        /// Somebody else wrote something that this desk had not seen: a person decides.
        Conflict = "conflict",
        /// The server will never take it as it is: a person decides.
        Refused = "refused",
        /// Taken back by a person; never sent. What is past its deadline waits until a person does that.
        Withdrawn = "withdrawn",
    }
);
coded!(
    /// What a person decided about a conflict.
    Decision in "outbox.decided" {
        /// This desk's is sent anew, over the other one.
        Mine = "mine",
        /// The other one stands.
        Theirs = "theirs",
    }
);

/// Something that a person did and that the server must hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    pub id: String,
    pub kind: OutboxKind,
    pub subject: String,
    pub created: Timestamp,
    /// JSON.
    pub payload: String,
    /// Including one that is being made.
    pub attempts: u32,
    pub next_attempt: Timestamp,
    pub state: OutboxState,
    pub reason: Option<String>,
    /// What another desk wrote meanwhile, as JSON.
    pub theirs: Option<String>,
    pub decided: Option<Decision>,
    /// Not sent from then on; `None`: however late it is.
    pub deadline: Option<Timestamp>,
    /// The server's HTTP status, where it refused.
    pub refused_status: Option<u16>,
}

impl OutboxRow {
    /// A row that is due at once and never too late.
    pub fn waiting(id: String, kind: OutboxKind, subject: &str, payload: String, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            subject: subject.to_owned(),
            created: now,
            payload,
            attempts: 0,
            next_attempt: now,
            state: OutboxState::Waiting,
            reason: None,
            theirs: None,
            decided: None,
            deadline: None,
            refused_status: None,
        }
    }

    /// The same, of no use any more from a moment on.
    #[must_use]
    pub fn until(self, deadline: Timestamp) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled<'a> {
    /// On the server.
    Sent,
    /// Overtaken by somebody else.
    Conflict {
        why: &'a str,
        /// What stands on the server, as JSON.
        theirs: Option<&'a str>,
    },
    /// Never as it is.
    Refused { status: Option<u16>, why: &'a str },
    /// Not now; stays waiting.
    Later { why: &'a str },
}

/// The next row to send, and the rows that were passed over for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub row: Option<OutboxRow>,
    /// Due, and not to be read: each stays where it is until somebody mends it.
    pub unreadable: Vec<Unreadable>,
}

impl Ledger {
    /// Puts something in the outbox on its own, with a line in the journal.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn enqueue(&mut self, row: &OutboxRow, who: &str) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        insert_with_line(&tx, row, who)?;
        tx.commit()?;
        Ok(())
    }

    /// The next row to send to a source, with its attempt already counted, so that a poisoned row cannot loop for ever
    /// . Of rows about the same subject only the oldest that waits is due. Stops go first, however
    /// many labels were there before.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn take_due(&mut self, source: &str, now: Timestamp, retry_at: Timestamp) -> Result<Due, StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut due, mut unreadable) = (None, vec![]);
        {
            let mut statement = tx.prepare_cached(&format!(
                "{SELECT} WHERE state = 'waiting' AND (deadline IS NULL OR deadline > ?1) AND {} = ?2
                 ORDER BY kind <> 'stop', rowid",
                key_in_front("subject")
            ))?;
            let mut rows = statement.query(params![micros(now), source])?;
            let mut older = BTreeSet::new();
            while let Some(found) = rows.next()? {
                match sort_out("outbox", found, row(found))? {
                    Ok(row) if older.insert(row.subject.clone()) && row.next_attempt <= now => {
                        due = Some(row);
                        break;
                    }
                    Ok(_) => {}
                    Err(passed_over) => unreadable.push(passed_over),
                }
            }
        }
        if let Some(row) = &due {
            tx.execute(
                "UPDATE outbox SET attempts = attempts + 1, next_attempt = ?2 WHERE id = ?1",
                params![row.id, micros(retry_at)],
            )?;
        }
        tx.commit()?;
        Ok(Due {
            row: due.map(|r| OutboxRow {
                attempts: r.attempts + 1,
                ..r
            }),
            unreadable,
        })
    }

    /// Says what became of a row. That it arrived is a fact even where a person withdrew it meanwhile; any other
    /// outcome matters only as long as it waits.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn settle(&self, id: &str, settled: Settled<'_>) -> Result<(), StoreError> {
        let (state, reason, theirs, status) = match settled {
            Settled::Sent => (OutboxState::Sent, None, None, None),
            Settled::Conflict { why, theirs } => (OutboxState::Conflict, Some(why), theirs, None),
            Settled::Refused { status, why } => (OutboxState::Refused, Some(why), None, status),
            Settled::Later { why } => (OutboxState::Waiting, Some(why), None, None),
        };
        self.connection.execute(
            "UPDATE outbox SET state = ?2, reason = ?3, theirs = ?4, refused_status = ?5
             WHERE id = ?1 AND (state = 'waiting' OR ?2 = 'sent')",
            params![id, state.code(), reason, theirs, status],
        )?;
        Ok(())
    }

    /// Writes down what a person decided about a row that could not be sent.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn decide(&mut self, id: &str, decision: Decision, who: &str, now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute("UPDATE outbox SET decided = ?2 WHERE id = ?1", [id, decision.code()])?;
        let body = serde_json::json!({ "row": id, "decision": decision.code() }).to_string();
        journal(&tx, now, who, "decide", &body)?;
        tx.commit()?;
        Ok(())
    }

    /// Takes a row back that is not on the server, with a line in the journal. Returns whether there was one.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn withdraw(&mut self, id: &str, who: &str, now: Timestamp) -> Result<bool, StoreError> {
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let withdrawn = tx.execute(
            "UPDATE outbox SET state = 'withdrawn' WHERE id = ?1 AND state IN ('waiting', 'conflict', 'refused')",
            [id],
        )? > 0;
        if withdrawn {
            journal(&tx, now, who, "withdraw", &serde_json::json!({ "row": id }).to_string())?;
        }
        tx.commit()?;
        Ok(withdrawn)
    }

    /// Makes a refused or overtaken row wait again, due at once, until another deadline if it has one. Returns whether
    /// there was one.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn retry(&self, id: &str, deadline: Option<Timestamp>, now: Timestamp) -> Result<bool, StoreError> {
        let retried = self.connection.execute(
            "UPDATE outbox SET state = 'waiting', next_attempt = ?2, deadline = ?3, reason = NULL, theirs = NULL,
               refused_status = NULL
             WHERE id = ?1 AND state IN ('waiting', 'conflict', 'refused') AND decided IS NULL",
            params![id, micros(now), deadline.map(micros)],
        )?;
        Ok(retried > 0)
    }

    /// Makes waiting rows due at once, when the network comes back.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn make_due(&self, now: Timestamp) -> Result<(), StoreError> {
        self.connection.execute(
            "UPDATE outbox SET next_attempt = ?1 WHERE state = 'waiting'",
            [micros(now)],
        )?;
        Ok(())
    }

    /// Our clock was set back to `now` by this much: waiting rows are as old as they were, and due at once.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn set_outbox_back(&self, by: SignedDuration, now: Timestamp) -> Result<(), StoreError> {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.connection.execute(
            "UPDATE outbox SET created = created - ?1, deadline = deadline - ?1, next_attempt = ?2
             WHERE state = 'waiting'",
            [by, micros(now)],
        )?;
        Ok(())
    }

    /// What rows of a kind are about that the server has not accepted and no person has decided.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn unaccepted(&self, kind: OutboxKind) -> Result<BTreeSet<String>, StoreError> {
        let open = self.open_outbox()?.into_iter().filter(|r| r.kind == kind);
        Ok(open.map(|r| r.subject).collect())
    }

    /// What of the outbox still asks for something: not accepted by the server, not withdrawn, and not decided by a
    /// person.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open_outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE state IN ('waiting', 'conflict', 'refused') AND decided IS NULL ORDER BY rowid"
        ))?;
        Ok(rows("outbox", &mut statement, [], row)?.read)
    }

    /// The whole outbox, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn outbox(&self) -> Result<Vec<OutboxRow>, StoreError> {
        Ok(self.outbox_rows()?.read)
    }

    pub(super) fn outbox_rows(&self) -> Result<Rows<OutboxRow>, StoreError> {
        let mut statement = self.connection.prepare(&format!("{SELECT} ORDER BY rowid"))?;
        rows("outbox", &mut statement, [], row)
    }
}

const SELECT: &str = "SELECT id, kind, subject, created, payload, attempts, next_attempt, state, reason, theirs, \
                      decided, deadline, refused_status FROM outbox";

fn row(r: &Row<'_>) -> Result<OutboxRow, StoreError> {
    let text =
        |column: usize| -> Result<&str, StoreError> { Ok(r.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?) };
    let (payload, theirs): (String, Option<String>) = (r.get(4)?, r.get(9)?);
    // That it is JSON is all that can be known of it here.
    for json in theirs.iter().chain([&payload]) {
        serde_json::from_str::<IgnoredAny>(json)?;
    }
    let decided: Option<String> = r.get(10)?;
    let deadline: Option<i64> = r.get(11)?;
    Ok(OutboxRow {
        id: r.get(0)?,
        kind: OutboxKind::from_code(text(1)?)?,
        subject: r.get(2)?,
        created: time(r.get(3)?)?,
        payload,
        attempts: r.get(5)?,
        next_attempt: time(r.get(6)?)?,
        state: OutboxState::from_code(text(7)?)?,
        reason: r.get(8)?,
        theirs,
        decided: decided.as_deref().map(Decision::from_code).transpose()?,
        deadline: deadline.map(time).transpose()?,
        refused_status: r.get(12)?,
    })
}

/// With a line of its own in the journal.
pub(super) fn insert_with_line(tx: &Transaction<'_>, row: &OutboxRow, who: &str) -> Result<(), StoreError> {
    insert(tx, row)?;
    journal(tx, row.created, who, row.kind.code(), &row.payload)
}

pub(super) fn insert(tx: &Transaction<'_>, row: &OutboxRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO outbox (id, kind, subject, created, payload, attempts, next_attempt, state, reason, deadline)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            row.id,
            row.kind.code(),
            row.subject,
            micros(row.created),
            row.payload,
            row.attempts,
            micros(row.next_attempt),
            row.state.code(),
            row.reason,
            row.deadline.map(micros),
        ],
    )?;
    Ok(())
}
