//! CSV with a known header, read row by row with line numbers: both files of the gazetteer.

use super::GazetteerError;

/// A table whose header has been checked. One row is in memory at a time.
pub(super) struct Table<'a> {
    file: &'a str,
    text: &'a str,
    columns: usize,
    reader: csv::Reader<&'a [u8]>,
    fields: csv::StringRecord,
}

/// One row, with as many fields as the header.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    file: &'r str,
    text: &'r str,
    fields: &'r csv::StringRecord,
}

impl<'a> Table<'a> {
    /// Reads the header, which must be exactly `header`, the columns joined by commas.
    pub(super) fn open(file: &'a str, text: &'a str, header: &'static str) -> Result<Self, GazetteerError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut table = Table { file, text, columns: 0, reader, fields: csv::StringRecord::new() };
        table.advance()?;
        let found = table.fields.iter().map(str::trim).collect::<Vec<_>>().join(",");
        if found != header {
            let found = found.chars().take(60).collect();
            return Err(GazetteerError::Header { file: file.to_owned(), found, expected: header });
        }
        table.columns = table.fields.len();
        Ok(table)
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, GazetteerError> {
        if !self.advance()? {
            return Ok(None);
        }
        let record = Record { file: self.file, text: self.text, fields: &self.fields };
        if self.fields.len() != self.columns {
            return Err(GazetteerError::Ragged {
                file: self.file.to_owned(),
                line: record.line(),
                found: self.fields.len(),
                expected: self.columns,
            });
        }
        Ok(Some(record))
    }

    fn advance(&mut self) -> Result<bool, GazetteerError> {
        self.reader.read_record(&mut self.fields).map_err(|error| GazetteerError::Csv {
            file: self.file.to_owned(),
            line: error.position().map_or(0, csv::Position::line),
            problem: error.to_string(),
        })
    }
}

impl<'r> Record<'r> {
    /// The name of the file.
    pub(super) fn file(self) -> &'r str {
        self.file
    }

    /// The field of a column, without blanks around it.
    pub(super) fn field(self, column: usize) -> &'r str {
        self.fields.get(column).unwrap_or_default().trim()
    }

    /// The 1-based line on which the row begins; the reader's own count stops before blank lines that it skips.
    pub(super) fn line(self) -> u64 {
        let Some(position) = self.fields.position() else { return 0 };
        let rest = self.text.as_bytes().get(position.byte() as usize..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
        position.line() + blank as u64
    }

    /// The error about one of its fields.
    pub(super) fn error(
        self,
        (field, column): (&'static str, usize),
        expected: &'static str,
        way_out: &'static str,
    ) -> GazetteerError {
        GazetteerError::Field {
            file: self.file.to_owned(),
            line: self.line(),
            field,
            found: self.field(column).chars().take(60).collect(),
            expected,
            way_out,
        }
    }
}
