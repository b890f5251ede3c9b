//! CSV with a known header, read row by row with line numbers: both files of the gazetteer.
//!
//! A file without quotes and carriage returns, as those that ship are, is cut at its line ends and commas where it
//! stands; any other is read by the csv crate, which gives the same rows of such a file, more slowly.

use super::GazetteerError;

/// A table whose header has been checked. One row is in memory at a time.
pub(super) struct Table<'a> {
    file: &'a str,
    text: &'a str,
    columns: usize,
    reader: Reader<'a>,
    /// Where the fields of the row lie in what the reader has read.
    fields: Vec<(usize, usize)>,
    /// Where the row begins in the text, or blank lines before it.
    begin: usize,
}

/// See the head of this file.
enum Reader<'a> {
    /// Where the next row begins.
    Plain(usize),
    Csv(Box<csv::Reader<&'a [u8]>>, csv::StringRecord),
}

/// One row, with as many fields as the header.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    file: &'r str,
    text: &'r str,
    /// What holds the fields.
    row: &'r str,
    fields: &'r [(usize, usize)],
    begin: usize,
}

impl<'a> Table<'a> {
    /// Reads the header, which must be exactly `header`, the columns joined by commas.
    pub(super) fn open(file: &'a str, text: &'a str, header: &'static str) -> Result<Self, GazetteerError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let reader = match memchr::memchr2(b'"', b'\r', text.as_bytes()) {
            None => Reader::Plain(0),
            Some(_) => Reader::csv(text),
        };
        Self::with(reader, file, text, header)
    }

    fn with(reader: Reader<'a>, file: &'a str, text: &'a str, header: &'static str) -> Result<Self, GazetteerError> {
        let mut table = Table { file, text, columns: 0, reader, fields: Vec::with_capacity(8), begin: 0 };
        table.advance()?;
        table.columns = table.fields.len();
        let first = table.record();
        let found = (0..table.columns).map(|column| first.field(column)).collect::<Vec<_>>().join(",");
        if found != header {
            let found = found.chars().take(60).collect();
            return Err(GazetteerError::Header { file: file.to_owned(), found, expected: header });
        }
        Ok(table)
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, GazetteerError> {
        if !self.advance()? {
            return Ok(None);
        }
        let record = self.record();
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

    fn record(&self) -> Record<'_> {
        let row = match &self.reader {
            Reader::Plain(_) => self.text,
            Reader::Csv(_, record) => record.as_slice(),
        };
        Record { file: self.file, text: self.text, row, fields: &self.fields, begin: self.begin }
    }

    /// Reads one row; `false` at the end.
    fn advance(&mut self) -> Result<bool, GazetteerError> {
        self.fields.clear();
        match &mut self.reader {
            Reader::Plain(next) => {
                let bytes = self.text.as_bytes();
                while bytes.get(*next) == Some(&b'\n') {
                    *next += 1;
                }
                self.begin = *next;
                let rest = bytes.get(*next..).unwrap_or_default();
                if rest.is_empty() {
                    return Ok(false);
                }
                let end = *next + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                let mut start = *next;
                for comma in memchr::memchr_iter(b',', &bytes[*next..end]) {
                    self.fields.push((start, *next + comma));
                    start = *next + comma + 1;
                }
                self.fields.push((start, end));
                *next = end + 1;
                Ok(true)
            }
            Reader::Csv(reader, record) => {
                self.begin = reader.position().byte() as usize;
                let more = reader.read_record(record).map_err(|error| GazetteerError::Csv {
                    file: self.file.to_owned(),
                    line: error.position().map_or(0, csv::Position::line),
                    problem: error.to_string(),
                })?;
                let range = |column| record.range(column).map(|range| (range.start, range.end));
                self.fields.extend((0..record.len()).filter_map(range));
                Ok(more)
            }
        }
    }
}

impl<'a> Reader<'a> {
    fn csv(text: &'a str) -> Self {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Reader::Csv(Box::new(reader), csv::StringRecord::new())
    }
}

impl<'r> Record<'r> {
    /// The name of the file.
    pub(super) fn file(self) -> &'r str {
        self.file
    }

    /// The field of a column, without blanks around it.
    #[inline]
    pub(super) fn field(self, column: usize) -> &'r str {
        let field = self.fields.get(column).and_then(|&(start, end)| self.row.get(start..end)).unwrap_or_default();
        match field.as_bytes() {
            // This is how almost all are.
            [] => field,
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => field,
            _ => field.trim(),
        }
    }

    /// The 1-based line on which the row begins.
    pub(super) fn line(self) -> u64 {
        let bytes = self.text.as_bytes();
        // The csv reader skips blank lines only when it reads the row after them.
        let rest = bytes.get(self.begin..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        1 + memchr::memchr_iter(b'\n', &bytes[..bytes.len() - rest.len() + blank]).count() as u64
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All rows, each with its line, and what ended the reading.
    fn rows(reader: Reader<'_>, text: &str) -> Result<Vec<(u64, Vec<String>)>, GazetteerError> {
        let mut table = Table::with(reader, "f.csv", text, "a,b")?;
        let mut rows = Vec::new();
        while let Some(record) = table.next()? {
            rows.push((record.line(), (0..2).map(|column| record.field(column).to_owned()).collect()));
        }
        Ok(rows)
    }

    proptest! {
        #[test]
        fn a_plain_file_has_the_same_rows_either_way(body in "([xé ]{0,2},[y ]{0,2}\n|\n|x,y,\n?|[x ]\n?){0,9}") {
            let text = format!("a,b\n{body}");
            prop_assert_eq!(rows(Reader::Plain(0), &text), rows(Reader::csv(&text), &text));
        }
    }

    #[test]
    fn lines_are_counted_through_quotes_blank_lines_and_carriage_returns() {
        let text = "a,b\r\n\r\n\"x\ny\",1\r\n\n2,3\n4,5";
        let lines: Vec<u64> = rows(Reader::csv(text), text).unwrap().into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, [3, 6, 7]);
    }
}
