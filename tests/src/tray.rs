//! A tray of the test's own: what registers an icon on the bus, and what the icon shows.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};
use zbus::{
    interface,
    message::Header,
    proxy::{Builder, CacheProperties},
};

pub const WATCHER: &str = "org.kde.StatusNotifierWatcher";
pub const WATCHER_PATH: &str = "/StatusNotifierWatcher";

/// An icon as the tray would draw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    pub rgba: Vec<u8>,
    pub width: usize,
    /// Text beside it.
    pub label: String,
}

/// The watcher of `StatusNotifierItem`s; the last one that registered counts.
#[derive(Clone, Default)]
pub struct Tray {
    item: Arc<Mutex<Option<(String, String)>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Tray {
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Either a bus name, or a path on the caller's own connection.
        let item = if service.starts_with('/') {
            (sender, service)
        } else {
            (service, "/StatusNotifierItem".to_owned())
        };
        *self.item.lock().unwrap() = Some(item);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let item = self.item.lock().unwrap();
        item.iter().map(|(service, path)| format!("{service}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Tray {
    /// The icon as it stands, once there is one.
    pub async fn icon(&self, connection: &zbus::Connection) -> Option<Icon> {
        let (service, path) = self.item.lock().unwrap().clone()?;
        let item: zbus::Proxy<'_> = Builder::new(connection)
            .destination(service)
            .path(path)
            .interface("org.kde.StatusNotifierItem")
            .cache_properties(CacheProperties::No)
            .build()
            .await
            .ok()?;
        let name: String = item.get_property("IconName").await.ok()?;
        let folder: String = item.get_property("IconThemePath").await.unwrap_or_default();
        let label: String = item.get_property("XAyatanaLabel").await.unwrap_or_default();
        let file = Path::new(&folder).join(&name);
        let file = [file.clone(), file.with_extension("png"), name.into()]
            .into_iter()
            .find(|f| f.is_file())?;
        let mut reader = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(file).ok()?))
            .read_info()
            .ok()?;
        let mut rgba = vec![0; reader.output_buffer_size()?];
        let info = reader.next_frame(&mut rgba).ok()?;
        Some(Icon {
            rgba,
            width: info.width as usize,
            label,
        })
    }
}
