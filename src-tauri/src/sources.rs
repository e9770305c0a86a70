//! What the shell follows: the practice region, regional servers and folders, each in a task of its own.

use crate::{
    paths::PRACTICE,
    state::{Following, Shell, Window},
};
use app::{
    AppError, Clock, ErrorCode, SystemClock,
    conditions::error_in_words,
    folder::FolderWatch,
    follow::{self, Follower, Outlet, Rhythm},
    source::{FeedError, Server, Source, SourceRequest},
};
use sim::{Practice, Scenario, Setup};
use std::{path::Path, sync::Arc, time::Duration};
use tauri::async_runtime::JoinHandle;
use tokio::sync::Notify;

fn refused(error: &FeedError) -> AppError {
    tracing::warn!(%error, "a source");
    AppError::new(ErrorCode::Refused, error_in_words(error.code()))
}

/// Tries a source; the answer is what it calls itself.
pub async fn try_connection(request: &SourceRequest) -> Result<String, AppError> {
    if let Some(folder) = request.folder() {
        return app::folder::look_into(folder);
    }
    let server = request.server().map_err(|e| refused(&e))?;
    let capability = if request.is_person() {
        server.capability().await
    } else {
        follow::try_connection(&server).await
    };
    capability.map(|c| c.software).map_err(|e| refused(&e))
}

impl Shell {
    /// Follows what was followed last, or what the command line says. One source that cannot be followed is in nobody's
    /// way.
    pub(crate) async fn follow_all(self: &Arc<Self>) -> Result<(), AppError> {
        if let Some(address) = &self.arguments.source {
            let mut desk = self.desk();
            // What is followed with an account stays as it was set up.
            if !desk.sources().iter().any(|s| s.settings.address == *address) {
                desk.set_source(address)?;
            }
        }
        let sources: Vec<_> = self.desk().sources().iter().map(|s| s.settings.clone()).collect();
        for one in sources {
            let followed = if one.address == PRACTICE {
                self.open_practice().await
            } else {
                self.follow_source(&one.key)
            };
            if let Err(error) = followed {
                tracing::error!(%error, address = %one.address, "a source cannot be followed");
            }
        }
        Ok(())
    }

    /// Starts the simulated region and follows it like any other.
    pub async fn open_practice(self: &Arc<Self>) -> Result<(), AppError> {
        let scenario = Scenario::from_name(&self.arguments.scenario).unwrap_or_default();
        let setup = Setup {
            port: 0,
            seed: self.arguments.seed,
            speed: self.arguments.speed,
            scenario,
            ..Setup::default()
        };
        let practice = Practice::start(setup, || SystemClock.now())
            .await
            .map_err(|e| AppError::new(ErrorCode::Storage, e.to_string()))?;
        let url = practice.url();
        {
            let mut desk = self.desk();
            desk.set_source(PRACTICE)?;
            desk.use_example_agreements()?;
            // A practice region begins anew at every start.
            desk.load_anew("")?;
        }
        self.running().practice = Some(practice);
        let rhythm = Rhythm {
            all: Duration::from_secs(5),
            urgent: Duration::from_secs(2),
        };
        let server = Server::new(&url).map_err(|e| refused(&e))?;
        self.follow("", server, rhythm);
        Ok(())
    }

    pub fn plug_practice(&self, plugged: bool) {
        if let Some(practice) = &self.running().practice {
            practice.plug(plugged);
        }
        self.nudge();
    }

    pub fn practice_scenario(&self, name: &str) -> Result<(), AppError> {
        let scenario = Scenario::from_name(name).ok_or_else(|| AppError::not_found(name))?;
        if let Some(practice) = &self.running().practice {
            practice.set_scenario(scenario);
        }
        Ok(())
    }

    /// Follows a source from now on, beside those that are followed; its secret goes into the keyring first.
    pub async fn add_source(self: &Arc<Self>, request: SourceRequest) -> Result<(), AppError> {
        let account = request.account().map_err(|e| refused(&e))?;
        if let Some(secret) = &request.secret {
            account
                .keep_secret(Some(secret.clone()))
                .await
                .map_err(|e| refused(&e))?;
        }
        let practised = self.running().practice.take().is_some();
        if practised {
            self.stop("");
            self.desk().remove_source("")?;
        }
        let key = self.desk().add_source(request)?;
        let person = self.desk().source(&key).is_some_and(Source::is_person);
        let signed_in = if person { self.sign_in(&key).await } else { Ok(()) };
        // Whoever did not get through sees the source with what is wrong, and can try again there.
        self.follow_source(&key).and(signed_in)
    }

    /// Signs a person in with the browser, and asks the source again.
    pub async fn sign_in(self: &Arc<Self>, key: &str) -> Result<(), AppError> {
        let server = self.server_of(key)?;
        if let Some(account) = server.account() {
            let browser = |url: &url::Url| open::that_detached(url.as_str()).map_err(|e| e.to_string());
            account.sign_in(server.base(), browser).await.map_err(|e| refused(&e))?;
        }
        self.nudge();
        Ok(())
    }

    /// Follows a source no longer, and forgets its secret.
    pub async fn remove_source(self: &Arc<Self>, key: &str) -> Result<(), AppError> {
        self.stop(key);
        let account = self.server_of(key).ok().and_then(|s| s.account().cloned());
        self.desk().remove_source(key)?;
        if let Some(account) = account
            && let Err(error) = account.keep_secret(None).await
        {
            tracing::warn!(%error, "a secret stays in the keyring");
        }
        self.changed();
        Ok(())
    }

    fn server_of(&self, key: &str) -> Result<Server, AppError> {
        let desk = self.desk();
        let source = desk.source(key).ok_or_else(|| AppError::not_found(key))?;
        source.server().map_err(|e| refused(&e))
    }

    fn follow_source(self: &Arc<Self>, key: &str) -> Result<(), AppError> {
        let every = Duration::from_secs(self.arguments.every.max(1));
        let folder = self.desk().source(key).and_then(|s| s.folder().map(Path::to_owned));
        if let Some(folder) = folder {
            let outlet: Arc<dyn Outlet> = Arc::new(Window(self.clone()));
            let watch = FolderWatch::new(self.desk.clone(), key, &folder, outlet);
            let task = tauri::async_runtime::spawn(watch.run(every.min(app::folder::LOOK_EVERY)));
            self.replace(key, task, Arc::default());
            return Ok(());
        }
        let rhythm = Rhythm {
            all: every,
            urgent: Rhythm::default().urgent.min(every),
        };
        self.follow(key, self.server_of(key)?, rhythm);
        Ok(())
    }

    fn follow(self: &Arc<Self>, key: &str, server: Server, rhythm: Rhythm) {
        let outlet: Arc<dyn Outlet> = Arc::new(Window(self.clone()));
        let follower = Follower::of(self.desk.clone(), key, server, outlet);
        let nudge = Arc::new(Notify::new());
        let task = tauri::async_runtime::spawn(follower.run(rhythm, nudge.clone()));
        self.replace(key, task, nudge);
    }

    fn replace(&self, key: &str, task: JoinHandle<()>, nudge: Arc<Notify>) {
        let following = Following { task, nudge };
        if let Some(before) = self.running().followers.insert(key.to_owned(), following) {
            before.task.abort();
        }
        self.changed();
    }

    fn stop(&self, key: &str) {
        if let Some(following) = self.running().followers.remove(key) {
            following.task.abort();
        }
    }
}
