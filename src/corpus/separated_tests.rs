use proptest::prelude::*;
use serde_json::json;

use super::super::{CorpusReader, InputFormat};
use super::*;

fn read_with(bytes: &[u8], options: &ReadOptions) -> Result<Vec<Result<Row, CorpusError>>, CorpusError> {
    Ok(CorpusReader::from_bytes("a.csv", bytes, options)?.collect())
}

fn read(csv: &str) -> Vec<Row> {
    read_with(csv.as_bytes(), &ReadOptions::default()).unwrap().into_iter().map(Result::unwrap).collect()
}

/// Texts and lines of the rows.
fn assert_rows(csv: &str, expected: &[(&str, u64)]) {
    let rows = read(csv);
    let found: Vec<(&str, u64)> = rows.iter().map(|row| (row.text.as_str(), row.place.line)).collect();
    assert_eq!(found, expected, "{csv:?}");
    assert!(rows.iter().zip(1..).all(|(row, number)| row.place.row == number), "{csv:?}");
}

fn error(csv: &str) -> String {
    let rows = match read_with(csv.as_bytes(), &ReadOptions::default()) {
        Err(error) => return error.to_string(),
        Ok(rows) => rows,
    };
    rows.into_iter().find_map(Result::err).unwrap().to_string()
}

#[test]
fn rfc_4180_in_its_corners() {
    assert_rows("text,topic\r\naaa,b\r\nzzz,y\r\n", &[("aaa", 2), ("zzz", 3)]);
    assert_rows("text,topic\naaa,b\nzzz,y", &[("aaa", 2), ("zzz", 3)]);
    assert_rows("text,topic\n\"a,b\",t\n\"a \"\"b\"\"\",t\n", &[("a,b", 2), ("a \"b\"", 3)]);
    assert_rows("text,topic\n\"\",t\n,t\n,\n", &[("", 2), ("", 3), ("", 4)]);
    assert_rows("text,topic\n  a  ,t\n", &[("  a  ", 2)]);
    assert_rows("\"text\",\"topic\"\n\"a\",\"t\"", &[("a", 2)]);
    assert_rows("text,topic\n", &[]);
    assert_rows("text,topic", &[]);
    assert_rows("text,topic\r", &[]);
}

#[test]
fn lines_are_right_with_quoted_newlines_either_line_end_blank_lines_and_a_mark() {
    assert_rows("text,topic\n\"a\nb\nc\",t\nd,t\n", &[("a\nb\nc", 2), ("d", 5)]);
    assert_rows("text,topic\r\n\"a\r\nb\",t\r\nd,t\r\ne,t", &[("a\r\nb", 2), ("d", 4), ("e", 5)]);
    assert_rows("\u{FEFF}text,topic\r\na,t\r\n", &[("a", 2)]);
    assert_rows("\n\ntext,topic\n\n\na,t\n\n\"b\n\",t\n\n", &[("a", 6), ("b\n", 8)]);
    assert_rows("\r\n\r\ntext,topic\r\n\r\na,t\r\n\r\n\r\nb,t", &[("a", 5), ("b", 8)]);
    assert_rows("text,topic\n   \na,t\n \t\n", &[("a", 3)]);
}

#[test]
fn lines_are_right_beyond_the_first_buffer() {
    let long = "x".repeat(1000);
    let mut csv = "text,topic\r\n".to_owned();
    for _ in 0..1500 {
        csv.push_str(&format!("\"{long}\r\n\",t\r\n"));
    }
    let rows = read(&csv);
    assert_eq!(rows.len(), 1500);
    assert!(rows.iter().enumerate().all(|(i, row)| row.place.line == 2 + 2 * i as u64));
}

