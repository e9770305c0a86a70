//! What is followed: the practice region, regional servers and folders, each in tasks of its own.

use crate::desktop::DesktopApp;
use app::{
    AppError, ErrorCode, Handle,
    commands::Desktop,
    engine::Setup,
    frame::ChannelReport,
    sources::{
        self, FeedError, FolderWatch, Follower, Following, PRACTICE, PollSchedule, Server, Settings, Source,
        SourceRequest,
    },
    text::error_in_words,
};
use sim::{Practice, Scenario, Setup as PracticeSetup};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// The sources that are followed, by their key, and the practice region where one runs.
#[derive(Default)]
pub struct Followed {
    practice: Option<Practice>,
    sources: BTreeMap<String, (Settings, Following)>,
}

impl Followed {
    pub fn ask(&self) {
        self.sources.values().for_each(|(_, f)| f.ask());
    }

    pub fn send(&self) {
        self.sources.values().for_each(|(_, f)| f.send());
    }
}

impl DesktopApp {
    /// Follows each source that the engine names and no other; what is followed already goes on. One source that cannot
    /// be followed is in nobody's way.
    pub(crate) fn follow_what_is_named(&self) {
        let Ok(handle) = self.handle().cloned() else { return };
        let named: Vec<Source> = handle.moment().sources().to_vec();
        let _runtime = tauri::async_runtime::handle().inner().enter();
        let mut followed = self.followed();
        followed
            .sources
            .retain(|_, (settings, _)| named.iter().any(|s| s.settings == *settings));
        for source in named {
            let key = source.settings.key.clone();
            if followed.sources.contains_key(&key) {
                continue;
            }
            let practice = followed.practice.as_ref().map(Practice::url);
            match self.follow(&handle, &source, practice) {
                Ok(Some(following)) => {
                    followed.sources.insert(key, (source.settings, following));
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, address = %source.settings.address, "a source cannot be followed")
                }
            }
        }
    }

    fn follow(
        &self,
        handle: &Handle,
        source: &Source,
        practice: Option<String>,
    ) -> Result<Option<Following>, FeedError> {
        let every = Duration::from_secs(self.arguments.every.max(1));
        let key = &source.settings.key;
        if source.settings.address == PRACTICE {
            // It is followed once its server runs.
            let Some(url) = practice else { return Ok(None) };
            let schedule = PollSchedule {
                all: Duration::from_secs(5),
                urgent: Duration::from_secs(2),
            };
            return Ok(Some(
                Follower::of(handle.clone(), key, Server::new(&url)?).start(schedule),
            ));
        }
        if let Some(folder) = source.folder() {
            let watch = FolderWatch::new(handle.clone(), key, folder);
            return Ok(Some(watch.start(every.min(app::sources::LOOK_EVERY))));
        }
        let schedule = PollSchedule {
            all: every,
            urgent: PollSchedule::default().urgent.min(every),
        };
        Ok(Some(
            Follower::of(handle.clone(), key, source.server()?).start(schedule),
        ))
    }

    /// Starts the simulated region and follows it like any other.
    pub(crate) async fn start_practice(&self) -> Result<(), AppError> {
        let scenario = Scenario::from_name(&self.arguments.scenario).unwrap_or_default();
        let setup = PracticeSetup {
            port: 0,
            seed: self.arguments.seed,
            speed: self.arguments.speed,
            scenario,
            ..PracticeSetup::default()
        };
        let practice = Practice::start(setup, || app::Clock::now(&app::SystemClock))
            .await
            .map_err(|e| AppError::new(ErrorCode::Storage, e.to_string()))?;
        {
            let mut followed = self.followed();
            followed.sources.clear();
            followed.practice = Some(practice);
        }
        let address = PRACTICE.to_owned();
        self.handle()?.set_up(Setup::Practise { address }).await?;
        self.follow_what_is_named();
        Ok(())
    }

    fn refused(&self, error: &FeedError) -> AppError {
        tracing::warn!(%error, "a source");
        AppError::new(ErrorCode::Refused, error_in_words(self.language(), error.code()))
    }

    fn server_of(&self, key: &str) -> Result<Server, AppError> {
        let moment = self.handle()?.moment();
        let source = moment.source(key).ok_or_else(|| AppError::not_found(key))?;
        source.server().map_err(|e| self.refused(&e))
    }

    async fn sign_in_at(&self, key: &str) -> Result<(), AppError> {
        let server = self.server_of(key)?;
        if let Some(account) = server.account() {
            let browser = |url: &url::Url| open::that_detached(url.as_str()).map_err(|e| e.to_string());
            account
                .sign_in(server.base(), browser)
                .await
                .map_err(|e| self.refused(&e))?;
        }
        self.followed().ask();
        Ok(())
    }
}

