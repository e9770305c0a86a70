//! A page that was built to a file, in the engine that draws the application's window, and how text stands on a page.

use crate::desktop::{Desktop, Window};
use std::{
    fs,
    path::{Path, PathBuf},
};

impl Desktop {
    /// Opens a page that was built to a file.
    pub async fn open_page(&self, page: &Path) -> Window {
        let window = self.driven(&mini_browser(), &["--automation"]).await;
        let address = url::Url::from_file_path(page).unwrap();
        window.client.goto(address.as_str()).await.unwrap();
        window
    }
}

impl Window {
    /// What is wrong with how text stands in this element: cut off, out of its box, or over other text.
    pub async fn layout_faults(&self, css: &str) -> Vec<String> {
        let element = serde_json::to_value(self.see(css).await).unwrap();
        let found = self.client.execute(include_str!("layout.js"), vec![element]).await;
        serde_json::from_value(found.unwrap()).unwrap()
    }
}

/// The small browser that comes with WebKitGTK (Debian package libwebkit2gtk-4.1-0).
fn mini_browser() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().flatten();
    folders
        .map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.exists())
        .expect("MiniBrowser")
}