#[test]
fn the_sentinel_is_told_by_its_place_and_not_by_its_bytes() {
    assert_eq!(read("text,topic\n\u{1F},t\n").len(), 1);
    let options = ReadOptions { facets: Some(Vec::new()), ..ReadOptions::default() };
    for end in ["", "\n", "\r", "\r\n", "\n\n"] {
        let csv = format!("text\n\u{1F}\n\u{1F}{end}");
        let rows = read_with(csv.as_bytes(), &options).unwrap();
        assert_eq!(rows.len(), 2, "{csv:?}");
        assert!(rows.iter().all(|row| row.as_ref().unwrap().text == "\u{1F}"), "{csv:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_tells_the_line_of_its_row() {
    let never = "a.csv:3: the row that begins on this line opens a quote that is never closed; close it, or double it (\"\") inside a field";
    assert_eq!(error("text,topic\na,t\n\"b,t\nc,t\nd,t\n"), never);
    assert_eq!(error("text,topic\na,t\n\"b,t\nc,t\nd,t"), never);
    assert_eq!(error("text,topic\r\na,t\r\nb,\"t\r\nc,t\r\n"), never);
    assert_eq!(error("text,topic\na,t\nb,\""), never);
    assert_eq!(error("text,topic\na,t\nb,\"c\"\""), never);
    assert_eq!(error("text,topic\na,t\n\"b\n\n\n"), never);
    assert_eq!(error("\"text,topic\na,t\n"), never.replace(":3:", ":1:"));
    // The reader ends there, and closed quotes at the very end are fine.
    let rows = read_with(b"text,topic\na,t\n\"b,t\n", &ReadOptions::default()).unwrap();
    assert_eq!((rows.len(), rows[1].is_err()), (2, true));
    assert_rows("text,topic\na,\"t\"", &[("a", 2)]);
}

#[test]
fn a_ragged_row_is_an_error_and_the_next_is_read() {
    let rows = read_with(b"text,topic\na\nb,t,\"u\nv\"\nc,t", &ReadOptions::default()).unwrap();
    assert_eq!(
        rows[0].as_ref().unwrap_err().to_string(),
        "a.csv:2: row 1 has 1 field where the header has 2; quote the fields that hold commas, quotes or newlines"
    );
    assert!(matches!(rows[1], Err(CorpusError::Ragged { found: 3, expected: 2, .. })));
    let row = rows[2].as_ref().unwrap();
    assert_eq!((row.text.as_str(), row.place.row, row.place.line), ("c", 3, 5));
    assert!(error("text,topic\na,t\nlast,t,u").starts_with("a.csv:3: row 2 has 3 fields"));
}

#[test]
fn a_field_that_is_not_utf8_is_an_error_and_the_next_row_is_read() {
    let rows = read_with(b"id,text,topic\n\xE9,caf\xE9,t\n2,tea,t\n", &ReadOptions::default()).unwrap();
    assert_eq!(
        rows[0].as_ref().unwrap_err().to_string(),
        "a.csv:2: row 1 has byte 0xE9 at offset 3 of its field \"text\" where UTF-8 is expected; \
         name the encoding, for instance --encoding windows-1252"
    );
    assert_eq!(rows[1].as_ref().unwrap().text, "tea");
    let options = ReadOptions { encoding: Some(encoding_rs::WINDOWS_1252), ..ReadOptions::default() };
    assert_eq!(read_with(b"text,topic\ncaf\xE9,t", &options).unwrap()[0].as_ref().unwrap().text, "café");
}

#[test]
fn what_is_wrong_with_the_header_is_said_before_any_row() {
    let empty = "a.csv: is empty where a header line is expected; its first line must name the columns, for instance text,topic";
    assert_eq!(error(""), empty);
    assert_eq!(error("\r\n\n"), empty);
    assert_eq!(
        error("body,topic\n"),
        "a.csv: has no column \"text\", only \"body\", \"topic\"; name the right one with --text COLUMN"
    );
    assert_eq!(
        error("text,subject\n"),
        "a.csv: has no label column \"topic\" or \"region\", only \"text\", \"subject\"; \
         name the label column with --label FACET=COLUMN"
    );
    assert_eq!(
        error("text,topic, text \n"),
        "a.csv: the header names column \"text\" 2 times where once is expected; \
         rename one of them, or name another with --text COLUMN"
    );
    let missing = |options: &ReadOptions| read_with(b"text,topic\n", options).unwrap_err().to_string();
    let facets = Some(vec![FacetColumn::parse("topic"), FacetColumn::parse("region=place")]);
    let message = missing(&ReadOptions { facets, ..ReadOptions::default() });
    assert!(message.starts_with("a.csv: has no column \"place\", only \"text\""), "{message}");
    assert!(message.ends_with("--label FACET=COLUMN"), "{message}");
    let message = missing(&ReadOptions { id_column: Some("id".to_owned()), ..ReadOptions::default() });
    assert!(message.ends_with("--id COLUMN"), "{message}");
    let error = read_with(b"te\xE9xt,topic\n", &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CorpusError::HeaderEncoding { column: 1, found: 0xE9, .. }), "{error}");
}

#[test]
fn columns_go_where_the_options_say() {
    let options = ReadOptions {
        text_columns: vec!["title".to_owned(), "body".to_owned()],
        facets: Some(vec![FacetColumn::parse("region=place"), FacetColumn::parse("topic")]),
        label_separator: ";".to_owned(),
        id_column: Some("id".to_owned()),
        keep_columns: true,
        ..ReadOptions::default()
    };
    let csv = b" body , title,date,topic,id,place,note\nB,T,2024,x;y,7,FR,n\nB,,,,,,\n";
    let rows = read_with(csv, &options).unwrap();
    let row = rows[0].as_ref().unwrap();
    assert_eq!(row.text, "T\nB");
    assert_eq!(row.labels, [vec!["FR"], vec!["x", "y"]]);
    assert_eq!(row.id.as_deref(), Some("7"));
    assert_eq!(row.columns, [("date".into(), json!("2024")), ("note".into(), json!("n"))]);
    let row = rows[1].as_ref().unwrap();
    assert_eq!((row.text.as_str(), row.id.as_deref()), ("B", Some("")));
    assert_eq!(row.labels, [[""; 0], [""; 0]]);
}

#[test]
fn default_facets_are_those_that_are_there_in_the_usual_order() {
    let facets = |csv: &str| CorpusReader::from_bytes("a.csv", csv, &ReadOptions::default()).unwrap().facets().to_vec();
    assert_eq!(facets("region,text,topic\n"), ["topic", "region"]);
    assert_eq!(facets("text,region\n"), ["region"]);
}

#[test]
fn tabs_separate_in_tsv_and_quotes_work_as_in_csv() {
    let options = ReadOptions { format: Some(InputFormat::Tsv), ..ReadOptions::default() };
    let rows = read_with(b"text\ttopic\n\"a\tb\nc\"\tx|y\nd,e\n", &options).unwrap();
    let row = rows[0].as_ref().unwrap();
    assert_eq!((row.text.as_str(), &row.labels[0][..]), ("a\tb\nc", &["x".to_owned(), "y".to_owned()][..]));
    let message = rows[1].as_ref().unwrap_err().to_string();
    assert!(message.starts_with("a.csv:4: row 2 has 1 field where the header has 2; quote the fields that hold tabs"));
}

#[test]
fn a_row_without_end_is_refused_before_it_fills_the_memory() {
    let head = io::Cursor::new(b"text,topic\r\na,t\r\n\"".to_vec());
    let endless = io::BufReader::with_capacity(BUFFER, head.chain(io::repeat(b'x')));
    let mut reader = CorpusReader::from_reader("a.csv", Box::new(endless), &ReadOptions::default()).unwrap();
    assert!(reader.next().unwrap().is_ok());
    let error = reader.next().unwrap().unwrap_err();
    assert!(matches!(error, CorpusError::TooLong { line: 3, .. }), "{error}");
    assert!(reader.next().is_none());
}

proptest! {
    #[test]
    fn rows_written_by_the_csv_crate_come_back_the_same(
        cells in prop::collection::vec(("(?s).{0,30}", "[a-z |,\"\r\n]{0,12}"), 0..20),
        crlf: bool,
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        writer.write_record(["text", "topic"]).unwrap();
        for (text, topic) in &cells {
            writer.write_record([text, topic]).unwrap();
        }
        let written = writer.into_inner().unwrap();
        let rows = read_with(&written, &ReadOptions::default()).unwrap();
        prop_assert_eq!(rows.len(), cells.len());
        for (row, (text, topic)) in rows.into_iter().zip(&cells) {
            let row = row.unwrap();
            prop_assert_eq!(&row.text, text);
            prop_assert_eq!(&row.labels[0], &split_labels(topic, "|"));
            // The row begins on the line that its place names.
            let start: usize = written.split_inclusive(|&b| b == b'\n').take(row.place.line as usize - 1).map(<[u8]>::len).sum();
            let first = text.chars().find(|&c| c != '"').map(|c| c.to_string()).unwrap_or_default();
            let line = String::from_utf8_lossy(&written[start..]).into_owned();
            prop_assert!(line.trim_start_matches('"').starts_with(&first), "{line:?} {text:?}");
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_never_loop(
        bytes in prop::collection::vec(prop_oneof![Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b','), Just(0x1F), any::<u8>()], 0..200),
        header: bool,
    ) {
        let bytes = if header { [&b"text,topic\n"[..], &bytes].concat() } else { bytes };
        for format in [InputFormat::Csv, InputFormat::Tsv, InputFormat::Jsonl, InputFormat::FastText] {
            let options = ReadOptions { format: Some(format), keep_columns: true, ..ReadOptions::default() };
            if let Ok(reader) = CorpusReader::from_bytes("a", bytes.clone(), &options) {
                prop_assert!(reader.count() <= bytes.len() + 1);
            }
        }
    }
}
