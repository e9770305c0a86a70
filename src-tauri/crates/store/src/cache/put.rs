//! The statements that store one delivery, prepared once and run inside one transaction.

use super::{Applied, Packed, packed::Text, read::read_key};
use crate::{
    micros,
    open::StoreError,
    versions::{Known, compare, number},
};
use domain::{
    ids::source_of,
    region::{RecordKey, RecordKind},
};
use jiff::Timestamp;
use rusqlite::{CachedStatement, OptionalExtension, Transaction, params};
use std::collections::{BTreeSet, HashMap};

/// One record as it is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub key: &'a RecordKey,
    pub version: Option<&'a str>,
    pub updated: Timestamp,
    /// `None`: deleted.
    pub fact: Option<&'a Packed>,
    pub raw: &'a str,
    pub site: Option<&'a str>,
}

/// Stores records in one transaction, all learned at the same moment.
pub(super) struct Put<'t, 'd> {
    tx: &'t Transaction<'t>,
    received: i64,
    /// Nothing was known when this transaction began: what it has not named itself is not there.
    began_empty: bool,
    find: CachedStatement<'t>,
    name: CachedStatement<'t>,
    renew: CachedStatement<'t>,
    /// What was delivered of which thing. Written behind all else, which needs the same few pages again and again: these
    /// texts are most of a file and would push them out.
    delivered: Vec<(i64, &'d str)>,
    share: CachedStatement<'t>,
    shared: CachedStatement<'t>,
    begin: CachedStatement<'t>,
    /// Texts that many beds of one delivery share.
    rests: HashMap<String, i64>,
    sites: HashMap<String, i64>,
    /// Bodies that were there already.
    reused: Vec<i64>,
}

/// What the file has of a record.
#[derive(Clone, Copy)]
struct Found {
    id: i64,
    site: Option<i64>,
    /// `None`: only named by others.
    known: Option<Known>,
}

impl<'t, 'd> Put<'t, 'd> {
    pub fn new(tx: &'t Transaction<'t>, received: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            tx,
            received: micros(received),
            began_empty: tx
                .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM thing)")?
                .query_row([], |r| r.get(0))?,
            find: tx.prepare_cached(
                "SELECT id, site, version, updated, deleted, digest FROM thing WHERE kind = ?1 AND name = ?2",
            )?,
            name: tx.prepare_cached(
                "INSERT INTO thing (kind, name, site, version, updated, deleted, digest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (kind, name) DO NOTHING",
            )?,
            renew: tx.prepare_cached(
                "UPDATE thing SET site = ?2, version = ?3, updated = ?4, deleted = ?5, digest = ?6 WHERE id = ?1",
            )?,
            delivered: vec![],
            share: tx.prepare_cached("INSERT INTO body (hash, json) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING")?,
            shared: tx.prepare_cached("SELECT id, json FROM body WHERE hash = ?1")?,
            // Two at once about the same moment: nobody ever knew the first.
            begin: tx.prepare_cached(
                "INSERT OR REPLACE INTO fact
                   (thing, valid_from, known_from, body, status, operational, rest, heartbeat)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?,
            rests: HashMap::new(),
            sites: HashMap::new(),
            reused: vec![],
        })
    }

    /// Stores one record, and says what it is to what the file had. The file is compared with once more, by a row that
    /// has to be found anyhow: so a delivery may be stored twice, or after others were lost, and the file ends right.
    pub fn store(&mut self, one: &Record<'d>) -> Result<Applied, StoreError> {
        let new = Known {
            updated: micros(one.updated),
            number: number(one.version),
            deleted: one.fact.is_none(),
            digest: one.fact.map(Packed::digest),
        };
        if self.began_empty && self.first(one, &new)? {
            return Ok(Applied::Changed);
        }
        let found = self.find(one.key)?;
        let verdict = match found.as_ref().and_then(|f| f.known) {
            None if new.deleted => return Ok(Applied::Same),
            None => Applied::Changed,
            Some(known) => compare(&known, &new),
        };
        match (verdict, &found) {
            (Applied::Older, Some(found)) => self.came_late(found, one)?,
            (Applied::Same, Some(Found { known: Some(known), .. }))
                if known.deleted && new.updated <= known.updated => {}
            (Applied::Changed | Applied::Same | Applied::Older, _) => {
                let was_gone = found.as_ref().is_some_and(|f| f.known.is_some_and(|k| k.deleted));
                let id = self.newest(found, one, &new)?;
                if verdict == Applied::Changed {
                    let from = if was_gone {
                        self.return_of(id, new.updated)?
                    } else {
                        new.updated
                    };
                    self.begin(id, from, one.fact)?;
                }
            }
        }
        Ok(verdict)
    }

    /// Stores a record where nothing is known of it, without asking first: naming it tells. Returns whether it was so.
    fn first(&mut self, one: &Record<'d>, new: &Known) -> Result<bool, StoreError> {
        if new.deleted {
            return Ok(false);
        }
        let site = one.site.map(|site| self.site(site)).transpose()?;
        if self.insert(one, site, new)? == 0 {
            return Ok(false);
        }
        let id = self.tx.last_insert_rowid();
        self.delivered.push((id, one.raw));
        self.begin(id, new.updated, one.fact)?;
        Ok(true)
    }

    /// What of a source a delivery of everything did not name; `kinds`: of these only.
    pub fn not_named(
        &self,
        source: &str,
        kinds: Option<&[RecordKind]>,
        named: &BTreeSet<&RecordKey>,
    ) -> Result<Vec<RecordKey>, StoreError> {
        let mut all = self
            .tx
            .prepare_cached("SELECT kind, name FROM thing WHERE deleted = 0 AND updated IS NOT NULL")?;
        let mut rows = all.query([])?;
        let mut gone = vec![];
        while let Some(row) = rows.next()? {
            let key = read_key(row)?;
            let asked = source_of(&key.id) == source && kinds.is_none_or(|k| k.contains(&key.kind));
            if asked && !named.contains(&key) {
                gone.push(key);
            }
        }
        gone.sort();
        Ok(gone)
    }

    /// Marks what is gone: now, or where the source's clock is ahead of ours, as it says it was written last. Which version
    /// it had stays known: see [`crate::Versions::gone`].
    pub fn all_gone(&mut self, gone: &[RecordKey]) -> Result<(), StoreError> {
        for key in gone {
            let Some(found) = self.find(key)? else { continue };
            let at = found
                .known
                .map_or(self.received, |known| known.updated.max(self.received));
            self.tx
                .prepare_cached("UPDATE thing SET deleted = 1, digest = NULL WHERE id = ?1")?
                .execute([found.id])?;
            self.delivered.push((found.id, ""));
            self.begin(found.id, at, None)?;
        }
        Ok(())
    }

    /// From when on something is there again that was gone: as its source says, but where that lies before its end, from
    /// now on, since until then nobody named it.
    fn return_of(&self, thing: i64, updated: i64) -> Result<i64, StoreError> {
        let mut end = self
            .tx
            .prepare_cached("SELECT max(valid_from) FROM fact WHERE thing = ?1")?;
        let end: Option<i64> = end.query_row([thing], |r| r.get(0))?;
        Ok(match end.filter(|end| updated <= *end) {
            // Later than its end also where both came to be known at once.
            Some(end) => self.received.max(end + 1),
            None => updated,
        })
    }

    /// Writes down what was delivered of each thing. Returns the bodies that were there before and that rows of this
    /// transaction name; nothing where what is stored is not wanted any more.
    pub fn finish(self, is_wanted: impl Fn() -> bool) -> Result<Option<Vec<i64>>, StoreError> {
        let mut deliver = self.tx.prepare_cached(
            "INSERT INTO delivered (thing, raw) VALUES (?1, ?2)
             ON CONFLICT (thing) DO UPDATE SET raw = excluded.raw",
        )?;
        for (id, raw) in self.delivered {
            if !is_wanted() {
                return Ok(None);
            }
            deliver.execute(params![id, raw])?;
        }
        Ok(Some(self.reused))
    }

    fn find(&mut self, key: &RecordKey) -> Result<Option<Found>, StoreError> {
        let found = self.find.query_row([key.kind.code(), &key.id], |r| {
            let (version, updated): (Option<String>, Option<i64>) = (r.get(2)?, r.get(3)?);
            let (deleted, digest) = (r.get(4)?, r.get(5)?);
            Ok(Found {
                id: r.get(0)?,
                site: r.get(1)?,
                known: updated.map(|updated| Known {
                    updated,
                    number: number(version.as_deref()),
                    deleted,
                    digest,
                }),
            })
        });
        Ok(found.optional()?)
    }

    /// Writes down that this version is the newest. Returns the thing's id.
    fn newest(&mut self, found: Option<Found>, one: &Record<'d>, new: &Known) -> Result<i64, StoreError> {
        let site = match one.site {
            Some(site) => Some(self.site(site)?),
            None => found.as_ref().and_then(|f| f.site),
        };
        // A site belongs to itself: what was found, or just named, as its site is the thing itself.
        let is_its_own = one.key.kind == RecordKind::Place && one.site == Some(one.key.id.as_str());
        let known = match found {
            Some(found) => Some(found.id),
            None => site.filter(|_| is_its_own),
        };
        let id = match known {
            Some(id) => {
                self.renew
                    .execute(params![id, site, one.version, new.updated, new.deleted, new.digest])?;
                id
            }
            None => {
                self.insert(one, site, new)?;
                self.tx.last_insert_rowid()
            }
        };
        self.delivered.push((id, one.raw));
        Ok(id)
    }

    /// Names a thing with its version, unless it has a name already. Returns how many that makes.
    fn insert(&mut self, one: &Record<'_>, site: Option<i64>, new: &Known) -> Result<usize, StoreError> {
        Ok(self.name.execute(params![
            one.key.kind.code(),
            one.key.id,
            site,
            one.version,
            new.updated,
            new.deleted,
            new.digest
        ])?)
    }

    /// The id of a site, which may be named before it is delivered.
    fn site(&mut self, name: &str) -> Result<i64, StoreError> {
        if let Some(id) = self.sites.get(name) {
            return Ok(*id);
        }
        let id = match self.find(&RecordKey::new(RecordKind::Place, name))? {
            Some(found) => found.id,
            None => {
                let kind = RecordKind::Place.code();
                let nothing: Option<i64> = None;
                self.name
                    .execute(params![kind, name, nothing, nothing, nothing, false, nothing])?;
                self.tx.last_insert_rowid()
            }
        };
        self.sites.insert(name.to_owned(), id);
        Ok(id)
    }

    /// A version older than the newest: the past becomes more exact, and nothing else. One of the same moment as the
    /// newest changes nothing, since the newest stands for that moment.
    fn came_late(&mut self, found: &Found, one: &Record<'_>) -> Result<(), StoreError> {
        let from = micros(one.updated);
        if found.known.is_none_or(|known| known.updated <= from) {
            return Ok(());
        }
        let columns = self.columns(one.fact)?;
        let mut statement = self.tx.prepare_cached(
            "SELECT body, status, operational, rest, heartbeat FROM fact WHERE thing = ?1 AND valid_from <= ?2
             ORDER BY valid_from DESC, known_from DESC LIMIT 1",
        )?;
        let stood = statement.query_row([found.id, from], |r| {
            Ok(Columns {
                body: r.get(0)?,
                status: r.get(1)?,
                operational: r.get(2)?,
                rest: r.get(3)?,
                heartbeat: r.get(4)?,
            })
        });
        if stood.optional()?.unwrap_or_default() != columns {
            self.write(found.id, from, columns)?;
        }
        Ok(())
    }

    fn begin(&mut self, thing: i64, from: i64, fact: Option<&Packed>) -> Result<(), StoreError> {
        let columns = self.columns(fact)?;
        self.write(thing, from, columns)
    }

    fn write(&mut self, thing: i64, from: i64, columns: Columns) -> Result<(), StoreError> {
        self.begin.execute(params![
            thing,
            from,
            self.received,
            columns.body,
            columns.status,
            columns.operational,
            columns.rest,
            columns.heartbeat
        ])?;
        Ok(())
    }

    fn columns(&mut self, fact: Option<&Packed>) -> Result<Columns, StoreError> {
        let Some(fact) = fact else {
            return Ok(Columns::default());
        };
        let of_body = Columns {
            body: Some(self.body(&fact.body)?),
            heartbeat: fact.heartbeat,
            ..Columns::default()
        };
        let Some(bed) = &fact.bed else {
            return Ok(of_body);
        };
        let rest = match &bed.rest {
            None => None,
            Some(rest) => Some(self.rest(rest)?),
        };
        Ok(Columns {
            status: Some(bed.status),
            operational: Some(bed.operational),
            rest,
            ..of_body
        })
    }

    fn rest(&mut self, rest: &Text) -> Result<i64, StoreError> {
        if let Some(id) = self.rests.get(&rest.json) {
            return Ok(*id);
        }
        let id = self.body(rest)?;
        self.rests.insert(rest.json.clone(), id);
        Ok(id)
    }

    /// The id of a text, which is stored once.
    fn body(&mut self, text: &Text) -> Result<i64, StoreError> {
        let (json, mut hash) = (text.json.as_str(), text.hash);
        loop {
            if self.share.execute(params![hash, json])? > 0 {
                return Ok(self.tx.last_insert_rowid());
            }
            let (id, same) = self.shared.query_row([hash], |r| {
                Ok((r.get(0)?, r.get_ref(1)?.as_bytes()? == json.as_bytes()))
            })?;
            if same {
                self.reused.push(id);
                return Ok(id);
            }
            // Another text with the same eight bytes of hash: it may well never happen.
            hash = hash.wrapping_add(1);
        }
    }
}

/// What a row of `fact` says. All empty: gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Columns {
    body: Option<i64>,
    status: Option<i64>,
    operational: Option<i64>,
    rest: Option<i64>,
    heartbeat: Option<i64>,
}
