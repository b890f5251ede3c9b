//! Where results go: standard output, or a file that is whole or not there.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Once;

use anstream::adapter::StripBytes;

use crate::atomic_file::{self, AtomicFile};

use super::failure::Failure;

/// The exit code of a run that Ctrl-C ended: 128 and the number of the signal, as in a shell.
const INTERRUPTED: i32 = 130;

/// Who reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Colours, on a terminal; none in files and pipes.
    People,
    /// Every byte as it is: a text that happens to hold escape codes keeps them.
    Programs,
}

/// Standard output, with colours where they belong, or a file.
pub enum Output {
    Terminal(Box<BufWriter<anstream::AutoStream<io::Stdout>>>),
    Stdout(BufWriter<io::Stdout>),
    File { file: AtomicFile, name: String, colours: Option<Box<StripBytes>> },
}

impl Output {
    /// Opens the output before any work is done.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: Option<&Path>, readers: For) -> Result<Self, Failure> {
        const BUFFER: usize = 1 << 16;
        let people = readers == For::People;
        match path.filter(|&path| path != Path::new("-")) {
            None if people => Ok(Output::Terminal(Box::new(BufWriter::with_capacity(BUFFER, anstream::stdout())))),
            None => Ok(Output::Stdout(BufWriter::with_capacity(BUFFER, io::stdout()))),
            Some(path) => {
                let colours = people.then(Box::default);
                Ok(Output::File { file: create(path)?, name: path.display().to_string(), colours })
            }
        }
    }

    /// Writes out what is left and gives a file its name.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Output::Terminal(mut out) => Ok(out.flush()?),
            Output::Stdout(mut out) => Ok(out.flush()?),
            Output::File { file, name, .. } => file.commit().map_err(|e| cannot_write(&name, &e)),
        }
    }
}

/// Begins a file, or says why it cannot be written.
pub fn create(path: &Path) -> Result<AtomicFile, Failure> {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // Whoever started this with Ctrl-C ignored (`nohup`, a script's background job) wants it to stay so.
        let _ = ctrlc::try_set_handler(|| {
            atomic_file::remove_unfinished();
            std::process::exit(INTERRUPTED);
        });
    });
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
            Output::Terminal(out) => out.write(bytes),
            Output::Stdout(out) => out.write(bytes),
            Output::File { file, colours: None, .. } => file.write(bytes),
            Output::File { file, colours: Some(colours), .. } => {
                colours.strip_next(bytes).try_for_each(|plain| file.write_all(plain))?;
                Ok(bytes.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Output::Terminal(out) => out.flush(),
            Output::Stdout(out) => out.flush(),
            Output::File { file, .. } => file.flush(),
        }
    }
}
