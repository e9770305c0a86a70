//! Taking a delivery in: what it changes of the region, told to the alarms, and handed to the disk behind.
//!
//! A whole country is 200,000 records. It is taken in by pieces, into a region beside the one that is shown, so that a
//! stop that comes meanwhile waits for one piece at the most and nobody sees half a picture.

use super::{
    Engine, remarks,
    staged::{Intake, Outcome, RegionStep, Staged},
    versions::StopVersions,
};
use crate::{AppError, engine::PackedDelivery, sources::Channel};
use domain::region::{Changes, Fact, RecordKey, RecordKind};
use feed::{Change, Reading, fhir::sync::Delivery};
use jiff::{SignedDuration, Timestamp};
use std::mem;
use store::{Applied, Complete, Write};

/// Records that are taken in at a time: a few milliseconds.
const PIECE: usize = 1_000;

/// No load of everything takes longer: its task would have been restarted.
const LONGEST_LOAD: SignedDuration = SignedDuration::from_hours(1);

impl Engine {
    /// Applies what a channel brought, looks at the alarms, and has it stored with where the channel goes on. For whoever runs
    /// the engine without its loop, which writes alarms only after they are shown: here they are written at once.
    ///
    /// # Errors
    /// When the ledger does not take what followed from it.
    pub fn deliver(&mut self, key: &str, channel: Channel, brought: PackedDelivery) -> Result<(), AppError> {
        let taken = self.deliver_and_write_later(key, channel, brought);
        if let Err(error) = self.write_unwritten() {
            tracing::error!(%error, "what became of the alarms is not on disk yet");
        }
        taken
    }

    fn deliver_and_write_later(
        &mut self,
        key: &str,
        channel: Channel,
        brought: PackedDelivery,
    ) -> Result<(), AppError> {
        let Some((mut delivery, mut intake)) = self.begin(key, channel, brought) else {
            return Ok(());
        };
        while self.take_piece(&mut delivery.reading, &mut intake) {}
        self.conclude(key, channel, delivery, intake)
    }

    /// As [`Engine::deliver`], but a large delivery is only begun: [`Engine::take_next_piece`] goes on with it.
    pub(super) fn deliver_by_pieces(
        &mut self,
        key: String,
        channel: Channel,
        brought: PackedDelivery,
    ) -> Result<(), AppError> {
        // A second large one, of another source, finds none being taken in: the loop takes all pieces before it looks at
        // what waits, except what is urgent, and that is small.
        if self.staged.is_some() || brought.delivery.reading.changes.len() <= PIECE {
            return self.deliver_and_write_later(&key, channel, brought);
        }
        if let Some((delivery, intake)) = self.begin(&key, channel, brought) {
            self.staged = Some(Box::new(Staged {
                source: key,
                channel,
                delivery,
                intake,
                region: self.region.clone(),
                changes: Changes::default(),
                meanwhile: vec![],
            }));
        }
        Ok(())
    }

    /// Whether a delivery waits for its next piece to be taken in.
    pub fn is_taking_in(&self) -> bool {
        self.staged.is_some()
    }

    /// Takes the next piece in of a delivery that was begun; with the last one all of it is shown.
    ///
    /// # Errors
    /// When the ledger does not take what followed from it.
    pub(super) fn take_next_piece(&mut self) -> Result<(), AppError> {
        let Some(mut staged) = self.staged.take() else {
            return Ok(());
        };
        if self.source(&staged.source).is_none() {
            return Ok(());
        }
        // The piece is taken in as any other, with the region to come in the place of the one that is shown.
        mem::swap(&mut self.moment.region, &mut staged.region);
        mem::swap(&mut self.region_changes, &mut staged.changes);
        if self.take_piece(&mut staged.delivery.reading, &mut staged.intake) {
            mem::swap(&mut self.moment.region, &mut staged.region);
            mem::swap(&mut self.region_changes, &mut staged.changes);
            self.staged = Some(staged);
            return Ok(());
        }
        self.region_changes.extend(mem::take(&mut staged.changes));
        for step in mem::take(&mut staged.meanwhile) {
            self.change_region(step);
        }
        // What this desk says itself is laid over what came, and not over what stood there before.
        let laid = self.lay_own_labels();
        let concluded = self.conclude(&staged.source, staged.channel, staged.delivery, staged.intake);
        concluded.and(laid)
    }

