//! Files that are there whole or not at all: what may be written over, and how a file that is complete gets its name.

use crate::error::{Error, Result};
use std::{fs, io, path::Path};

/// Checks that a file may be written at `path`. What is no file, such as a device or a pipe, is never replaced: a name that is
/// given to a file takes it away from whoever else uses the device.
///
/// # Errors
/// Something that is there and is not to be forced, or is no file.
pub fn check_free(path: &Path, force: bool) -> Result<()> {
    let message = match path.metadata() {
        Ok(there) if there.is_dir() => "is a folder: name a file",
        Ok(there) if !there.is_file() => "is a device or a pipe, and would be replaced by a file: name a file",
        // A link that leads nowhere is there too.
        Err(_) if path.symlink_metadata().is_err() => return Ok(()),
        _ if force => return Ok(()),
        _ => "is there already: name another file, or give --force to replace it",
    };
    Err(Error::usage(message).at_path(path))
}

/// Gives the file at `partial`, which lies in the same folder, the name `path`. One that came there since [`check_free`] is
/// kept, unless it is to be forced: the name is taken in one step where the file system has links, and otherwise after
/// another look.
///
/// # Errors
/// A file that came there, and a file system that does not let it.
pub fn put(partial: &Path, path: &Path, force: bool) -> Result<()> {
    let fails = |error| Error::io(path, error);
    fs::OpenOptions::new().write(true).open(partial).and_then(|file| file.sync_all()).map_err(fails)?;
    if !force {
        match fs::hard_link(partial, path) {
            // With two names it is as complete as with one.
            Ok(()) => return fs::remove_file(partial).map_err(fails),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return check_free(path, false).and(Err(fails(error)));
            }
            Err(_) => {}
        }
    }
    check_free(path, force)?;
    fs::rename(partial, path).map_err(fails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_came_in_between_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let [partial, path] = ["x.partial", "x"].map(|name| folder.path().join(name));
        fs::write(&partial, "new").unwrap();
        put(&partial, &path, false).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), partial.exists()), ("new", false));
        fs::write(&partial, "newer").unwrap();
        let error = put(&partial, &path, false).unwrap_err();
        assert!(error.to_string().contains("is there already"), "{error}");
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), partial.exists()), ("new", true));
        put(&partial, &path, true).unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), partial.exists()), ("newer", false));
    }

    #[test]
    fn what_is_no_file_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        assert!(check_free(&file, false).is_ok());
        fs::write(&file, "").unwrap();
        assert!(check_free(&file, true).is_ok());
        assert!(check_free(&file, false).unwrap_err().to_string().contains("--force"));
        assert!(check_free(folder.path(), true).unwrap_err().to_string().contains("is a folder"));
        #[cfg(unix)]
        {
            let device = check_free(Path::new("/dev/null"), true).unwrap_err().to_string();
            assert!(device.contains("is a device"), "{device}");
            let link = folder.path().join("link");
            std::os::unix::fs::symlink("/dev/null", &link).unwrap();
            assert!(check_free(&link, true).unwrap_err().to_string().contains("is a device"));
            let nowhere = folder.path().join("nowhere");
            std::os::unix::fs::symlink("gone", &nowhere).unwrap();
            assert!(check_free(&nowhere, false).unwrap_err().to_string().contains("--force"));
        }
    }
}
