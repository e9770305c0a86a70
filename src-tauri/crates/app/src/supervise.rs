//! Tasks that must not end: one that panics or falls silent is started again, counted, and told.

use crate::health::HealthReport;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinSet};

/// Between two starts, doubled each time up to a minute.
const START_AGAIN: Duration = Duration::from_secs(1);
const START_AGAIN_AT_MOST: Duration = Duration::from_secs(60);
/// A task that ran for so long is well again: its next failure is a first one.
const WELL_AGAIN: Duration = Duration::from_secs(3600);

/// The heartbeat of a supervised task.
#[derive(Clone, Debug, Default)]
pub struct Pulse(Arc<Notify>);

impl Pulse {
    /// Still turning.
    pub fn beat(&self) {
        self.0.notify_one();
    }
}

/// Runs what `make` makes for as long as it is not dropped. A task that ends, panics or gives no pulse for `silent_for`
/// is stopped, told to `report`, and made again.
pub async fn supervise<F, W>(name: &str, silent_for: Duration, report: impl Fn(HealthReport), make: F)
where
    F: Fn(Pulse) -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let mut wait = START_AGAIN;
    let mut times = 0_u32;
    loop {
        let pulse = Pulse::default();
        // Dropped with this future, and its task with it.
        let mut tasks = JoinSet::new();
        tasks.spawn(make(pulse.clone()));
        let mut well_again = std::pin::pin!(tokio::time::sleep(WELL_AGAIN));
        loop {
            tokio::select! {
                ended = tasks.join_next() => {
                    let why = ended.and_then(Result::err).map_or_else(|| "it ended".to_owned(), |e| e.to_string());
                    tracing::error!(task = name, %why, "a task failed");
                    break;
                }
                () = pulse.0.notified() => wait = START_AGAIN,
                () = &mut well_again, if !well_again.is_elapsed() => times = 0,
                () = tokio::time::sleep(silent_for) => {
                    tracing::error!(task = name, seconds = silent_for.as_secs(), "a task does not answer");
                    break;
                }
            }
        }
        drop(tasks);
        times = times.saturating_add(1);
        report(HealthReport::TaskRestarted {
            task: name.to_owned(),
            times,
        });
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(START_AGAIN_AT_MOST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    /// The reports of a task that misbehaves, within `for_`.
    async fn reports<F, W>(for_: Duration, make: F) -> Vec<HealthReport>
    where
        F: Fn(Pulse) -> W,
        W: Future<Output = ()> + Send + 'static,
    {
        let told = Mutex::new(vec![]);
        let limit = Duration::from_secs(5);
        let watched = supervise("bulk", limit, |r| told.lock().unwrap().push(r), make);
        let _ = tokio::time::timeout(for_, watched).await;
        told.into_inner().unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn r_15_a_task_that_panics_is_started_again_and_counted() {
        let told = reports(Duration::from_millis(3500), |_| async { panic!("broken") }).await;
        let times: Vec<u32> = told
            .iter()
            .map(|r| match r {
                HealthReport::TaskRestarted { times, .. } => *times,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(times, [1, 2, 3], "at once, after one second, and after two more");
    }

    #[tokio::test(start_paused = true)]
    async fn r_15_a_failure_after_hours_without_one_is_counted_as_a_first_one() {
        let told = reports(Duration::from_secs(4 * 3600), |pulse: Pulse| async move {
            for _ in 0..5_000 {
                pulse.beat();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        })
        .await;
        assert_eq!(told.len(), 2);
        assert!(
            told.iter()
                .all(|r| matches!(r, HealthReport::TaskRestarted { times: 1, .. })),
            "{told:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn r_15_a_task_that_falls_silent_is_started_again_and_one_that_beats_is_left_alone() {
        let silent = reports(Duration::from_secs(12), |_| std::future::pending()).await;
        assert_eq!(silent.len(), 2);
        let beating = reports(Duration::from_secs(60), |pulse: Pulse| async move {
            loop {
                pulse.beat();
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        })
        .await;
        assert!(beating.is_empty(), "{beating:?}");
    }
}
