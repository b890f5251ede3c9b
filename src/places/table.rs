//! CSV with a known header, read row by row with line numbers: both files of the gazetteer.

use super::GazetteerError;

/// A checked table: every row has the fields of the header.
pub(super) struct Table<'a> {
    pub(super) file: &'a str,
    pub(super) rows: Vec<Record>,
}

/// One row and its place.
pub(super) struct Record {
    pub(super) line: u64,
    fields: csv::StringRecord,
}

impl Record {
    /// The field of a column, without blanks around it.
    pub(super) fn field(&self, column: usize) -> &str {
        self.fields.get(column).unwrap_or_default().trim()
    }
}

impl<'a> Table<'a> {
    /// Reads all rows below a header that must be exactly `header`, the columns joined by commas.
    pub(super) fn read(file: &'a str, text: &str, header: &'static str) -> Result<Self, GazetteerError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let columns = header.split(',').count();
        let mut rows = Vec::new();
        let mut head = None;
        for record in reader.records() {
            let fields = record.map_err(|error| GazetteerError::Csv {
                file: file.to_owned(),
                line: error.position().map_or(0, csv::Position::line),
                problem: error.to_string(),
            })?;
            if head.is_none() {
                let found = fields.iter().map(str::trim).collect::<Vec<_>>().join(",");
                if found != header {
                    return Err(header_error(file, &found, header));
                }
                head = Some(());
                continue;
            }
            let line = fields.position().map_or(0, |position| line_of(text, position));
            if fields.len() != columns {
                return Err(GazetteerError::Ragged {
                    file: file.to_owned(),
                    line,
                    found: fields.len(),
                    expected: columns,
                });
            }
            rows.push(Record { line, fields });
        }
        match head {
            Some(()) => Ok(Table { file, rows }),
            None => Err(header_error(file, "", header)),
        }
    }

    /// The error about one field of a row.
    pub(super) fn error(
        &self,
        record: &Record,
        (field, column): (&'static str, usize),
        expected: &'static str,
        way_out: &'static str,
    ) -> GazetteerError {
        GazetteerError::Field {
            file: self.file.to_owned(),
            line: record.line,
            field,
            found: record.field(column).chars().take(60).collect(),
            expected,
            way_out,
        }
    }
}

/// The 1-based line on which a row begins; the reader's own count stops before blank lines that it skips.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let rest = text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line() + blank as u64
}

fn header_error(file: &str, found: &str, expected: &'static str) -> GazetteerError {
    GazetteerError::Header { file: file.to_owned(), found: found.chars().take(60).collect(), expected }
}
