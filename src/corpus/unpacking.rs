//! gzip and zstd, told by their first bytes, and what a packed file may grow to.
//!
//! Rows stream, so a file that unpacks to terabytes costs time, not memory; one row or one article is read whole, so these have
//! a longest length, packed or not. What is left is a few kilobytes that keep a machine busy for days, or fill the
//! memory of whoever keeps all rows. So beyond a [floor](Growth::LIMIT) a file must not be more than some hundred times
//! its packed size. Text packs to a third or a twentieth of its size, tables of repeated rows to a hundredth; who has
//! more of it than that unpacks it himself and hands it over as it is.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::CorpusError;
use super::source::{BUFFER, peek};

/// How much a packed file may grow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    /// Up to this many bytes, anything.
    pub(super) floor: u64,
    /// Beyond, so many bytes for each packed one.
    pub(super) times: u64,
}

impl Growth {
    /// gzip packs zeros to a 1,030th, zstd to less than a 10,000th.
    pub(super) const LIMIT: Self = Growth { floor: 1 << 30, times: 200 };

    fn allows(self, packed: u64, unpacked: u64) -> bool {
        unpacked <= self.floor || unpacked <= self.times.saturating_mul(packed)
    }
}

/// The stream itself, or what it unpacks to.
pub(super) fn unpacked(raw: Box<dyn BufRead + Send>, growth: Growth) -> io::Result<Box<dyn BufRead + Send>> {
    let (head, stream) = peek(raw)?;
    let packed = Arc::new(AtomicU64::new(0));
    let taken = Taken { inner: stream, count: packed.clone() };
    let boxed = |inner: Box<dyn Read + Send>, method| {
        let unpacking = Unpacking { inner, method, growth, packed, unpacked: 0 };
        Box::new(BufReader::with_capacity(BUFFER, unpacking)) as Box<dyn BufRead + Send>
    };
    Ok(match head[..] {
        [0x1F, 0x8B, ..] => boxed(Box::new(flate2::bufread::MultiGzDecoder::new(taken)), "gzip"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => boxed(Box::new(zstd::stream::read::Decoder::with_buffer(taken)?), "zstd"),
        _ => taken.inner,
    })
}

/// The right error for a failed read: damage inside a packed file is told from a failing disk.
pub(super) fn read_error(name: &str, error: io::Error) -> CorpusError {
    let file = name.into();
    match error.downcast::<Unpackable>() {
        Ok(Unpackable::Damaged { method, error }) => CorpusError::Decompress { file, method, error },
        Ok(Unpackable::Grown { method, packed, unpacked, times }) => {
            CorpusError::Grown { file, method, packed, unpacked, times }
        }
        Err(error) => CorpusError::Read { file, error },
    }
}

/// Counts the bytes that the decompressor has taken, to the byte.
struct Taken {
    inner: Box<dyn BufRead + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Taken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl BufRead for Taken {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count.fetch_add(amount as u64, Ordering::Relaxed);
        self.inner.consume(amount);
    }
}

/// Names the method in each error of a decompressor, and stops it when it gives too much.
struct Unpacking {
    inner: Box<dyn Read + Send>,
    method: &'static str,
    growth: Growth,
    packed: Arc<AtomicU64>,
    unpacked: u64,
}

#[derive(Debug, thiserror::Error)]
enum Unpackable {
    #[error("{method}: {error}")]
    Damaged { method: &'static str, error: io::Error },
    #[error("{packed} bytes of {method} unpack to {unpacked} bytes and more, over {times} times as many")]
    Grown { method: &'static str, packed: u64, unpacked: u64, times: u64 },
}

impl Read for Unpacking {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let method = self.method;
        let count = self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            kind => io::Error::new(kind, Unpackable::Damaged { method, error }),
        })?;
        self.unpacked += count as u64;
        let (packed, unpacked) = (self.packed.load(Ordering::Relaxed), self.unpacked);
        if !self.growth.allows(packed, unpacked) {
            let times = self.growth.times;
            return Err(io::Error::other(Unpackable::Grown { method, packed, unpacked, times }));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    const SMALL: Growth = Growth { floor: 100_000, times: 20 };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn length(packed: Vec<u8>, growth: Growth) -> Result<u64, CorpusError> {
        let mut stream = unpacked(Box::new(Cursor::new(packed)), growth).unwrap();
        io::copy(&mut stream, &mut io::sink()).map_err(|error| read_error("a.csv", error))
    }

    #[test]
    fn what_grows_too_much_is_stopped_and_what_is_small_or_packs_as_text_does_is_not() {
        let zeros = vec![0; 200_000];
        for packed in [gzip(&zeros), zstd::encode_all(&zeros[..], 19).unwrap()] {
            let error = length(packed.clone(), SMALL).unwrap_err();
            assert!(matches!(error, CorpusError::Grown { times: 20, .. }), "{error}");
            assert_eq!(length(packed, Growth::LIMIT).unwrap(), 200_000);
        }
        assert_eq!(length(gzip(&zeros[..100_000]), SMALL).unwrap(), 100_000);
        let text: String = (0..40_000u64).map(|i| format!("{} ", i * i % 7919)).collect();
        assert_eq!(length(gzip(text.as_bytes()), SMALL).unwrap(), text.len() as u64);
        assert_eq!(length(text.clone().into_bytes(), SMALL).unwrap(), text.len() as u64);
        // Each member for itself would pass, or many small ones would add up to anything.
        let members = gzip(&zeros[..50_000]).repeat(3);
        assert!(matches!(length(members, SMALL).unwrap_err(), CorpusError::Grown { .. }));
    }

    #[test]
    fn the_error_names_both_sizes_and_a_way_out() {
        let packed = gzip(&vec![0; 200_000]);
        let message = length(packed, SMALL).unwrap_err().to_string();
        assert!(message.starts_with("a.csv: "), "{message}");
        assert!(message.contains("more than 20 times") && message.contains("gzip -dc"), "{message}");
    }
}
