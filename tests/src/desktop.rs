//! A desktop of the test's own: an X screen, a session bus, a notification daemon that writes down what it is told,
//! and the application in its real window, driven by WebKitWebDriver.

use crate::{
    Running, free_port,
    loudspeaker::{self, Recording},
    notifications::{Daemon, Received, Wedged},
    program, target,
    tray::{self, Icon, Tray},
    until,
};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::Ordering,
    time::Duration,
};
use tempfile::TempDir;

/// Who listens for notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listener {
    /// A daemon of the test's own that writes down what it is told.
    Recorder,
    /// dunst, as people run it.
    Dunst,
    /// Somebody who has the name on the bus and never answers.
    Wedged,
    Nobody,
}

/// What a desktop consists of.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    pub screen: &'static str,
    /// Who listens for notifications on the bus.
    pub notifications: Listener,
    /// A loudspeaker that can be listened to.
    pub sound: bool,
    /// The system's keyring, unlocked.
    pub keyring: bool,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            screen: "1920x1080",
            notifications: Listener::Recorder,
            sound: false,
            keyring: false,
        }
    }
}

/// The desktop.
pub struct Desktop {
    pub dir: TempDir,
    display: String,
    bus: String,
    daemon: Daemon,
    tray: Tray,
    connection: zbus::Connection,
    _running: Vec<Running>,
}

impl Desktop {
    /// Starts a screen of 1920 by 1080, a bus and the notification daemon.
    pub async fn start() -> Self {
        Self::of(Parts::default()).await
    }

    /// Starts a desktop of these parts.
    pub async fn of(parts: Parts) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut screen = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                &format!("{}x24", parts.screen),
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb");
        let display = format!(":{}", first_line(screen.stdout.take().unwrap()));
        let mut session = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon");
        let bus = first_line(session.stdout.take().unwrap());
        let manager = Command::new("openbox")
            .env("DISPLAY", &display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("openbox");
        let (daemon, tray) = (Daemon::default(), Tray::default());
        let mut connection = zbus::connection::Builder::address(bus.as_str())
            .name(tray::WATCHER)
            .serve_at(tray::WATCHER_PATH, tray.clone());
        let name = "org.freedesktop.Notifications";
        let path = "/org/freedesktop/Notifications";
        match parts.notifications {
            Listener::Recorder => connection = connection.name(name).serve_at(path, daemon.clone()),
            Listener::Wedged => connection = connection.name(name).serve_at(path, Wedged),
            Listener::Dunst | Listener::Nobody => {}
        }
        let connection = connection.build().await.unwrap();
        let mut running = vec![Running(screen), Running(session), Running(manager)];
        let home = dir.path().join("home");
        fs::create_dir_all(&home).unwrap();
        if parts.sound {
            running.push(loudspeaker::start(&home).await);
        }
        if parts.keyring {
            running.push(unlocked_keyring(&home, &bus));
        }
        let desktop = Self {
            dir,
            display,
            bus,
            daemon,
            tray,
            connection,
            _running: running,
        };
        if parts.notifications == Listener::Dunst {
            desktop
                .command(Path::new("dunst"))
                .kill_on_drop(false)
                .spawn()
                .expect("dunst");
            until("dunst listens", 20, async || desktop.dunst(&["count"]).await.is_some()).await;
        }
        desktop
    }

    /// What dunst says, where it runs.
    pub async fn dunst(&self, arguments: &[&str]) -> Option<String> {
        let said = self
            .command(Path::new("dunstctl"))
            .args(arguments)
            .output()
            .await
            .ok()?;
        said.status
            .success()
            .then(|| String::from_utf8_lossy(&said.stdout).into_owned())
    }

    /// The notifications received so far.
    pub fn received(&self) -> Vec<Received> {
        self.daemon.received.lock().unwrap().clone()
    }

    /// Asks the desktop not to disturb, or to do so again.
    pub fn do_not_disturb(&self, on: bool) {
        self.daemon.inhibited.store(on, Ordering::Relaxed);
    }

    /// The icon in the tray.
    pub async fn tray(&self) -> Option<Icon> {
        self.tray.icon(&self.connection).await
    }

    /// Presses a button in a notification.
    pub async fn press(&self, id: u32, action: &str) {
        let server = self.connection.object_server();
        let daemon = server
            .interface::<_, Daemon>("/org/freedesktop/Notifications")
            .await
            .unwrap();
        Daemon::action_invoked(daemon.signal_emitter(), id, action)
            .await
            .unwrap();
    }

