//! From the row input flags to rows, in chunks, with bad rows dealt with as asked.

use std::path::PathBuf;

use crate::corpus::{CorpusError, CorpusReader, FacetColumn, InputFormat, ReadOptions, Row, Source};
use crate::tagger::Trainer;

use super::args::{OnBadRow, RowInput};
use super::failure::{Failure, say_error, say_hint, say_warning};
use super::progress::Progress;
use super::style::count;

/// How many bad rows are listed before the rest is only counted.
pub const LISTED: u64 = 20;
/// A chunk ends at this many rows or bytes of text, whichever comes first.
const CHUNK_ROWS: usize = 8192;
const CHUNK_BYTES: usize = 4 << 20;

/// The sources behind paths.
pub fn sources(inputs: &[PathBuf]) -> Vec<Source> {
    inputs.iter().map(|path| Source::parse(path.clone())).collect()
}

/// The options behind the flags.
pub fn read_options(rows: &RowInput) -> Result<ReadOptions, Failure> {
    if rows.label_separator.is_empty() {
        return Err(Failure::Usage("--label-separator is empty; give at least one character, for instance ';'".into()));
    }
    let mut options = ReadOptions {
        format: rows.input_format.map(InputFormat::from),
        label_separator: rows.label_separator.clone(),
        id_column: rows.id.clone(),
        encoding: rows.encoding.as_deref().map(encoding).transpose()?,
        ..ReadOptions::default()
    };
    if !rows.text.is_empty() {
        options.text_columns = rows.text.clone();
    }
    if !rows.label.is_empty() {
        options.facets = Some(rows.label.iter().map(|l| FacetColumn::parse(l)).collect());
    }
    Ok(options)
}

fn encoding(name: &str) -> Result<&'static encoding_rs::Encoding, Failure> {
    encoding_rs::Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        Failure::Usage(format!("--encoding '{name}' is no known encoding; for instance: utf-8, windows-1252, iso-8859-2, shift_jis, gb18030"))
    })
}

/// A reader of all inputs, one after another.
///
/// # Errors
/// Inputs that cannot be opened; names that do not go together are wrong usage.
pub fn open(sources: &[Source], options: &ReadOptions) -> Result<CorpusReader, Failure> {
    CorpusReader::chain(sources, options).map_err(|error| match error {
        CorpusError::NoInput | CorpusError::StdinTwice { .. } | CorpusError::RepeatedFacet { .. } => {
            Failure::Usage(error.to_string())
        }
        other => other.into(),
    })
}

/// The inputs as a message names them.
pub fn names(sources: &[Source]) -> String {
    match sources {
        [] => String::new(),
        [one] => one.name().to_string(),
        [first, rest @ ..] => format!("{} and {}", first.name(), count(rest.len() as u64, "more input")),
    }
}

/// The value of one of a row's remaining columns, which it is kept for: `to` do something that `flag` asks for.
///
/// # Errors
/// When there is no such column.
pub fn column_of(row: &Row, column: &str, to: &str, flag: &str) -> Result<String, Failure> {
    let found = row.columns.iter().find(|(name, _)| **name == *column);
    let (_, value) = found.ok_or_else(|| {
        let columns: Vec<&str> = row.columns.iter().map(|(name, _)| &**name).collect();
        let there = if columns.is_empty() { "nothing".to_owned() } else { format!("only {}", columns.join(", ")) };
        Failure::Usage(format!(
            "{}: has no column '{column}' to {to}, {there} besides text and labels; name the right one with {flag}",
            row.place.source
        ))
    })?;
    Ok(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// The group of each row, the value of a column; without a value (JSON lines may lack the key) a row is a group of its own.
///
/// # Errors
/// When `first` rows are none of them of any group.
pub fn groups(rows: &[Row], column: Option<&str>, first: bool) -> Result<Vec<Option<String>>, Failure> {
    let Some(column) = column else { return Ok(vec![None; rows.len()]) };
    let group = |row| column_of(row, column, "group by", "--group");
    let has_value = |group: &String| !group.trim().is_empty() && group != "null";
    if first && let Some(row) = rows.first().filter(|_| rows.iter().all(|row| group(row).is_err())) {
        group(row)?;
    }
    Ok(rows.iter().map(|row| group(row).ok().filter(has_value)).collect())
}

/// Hands all rows to a trainer.
///
/// # Errors
/// Rows that cannot be read, and what the trainer makes of the others.
pub fn learn(chunks: Chunks, trainer: &mut Trainer, progress: Option<&mut Progress>) -> Result<(), Failure> {
    each_chunk(chunks, |rows| Ok(trainer.add(rows)?), progress)
}

/// Hands all rows over, chunk by chunk; each is read while the one before is worked on.
///
/// # Errors
/// Rows that cannot be read, and what becomes of the others.
pub fn each_chunk(
    mut chunks: Chunks,
    mut work: impl FnMut(&[Row]) -> Result<(), Failure> + Send,
    mut progress: Option<&mut Progress>,
) -> Result<(), Failure> {
    let mut rows = chunks.next_chunk()?;
    while !rows.is_empty() {
        let (learnt, next) = rayon::join(|| work(&rows), || chunks.next_chunk());
        learnt?;
        rows = next?;
        if let Some(progress) = &mut progress {
            progress.update(chunks.reader());
        }
    }
    chunks.finish()
}

/// Rows in chunks; bad rows are listed as they come.
pub struct Chunks {
    reader: CorpusReader,
    policy: OnBadRow,
    bad: u64,
    quiet: bool,
}

impl Chunks {
    /// Chunks of a reader's rows.
    pub fn new(reader: CorpusReader, policy: OnBadRow, quiet: bool) -> Self {
        Chunks { reader, policy, bad: 0, quiet }
    }

    /// The reader behind.
    pub fn reader(&self) -> &CorpusReader {
        &self.reader
    }

    /// The next rows; empty at the end.
    ///
    /// # Errors
    /// A fatal error of the input; with `--on-bad-row error` the twentieth bad row.
    pub fn next_chunk(&mut self) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while rows.len() < CHUNK_ROWS && bytes < CHUNK_BYTES {
            match self.reader.next() {
                None => break,
                Some(Ok(row)) => {
                    bytes += row.text.len();
                    rows.push(row);
                }
                Some(Err(error)) if error.is_row() => self.bad_row(&error)?,
                Some(Err(error)) => return Err(error.into()),
            }
        }
        Ok(rows)
    }

    fn bad_row(&mut self, error: &CorpusError) -> Result<(), Failure> {
        self.bad += 1;
        if self.policy == OnBadRow::Error {
            say_error(&error.to_string());
            if self.bad == LISTED {
                return Err(self.rejected(" (reading stopped there)"));
            }
        } else if self.bad <= LISTED && !self.quiet {
            say_warning(&error.to_string());
        }
        Ok(())
    }

    fn rejected(&self, stopped: &str) -> Failure {
        say_error(&format!("{} cannot be read{stopped}; nothing was written", count(self.bad, "row")));
        say_hint("mend the rows, or leave them out with --on-bad-row skip");
        Failure::Reported
    }

    /// To be called after the last chunk: fails if there were bad rows, or says how many were skipped.
    pub fn finish(&self) -> Result<(), Failure> {
        if self.bad > 0 && self.policy == OnBadRow::Error {
            return Err(self.rejected(""));
        }
        if self.bad > 0 && !self.quiet {
            say_warning(&format!("{} skipped (--on-bad-row skip)", count(self.bad, "row")));
        }
        Ok(())
    }
}
