//! Where bytes come from, and how they become UTF-8.
//!
//! Compression and byte order marks are told by the first bytes, not by the name, so that they work on standard input
//! as well. Everything streams: memory does not grow with the file.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::decoding::Decoding;
use super::unpacking::{Growth, read_error, unpacked};
use super::{CorpusError, InputFormat};

/// Read in large pieces: the system call is what costs.
pub(super) const BUFFER: usize = 256 * 1024;

/// The longest article, which is read whole: fifty of the longest novels. A paragraph takes 24 bytes beside its text, and a
/// word 40 while it is tagged.
const MAX_TEXT: u64 = 256 << 20;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// `-` is standard input, everything else a path.
    pub fn parse(text: impl Into<PathBuf>) -> Self {
        let path = text.into();
        if path.as_os_str() == "-" { Source::Stdin } else { Source::Path(path) }
    }

    /// The name as the user gave it, `-` for standard input.
    pub fn name(&self) -> Arc<str> {
        match self {
            Source::Path(path) => path.to_string_lossy().into(),
            Source::Stdin => "-".into(),
        }
    }

    /// The format that the name tells, if it does.
    pub fn format(&self) -> Option<InputFormat> {
        match self {
            Source::Path(path) => InputFormat::from_path(path),
            Source::Stdin => None,
        }
    }

    /// Opens for reading: unpacked (gzip, zstd), decoded to UTF-8, without a byte order mark.
    ///
    /// A byte order mark decides before `encoding`. Without either, and with [`UTF_8`], bytes pass unchecked; who
    /// reads the text checks it. In other encodings malformed bytes become U+FFFD, as in a browser.
    ///
    /// # Errors
    /// When the source cannot be opened, is a folder, or begins with NUL bytes although no encoding is given. Later
    /// reads give plain [`io::Error`]s.
    pub fn open(&self, encoding: Option<&'static Encoding>) -> Result<Box<dyn BufRead + Send>, CorpusError> {
        let name = self.name();
        text_stream(self.open_raw(Arc::default())?, &name, encoding)
    }

    /// Reads a whole article: unpacked and then as [`decode`] does.
    ///
    /// # Errors
    /// When the source cannot be opened, read or unpacked, is longer than 256 MiB, or is not text; see [`decode`].
    pub fn read_text(&self, encoding: Option<&'static Encoding>) -> Result<String, CorpusError> {
        let name = self.name();
        let stream =
            unpacked(self.open_raw(Arc::default())?, Growth::LIMIT).map_err(|error| read_error(&name, error))?;
        let mut bytes = Vec::new();
        stream.take(MAX_TEXT + 1).read_to_end(&mut bytes).map_err(|error| read_error(&name, error))?;
        if bytes.len() as u64 > MAX_TEXT {
            return Err(CorpusError::TooLong { file: name, line: 1, limit: MAX_TEXT });
        }
        decode(&name, bytes, encoding)
    }

    /// The size in bytes of a regular file. Anything else (a pipe) has none, and can be opened only once.
    pub(super) fn size(&self) -> Option<u64> {
        match self {
            Source::Stdin => None,
            Source::Path(path) => fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|about| about.len()),
        }
    }

    /// Opens without unpacking or decoding; each byte read is added to `counter`.
    pub(super) fn open_raw(&self, counter: Arc<AtomicU64>) -> Result<Box<dyn BufRead + Send>, CorpusError> {
        let Source::Path(path) = self else {
            return Ok(counted(io::stdin(), counter));
        };
        let failed = |error| CorpusError::Open { file: self.name(), error };
        let file = File::open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.is_dir() {
            return Err(CorpusError::Folder { file: self.name() });
        }
        Ok(counted(file, counter))
    }
}

/// The text of a whole article from its bytes.
///
/// A UTF-16 byte order mark decides before `encoding`. Without either, and with [`UTF_8`], the bytes must be UTF-8 and
/// are taken as they are: a UTF-8 mark stays, so that offsets into the text are offsets into the file
/// ([`Article`](super::Article) leaves it out of the first paragraph). In other encodings malformed bytes become U+FFFD.
///
/// # Errors
/// [`CorpusError::TextEncoding`] with line and offset of the first byte that is not UTF-8;
/// [`CorpusError::NulBytes`] when the text begins with NUL bytes although no encoding is given.
pub fn decode(name: &str, bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<String, CorpusError> {
    if let Some((encoding, mark)) = encoding_of(&bytes, name, encoding)? {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Ok(text.into_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + memchr::memchr_iter(b'\n', &bytes[..byte]).count() as u64;
        CorpusError::TextEncoding { file: name.into(), line, byte, found: bytes[byte] }
    })
}

/// Unpacked and decoded, as [`Source::open`] says.
pub(super) fn text_stream(
    raw: Box<dyn BufRead + Send>,
    name: &str,
    encoding: Option<&'static Encoding>,
) -> Result<Box<dyn BufRead + Send>, CorpusError> {
    let failed = |error| read_error(name, error);
    let (head, mut rest) = peek(unpacked(raw, Growth::LIMIT).map_err(failed)?).map_err(failed)?;
    if let Some((encoding, mark)) = encoding_of(&head, name, encoding)? {
        rest.consume(mark);
        return Ok(Box::new(Decoding::new(rest, encoding.new_decoder_without_bom_handling())));
    }
    if head.starts_with(UTF8_MARK) {
        rest.consume(UTF8_MARK.len());
    }
    Ok(rest)
}

/// The encoding to decode from and the length of its mark; `None` for UTF-8, which needs no decoding.
fn encoding_of(
    head: &[u8],
    name: &str,
    encoding: Option<&'static Encoding>,
) -> Result<Option<(&'static Encoding, usize)>, CorpusError> {
    // The mark of UTF-32, which nothing here reads, begins like that of UTF-16.
    let nul = match head {
        [0xFF, 0xFE, 0, 0, ..] => true,
        [0xEF, 0xBB, 0xBF, ..] => return Ok(None),
        [0xFF, 0xFE, ..] => return Ok(Some((UTF_16LE, 2))),
        [0xFE, 0xFF, ..] => return Ok(Some((UTF_16BE, 2))),
        // Text in ASCII, written as UTF-16 without a mark, has a NUL in its first two bytes.
        [0, ..] | [_, 0, ..] => true,
        _ => false,
    };
    match encoding {
        None if nul => Err(CorpusError::NulBytes { file: name.into() }),
        Some(encoding) if encoding != UTF_8 => Ok(Some((encoding, 0))),
        _ => Ok(None),
    }
}

/// Up to the first four bytes, and the stream with them put back.
pub(super) fn peek(mut stream: Box<dyn BufRead + Send>) -> io::Result<(Vec<u8>, Box<dyn BufRead + Send>)> {
    let mut head = Vec::with_capacity(4);
    // `fill_buf` may give less than four bytes (a pipe), so they are read.
    stream.by_ref().take(4).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(stream))))
}

/// The input, buffered; each byte read is added to `counter`.
pub(super) fn counted(input: impl Read + Send + 'static, counter: Arc<AtomicU64>) -> Box<dyn BufRead + Send> {
    Box::new(BufReader::with_capacity(BUFFER, Counted { inner: input, counter }))
}

struct Counted<R> {
    inner: R,
    counter: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.counter.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
#[path = "source_tests.rs"]
mod tests;
