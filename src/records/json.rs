//! Records as JSON: each on a line, or in one array.
//!
//! In an array each record begins with what ends the one before, [`NEXT`]; the first stands behind [`BEGIN`] instead.

use super::Record;

/// Begins an array that is not empty.
pub const BEGIN: &[u8] = b"[\n";
/// Stands between two records of an array.
pub const NEXT: &[u8] = b",\n";
/// Ends an array that is not empty.
pub const END: &[u8] = b"\n]\n";
/// The whole of an empty array.
pub const EMPTY: &[u8] = b"[]\n";

/// Appends a record and the end of its line.
///
/// # Errors
/// None that a record can cause; those of serde_json.
pub fn line(record: &Record<'_>, bytes: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *bytes, record)?;
    bytes.push(b'\n');
    Ok(())
}

/// Appends [`NEXT`] and a record.
///
/// # Errors
/// None that a record can cause; those of serde_json.
pub fn element(record: &Record<'_>, bytes: &mut Vec<u8>) -> serde_json::Result<()> {
    bytes.extend_from_slice(NEXT);
    serde_json::to_writer(bytes, record)
}
