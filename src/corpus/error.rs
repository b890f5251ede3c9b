//! What can go wrong while reading, each said in one line: the place, what was found, what was expected, a way out.

use std::io;
use std::sync::Arc;

use thiserror::Error;

use super::Place;

/// Why an input, or one row of it, could not be read.
///
/// Errors come in two kinds, told apart by [`is_row`](CorpusError::is_row): a *row* error concerns one row, and the
/// rows after it can still be read; all others are fatal, and the reader ends after them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// No input was named at all.
    #[error("no input is named; name at least one file, or - for standard input")]
    NoInput,

    /// Standard input was named more than once; it can be read only once.
    #[error("standard input (-) is named {times} times where it can be read once; name it once")]
    StdinTwice {
        /// How often it was named.
        times: usize,
    },

    /// The file does not exist or may not be read.
    #[error("{file}: cannot be opened ({error}); check the path and its permissions")]
    Open {
        /// The file as the user named it.
        file: Arc<str>,
        /// What the operating system said.
        error: io::Error,
    },

    /// A folder was named instead of a file.
    #[error("{file}: is a folder where a file is expected; name the files in it, for instance {file}/*.csv")]
    Folder {
        /// The folder as the user named it.
        file: Arc<str>,
    },

    /// Reading failed after the file was opened.
    #[error("{file}: cannot be read ({error}); check the disk or the program that writes the pipe")]
    Read {
        /// The file as the user named it.
        file: Arc<str>,
        /// What the operating system said.
        error: io::Error,
    },

    /// The file begins like gzip or zstd but cannot be unpacked.
    #[error(
        "{file}: begins like {method} but cannot be unpacked ({error}); it is damaged or incomplete, copy it again"
    )]
    Decompress {
        /// The file as the user named it.
        file: Arc<str>,
        /// `gzip` or `zstd`.
        method: &'static str,
        /// What the decompressor said.
        error: io::Error,
    },

    /// A packed file that grows far more than text does.
    #[error(
        "{file}: {packed} bytes of {method} unpack to more than {times} times as many ({unpacked} so far), as files do that are made to fill a machine; if it is meant so, unpack it yourself ({method} -dc) and give the result"
    )]
    Grown {
        /// The file as the user named it.
        file: Arc<str>,
        /// `gzip` or `zstd`.
        method: &'static str,
        /// Packed bytes read.
        packed: u64,
        /// What they unpacked to.
        unpacked: u64,
        /// The most times as many that are taken, beyond 1 GiB.
        times: u64,
    },

    /// NUL bytes where text should begin: UTF-16 or UTF-32 without a usable mark, or no text at all.
    #[error(
        "{file}: holds NUL bytes where text should begin; if it is UTF-16, name the encoding, for instance --encoding utf-16le"
    )]
    NulBytes {
        /// The file as the user named it.
        file: Arc<str>,
    },

    /// A whole text (an article) is not valid UTF-8.
    #[error(
        "{file}:{line}: found byte 0x{found:02X} at offset {byte} of the file where UTF-8 is expected; name the encoding, for instance --encoding windows-1252"
    )]
    TextEncoding {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line of the first invalid byte.
        line: u64,
        /// Offset of the first invalid byte from the start of the file, from 0.
        byte: usize,
        /// The invalid byte.
        found: u8,
    },

    /// The header line is not valid UTF-8.
    #[error(
        "{file}: found byte 0x{found:02X} in the header's column {column} where UTF-8 is expected; name the encoding, for instance --encoding windows-1252"
    )]
    HeaderEncoding {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based number of the column.
        column: usize,
        /// The invalid byte.
        found: u8,
    },

    /// One text, line or row is longer than this library takes into memory.
    #[error(
        "{file}:{line}: the text that begins on this line is longer than {limit} bytes; look for a quote that is never closed, or split the text"
    )]
    TooLong {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line on which the text, line or row begins.
        line: u64,
        /// The most bytes that are taken.
        limit: u64,
    },

    /// The name of the file does not tell its format.
    #[error("{file}: the name does not tell the format; give --input-format csv, tsv, jsonl or fasttext")]
    UnknownFormat {
        /// The file as the user named it.
        file: Arc<str>,
    },

    /// Running text where labelled rows are needed.
    #[error("{file}: is running text where rows are expected; give --input-format csv, tsv, jsonl or fasttext")]
    NotRows {
        /// The file as the user named it.
        file: Arc<str>,
    },

    /// No header: the file is empty, or has nothing but blank lines.
    #[error(
        "{file}: is empty where a header line is expected; its first line must name the columns, for instance text,topic"
    )]
    Empty {
        /// The file as the user named it.
        file: Arc<str>,
    },

    /// A column that is to be read does not exist.
    #[error("{file}: has no column {column:?}, only {}; name the right one with {flag}", listed(.columns))]
    MissingColumn {
        /// The file as the user named it.
        file: Arc<str>,
        /// The column that was looked for.
        column: String,
        /// The columns that there are.
        columns: Vec<String>,
        /// The flag that names this column, with its argument.
        flag: &'static str,
    },

    /// A column that is to be read occurs twice in the header.
    #[error(
        "{file}: the header names column {column:?} {times} times where once is expected; rename one of them, or name another with {flag}"
    )]
    RepeatedColumn {
        /// The file as the user named it.
        file: Arc<str>,
        /// The name that occurs more than once.
        column: String,
        /// How often it occurs.
        times: usize,
        /// The flag that names this column, with its argument.
        flag: &'static str,
    },

    /// No facet was named, and none of the default ones is there.
    #[error("{file}: has no label column {}, only {}; name the label column with --label FACET=COLUMN", listed(.wanted).replace(", ", " or "), listed(.columns))]
    NoFacets {
        /// The file as the user named it.
        file: Arc<str>,
        /// The columns that were looked for.
        wanted: Vec<String>,
        /// The columns that there are.
        columns: Vec<String>,
    },

    /// One facet was named twice.
    #[error(
        "facet {facet:?} is named twice; give each --label a facet of its own, for instance --label {facet}2=COLUMN"
    )]
    RepeatedFacet {
        /// The facet.
        facet: String,
    },

    /// fastText lines carry one list of labels, but several facets were asked for.
    #[error(
        "{file}: fastText lines hold one facet where {wanted} are asked for; name one --label, or use CSV or JSONL"
    )]
    FastTextFacets {
        /// The file as the user named it.
        file: Arc<str>,
        /// How many facets were asked for.
        wanted: usize,
    },

    /// fastText lines have no columns, but one was asked for.
    #[error(
        "{file}: fastText lines have no columns where {column:?} is asked for; leave out {flag}, or use CSV or JSONL"
    )]
    FastTextColumns {
        /// The file as the user named it.
        file: Arc<str>,
        /// The column that was asked for.
        column: String,
        /// The flag that names this column, with its argument.
        flag: &'static str,
    },

    /// A quote was opened and the file ended: everything after it was taken for one field.
    #[error(
        "{file}:{line}: the row that begins on this line opens a quote that is never closed; close it, or double it (\"\") inside a field"
    )]
    OpenQuote {
        /// The file as the user named it.
        file: Arc<str>,
        /// 1-based line on which the row begins.
        line: u64,
    },

    /// A row has more or fewer fields than the header (a row error).
    #[error(
        "{place}: row {} has {found} {} where the header has {expected}; quote the fields that hold {delimiter}, quotes or newlines",
        place.row, plural(*.found, "field", "fields")
    )]
    Ragged {
        /// Where the row stood.
        place: Place,
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
        /// What separates fields, in words.
        delimiter: &'static str,
    },

    /// A row is not valid UTF-8 (a row error).
    #[error(
        "{place}: row {} has byte 0x{found:02X} at offset {byte} of its {field} where UTF-8 is expected; name the encoding, for instance --encoding windows-1252",
        place.row
    )]
    InvalidUtf8 {
        /// Where the row stood.
        place: Place,
        /// `line`, or `field` and the name of the column.
        field: String,
        /// Offset of the first invalid byte from the start of the field or line, from 0.
        byte: usize,
        /// The invalid byte.
        found: u8,
    },

    /// A line is broken JSON (a row error).
    #[error("{place}: row {} is broken JSON at column {column} ({problem}); write one whole object on each line", place.row)]
    Json {
        /// Where the row stood.
        place: Place,
        /// 1-based byte of the line at which the parser gave up.
        column: usize,
        /// What the parser said.
        problem: String,
    },

    /// A line is JSON, or something else, but no object (a row error).
    #[error("{place}: row {} begins with {found:?} where a JSON object is expected; write one object on each line, or give another --input-format", place.row)]
    NotAnObject {
        /// Where the row stood.
        place: Place,
        /// How the line begins.
        found: String,
    },

    /// A JSON object has no text, or `null` for it (a row error).
    #[error("{place}: row {} has no text in {} (its other fields: {}); name the right field with --text COLUMN", place.row, listed(.wanted), listed(.fields))]
    MissingText {
        /// Where the row stood.
        place: Place,
        /// The fields that were looked for.
        wanted: Vec<String>,
        /// The other fields of the object.
        fields: Vec<String>,
    },

    /// A JSON field has a type that its use does not allow (a row error).
    #[error("{place}: row {} has {found} in field {field:?} where {expected} is expected; name another field with {flag}", place.row)]
    FieldType {
        /// Where the row stood.
        place: Place,
        /// The field.
        field: String,
        /// What stood there, in words.
        found: &'static str,
        /// What may stand there, in words.
        expected: &'static str,
        /// The flag that names this field, with its argument.
        flag: &'static str,
    },
}

