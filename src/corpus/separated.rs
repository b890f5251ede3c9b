//! CSV and TSV with a header, by RFC 4180: quoted newlines, doubled quotes, either line end.
//!
//! The `csv` crate does the parsing. Three things that it leaves to its caller are done here: the line on which a row
//! begins (it gives the line on which the row before ended), rows with too many or too few fields (it can refuse them,
//! but in its own words), and a quote that is never closed, which it takes for the end of a field. See [`Tail`].

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};
use serde_json::Value;

use super::row_format::{ID_FLAG, LABEL_FLAG, MAX_ROW, RowFormat, TEXT_FLAG, split_labels};
use super::source::BUFFER;
use super::unpacking::read_error;
use super::{CorpusError, FacetColumn, Place, ReadOptions, Row};

pub(super) struct Separated {
    records: Records,
    /// The header, trimmed.
    columns: Vec<Arc<str>>,
    facets: Vec<FacetColumn>,
    text: Vec<usize>,
    labels: Vec<usize>,
    id: Option<usize>,
    kept: Vec<usize>,
    separator: String,
    row: u64,
}

impl Separated {
    /// Reads the header and finds the columns.
    pub(super) fn new(
        input: Box<dyn BufRead + Send>,
        name: Arc<str>,
        delimiter: u8,
        options: &ReadOptions,
    ) -> Result<Self, CorpusError> {
        let mut records = Records::new(input, name.clone(), delimiter);
        if !records.advance()? {
            return Err(CorpusError::Empty { file: name });
        }
        let columns = header(&records.record, &name)?;
        let find = |column: &str, flag| position(&columns, column, &name, flag);
        let facets = match &options.facets {
            Some(facets) => facets.clone(),
            None => default_facets(&columns, &options.default_facets, &name, options.labels_needed)?,
        };
        let text = options.text_columns.iter().map(|c| find(c, TEXT_FLAG)).collect::<Result<Vec<_>, _>>()?;
        let labels = facets.iter().map(|f| find(&f.column, LABEL_FLAG)).collect::<Result<Vec<_>, _>>()?;
        let id = options.id_column.as_ref().map(|column| find(column, ID_FLAG)).transpose()?;
        let used = |i: &usize| text.contains(i) || labels.contains(i) || id == Some(*i);
        let kept = if options.keep_columns { (0..columns.len()).filter(|i| !used(i)).collect() } else { Vec::new() };
        let separator = options.label_separator.clone();
        Ok(Separated { records, columns, facets, text, labels, id, kept, separator, row: 0 })
    }

    fn row(&self) -> Result<Row, CorpusError> {
        let record = &self.records.record;
        let place = Place { source: self.records.name.clone(), row: self.row, line: self.records.line };
        if record.len() != self.columns.len() {
            let delimiter = if self.records.delimiter == b'\t' { "tabs" } else { "commas" };
            return Err(CorpusError::Ragged { place, found: record.len(), expected: self.columns.len(), delimiter });
        }
        let cell = |i: usize| {
            std::str::from_utf8(&record[i]).map_err(|error| {
                let (byte, field) = (error.valid_up_to(), format!("field {:?}", self.columns[i]));
                CorpusError::InvalidUtf8 { place: place.clone(), field, byte, found: record[i][byte] }
            })
        };
        let mut text = String::new();
        for &i in &self.text {
            let part = cell(i)?;
            if !text.is_empty() && !part.is_empty() {
                text.push('\n');
            }
            text.push_str(part);
        }
        let mut labels = Vec::with_capacity(self.labels.len());
        for &i in &self.labels {
            labels.push(split_labels(cell(i)?, &self.separator));
        }
        let id = self.id.map(|i| cell(i).map(str::to_owned)).transpose()?;
        let mut columns = Vec::with_capacity(self.kept.len());
        for &i in &self.kept {
            columns.push((self.columns[i].clone(), Value::String(cell(i)?.to_owned())));
        }
        Ok(Row { text, labels, id, columns, place })
    }
}

impl RowFormat for Separated {
    fn facets(&self) -> &[FacetColumn] {
        &self.facets
    }

    fn next_row(&mut self) -> Option<Result<Row, CorpusError>> {
        loop {
            match self.records.advance() {
                Err(error) => return Some(Err(error)),
                Ok(false) => return None,
                Ok(true) => {}
            }
            // The parser skips empty lines; one of blanks only is as empty to its author.
            let record = &self.records.record;
            if record.len() == 1 && self.columns.len() > 1 && record[0].iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.row += 1;
            return Some(self.row());
        }
    }
}

/// The names in the header, trimmed.
fn header(record: &ByteRecord, name: &Arc<str>) -> Result<Vec<Arc<str>>, CorpusError> {
    let names = record.iter().enumerate().map(|(i, field)| match std::str::from_utf8(field) {
        Ok(column) => Ok(column.trim().into()),
        Err(error) => {
            let found = field[error.valid_up_to()];
            Err(CorpusError::HeaderEncoding { file: name.clone(), column: i + 1, found })
        }
    });
    names.collect()
}

/// The one position of a column.
fn position(columns: &[Arc<str>], column: &str, name: &Arc<str>, flag: &'static str) -> Result<usize, CorpusError> {
    let mut matches = columns.iter().enumerate().filter(|(_, there)| &***there == column.trim()).map(|(i, _)| i);
    let (file, column) = (name.clone(), column.to_owned());
    let Some(first) = matches.next() else {
        return Err(CorpusError::MissingColumn { file, column, columns: names(columns), flag });
    };
    match matches.count() {
        0 => Ok(first),
        more => Err(CorpusError::RepeatedColumn { file, column, times: more + 1, flag }),
    }
}