    /// What xprop says of a window, or of the screen with `-root`.
    pub async fn property(&self, of: &[&str]) -> String {
        let said = self.command(Path::new("xprop")).args(of).output().await.unwrap();
        String::from_utf8_lossy(&said.stdout).into_owned()
    }

    /// Listens to the loudspeaker from now on.
    pub fn listen(&self) -> Recording {
        Recording::of(&self.dir.path().join("home"), self.dir.path().join("heard.raw"))
    }

    /// Mutes the loudspeaker, or makes it loud again.
    pub async fn mute(&self, mute: bool) {
        let told = self
            .command(Path::new("pactl"))
            .args(["set-sink-mute", "test", if mute { "1" } else { "0" }])
            .status()
            .await;
        assert!(told.unwrap().success());
    }

    /// The address that the application opened in the browser last, taken away.
    pub fn opened(&self) -> Option<url::Url> {
        let file = self.dir.path().join("home/opened");
        let address = fs::read_to_string(&file).ok()?.trim().parse().ok()?;
        fs::remove_file(file).ok()?;
        Some(address)
    }

    /// A program on this screen and this bus.
    pub fn command(&self, program: &Path) -> tokio::process::Command {
        let home = self.dir.path().join("home");
        let mut command = tokio::process::Command::new(program);
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", &home)
            .env("PATH", self.path())
            .env("HOME", home)
            .kill_on_drop(true);
        command
    }

    /// Lets a program hang for whoever starts it on this desktop from now on.
    pub fn wedge(&self, program: &str) {
        self.own_program(program, "exec sleep 600");
    }