impl CorpusError {
    /// Whether the error concerns a single row, after which reading can go on.
    pub fn is_row(&self) -> bool {
        self.place().is_some()
    }

    /// Where the row stood; `None` for an error that does not concern a single row.
    pub fn place(&self) -> Option<&Place> {
        match self {
            CorpusError::Ragged { place, .. }
            | CorpusError::InvalidUtf8 { place, .. }
            | CorpusError::Json { place, .. }
            | CorpusError::NotAnObject { place, .. }
            | CorpusError::MissingText { place, .. }
            | CorpusError::FieldType { place, .. } => Some(place),
            _ => None,
        }
    }
}

/// The first characters of a text that came from outside, for a message.
pub(super) fn excerpt(text: &str) -> String {
    const CHARS: usize = 40;
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Names in quotes, with control characters escaped (they come from strangers and go to a terminal), not too many.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    if names.is_empty() {
        return "none".to_owned();
    }
    let mut list = names.iter().take(SHOWN).map(|name| format!("{:?}", excerpt(name))).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        list.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    list
}

fn plural(count: usize, one: &'static str, more: &'static str) -> &'static str {
    if count == 1 { one } else { more }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { source: "a.csv".into(), row: 7, line: 12 }
    }

    #[test]
    fn row_errors_tell_their_place_and_fatal_ones_do_not() {
        let ragged = CorpusError::Ragged { place: place(), found: 1, expected: 4, delimiter: "commas" };
        assert!(ragged.is_row());
        assert_eq!(ragged.place(), Some(&place()));
        let quote = CorpusError::OpenQuote { file: "a.csv".into(), line: 3 };
        assert!(!quote.is_row());
        assert_eq!(quote.place(), None);
    }

    #[test]
    fn messages_are_one_line_without_a_final_period_whatever_the_names_hold() {
        let columns: Vec<String> = (0..30).map(|i| format!("c{i}\n\u{1b}[31m")).collect();
        let error = CorpusError::MissingColumn {
            file: "a.csv".into(),
            column: "te\nxt".into(),
            columns,
            flag: "--text COLUMN",
        };
        let message = error.to_string();
        assert!(!message.chars().any(char::is_control), "{message:?}");
        assert!(message.contains("and 10 more; name the right one with --text COLUMN"), "{message}");
        assert!(!message.ends_with('.'));
    }

    #[test]
    fn a_ragged_row_tells_both_numbers() {
        let error = CorpusError::Ragged { place: place(), found: 1, expected: 4, delimiter: "commas" };
        assert_eq!(
            error.to_string(),
            "a.csv:12: row 7 has 1 field where the header has 4; quote the fields that hold commas, quotes or newlines"
        );
    }
}
