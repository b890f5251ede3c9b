//! A model file as bytes.
//!
//! The head of the container says how long it is; where that does not fit the file, nothing is read at all. Room is asked
//! for, not taken, so a length that the machine does not have is an error and not the end of the program.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::ModelError;

/// The longest header that safetensors has.
const LONGEST_HEADER: u64 = 100_000_000;

pub(super) fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    let mut file = File::open(path).map_err(ModelError::Read)?;
    let about = file.metadata().map_err(ModelError::Read)?;
    // A pipe has no size.
    let size = about.is_file().then_some(about.len());
    let mut head = Vec::with_capacity(8);
    file.by_ref().take(8).read_to_end(&mut head).map_err(ModelError::Read)?;
    check(&head, size)?;
    let mut bytes = Vec::new();
    let room =
        size.map_or(Ok(8), |size| usize::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory)));
    room.and_then(|room| bytes.try_reserve_exact(room).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory)))
        .map_err(ModelError::Read)?;
    bytes.extend_from_slice(&head);
    match size {
        // A file that grows meanwhile is not read for ever.
        Some(size) => file.take(size.saturating_sub(8)).read_to_end(&mut bytes),
        None => file.read_to_end(&mut bytes),
    }
    .map_err(ModelError::Read)?;
    Ok(bytes)
}

/// Checks the eight bytes that say how long the header is.
fn check(head: &[u8], size: Option<u64>) -> Result<(), ModelError> {
    let container = |what| Err(ModelError::Container(what));
    let Ok(head) = head.try_into() else {
        return container("header too small".into());
    };
    let length = u64::from_le_bytes(head);
    if length > LONGEST_HEADER {
        return container("header too large".into());
    }
    if let Some(size) = size.filter(|&size| size - 8 < length) {
        return container(format!("its header would have {length} bytes, and the file has {size}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        std::fs::write(&path, bytes).unwrap();
        read(&path).unwrap_err().to_string()
    }

    #[test]
    fn a_head_that_does_not_fit_the_file_is_refused_before_the_rest_is_read() {
        assert!(message(b"").contains("header too small"));
        assert!(message(b"{}").contains("header too small"));
        assert!(message(&[0xFF; 100]).contains("header too large"));
        let long = [&99u64.to_le_bytes()[..], b"{}"].concat();
        assert!(message(&long).contains("its header would have 99 bytes, and the file has 10"));
    }

    #[test]
    fn a_file_far_larger_than_memory_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.safetensors");
        std::fs::write(&path, [&2u64.to_le_bytes()[..], b"{}"].concat()).unwrap();
        // Sparse: it takes no room on the disk. Where the file system refuses it, there is nothing to test.
        if File::options().write(true).open(&path).and_then(|file| file.set_len(1 << 43)).is_ok() {
            assert!(matches!(read(&path).unwrap_err(), ModelError::Read(e) if e.kind() == io::ErrorKind::OutOfMemory));
        }
    }
}
