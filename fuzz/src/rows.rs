//! Files of rows, packed or not: every row is a row or an error that says which.

use wiredesk::corpus::{CorpusError, FacetColumn, InputFormat};
use wiredesk::{CorpusReader, ReadOptions};

/// A file in the format, the encoding and with the options that the first two bytes choose.
pub fn rows(data: &[u8]) {
    let (format, data) = super::choice(data);
    let (options, data) = super::choice(data);
    let format =
        [InputFormat::Csv, InputFormat::Tsv, InputFormat::Jsonl, InputFormat::FastText][usize::from(format % 4)];
    let encodings = [
        None,
        Some(encoding_rs::UTF_8),
        Some(encoding_rs::WINDOWS_1252),
        Some(encoding_rs::UTF_16LE),
        Some(encoding_rs::GB18030),
        Some(encoding_rs::ISO_2022_JP),
        None,
        None,
    ];
    let is_fasttext = format == InputFormat::FastText;
    let texts = if options & 8 != 0 && !is_fasttext { vec!["text".into(), "id".into()] } else { vec!["text".into()] };
    let options = ReadOptions {
        format: Some(format),
        encoding: encodings[usize::from(options % 8)],
        text_columns: texts,
        facets: (options & 16 != 0).then(|| vec![FacetColumn::parse("topic")]),
        labels_needed: false,
        id_column: (options & 32 != 0 && !is_fasttext).then(|| "id".to_owned()),
        keep_columns: options & 64 != 0,
        label_separator: if options & 128 != 0 { String::new() } else { "|".to_owned() },
        ..ReadOptions::default()
    };
    read(data, &options);
}

/// A packed file; the first byte says as what it begins.
pub fn unpack(data: &[u8]) {
    let (method, data) = super::choice(data);
    let magic: &[u8] = match method % 3 {
        0 => &[0x1F, 0x8B, 8],
        1 => &[0x28, 0xB5, 0x2F, 0xFD],
        _ => &[],
    };
    let options = ReadOptions { format: Some(InputFormat::FastText), ..ReadOptions::default() };
    read(&[magic, data].concat(), &options);
}

fn read(data: &[u8], options: &ReadOptions) {
    let reader = match CorpusReader::from_bytes("input", data, options) {
        Ok(reader) => reader,
        Err(error) => return says_something(&error),
    };
    let n_facets = reader.facets().len();
    let (mut number, mut line) = (0, 0);
    for row in reader {
        match row {
            Ok(row) => {
                assert_eq!(row.labels.len(), n_facets, "labels for each facet");
                assert!(row.labels.iter().flatten().all(|label| !label.is_empty()), "an empty label");
                // Rows that could not be read have numbers, too. A lone carriage return ends a row, but not a line.
                assert!(row.place.row > number && row.place.line >= line, "rows go on");
                (number, line) = (row.place.row, row.place.line);
            }
            Err(error) => says_something(&error),
        }
    }
}

fn says_something(error: &CorpusError) {
    assert!(!error.to_string().is_empty());
}
