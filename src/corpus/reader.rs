//! Rows from one input or several, whatever their format.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::io::{BufRead, Cursor};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::fasttext::FastText;
use super::jsonl::Jsonl;
use super::row_format::{Lines, RowFormat};
use super::separated::Separated;
use super::source::{counted, text_stream};
use super::{CorpusError, InputFormat, ReadOptions, Row, Source};

/// Reads labelled rows from CSV, TSV, JSONL or fastText lines, one input after another, as one corpus.
///
/// Every row of the input comes out, as a [`Row`] or as an error that says which row it was
/// ([`CorpusError::is_row`]); after any other error the iteration ends. No row at all is no error here: see
/// [`rows_read`](CorpusReader::rows_read).
///
/// ```
/// use wiredesk::corpus::{CorpusReader, ReadOptions};
///
/// let csv = "text,topic\nRain until Sunday,weather\n\"Goal, and again a goal\",sport|leisure\n";
/// let reader = CorpusReader::from_bytes("news.csv", csv, &ReadOptions::default())?;
/// assert_eq!(reader.facets(), ["topic"]);
/// let rows = reader.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(rows[1].text, "Goal, and again a goal");
/// assert_eq!(rows[1].labels[0], ["sport", "leisure"]);
/// # Ok::<(), wiredesk::corpus::CorpusError>(())
/// ```
pub struct CorpusReader {
    current: Option<Box<dyn RowFormat>>,
    waiting: VecDeque<Waiting>,
    options: ReadOptions,
    facets: Vec<String>,
    rows_read: u64,
    bytes: Arc<AtomicU64>,
    total: Option<u64>,
}

/// An input that has been checked and whose turn has not come.
enum Waiting {
    /// A regular file: closed again, as there may be more of them than files that may be open.
    Closed(Source),
    /// Standard input or a pipe, which can be opened only once.
    Open(Box<dyn RowFormat>),
}

impl CorpusReader {
    /// Opens one input. The facets are those of [`ReadOptions::facets`], or those of `topic` and `region` that the
    /// header has; JSON lines have no header, so there both are taken, and one of them may turn out never to occur.
    ///
    /// # Errors
    /// When the input cannot be opened, its format is unknown, or a column is missing, repeated or not named.
    pub fn open(source: &Source, options: &ReadOptions) -> Result<Self, CorpusError> {
        Self::chain(std::slice::from_ref(source), options)
    }

    /// Opens several inputs, to be read in this order. The facets are those of the first, and all others must have
    /// their columns. Every input is opened and checked before the first row comes out.
    ///
    /// # Errors
    /// As [`open`](CorpusReader::open), for any of the inputs; when there is none; when standard input is named twice.
    pub fn chain(sources: &[Source], options: &ReadOptions) -> Result<Self, CorpusError> {
        if sources.is_empty() {
            return Err(CorpusError::NoInput);
        }
        let times = sources.iter().filter(|&source| *source == Source::Stdin).count();
        if times > 1 {
            return Err(CorpusError::StdinTwice { times });
        }
        let mut reader = Self::empty(options)?;
        let mut total = Some(0);
        for source in sources {
            let size = source.size();
            total = total.zip(size).map(|(total, size)| total + size);
            let first = reader.current.is_none();
            let check_only = !first && size.is_some();
            // What is read for a check is no progress: it is read again.
            let bytes = if check_only { Arc::default() } else { reader.bytes.clone() };
            let rows = open_rows(source.open_raw(bytes)?, source.name(), source.format(), &reader.options)?;
            if first {
                reader.begin(rows);
            } else if check_only {
                reader.waiting.push_back(Waiting::Closed(source.clone()));
            } else {
                reader.waiting.push_back(Waiting::Open(rows));
            }
        }
        reader.total = total;
        Ok(reader)
    }

    /// Reads from memory. The name stands in messages and places, and tells the format unless the options do.
    ///
    /// # Errors
    /// As [`open`](CorpusReader::open).
    pub fn from_bytes(name: &str, bytes: impl Into<Vec<u8>>, options: &ReadOptions) -> Result<Self, CorpusError> {
        let bytes = bytes.into();
        let length = bytes.len() as u64;
        let mut reader = Self::from_reader(name, Box::new(Cursor::new(bytes)), options)?;
        reader.total = Some(length);
        Ok(reader)
    }

