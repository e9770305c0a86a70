//! Whether there is a screen to open a window on. The window library would panic where there is none.

/// What is missing, in one sentence.
#[cfg(target_os = "linux")]
pub fn is_there() -> Result<(), String> {
    // It also tries to connect: a name alone says nothing about a display that is gone.
    gtk::init().map_err(|_| {
        "there is no display: neither DISPLAY nor WAYLAND_DISPLAY names one that answers; start it in a graphical session, \
         or use `bedden` in a terminal"
            .to_owned()
    })
}

/// Other systems always have one.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux it can be missing")]
pub fn is_there() -> Result<(), String> {
    Ok(())
}
