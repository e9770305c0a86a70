//! Running where nobody has a screen: the window opens on a virtual display for a minute, a picture is taken of it, and
//! what it shows is printed in the terminal from the same data.

use crate::{Failed, packages, step, target};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// Long enough for the practice region's first stop.
const SHOWN_S: u32 = 60;

/// Whether there is no display that a window could open on.
pub fn is_so() -> bool {
    let named = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(target_os = "linux") && !named("DISPLAY") && !named("WAYLAND_DISPLAY")
}

/// Opens the program with these arguments for a minute.
pub fn run(program: &Path, arguments: &[&str]) -> Result<(), Failed> {
    eprintln!(
        "\nThere is no display here, so the window opens on a virtual one for {SHOWN_S} seconds; a picture is taken of it."
    );
    packages::virtual_display()?;
    let named = arguments.iter().enumerate().find_map(|(at, argument)| match *argument {
        "--data-dir" => arguments.get(at + 1).copied(),
        other => other.strip_prefix("--data-dir="),
    });
    let named = named.map(PathBuf::from);
    let own = target().join("run");
    let mut started = Command::new(program);
    started.args(arguments);
    if named.is_none() {
        started.arg("--data-dir").arg(&own);
    }
    let data = named.unwrap_or(own);

    let quiet = |program: &str| {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut screen = quiet("Xvfb");
    screen.args(["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]);
    let (_screen, number) = Running::that_says(&mut screen)?;
    let display = format!(":{number}");
    let mut bus = quiet("dbus-daemon");
    bus.args(["--session", "--nofork", "--print-address=1"]);
    let (_bus, bus) = Running::that_says(&mut bus)?;
    let _manager = Running::of(quiet("openbox").env("DISPLAY", &display))?;
    // Somebody has to take the notifications, or the picture shows the banner that nobody does.
    let on_screen = |command: &mut Command| {
        command.env("DISPLAY", &display).env("DBUS_SESSION_BUS_ADDRESS", &bus);
    };
    let mut notifications = quiet("dunst");
    on_screen(&mut notifications);
    let _notifications = Running::of(&mut notifications)?;
    on_screen(&mut started);
    let mut window = Running::of(&mut started)?;
    for _ in 0..SHOWN_S {
        thread::sleep(Duration::from_secs(1));
        if let Ok(Some(status)) = window.0.try_wait() {
            return Err(format!("{} ended by itself: {status}", program.display()));
        }
    }
    let pictures = target().join("screenshots");
    fs::create_dir_all(&pictures).map_err(|e| e.to_string())?;
    let picture = pictures.join("run.png").display().to_string();
    step(
        Path::new("."),
        "import",
        &["-display", &display, "-window", "root", &picture],
    )?;
    window.ask_to_end();

    let data = if arguments.contains(&"--practice") {
        data.join("oefenregio")
    } else {
        data
    };
    let bedden = program.with_file_name("bedden");
    step(
        Path::new("."),
        &bedden.display().to_string(),
        &["--data-dir", &data.display().to_string(), "region"],
    )?;
    eprintln!(
        "\nThere is no display here, so nobody could look at the window. It was open on a virtual display for {SHOWN_S} seconds;\n\
         its picture is {picture}, and the region above is from the same data, in {}.",
        data.display()
    );
    Ok(())
}

/// A program that ends with this one.
struct Running(Child);

impl Running {
    fn of(command: &mut Command) -> Result<Self, Failed> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.spawn().map(Self).map_err(|e| format!("{name}: {e}"))
    }

    /// Starts it and waits for its first line.
    fn that_says(command: &mut Command) -> Result<(Self, String), Failed> {
        let mut running = Self::of(command.stdout(Stdio::piped()))?;
        let mut line = String::new();
        if let Some(out) = running.0.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
        }
        if line.trim().is_empty() {
            return Err(format!("{} does not start", command.get_program().to_string_lossy()));
        }
        Ok((running, line.trim().to_owned()))
    }

    /// Asks it to end as a log-out does, and waits a little for that.
    fn ask_to_end(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        for _ in 0..50 {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