    /// Nothing of what a source is delivering is shown: it is followed no longer.
    pub(crate) fn drop_staged(&mut self, source: &str) {
        self.staged.take_if(|staged| staged.source == source);
        self.drop_unstored(source);
    }

    /// Changes the region that is shown, and the one that is being made.
    pub(crate) fn change_region(&mut self, step: RegionStep) {
        if let Some(staged) = &mut self.staged {
            staged.meanwhile.push(step.clone());
        }
        self.change_shown_region(step);
    }

    /// Changes the region that is shown alone: what the one that is being made comes to is worked out when it is there.
    pub(crate) fn change_shown_region(&mut self, step: RegionStep) {
        let region = &mut self.moment.region;
        let changes = match step {
            RegionStep::Put(key, fact, written) => region.put(&key, *fact, written),
            RegionStep::Remove(key) => region.remove(&key),
            RegionStep::Lay(label) => region.lay_label(*label),
            RegionStep::Confirm(id, confirmation) => region.lay_confirmation(&id, &confirmation),
            RegionStep::Skew(source, skew) => region.set_skew(&source, skew),
        };
        self.region_changes.extend(changes);
    }

    /// Lets the sums of the sites follow the clock: reservations begin and end, labels run out.
    pub(crate) fn advance_region(&mut self) {
        let moment = &mut self.moment;
        let changes = moment.region.advance(moment.now, &moment.zone);
        self.region_changes.extend(changes);
    }

    /// Nothing where it was on its way when somebody chose to follow this source no longer.
    fn begin(&mut self, key: &str, channel: Channel, brought: PackedDelivery) -> Option<(Delivery, Intake)> {
        self.source(key)?;
        let PackedDelivery {
            delivery,
            changes,
            began,
            received,
        } = brought;
        // Before anything is taken in, since what the source dates is compared by its clock.
        if let Some(server) = delivery.server_date {
            self.measure_clock(key, began, received, server);
        }
        let source = self.source(key)?;
        if !changes.is_empty() {
            tracing::info!(source = key, ?channel, changes = changes.len(), "change received");
        }
        let complete = (!delivery.complete.is_empty()).then(|| Complete {
            kinds: delivery.complete.kinds().cloned().collect(),
            kept: delivery.reading.kept.clone(),
        });
        let write = Write {
            complete,
            changes,
            remarks: Some(remarks(
                &delivery.reading,
                &source.settings.address,
                delivery.everything,
            )),
            ..Write::of(key, self.now())
        };
        Some((delivery, Intake::of(write, source.heard_at(), began)))
    }

    /// Tells what was taken in to the alarms and to the disk.
    fn conclude(
        &mut self,
        key: &str,
        channel: Channel,
        mut delivery: Delivery,
        intake: Intake,
    ) -> Result<(), AppError> {
        let (applied, mut write) = self.finish(&mut delivery.reading, intake);
        if delivery.is_sign_of_life() {
            self.answered_on(key, channel);
        }
        // Of everything, a refused type costs that type alone. Who may not read the stops is blind for them.
        let blind = delivery.refused.first().filter(|_| channel == Channel::Urgent);
        if let Some(error) = delivery.broke_off().or(blind.map(|r| &r.error)) {
            tracing::warn!(source = key, %error, "the round is not whole");
            self.silent_on(key, channel, error.clone());
        }
        write.cursors = self.moved_cursors(key, channel, &delivery);
        self.evaluate_alarms();
        self.store_after_alarms(write);
        applied.map(drop)
    }

    /// Takes a reading in at once: what it changes is in memory when this returns, and nowhere else yet. Facts go over
    /// into the region: what it holds of them afterwards is nothing to go by.
    pub(crate) fn take_in(&mut self, reading: &mut Reading, write: Write) -> (Result<Outcome, AppError>, Write) {
        let mut intake = Intake::of(write, None, self.now());
        while self.take_piece(reading, &mut intake) {}
        self.finish(reading, intake)
    }

    /// Takes the next records in, all but stops. Returns whether there are more.
    fn take_piece(&mut self, reading: &mut Reading, intake: &mut Intake) -> bool {
        let end = (intake.next + PIECE).min(reading.changes.len());
        for at in intake.next..end {
            if let (Some(change), Some(record)) = (reading.changes.get_mut(at), intake.write.changes.get_mut(at))
                && record.key.kind != RecordKind::Stop
            {
                self.take_record(change, record, &mut intake.outcome, &mut intake.stops);
            }
        }
        intake.next = end;
        end < reading.changes.len()
    }

