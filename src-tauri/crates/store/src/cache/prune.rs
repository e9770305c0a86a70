//! Letting go of what is older than it is kept, in steps so small that no delivery waits for more than one
//! (decision 0017).
//!
//! A row of `fact` stands until the next of its thing, so it may go once another has stood in its place, by both clocks,
//! since before anything that is kept. What stood at the oldest moment that is kept stays, however old it is. Bodies are
//! shared, so which of them nothing names any more shows only when all rows were looked at: that is the second half.

use super::Cache;
use crate::{micros, open::StoreError};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};
use std::time::Duration;

/// How long the past is kept, and in what steps the rest goes.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// The Dutch platform that this follows keeps a year, and half a year is what an emergency department is compared with.
    pub keep: SignedDuration,
    /// From one round to the next.
    pub every: SignedDuration,
    /// From the first delivery of a run to its first round: a start has enough to do.
    pub first: SignedDuration,
    /// As many rows are looked at or deleted in one transaction.
    pub rows: u32,
    /// Between two steps, so that a disk is left to others.
    pub pause: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            keep: SignedDuration::from_hours(365 * 24),
            every: SignedDuration::from_hours(24),
            first: SignedDuration::from_hours(1),
            rows: 500,
            pause: Duration::from_millis(20),
        }
    }
}

/// Rounds of pruning: when one is due, and how far it is.
#[derive(Debug)]
pub(super) struct Pruning {
    retention: Retention,
    /// When the next round is due, by the deliveries.
    next: Option<Timestamp>,
    stage: Stage,
}

/// How far a round is.
#[derive(Debug)]
enum Stage {
    Idle,
    /// What may go is looked for; nothing was read yet.
    Due(Timestamp),
    /// Facts of before `until` (microseconds); of the things after this one.
    Facts {
        until: i64,
        after: i64,
        any: bool,
    },
    /// Which bodies are named, by the rows after this one.
    Mark {
        used: Used,
        after: (i64, i64, i64),
    },
    /// Bodies that nothing names; after this one.
    Sweep {
        used: Used,
        after: i64,
    },
}

/// Which of the bodies up to the last one are in use: a bit each.
#[derive(Debug)]
struct Used {
    last: i64,
    bits: Vec<u64>,
}

impl Used {
    fn up_to(last: i64) -> Self {
        let words = usize::try_from(last / 64 + 1).unwrap_or_default();
        Self {
            last,
            bits: vec![0; words],
        }
    }

    fn place(id: i64) -> Option<(usize, u64)> {
        let word = usize::try_from(id / 64).ok()?;
        Some((word, 1 << id.rem_euclid(64)))
    }

    fn mark(&mut self, id: i64) {
        if let Some((word, bit)) = Self::place(id)
            && let Some(word) = self.bits.get_mut(word)
        {
            *word |= bit;
        }
    }

    fn has(&self, id: i64) -> bool {
        Self::place(id).is_some_and(|(word, bit)| self.bits.get(word).is_some_and(|word| word & bit != 0))
    }
}

impl Pruning {
    pub fn new(retention: Retention) -> Self {
        Self {
            retention,
            next: None,
            stage: Stage::Idle,
        }
    }

    /// How long to wait before the next step; `None`: nothing is to be done.
    pub fn pause(&self) -> Option<Duration> {
        match self.stage {
            Stage::Idle => None,
            Stage::Due(_) | Stage::Facts { .. } | Stage::Mark { .. } | Stage::Sweep { .. } => {
                Some(self.retention.pause)
            }
        }
    }

    /// A delivery was stored: its time is the clock of this, and bodies that it named again stay.
    pub fn stored(&mut self, received: Timestamp, reused: &[i64]) {
        match &mut self.stage {
            Stage::Idle => {
                let next = *self.next.get_or_insert(received + self.retention.first);
                if received >= next {
                    self.next = Some(received + self.retention.every);
                    self.stage = Stage::Due(received);
                }
            }
            Stage::Mark { used, .. } | Stage::Sweep { used, .. } => reused.iter().for_each(|id| used.mark(*id)),
            Stage::Due(_) | Stage::Facts { .. } => {}
        }
    }

    /// The next round is a day away, whatever became of this one.
    pub fn stop(&mut self) {
        self.stage = Stage::Idle;
    }

    /// One step.
    ///
    /// # Errors
    /// When the disk does not take it; the round then goes no further.
    pub fn step(&mut self, cache: &mut Cache) -> Result<(), StoreError> {
        let rows = self.retention.rows.max(1);
        self.stage = match std::mem::replace(&mut self.stage, Stage::Idle) {
            Stage::Idle => Stage::Idle,
            Stage::Due(received) => match self.until(cache, received)? {
                None => Stage::Idle,
                Some(until) => {
                    let sql = "DELETE FROM not_understood WHERE received <= ?1";
                    cache.reader.connection.execute(sql, [until])?;
                    Stage::Facts {
                        until,
                        after: 0,
                        any: false,
                    }
                }
            },
            Stage::Facts { until, after, any } => {
                let (to, deleted) = facts(cache, until, after, rows)?;
                let any = any || deleted > 0;
                match to {
                    Some(after) => Stage::Facts { until, after, any },
                    None if any => Stage::Mark {
                        used: Used::up_to(last_body(cache)?),
                        after: (0, i64::MIN, i64::MIN),
                    },
                    None => Stage::Idle,
                }
            }
            Stage::Mark { mut used, after } => match mark(cache, &mut used, after, rows)? {
                Some(after) => Stage::Mark { used, after },
                None => Stage::Sweep { used, after: 0 },
            },
            Stage::Sweep { used, after } => match sweep(cache, &used, after, rows)? {
                Some(after) => Stage::Sweep { used, after },
                None => Stage::Idle,
            },
        };
        Ok(())
    }

