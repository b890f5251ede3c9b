//! Where results go: standard output, or a file that is whole or not there.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::atomic_file::AtomicFile;

use super::failure::Failure;

/// Standard output, with colours where they belong, or a file.
pub enum Output {
    Stdout(Box<BufWriter<anstream::AutoStream<io::Stdout>>>),
    File(AtomicFile, String),
}

impl Output {
    /// Opens the output before any work is done.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: Option<&Path>) -> Result<Self, Failure> {
        match path {
            None => Ok(Output::Stdout(Box::new(BufWriter::with_capacity(1 << 16, anstream::stdout())))),
            Some(path) if path == Path::new("-") => Self::open(None),
            Some(path) => Ok(Output::File(create(path)?, path.display().to_string())),
        }
    }

    /// Writes out what is left and gives a file its name.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Output::Stdout(mut out) => Ok(out.flush()?),
            Output::File(file, name) => file.commit().map_err(|e| cannot_write(&name, &e)),
        }
    }
}

/// Begins a file, or says why it cannot be written.
pub fn create(path: &Path) -> Result<AtomicFile, Failure> {
    AtomicFile::create(path).map_err(|error| match path.parent() {
        Some(folder) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
            let (file, folder) = (path.display(), folder.display());
            Failure::new(format!("{file}: cannot be written (there is no folder {folder}); make it, or choose another place with --output"))
        }
        _ => cannot_write(&path.display().to_string(), &error),
    })
}

/// The failure of a file that cannot be written.
pub fn cannot_write(name: &str, error: &io::Error) -> Failure {
    Failure::new(format!("{name}: cannot be written ({error}); choose another place with --output"))
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Output::Stdout(out) => out.write(bytes),
            Output::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Stdout(out) => out.flush(),
            Output::File(file, _) => file.flush(),
        }
    }
}