    /// Takes the stops in, and what only the whole of a reading says: what is gone, what was not understood.
    fn finish(&mut self, reading: &mut Reading, intake: Intake) -> (Result<Outcome, AppError>, Write) {
        let Intake {
            mut write,
            heard,
            mut outcome,
            mut stops,
            began,
            ..
        } = intake;
        let now = self.now();
        for (change, record) in reading.changes.iter_mut().zip(&mut write.changes) {
            if record.key.kind == RecordKind::Stop {
                self.take_record(change, record, &mut outcome, &mut stops);
            }
        }
        if let Some(complete) = &mut write.complete {
            // Other channels go on meanwhile: a stop that they told since is not gone because it is not named here.
            let since = self
                .recently_changed
                .iter()
                .filter(|(_, at)| **at > began)
                .map(|(key, _)| key.clone());
            complete.kept.extend(since);
        }
        self.recently_changed
            .retain(|_, at| now.duration_since(*at) < LONGEST_LOAD);
        if let Some(complete) = &write.complete {
            let named = write.changes.iter().map(|c| &c.key).collect();
            let gone = self
                .versions
                .gone(&write.source, &complete.kinds, &named, &complete.kept);
            outcome.removed += gone.len();
            for key in gone {
                self.raw_stops.remove(&key.id);
                self.change_region(RegionStep::Remove(key));
            }
        }
        if let Some(remarks) = &write.remarks {
            self.remark(remarks);
        }
        self.observe_versions(&stops.between_looks(&self.region, now, heard));
        if outcome.changed + outcome.removed == 0 {
            return (Ok(outcome), write);
        }
        let laid = self.lay_own_labels().and_then(|()| self.dissolve_agreed().map(drop));
        self.advance_region();
        (laid.map(|()| outcome), write)
    }

    /// Takes one version of one record in. What only the whole region knows of it is added to what is stored.
    fn take_record(
        &mut self,
        change: &mut Change,
        record: &mut store::Change,
        outcome: &mut Outcome,
        stops: &mut StopVersions,
    ) {
        let key = record.key.clone();
        match (self.versions.judge(record), change) {
            (Applied::Older, _) => outcome.older += 1,
            (_, Change::Put { fact: Fact::Other, .. }) => outcome.kept += 1,
            (Applied::Changed, Change::Delete { .. }) => {
                let known = self.region.stops.get(&key.id);
                if let Some(known) = known.filter(|_| key.kind == RecordKind::Stop) {
                    stops.add_deleted(known, self.region.ours(&key.id, record.updated));
                }
                self.raw_stops.remove(&key.id);
                self.change_region(RegionStep::Remove(key));
                outcome.removed += 1;
            }
            (Applied::Changed, Change::Put { fact, .. }) => {
                let fact = mem::replace(fact, Fact::Other);
                if let Fact::Stop(stop) = &fact {
                    let at = self.region.ours(&key.id, record.updated);
                    stops.add(stop, at, self.region.stops.get(&key.id));
                    self.raw_stops.insert(key.id.clone(), record.raw.clone());
                }
                if let RecordKind::Stop | RecordKind::Note = key.kind {
                    let now = self.now();
                    self.recently_changed.insert(key.clone(), now);
                }
                let place = match &fact {
                    Fact::Place(place) => Some(place.id.clone()),
                    _ => None,
                };
                self.put(key, fact, record.updated);
                // What lies together is asked for together.
                record.site = place.and_then(|id| Some(self.region.site_of(&id)?.0.clone()));
                outcome.changed += 1;
            }
            (Applied::Same, Change::Put { .. }) => outcome.same += 1,
            (Applied::Same, Change::Delete { .. }) => {}
        }
    }

    /// Puts one fact in its place. A score goes on the line of its emergency department too.
    fn put(&mut self, key: RecordKey, fact: Fact, written: Timestamp) {
        if let Fact::Measurement(m) = &fact
            && let Some((score, _)) = m.shown()
        {
            self.moment_mut().trends.add(&key.id, written, score);
        }
        self.change_region(RegionStep::Put(key, Box::new(fact), written));
    }
}
