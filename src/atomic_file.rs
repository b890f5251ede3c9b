//! Files that are whole or not there.
//!
//! Everything is written to `NAME.partial` in the same folder, synced, and renamed over `NAME` at the end, so that a
//! crash, a full disk or a pulled plug leaves the old file or the new one and never half of either. Making the partial
//! file first also finds out in the first second whether the place can be written at all.
//!
//! Two runs that write the same file would mix their bytes, so the partial file is locked while it is written. A run that is
//! interrupted by the user has time to call `remove_unfinished`; one that is killed leaves the partial file, which the next
//! run overwrites.
//!
//! A link is followed, so that what it points to is renewed. What is no regular file (`/dev/null`, a named pipe) must not be
//! replaced by one: it is written as it is.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The partial files of this process.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the partial files of this process, which is about to end.
#[cfg(feature = "cli")]
pub(crate) fn remove_unfinished() {
    for partial in std::mem::take(&mut *unfinished()) {
        let _ = fs::remove_file(partial);
    }
}

/// A file in the making; dropped without [`commit`](Self::commit) it removes its partial file.
#[derive(Debug)]
pub struct AtomicFile {
    path: PathBuf,
    /// None where the file is written as it is.
    partial: Option<PathBuf>,
    writer: Option<BufWriter<File>>,
}

impl AtomicFile {
    /// Begins a file. A partial file left by a run that was killed is overwritten.
    ///
    /// # Errors
    /// When the place cannot be written: the folder is missing or read-only, the path is a folder, another run is writing it.
    pub fn create(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        let writer = |file| Some(BufWriter::with_capacity(1 << 18, file));
        let path = match fs::metadata(&path) {
            Ok(there) if there.is_dir() => return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
            Ok(there) if !there.is_file() => {
                // Not by its canonical name: what `/dev/stdout` leads to may have none.
                let file = File::options().write(true).open(&path)?;
                return Ok(AtomicFile { path, partial: None, writer: writer(file) });
            }
            Ok(_) => fs::canonicalize(&path)?,
            Err(_) => path,
        };
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = path.with_file_name(name);
        let file = create_locked(&partial)?;
        unfinished().insert(partial.clone());
        Ok(AtomicFile { path, partial: Some(partial), writer: writer(file) })
    }

    /// Syncs the file to disk and gives it its name.
    ///
    /// # Errors
    /// When the disk is full or the rename fails; the old file, if any, is untouched.
    pub fn commit(mut self) -> io::Result<()> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error);
        let Some(partial) = &self.partial else {
            // A device or a pipe has nothing to sync.
            return file.map(drop);
        };
        // Locked until it has its name.
        let synced = file.and_then(|file| file.sync_all().map(|()| file));
        let done = synced.and_then(|file| {
            let mut unfinished = unfinished();
            fs::rename(partial, &self.path)?;
            unfinished.remove(partial);
            Ok(file)
        });
        if done.is_err() {
            remove(partial);
        }
        done?;
        sync_folder(&self.path);
        Ok(())
    }
}

/// Opens a file that no other run is writing, and empties it.
fn create_locked(partial: &Path) -> io::Result<File> {
    loop {
        // Emptied only when locked: until then it is somebody else's.
        let file = File::options().write(true).create(true).truncate(false).open(partial)?;
        match file.try_lock() {
            Ok(()) => {}
            // Where the file system knows no locks, one goes without.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another run is writing {}; wait for it to end", partial.display());
                return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
            }
        }
        // In the meantime the other run may have given the file its name: then this is no partial file any more.
        if is_named(&file, partial)? {
            file.set_len(0)?;
            return Ok(file);
        }
    }
}

/// Whether an open file is the one of this name.
#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (open.dev(), open.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether an open file is the one of this name: here nobody can rename a file that is open.
#[cfg(not(unix))]
fn is_named(_file: &File, _path: &Path) -> io::Result<bool> {
    Ok(true)
}

/// Makes the rename itself durable, where the system can; a failure here loses nothing that was promised.
fn sync_folder(path: &Path) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.writer {
            Some(writer) => writer.write(bytes),
            None => Ok(0),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for AtomicFile {
    fn drop(&mut self) {
        if let (Some(_), Some(partial)) = (self.writer.take(), &self.partial) {
            remove(partial);
        }
    }
}

fn remove(partial: &Path) {
    let mut unfinished = unfinished();
    let _ = fs::remove_file(partial);
    unfinished.remove(partial);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_appears_under_the_name_before_commit() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model");
        fs::write(&path, "old").unwrap();
        let mut file = AtomicFile::create(&path).unwrap();
        file.write_all(b"new").unwrap();
        file.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_what_is_no_file_is_not_replaced() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        use std::os::unix::net::UnixListener;
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        fs::write(&target, "old").unwrap();
        symlink(&target, &link).unwrap();
        let mut file = AtomicFile::create(&link).unwrap();
        file.write_all(b"new").unwrap();
        file.commit().unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        // A socket cannot be opened for writing, and is still there afterwards.
        let socket = dir.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(AtomicFile::create(&socket).is_err());
        assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
        // A pipe by a name that leads nowhere in the file system.
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            let (mut reader, pipe) = io::pipe().unwrap();
            let name = dir.path().join("stdout");
            symlink(format!("/proc/self/fd/{}", pipe.as_raw_fd()), &name).unwrap();
            let mut file = AtomicFile::create(&name).unwrap();
            file.write_all(b"through").unwrap();
            file.commit().unwrap();
            drop(pipe);
            let mut read = String::new();
            io::Read::read_to_string(&mut reader, &mut read).unwrap();
            assert_eq!((read.as_str(), fs::symlink_metadata(&name).unwrap().is_symlink()), ("through", true));
        }
        let mut file = AtomicFile::create("/dev/null").unwrap();
        file.write_all(b"nothing").unwrap();
        file.commit().unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn two_runs_do_not_write_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("model");
        let mut first = AtomicFile::create(&path).unwrap();
        first.write_all(b"first").unwrap();
        let error = AtomicFile::create(&path).unwrap_err().to_string();
        assert!(error.contains("another run is writing") && error.contains("model.partial"), "{error}");
        first.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        // What a killed run has left is overwritten, however long it is.
        fs::write(dir.path().join("model.partial"), "left by a run that was killed").unwrap();
        let mut second = AtomicFile::create(&path).unwrap();
        second.write_all(b"second").unwrap();
        second.commit().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        drop(AtomicFile::create(dir.path().join("model")).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(AtomicFile::create(dir.path()).is_err());
        assert!(AtomicFile::create(dir.path().join("no/such/folder")).is_err());
    }
}
