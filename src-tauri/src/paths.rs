//! Where this desk keeps its files, and that they are its owner's alone (S-12).

use crate::Arguments;
use app::sources::PRACTICE;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The folder of the two databases.
pub(crate) fn data_dir(arguments: &Arguments) -> PathBuf {
    let dir = arguments.data_dir.clone().unwrap_or_else(|| {
        dirs::data_dir().map_or_else(|| PathBuf::from("beddenwacht-data"), |dir| dir.join("beddenwacht"))
    });
    // What is practised must never end up among what is real.
    if arguments.practice { dir.join(PRACTICE) } else { dir }
}

/// Where a person finds what was written for them.
pub(crate) fn downloads(arguments: &Arguments) -> PathBuf {
    dirs::download_dir().unwrap_or_else(|| data_dir(arguments).join("export"))
}

/// Makes the data folder for its owner alone, whatever the umask says.
///
/// The folder that the system names for us is made private also where it was there already. One that a person named may
/// be anything, `/tmp` too, and keeps its rights.
pub(crate) fn make_data_dir(arguments: &Arguments) -> io::Result<PathBuf> {
    let dir = data_dir(arguments);
    private_dir(&dir)?;
    if arguments.data_dir.is_none() {
        make_private(&dir)?;
    }
    Ok(dir)
}

/// Makes a folder for its owner alone, where there is none.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    fs::set_permissions(dir, std::os::unix::fs::PermissionsExt::from_mode(0o700))
}

/// The folder's access list decides, which is the owner's under the user's own data.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on other systems it can fail")]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::os::unix::fs::PermissionsExt;

    fn rights(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn s_12_a_new_data_folder_is_its_owners_alone() {
        rustix::process::umask(rustix::fs::Mode::empty());
        let dir = tempfile::tempdir().unwrap();
        let named = dir.path().join("balie/data");
        let arguments = Arguments::parse_from(["beddenwacht", "--practice", "--data-dir", named.to_str().unwrap()]);
        let made = make_data_dir(&arguments).unwrap();
        assert_eq!(made, named.join(PRACTICE));
        assert_eq!((rights(&made), rights(&named)), (0o700, 0o700));
    }

    #[test]
    fn s_12_a_folder_that_a_person_names_keeps_its_rights() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        make_data_dir(&Arguments::parse_from([
            "beddenwacht",
            "--data-dir",
            dir.path().to_str().unwrap(),
        ]))
        .unwrap();
        assert_eq!(rights(dir.path()), 0o755, "it may be anybody's");
    }
}