/// Those of the default facets that the header has.
fn default_facets(
    columns: &[Arc<str>],
    defaults: &[FacetColumn],
    name: &Arc<str>,
    needed: bool,
) -> Result<Vec<FacetColumn>, CorpusError> {
    let there = |facet: &&FacetColumn| columns.iter().any(|column| **column == *facet.column);
    let facets: Vec<FacetColumn> = defaults.iter().filter(there).cloned().collect();
    if facets.is_empty() && needed {
        let wanted = defaults.iter().map(|f| f.column.clone()).collect();
        return Err(CorpusError::NoFacets { file: name.clone(), wanted, columns: names(columns) });
    }
    Ok(facets)
}

fn names(columns: &[Arc<str>]) -> Vec<String> {
    columns.iter().map(ToString::to_string).collect()
}

/// The records of the input, one at a time, with the line each begins on.
struct Records {
    reader: Reader<Tail>,
    record: ByteRecord,
    name: Arc<str>,
    delimiter: u8,
    /// 1-based line on which `record` begins.
    line: u64,
    /// The byte that ended `record`.
    ended_by: Option<u8>,
}

impl Records {
    fn new(input: Box<dyn BufRead + Send>, name: Arc<str>, delimiter: u8) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(BUFFER)
            .from_reader(Tail::new(input));
        Records { reader, record: ByteRecord::new(), name, delimiter, line: 1, ended_by: None }
    }

    /// Reads the next record; false at the end.
    fn advance(&mut self) -> Result<bool, CorpusError> {
        // The newline of a CRLF is read with the next record.
        let before = self.reader.position().line() + u64::from(self.ended_by == Some(b'\r'));
        let tail = self.reader.get_mut();
        tail.row_start = tail.given;
        let more = self.reader.read_byte_record(&mut self.record).map_err(|error| match error.into_kind() {
            ErrorKind::Io(error) if matches!(error.get_ref(), Some(inner) if inner.is::<RowTooLong>()) => {
                CorpusError::TooLong { file: self.name.clone(), line: before, limit: MAX_ROW }
            }
            ErrorKind::Io(error) => read_error(&self.name, error),
            // With byte records and flexible lengths the parser raises nothing else.
            other => read_error(&self.name, io::Error::other(format!("{other:?}"))),
        })?;
        // Newlines come back inside the fields, besides the one that may have ended the record.
        let after = self.reader.position();
        let inside = memchr::memchr_iter(b'\n', self.record.as_slice()).count() as u64;
        let tail = self.reader.get_ref();
        if tail.ended.is_some_and(|length| after.byte() > length + 1) {
            // The record reaches into the sentinel: it is the sentinel, or an open quote has swallowed it.
            return if more && (self.record.len() != 1 || &self.record[0] != SENTINEL) {
                Err(CorpusError::OpenQuote {
                    file: self.name.clone(),
                    line: after.line().saturating_sub(inside).max(1),
                })
            } else {
                Ok(false)
            };
        }
        self.ended_by = tail.byte_before(after.byte());
        let end = u64::from(self.ended_by == Some(b'\n'));
        self.line = after.line().saturating_sub(inside + end).max(1);
        Ok(more)
    }
}

/// What is read after the end of the input: it ends the last line and is then a record of its own. If it does not come
/// back as one, a quote was still open. It is told by its position, so the input may hold the same bytes.
const SENTINEL: &[u8] = b"\x1F";
const TAIL: &[u8] = b"\n\x1F\n";

/// The input, then the sentinel.
struct Tail {
    input: Box<dyn BufRead + Send>,
    /// The bytes given out last, as the parser does not show which byte ended a record.
    last: Vec<u8>,
    /// How many bytes were given out, sentinel included.
    given: u64,
    /// `given` when the current row was begun.
    row_start: u64,
    /// The length of the input, once its end was reached.
    ended: Option<u64>,
}

#[derive(Debug, thiserror::Error)]
#[error("row too long")]
struct RowTooLong;

impl Tail {
    fn new(input: Box<dyn BufRead + Send>) -> Self {
        Tail { input, last: Vec::new(), given: 0, row_start: 0, ended: None }
    }

    /// The byte before `position`, if it was given out last.
    fn byte_before(&self, position: u64) -> Option<u8> {
        let start = self.given - self.last.len() as u64;
        let index = position.checked_sub(1)?.checked_sub(start)?;
        self.last.get(usize::try_from(index).ok()?).copied()
    }
}

impl Read for Tail {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given - self.row_start > MAX_ROW {
            return Err(io::Error::other(RowTooLong));
        }
        let mut count = if self.ended.is_none() { self.input.read(buffer)? } else { 0 };
        if count == 0 && !buffer.is_empty() {
            let length = *self.ended.get_or_insert(self.given);
            let mut rest = TAIL.get((self.given - length) as usize..).unwrap_or_default();
            count = rest.read(buffer)?;
            if count == 0 {
                // The parser asks again at the end; what was given last stays what it was.
                return Ok(0);
            }
        }
        self.last.clear();
        self.last.extend_from_slice(&buffer[..count]);
        self.given += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
#[path = "separated_tests.rs"]
mod tests;