    /// Reads from any stream, packed or not. The name stands in messages and places, and tells the format unless the
    /// options do.
    ///
    /// # Errors
    /// As [`open`](CorpusReader::open).
    pub fn from_reader(name: &str, input: Box<dyn BufRead + Send>, options: &ReadOptions) -> Result<Self, CorpusError> {
        let mut reader = Self::empty(options)?;
        let format = InputFormat::from_path(name.as_ref());
        let input = counted(input, reader.bytes.clone());
        let rows = open_rows(input, name.into(), format, options)?;
        reader.begin(rows);
        Ok(reader)
    }

    /// The facets, in the order of [`Row::labels`].
    pub fn facets(&self) -> &[String] {
        &self.facets
    }

    /// How many rows have come out, bad ones included. 0 at the end means that there was only a header, or nothing.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// How many bytes of the inputs, packed as they are, have been read so far. Reading goes in large steps.
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The counter behind [`bytes_read`](CorpusReader::bytes_read), for a progress bar that outlives a borrow.
    pub fn byte_counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.bytes)
    }

    /// The size of all inputs together, packed as they are; `None` when one of them is a pipe or standard input.
    pub fn total_bytes(&self) -> Option<u64> {
        self.total
    }

    fn empty(options: &ReadOptions) -> Result<Self, CorpusError> {
        let mut named = HashSet::new();
        for facet in options.facets.iter().flatten() {
            if !named.insert(&facet.facet) {
                return Err(CorpusError::RepeatedFacet { facet: facet.facet.clone() });
            }
        }
        Ok(CorpusReader {
            current: None,
            waiting: VecDeque::new(),
            options: options.clone(),
            facets: Vec::new(),
            rows_read: 0,
            bytes: Arc::default(),
            total: None,
        })
    }

    /// Takes the first input, which says which facets there are.
    fn begin(&mut self, rows: Box<dyn RowFormat>) {
        self.facets = rows.facets().iter().map(|facet| facet.facet.clone()).collect();
        self.options.facets = Some(rows.facets().to_vec());
        self.current = Some(rows);
    }

    fn reopen(&self, source: &Source) -> Result<Box<dyn RowFormat>, CorpusError> {
        open_rows(source.open_raw(self.bytes.clone())?, source.name(), source.format(), &self.options)
    }
}

impl Iterator for CorpusReader {
    type Item = Result<Row, CorpusError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.current.as_mut()?.next_row() {
                if row.as_ref().err().is_none_or(CorpusError::is_row) {
                    self.rows_read += 1;
                } else {
                    self.current = None;
                }
                return Some(row);
            }
            self.current = None;
            let rows = match self.waiting.pop_front()? {
                Waiting::Open(rows) => Ok(rows),
                Waiting::Closed(source) => self.reopen(&source),
            };
            match rows {
                Ok(rows) => self.current = Some(rows),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl fmt::Debug for CorpusReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorpusReader")
            .field("facets", &self.facets)
            .field("rows_read", &self.rows_read)
            .field("total_bytes", &self.total)
            .finish_non_exhaustive()
    }
}

/// The rows of an input in their format.
fn open_rows(
    raw: Box<dyn BufRead + Send>,
    name: Arc<str>,
    format: Option<InputFormat>,
    options: &ReadOptions,
) -> Result<Box<dyn RowFormat>, CorpusError> {
    let plain = if InputFormat::is_plain(name.as_ref().as_ref()) { options.plain_format } else { None };
    let format = match options.format.or(format).or(plain) {
        None => return Err(CorpusError::UnknownFormat { file: name }),
        Some(format) if !format.is_rows() => return Err(CorpusError::NotRows { file: name }),
        Some(format) => format,
    };
    let text = text_stream(raw, &name, options.encoding)?;
    Ok(match format {
        InputFormat::Tsv => Box::new(Separated::new(text, name, b'\t', options)?),
        InputFormat::Jsonl => Box::new(Jsonl::new(Lines::new(text, name), options)),
        InputFormat::FastText => Box::new(FastText::new(Lines::new(text, name), options)?),
        _ => Box::new(Separated::new(text, name, b',', options)?),
    })
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
