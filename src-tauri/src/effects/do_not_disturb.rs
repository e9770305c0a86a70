//! Whether the desktop holds notifications back ("niet storen"): a stop would then be told to nobody.

use super::{Reply, printed};
use std::{env, path::Path, time::Duration};
use tokio::time::timeout;
use zbus::{
    Connection,
    proxy::{Builder, CacheProperties},
};

const SERVER: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Asks the notification server, and GNOME's settings. Nobody says on Windows and macOS.
pub async fn held_back(within: Duration) -> Reply<bool> {
    let bus = match timeout(within, Connection::session()).await {
        Ok(Ok(bus)) => bus,
        Ok(Err(_)) => return Reply::NobodySays,
        Err(_) => return Reply::DoesNotAnswer,
    };
    // GNOME keeps it in its settings alone.
    let gnome = env::var("XDG_CURRENT_DESKTOP").is_ok_and(|desktop| desktop.contains("GNOME"));
    held_back_on(&bus, gnome.then_some(Path::new("gsettings")), within).await
}

async fn held_back_on(bus: &Connection, gsettings: Option<&Path>, within: Duration) -> Reply<bool> {
    let (standard, dunst, gnome) = tokio::join!(
        property(bus, SERVER, "Inhibited", within),
        property(bus, "org.dunstproject.cmd0", "paused", within),
        banners_off(gsettings, within),
    );
    let all = [standard, dunst, gnome];
    // One who says that it holds back is believed, whatever the others do not say.
    [Reply::Said(true), Reply::DoesNotAnswer, Reply::Said(false)]
        .into_iter()
        .find(|reply| all.contains(reply))
        .unwrap_or(Reply::NobodySays)
}

async fn property(bus: &Connection, interface: &str, name: &str, within: Duration) -> Reply<bool> {
    let asked = async {
        let server: zbus::Proxy<'_> = Builder::new(bus)
            .destination(SERVER)
            .path(PATH)
            .interface(interface)
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        server.get_property::<bool>(name).await
    };
    match timeout(within, asked).await {
        Ok(Ok(said)) => Reply::Said(said),
        Ok(Err(_)) => Reply::NobodySays,
        Err(_) => Reply::DoesNotAnswer,
    }
}

async fn banners_off(gsettings: Option<&Path>, within: Duration) -> Reply<bool> {
    let Some(gsettings) = gsettings else {
        return Reply::NobodySays;
    };
    match printed(
        gsettings,
        &["get", "org.gnome.desktop.notifications", "show-banners"],
        within,
    )
    .await
    {
        Reply::Said(said) => Reply::Said(said.trim() == "false"),
        Reply::NobodySays => Reply::NobodySays,
        Reply::DoesNotAnswer => Reply::DoesNotAnswer,
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::effects::hanging;
    use std::{
        io::{BufRead, BufReader},
        process::{Child, Command, Stdio},
    };
    use zbus::interface;

    const SHORT: Duration = Duration::from_millis(500);

    /// A bus that starts nothing by itself: the machine's own notification server must not answer here.
    const CONFIG: &str = r#"<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
        <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>"#;

    /// A bus of the test's own.
    struct Bus(Child, String);

    impl Bus {
        fn start() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let config = dir.path().join("bus.conf");
            std::fs::write(&config, CONFIG).unwrap();
            let mut bus = Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--nofork", "--print-address=1"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .expect("dbus-daemon");
            let mut address = String::new();
            BufReader::new(bus.stdout.take().unwrap())
                .read_line(&mut address)
                .unwrap();
            Self(bus, address.trim().to_owned())
        }

        async fn connect(&self) -> Connection {
            zbus::connection::Builder::address(self.1.as_str())
                .build()
                .await
                .unwrap()
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// A notification server that answers what it is asked, or nothing at all.
    struct Server {
        answers: Option<bool>,
    }

    #[interface(name = "org.freedesktop.Notifications")]
    impl Server {
        #[zbus(property)]
        async fn inhibited(&self) -> bool {
            match self.answers {
                Some(answer) => answer,
                None => std::future::pending().await,
            }
        }
    }

    async fn serve(bus: &Bus, answers: Option<bool>) -> Connection {
        let server = zbus::connection::Builder::address(bus.1.as_str());
        let server = server.name(SERVER).serve_at(PATH, Server { answers });
        server.build().await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn ah_19_a_desktop_that_holds_notifications_back_says_so() {
        let bus = Bus::start();
        let server = serve(&bus, Some(true)).await;
        assert_eq!(held_back_on(&bus.connect().await, None, SHORT).await, Reply::Said(true));
        drop(server);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn ah_19_a_notification_server_that_never_answers_is_told_from_one_that_is_not_there() {
        let bus = Bus::start();
        let asking = bus.connect().await;
        assert_eq!(held_back_on(&asking, None, SHORT).await, Reply::NobodySays);
        let server = serve(&bus, None).await;
        let asked = timeout(Duration::from_secs(5), held_back_on(&asking, None, SHORT)).await;
        assert_eq!(asked.expect("the question has a time limit"), Reply::DoesNotAnswer);
        drop(server);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn ah_19_a_settings_program_that_hangs_is_ended_and_holds_nothing_up() {
        let (bus, dir) = (Bus::start(), tempfile::tempdir().unwrap());
        let gsettings = hanging::program(dir.path(), "gsettings");
        let asking = bus.connect().await;
        let asked = timeout(Duration::from_secs(5), held_back_on(&asking, Some(&gsettings), SHORT)).await;
        assert_eq!(asked.expect("the question has a time limit"), Reply::DoesNotAnswer);
        assert!(hanging::is_gone(dir.path()).await, "the program is still running");
    }
}