    fn own_program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let own = self.dir.path().join("bin");
        fs::create_dir_all(&own).unwrap();
        let path = own.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The programs of this machine, but for the one that opens a browser: that one only writes down the address.
    fn path(&self) -> std::ffi::OsString {
        let own = self.dir.path().join("bin");
        if !own.join("xdg-open").exists() {
            self.own_program("xdg-open", "echo \"$1\" > \"$HOME/opened\"");
        }
        let others = std::env::var_os("PATH").unwrap_or_default();
        std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&others))).unwrap()
    }

    /// Starts the application once more beside a running one; whether it ended by itself.
    pub async fn start_again(&self, arguments: &[&str]) -> bool {
        let mut command = self.command(&program("beddenwacht"));
        let mut second = command
            .arg("--data-dir")
            .arg(self.dir.path().join("data"))
            .args(arguments)
            .spawn()
            .unwrap();
        tokio::time::timeout(Duration::from_secs(20), second.wait())
            .await
            .is_ok()
    }

    /// Opens the application in its real window.
    pub async fn open(&self, arguments: &[&str]) -> Window {
        self.open_program(&program("beddenwacht"), arguments).await
    }

    /// Opens a build of the application in its real window.
    pub async fn open_program(&self, program: &Path, arguments: &[&str]) -> Window {
        // A window that is still closing would be taken for the one that is to be raised.
        let bus = zbus::fdo::DBusProxy::new(&self.connection).await.unwrap();
        until("an earlier window is gone", 30, async || {
            let names = bus.list_names().await.unwrap_or_default();
            !names.iter().any(|n| n.as_str().contains("SingleInstance"))
        })
        .await;
        let data = self.dir.path().join("data").display().to_string();
        let arguments: Vec<&str> = ["--data-dir", &data]
            .into_iter()
            .chain(arguments.iter().copied())
            .collect();
        self.driven(program, &arguments).await
    }

    /// A program whose web view is driven.
    pub(crate) async fn driven(&self, binary: &Path, arguments: &[&str]) -> Window {
        let options = serde_json::json!({ "binary": binary.display().to_string(), "args": arguments });
        let capabilities: serde_json::Map<_, _> =
            [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
        for _ in 0..3 {
            if let Some(window) = self.try_open(&capabilities).await {
                return window;
            }
        }
        panic!(
            "the window does not open; see {}",
            self.dir.path().join("webdriver.log").display()
        );
    }

    /// One driver and one session; none within half a minute is given up together with its driver.
    async fn try_open(&self, capabilities: &serde_json::Map<String, serde_json::Value>) -> Option<Window> {
        let port = free_port();
        let log = fs::File::create(self.dir.path().join("webdriver.log")).unwrap();
        let driver = self
            .command(Path::new("WebKitWebDriver"))
            .arg(format!("--port={port}"))
            .env("USER", "wan-hoofd")
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("WebKitWebDriver");
        let address = format!("http://127.0.0.1:{port}");
        let connected = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let mut builder = ClientBuilder::new(HttpConnector::new());
                if let Ok(client) = builder.capabilities(capabilities.clone()).connect(&address).await {
                    return client;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
        let client = connected.await.ok()?;
        Some(Window {
            client,
            display: self.display.clone(),
            data: self.dir.path().join("data").display().to_string(),
            _driver: driver,
        })
    }
}

/// gnome-keyring, unlocked as by whoever logs in; the password comes on its standard input.
fn unlocked_keyring(home: &Path, bus: &str) -> Running {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon");
    daemon.stdin.take().unwrap().write_all(b"test").unwrap();
    Running(daemon)
}

fn first_line(from: impl std::io::Read) -> String {
    let mut line = String::new();
    BufReader::new(from).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// The application's window.
pub struct Window {
    pub client: Client,
    display: String,
    data: String,
    _driver: tokio::process::Child,
}

impl Window {
    /// Waits for something on the screen.
    pub async fn see(&self, css: &str) -> fantoccini::elements::Element {
        self.client
            .wait()
            .at_most(Duration::from_secs(30))
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|e| panic!("{css} is not on the screen: {e}"))
    }

    pub async fn gone(&self, css: &str) {
        until(&format!("{css} leaves the screen"), 20, async || {
            self.client.find(Locator::Css(css)).await.is_err()
        })
        .await;
    }

    /// The text of something on the screen.
    pub async fn text(&self, css: &str) -> String {
        // WebKit's own "get text" finds none in a button that is laid out as a grid.
        let text = self.see(css).await.prop("innerText").await;
        text.ok().flatten().unwrap_or_default()
    }

    pub async fn click(&self, css: &str) {
        self.see(css)
            .await
            .click()
            .await
            .unwrap_or_else(|e| panic!("{css} cannot be pressed: {e}"));
    }

    /// Presses keys, wherever the focus is.
    pub async fn keys(&self, keys: &str) {
        use fantoccini::actions::{InputSource, KeyAction, KeyActions};
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.unwrap();
        tokio::time::sleep(Duration::from_millis(80)).await;
    }

    /// Presses one key while Shift or Control is held.
    pub async fn chord(&self, modifier: char, keys: &str) {
        use fantoccini::actions::{InputSource, KeyAction, KeyActions};
        let mut actions = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value: modifier });
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client
            .perform_actions(actions.then(KeyAction::Up { value: modifier }))
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(80)).await;
    }

    /// What a script finds out about the screen.
    pub async fn measure(&self, script: &str) -> serde_json::Value {
        self.client
            .execute(script, vec![])
            .await
            .unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// Puts the screen in its day or night theme.
    pub async fn set_night(&self, night: bool) {
        let is = self.see("html").await.attr("data-night").await.unwrap();
        if (is.as_deref() == Some("true")) != night {
            self.keys("n").await;
        }
    }

    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.map_or(0, |all| all.len())
    }

    /// A picture of the whole screen in target/screenshots, for a person to look at.
    pub async fn picture(&self, name: &str) -> PathBuf {
        // What the page says is drawn a frame later, and on a busy machine much later.
        let two_frames = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))";
        let drawn = self.client.execute_async(two_frames, vec![]);
        let _ = tokio::time::timeout(Duration::from_secs(10), drawn).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let dir = target().join("screenshots");
        let path = dir.join(format!("{name}.png"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let done = Command::new("import")
            .args(["-display", &self.display, "-window", "root"])
            .arg(&path)
            .status()
            .expect("import (ImageMagick)");
        assert!(done.success(), "no picture {name}");
        path
    }

    /// Ends the application as a power cut would.
    pub async fn kill(self) {
        let _ = Command::new("pkill").args(["-9", "-f", &self.data]).status();
        let _ = tokio::time::timeout(Duration::from_secs(3), self.client.close()).await;
    }

    pub async fn close(self) {
        // A driver whose window is gone may not answer any more.
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.close()).await;
        // The driver may go before it has ended the application; no other process names this folder.
        let _ = Command::new("pkill").args(["-f", &self.data]).status();
    }
}
