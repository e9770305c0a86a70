//! Whether the desktop holds notifications back ("niet storen"): a stop would then be told to nobody.

use tokio::process::Command;
use zbus::proxy::{Builder, CacheProperties};

const SERVER: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Asks the notification server, and GNOME's settings. `None` where nobody says; nothing does on Windows and macOS.
pub async fn held_back() -> Option<bool> {
    let said = [
        property(SERVER, "Inhibited").await,
        property("org.dunstproject.cmd0", "paused").await,
        gnome().await,
    ];
    said.into_iter().flatten().reduce(|a, b| a || b)
}

async fn property(interface: &str, name: &str) -> Option<bool> {
    let bus = zbus::Connection::session().await.ok()?;
    let server: zbus::Proxy<'_> = Builder::new(&bus)
        .destination(SERVER)
        .path(PATH)
        .interface(interface)
        .cache_properties(CacheProperties::No)
        .build()
        .await
        .ok()?;
    server.get_property(name).await.ok()
}

/// GNOME keeps it in its settings alone.
async fn gnome() -> Option<bool> {
    std::env::var("XDG_CURRENT_DESKTOP")
        .ok()
        .filter(|d| d.contains("GNOME"))?;
    let asked = Command::new("gsettings")
        .args(["get", "org.gnome.desktop.notifications", "show-banners"])
        .output()
        .await
        .ok()?;
    Some(String::from_utf8_lossy(&asked.stdout).trim() == "false")
}