/// What a screen asks of the machine.
pub struct Requests(pub Arc<DesktopApp>);

impl Desktop for Requests {
    async fn test_channels(&self) -> Result<ChannelReport, AppError> {
        Ok(self.0.try_channels().await)
    }

    async fn open_practice(&self) -> Result<(), AppError> {
        self.0.start_practice().await
    }

    async fn plug_practice(&self, plugged: bool) -> Result<(), AppError> {
        let followed = self.0.followed();
        if let Some(practice) = &followed.practice {
            practice.plug(plugged);
        }
        followed.ask();
        Ok(())
    }

    async fn practice_scenario(&self, name: String) -> Result<(), AppError> {
        let scenario = Scenario::from_name(&name).ok_or_else(|| AppError::not_found(&name))?;
        if let Some(practice) = &self.0.followed().practice {
            practice.set_scenario(scenario);
        }
        Ok(())
    }

    async fn try_connection(&self, request: SourceRequest) -> Result<String, AppError> {
        if let Some(folder) = request.folder().map(std::path::Path::to_owned) {
            let language = self.0.language();
            let looked = tokio::task::spawn_blocking(move || app::sources::look_into(language, &folder)).await;
            return looked.unwrap_or_else(|e| Err(AppError::new(ErrorCode::Unreadable, e.to_string())));
        }
        let server = request.server().map_err(|e| self.0.refused(&e))?;
        let capability = if request.is_person() {
            server.capability().await
        } else {
            sources::try_connection(&server).await
        };
        capability.map(|c| c.software).map_err(|e| self.0.refused(&e))
    }

    /// Follows a source from now on, beside those that are followed; its secret goes into the keyring first.
    async fn add_source(&self, request: SourceRequest) -> Result<(), AppError> {
        let handle = self.0.handle()?;
        let account = request.account().map_err(|e| self.0.refused(&e))?;
        if let Some(secret) = &request.secret {
            let kept = account.keep_secret(Some(secret.clone())).await;
            kept.map_err(|e| self.0.refused(&e))?;
        }
        let practised = self.0.followed().practice.take().is_some();
        if practised {
            handle.set_up(Setup::Unfollow { key: String::new() }).await?;
        }
        let person = request.is_person();
        let key = handle.set_up(Setup::Follow(request)).await?;
        let signed_in = if person { self.0.sign_in_at(&key).await } else { Ok(()) };
        // Whoever did not get through sees the source with what is wrong, and can try again there.
        self.0.follow_what_is_named();
        signed_in
    }

    async fn sign_in(&self, key: String) -> Result<(), AppError> {
        self.0.sign_in_at(&key).await
    }

    /// Follows a source no longer, and forgets its secret.
    async fn remove_source(&self, key: String) -> Result<(), AppError> {
        let account = self.0.server_of(&key).ok().and_then(|s| s.account().cloned());
        self.0.handle()?.set_up(Setup::Unfollow { key }).await?;
        if let Some(account) = account
            && let Err(error) = account.keep_secret(None).await
        {
            tracing::warn!(%error, "a secret stays in the keyring");
        }
        Ok(())
    }

    /// The first picture stands on the screen; measured by `cargo xtask bench`.
    async fn first_picture(&self) -> Result<(), AppError> {
        tracing::info!("first picture");
        self.0.look_after_storage();
        if std::env::var_os("BEDDENWACHT_BENCH").is_some() {
            println!("first picture");
        }
        Ok(())
    }
}
