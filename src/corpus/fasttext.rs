//! fastText lines: `__label__NAME __label__NAME ... text`, one row a line.
//!
//! The labels are the tokens at the start of the line that begin with `__label__`; each is one label, as it stands
//! (fastText users write `_` for a blank; it stays `_`). Later in the line such tokens are text, though fastText would
//! take them for labels, so that a text can quote one. There is one list of labels, so there is one facet.

use std::sync::Arc;

use super::row_format::{ID_FLAG, Lines, RowFormat, TEXT_FLAG, distinct_labels};
use super::{CorpusError, FacetColumn, Place, ReadOptions, Row};

const PREFIX: &str = "__label__";

pub(super) struct FastText {
    lines: Lines,
    /// One facet, or none when no labels are wanted.
    facets: Vec<FacetColumn>,
}

impl FastText {
    pub(super) fn new(lines: Lines, options: &ReadOptions) -> Result<Self, CorpusError> {
        let facets = options.facets.clone().unwrap_or_else(|| options.default_facets.iter().take(1).cloned().collect());
        let file: Arc<str> = lines.name().clone();
        if facets.len() > 1 {
            return Err(CorpusError::FastTextFacets { file, wanted: facets.len() });
        }
        if let Some(column) = options.id_column.clone() {
            return Err(CorpusError::FastTextColumns { file, column, flag: ID_FLAG });
        }
        if let Some(column) = options.text_columns.iter().find(|&column| column != "text").cloned() {
            return Err(CorpusError::FastTextColumns { file, column, flag: TEXT_FLAG });
        }
        Ok(FastText { lines, facets })
    }
}

impl RowFormat for FastText {
    fn facets(&self) -> &[FacetColumn] {
        &self.facets
    }

    fn next_row(&mut self) -> Option<Result<Row, CorpusError>> {
        let source = self.lines.name().clone();
        let (number, line) = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error)),
        };
        let place = Place { source, row: number, line: number };
        Some(match std::str::from_utf8(line) {
            Ok(line) => {
                let (labels, text) = split_line(line);
                let labels = self.facets.iter().map(|_| distinct_labels(labels.iter().copied())).collect();
                Ok(Row { text: text.to_owned(), labels, id: None, columns: Vec::new(), place })
            }
            Err(error) => {
                let byte = error.valid_up_to();
                Err(CorpusError::InvalidUtf8 { place, field: "line".to_owned(), byte, found: line[byte] })
            }
        })
    }
}

/// The leading labels without their prefix, and the rest.
fn split_line(line: &str) -> (Vec<&str>, &str) {
    let mut labels = Vec::new();
    let mut rest = line.trim();
    while let Some(token) = rest.strip_prefix(PREFIX) {
        let end = token.find(char::is_whitespace).unwrap_or(token.len());
        labels.push(&token[..end]);
        rest = token[end..].trim_start();
    }
    (labels, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &'static [u8], options: &ReadOptions) -> Vec<Result<Row, CorpusError>> {
        let mut rows = FastText::new(Lines::new(Box::new(bytes), "a.ft".into()), options).unwrap();
        std::iter::from_fn(move || rows.next_row()).collect()
    }

    #[test]
    fn leading_labels_are_labels_and_later_ones_are_text() {
        let line = "__label__sport  __label__sauce_hollandaise\tA text with __label__quoted in it ";
        assert_eq!(split_line(line), (vec!["sport", "sauce_hollandaise"], "A text with __label__quoted in it"));
        assert_eq!(split_line("no label"), (vec![], "no label"));
        assert_eq!(split_line("__label__only"), (vec!["only"], ""));
        assert_eq!(split_line("__labels__x y"), (vec![], "__labels__x y"));
    }

    #[test]
    fn each_line_is_a_row_even_an_empty_one() {
        let rows = read(b"__label__a|b __label__a|b one\r\n\r\n__label__ three", &ReadOptions::default());
        let rows: Vec<Row> = rows.into_iter().map(Result::unwrap).collect();
        let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
        assert_eq!(texts, ["one", "", "three"]);
        // A label is what stands between blanks: it is not split, and an empty one is none.
        assert_eq!(rows[0].labels, [["a|b"]]);
        assert_eq!(rows[1].labels, [[""; 0]]);
        assert_eq!(rows[2].labels, [[""; 0]]);
        assert_eq!((rows[2].place.row, rows[2].place.line), (3, 3));
    }

    #[test]
    fn without_facets_the_labels_are_still_no_text() {
        let options = ReadOptions { facets: Some(Vec::new()), ..ReadOptions::default() };
        let row = read(b"__label__a one", &options).remove(0).unwrap();
        assert_eq!((row.text.as_str(), row.labels.len()), ("one", 0));
    }

    #[test]
    fn a_line_that_is_not_utf8_is_an_error_and_the_next_is_read() {
        let rows = read(b"__label__a caf\xE9\n__label__a tea\n", &ReadOptions::default());
        assert_eq!(
            rows[0].as_ref().unwrap_err().to_string(),
            "a.ft:1: row 1 has byte 0xE9 at offset 14 of its line where UTF-8 is expected; \
             name the encoding, for instance --encoding windows-1252"
        );
        assert_eq!(rows[1].as_ref().unwrap().text, "tea");
    }

    #[test]
    fn columns_and_several_facets_are_refused() {
        let refused = |options: ReadOptions| {
            FastText::new(Lines::new(Box::new(&b""[..]), "a.ft".into()), &options).err().unwrap().to_string()
        };
        let facets = Some(vec![FacetColumn::parse("topic"), FacetColumn::parse("region")]);
        assert_eq!(
            refused(ReadOptions { facets, ..ReadOptions::default() }),
            "a.ft: fastText lines hold one facet where 2 are asked for; name one --label, or use CSV or JSONL"
        );
        let id = Some("id".to_owned());
        assert_eq!(
            refused(ReadOptions { id_column: id, ..ReadOptions::default() }),
            "a.ft: fastText lines have no columns where \"id\" is asked for; leave out --id COLUMN, or use CSV or JSONL"
        );
        let text = vec!["body".to_owned()];
        assert!(refused(ReadOptions { text_columns: text, ..ReadOptions::default() }).contains("leave out --text"));
    }
}
