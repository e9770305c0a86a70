//! Files into the desk, and a hospital's own file to the regional server.

use crate::{paths, print, runtime};
use app::{
    AppError, Clock, Engine, SystemClock,
    sources::{Mapping, Order, SignInKind, SourceRequest, deliver},
};
use clap::Args;
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Who asks. The secret comes from a file, as systemd's LoadCredential lays it, or from the keyring.
#[derive(Debug, Args)]
pub struct Access {
    /// A name, for servers that only know name and password.
    #[arg(long, conflicts_with = "client_id")]
    user: Option<String>,
    /// A service account.
    #[arg(long)]
    client_id: Option<String>,
    /// Where a service account signs in, for a server that does not say so itself.
    #[arg(long, requires = "client_id")]
    issuer: Option<String>,
    #[arg(long)]
    secret_file: Option<PathBuf>,
}

impl Access {
    /// What they make of a source.
    ///
    /// # Errors
    /// When the secret's file cannot be read.
    pub fn request(self, address: &str) -> Result<SourceRequest, AppError> {
        let secret = match &self.secret_file {
            Some(file) => {
                let text = std::fs::read_to_string(file);
                let text = text.map_err(|e| AppError::invalid(format!("{}: {e}", file.display())))?;
                Some(text.trim_end_matches(['\r', '\n']).to_owned())
            }
            None => None,
        };
        let kind = match (&self.user, &self.client_id) {
            (Some(_), _) => SignInKind::Basic,
            (None, Some(_)) => SignInKind::Service,
            (None, None) => SignInKind::None,
        };
        Ok(SourceRequest {
            address: address.to_owned(),
            sign_in: kind,
            user: self.user.or(self.client_id).unwrap_or_default(),
            issuer: self.issuer.unwrap_or_default(),
            secret,
            ..SourceRequest::default()
        })
    }
}

/// One delivery.
#[derive(Debug, Args)]
pub struct Delivery {
    csv: PathBuf,
    #[arg(long)]
    to: String,
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Where to remember what the server has; beside the data when left out.
    #[arg(long)]
    state: Option<PathBuf>,
    /// The hospital really lost over half of its beds.
    #[arg(long)]
    accept_shrunk: bool,
    #[command(flatten)]
    access: Access,
}

impl Delivery {
    /// Delivers, and prints what it did.
    pub fn run(self, dir: Option<PathBuf>) -> Result<(), AppError> {
        let mapping = read_mapping(self.mapping.as_deref())?;
        let state = match self.state {
            Some(state) => state,
            None => paths(dir)?.dir.join("levering.json"),
        };
        let order = Order {
            csv: &self.csv,
            mapping: &mapping,
            state: &state,
            accept_shrunk: self.accept_shrunk,
            now: SystemClock.now(),
        };
        print(&runtime()?.block_on(deliver(&self.access.request(&self.to)?, order))?)
    }
}

#[derive(Serialize)]
struct ImportReport {
    files: Vec<app::sources::FileReport>,
}

fn read_mapping(file: Option<&Path>) -> Result<Mapping, AppError> {
    let read = match file {
        None => Mapping::shipped(),
        Some(file) => {
            let text = std::fs::read_to_string(file);
            Mapping::parse(&text.map_err(|e| AppError::invalid(format!("{}: {e}", file.display())))?)
        }
    };
    let name = file.map_or_else(String::new, |f| format!("{}: ", f.display()));
    read.map_err(|e| AppError::invalid(format!("{name}{e}")))
}

/// Reads files into the desk's cache, or only says what they would be read as.
pub fn import(
    mut desk: Engine,
    files: &[PathBuf],
    mapping: Option<&Path>,
    dry_run: bool,
) -> Result<ExitCode, AppError> {
    let mapping = read_mapping(mapping)?;
    if dry_run {
        for file in files {
            print(&desk.try_mapping(file, &mapping)?)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut reports = vec![];
    let mut failed = None;
    for file in files {
        // Each file is on disk before it is reported.
        let imported = desk.import_as(file, "", &mapping);
        match imported.and_then(|report| desk.wait_until_stored().map(|()| report)) {
            Ok(report) => reports.push(report),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    print(&ImportReport { files: reports })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(ExitCode::SUCCESS),
    }
}
