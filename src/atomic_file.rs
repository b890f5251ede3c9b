//! Files that are whole or not there.
//!
//! Everything is written to `NAME.partial` in the same folder, synced, and renamed over `NAME` at the end, so that a
//! crash, a full disk or a pulled plug leaves the old file or the new one and never half of either. Making the partial
//! file first also finds out in the first second whether the place can be written at all.
//!
//! A link is followed, so that what it points to is renewed. What is no regular file (`/dev/null`, a named pipe) must not be
//! replaced by one: it is written as it is.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

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
    /// When the place cannot be written: the folder is missing or read-only, the path is a folder.
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
        let file = File::create(&partial)?;
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
        let done = file.and_then(|f| f.sync_all()).and_then(|()| fs::rename(partial, &self.path));
        if done.is_err() {
            let _ = fs::remove_file(partial);
        }
        done?;
        sync_folder(&self.path);
        Ok(())
    }
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
            let _ = fs::remove_file(partial);
        }
    }
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
    fn a_file_given_up_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        drop(AtomicFile::create(dir.path().join("model")).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        assert!(AtomicFile::create(dir.path()).is_err());
        assert!(AtomicFile::create(dir.path().join("no/such/folder")).is_err());
    }
}