    /// Until when the past may go. A machine's clock can be years off, and what it deletes does not come back: the
    /// sources' clocks must say so too.
    fn until(&self, cache: &Cache, received: Timestamp) -> Result<Option<i64>, StoreError> {
        let newest: Option<i64> = cache
            .reader
            .connection
            .query_row("SELECT max(updated) FROM thing", [], |r| r.get(0))?;
        let now = newest.map(|newest| newest.min(micros(received)));
        let keep = i64::try_from(self.retention.keep.as_micros()).unwrap_or(i64::MAX);
        Ok(now.map(|now| now.saturating_sub(keep)))
    }
}

const OLD_FACTS: &str = "
DELETE FROM fact WHERE (thing, valid_from, known_from) IN (
  SELECT f.thing, f.valid_from, f.known_from FROM fact f
  WHERE f.thing = ?1 AND f.valid_from <= ?2 AND f.known_from <= ?2
    AND (EXISTS (SELECT 1 FROM fact g
                 WHERE g.thing = ?1 AND g.valid_from <= ?2 AND g.known_from <= ?2
                   AND (g.valid_from, g.known_from) > (f.valid_from, f.known_from))
         -- That something is gone need not be said once nothing is left that it ends.
         OR (f.body IS NULL AND NOT EXISTS (
               SELECT 1 FROM fact g
               WHERE g.thing = ?1 AND (g.valid_from, g.known_from) < (f.valid_from, f.known_from))))
  LIMIT ?3)";

/// Nothing is left of it and nobody names it as its site.
const GONE_THING: &str = "
SELECT id FROM thing t
WHERE t.id = ?1 AND t.deleted = 1 AND t.updated <= ?2
  AND NOT EXISTS (SELECT 1 FROM fact f WHERE f.thing = t.id)
  AND NOT EXISTS (SELECT 1 FROM thing o WHERE o.site = t.id)";

/// Deletes old facts of the things after one. Returns how far it came, and how many rows went.
fn facts(cache: &mut Cache, until: i64, after: i64, rows: u32) -> Result<(Option<i64>, usize), StoreError> {
    let tx = cache.transaction()?;
    let (mut to, mut deleted) = (None, 0);
    {
        let mut things = tx.prepare_cached("SELECT id FROM thing WHERE id > ?1 ORDER BY id LIMIT ?2")?;
        let mut delete = tx.prepare_cached(OLD_FACTS)?;
        let mut gone = tx.prepare_cached(GONE_THING)?;
        let things: Vec<i64> = things
            .query_map(params![after, rows], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        let limit = rows as usize;
        for thing in things {
            let left = limit - deleted;
            deleted += delete.execute(params![thing, until, left as i64])?;
            if deleted >= limit {
                // There may be more of this one.
                to = Some(thing - 1);
                break;
            }
            if let Some(id) = gone.query_row([thing, until], |r| r.get::<_, i64>(0)).optional()? {
                tx.execute("DELETE FROM delivered WHERE thing = ?1", [id])?;
                tx.execute("DELETE FROM thing WHERE id = ?1", [id])?;
            }
            to = Some(thing);
        }
    }
    tx.commit()?;
    give_back(cache)?;
    Ok((to, deleted))
}

/// Free pages go back to the disk, a few at a time.
fn give_back(cache: &Cache) -> Result<(), StoreError> {
    Ok(cache
        .reader
        .connection
        .execute_batch("PRAGMA incremental_vacuum(200)")?)
}

fn last_body(cache: &Cache) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(id), 0) FROM body";
    Ok(cache.reader.connection.query_row(sql, [], |r| r.get(0))?)
}

/// Marks the bodies that some rows name. Returns how far it came.
fn mark(
    cache: &Cache,
    used: &mut Used,
    after: (i64, i64, i64),
    rows: u32,
) -> Result<Option<(i64, i64, i64)>, StoreError> {
    let mut statement = cache.reader.connection.prepare_cached(
        "SELECT thing, valid_from, known_from, body, rest FROM fact
         WHERE (thing, valid_from, known_from) > (?1, ?2, ?3) ORDER BY thing, valid_from, known_from LIMIT ?4",
    )?;
    // Reading is cheaper than deleting.
    let mut found = statement.query(params![after.0, after.1, after.2, i64::from(rows) * 10])?;
    let mut to = None;
    while let Some(row) = found.next()? {
        to = Some((row.get(0)?, row.get(1)?, row.get(2)?));
        for column in [3, 4] {
            if let Some(id) = row.get(column)? {
                used.mark(id);
            }
        }
    }
    Ok(to)
}

/// Deletes bodies that nothing names. Returns how far it came.
fn sweep(cache: &mut Cache, used: &Used, after: i64, rows: u32) -> Result<Option<i64>, StoreError> {
    let tx = cache.transaction()?;
    let mut to = None;
    {
        let mut bodies = tx.prepare_cached("SELECT id FROM body WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3")?;
        let mut delete = tx.prepare_cached("DELETE FROM body WHERE id = ?1")?;
        let bodies: Vec<i64> = bodies
            .query_map(params![after, used.last, rows], |r| r.get(0))?
            .collect::<Result<_, _>>()?;
        for id in bodies {
            if !used.has(id) {
                delete.execute([id])?;
            }
            to = Some(id);
        }
    }
    tx.commit()?;
    give_back(cache)?;
    Ok(to)
}
