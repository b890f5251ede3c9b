//! What the readers of the row formats have in common.

use std::collections::HashSet;
use std::io::{self, BufRead, Read};
use std::sync::Arc;

use super::unpacking::read_error;
use super::{CorpusError, FacetColumn, Row};

/// The longest row: eight novels. A quote that is never closed would otherwise take the whole file into memory.
pub(super) const MAX_ROW: u64 = 64 << 20;

pub(super) const TEXT_FLAG: &str = "--text COLUMN";
pub(super) const LABEL_FLAG: &str = "--label FACET=COLUMN";
pub(super) const ID_FLAG: &str = "--id COLUMN";

/// One opened input of some format, from which rows are taken.
pub(super) trait RowFormat: Send {
    /// The facets that its rows have labels for.
    fn facets(&self) -> &[FacetColumn];

    /// The next row; `None` at the end. Not called again after the end or a fatal error.
    fn next_row(&mut self) -> Option<Result<Row, CorpusError>>;
}

/// The labels of a cell: trimmed, without empty ones and repeats. An empty separator separates nothing.
pub(super) fn split_labels(cell: &str, separator: &str) -> Vec<String> {
    if separator.is_empty() {
        return distinct_labels([cell]);
    }
    distinct_labels(cell.split(separator))
}

/// The labels trimmed, without empty ones and repeats.
pub(super) fn distinct_labels<'t>(labels: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    // Cells of more labels than anyone writes by hand come from strangers and must not take quadratic time.
    const FEW: usize = 16;
    let mut distinct: Vec<String> = Vec::new();
    let mut many: HashSet<String> = HashSet::new();
    for label in labels.into_iter().map(str::trim).filter(|label| !label.is_empty()) {
        if distinct.len() < FEW {
            if distinct.iter().any(|other| other == label) {
                continue;
            }
        } else {
            if many.is_empty() {
                many.extend(distinct.iter().cloned());
            }
            if !many.insert(label.to_owned()) {
                continue;
            }
        }
        distinct.push(label.to_owned());
    }
    distinct
}

/// The lines of an input, each in turn in the same buffer.
pub(super) struct Lines {
    input: Box<dyn BufRead + Send>,
    name: Arc<str>,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn new(input: Box<dyn BufRead + Send>, name: Arc<str>) -> Self {
        Lines { input, name, line: Vec::new(), number: 0 }
    }

    /// The name of the file.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The next line without its end, and its 1-based number; `None` at the end of the input.
    pub(super) fn next(&mut self) -> Option<Result<(u64, &[u8]), CorpusError>> {
        self.line.clear();
        self.number += 1;
        match self.fill() {
            Err(error) => Some(Err(read_error(&self.name, error))),
            Ok(0) => None,
            Ok(length) if length as u64 > MAX_ROW => {
                Some(Err(CorpusError::TooLong { file: self.name.clone(), line: self.number, limit: MAX_ROW }))
            }
            Ok(_) => {
                let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
                Some(Ok((self.number, line.strip_suffix(b"\r").unwrap_or(line))))
            }
        }
    }

    /// The line that [`next`](Lines::next) gave last, with its end.
    pub(super) fn current(&self) -> &[u8] {
        &self.line
    }

    fn fill(&mut self) -> io::Result<usize> {
        (&mut self.input).take(MAX_ROW + 1).read_until(b'\n', &mut self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_trimmed_and_empty_ones_and_repeats_are_dropped() {
        assert_eq!(split_labels(" sport | arts||sport ", "|"), ["sport", "arts"]);
        assert_eq!(split_labels("conflict, war and peace", "|"), ["conflict, war and peace"]);
        assert_eq!(split_labels("a;;b", ";;"), ["a", "b"]);
        assert_eq!(split_labels("a|b", ""), ["a|b"]);
        assert_eq!(split_labels("  ", "|"), [""; 0]);
        let many: Vec<String> = (0..200).map(|i| (i % 100).to_string()).collect();
        assert_eq!(split_labels(&many.join("|"), "|"), many[..100]);
    }

    #[test]
    fn lines_lose_their_ends_and_keep_their_numbers() {
        let mut lines = Lines::new(Box::new(&b"a\r\n\n b \nc\rd"[..]), "x".into());
        let mut found = Vec::new();
        while let Some(line) = lines.next() {
            let (number, line) = line.unwrap();
            found.push((number, String::from_utf8(line.to_vec()).unwrap()));
        }
        let found: Vec<(u64, &str)> = found.iter().map(|(n, l)| (*n, l.as_str())).collect();
        assert_eq!(found, [(1, "a"), (2, ""), (3, " b "), (4, "c\rd")]);
    }
}
