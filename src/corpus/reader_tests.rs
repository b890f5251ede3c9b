use std::io::Write;
use std::path::Path;

use super::*;
use crate::corpus::FacetColumn;

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> Source {
    std::fs::write(folder.join(name), bytes).unwrap();
    Source::Path(folder.join(name))
}

fn texts(reader: CorpusReader) -> Vec<String> {
    reader.map(|row| row.unwrap().text).collect()
}

#[test]
fn several_files_of_several_formats_are_one_corpus() {
    let folder = tempfile::tempdir().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"topic\ttext\nt\ttwo\n").unwrap();
    let sources = [
        file(folder.path(), "a.csv", "text,topic\none,t\nragged\n"),
        file(folder.path(), "b.tsv.gz", gzip.finish().unwrap()),
        file(folder.path(), "c.jsonl", "{\"text\":\"three\",\"topic\":\"t\"}\n"),
        file(folder.path(), "d.ft", "__label__t four\n"),
    ];
    let mut reader = CorpusReader::chain(&sources, &ReadOptions::default()).unwrap();
    assert_eq!(reader.facets(), ["topic"]);
    let total: u64 = sources.iter().map(|source| source.size().unwrap()).sum();
    assert_eq!(reader.total_bytes(), Some(total));
    let rows: Vec<_> = reader.by_ref().collect();
    assert_eq!((reader.rows_read(), reader.bytes_read()), (5, total));
    assert!(rows[1].as_ref().unwrap_err().is_row());
    let good: Vec<&Row> = rows.iter().flatten().collect();
    assert_eq!(good.iter().map(|row| &row.text[..]).collect::<Vec<_>>(), ["one", "two", "three", "four"]);
    assert!(good.iter().all(|row| row.labels == [["t"]]));
    assert!(good[1].place.to_string().ends_with("b.tsv.gz:2"));
    assert!(reader.next().is_none());
}

#[test]
fn every_file_is_checked_before_the_first_row() {
    let folder = tempfile::tempdir().unwrap();
    let first = file(folder.path(), "a.csv", "text,topic\none,t\n");
    let message = |second: Source| {
        CorpusReader::chain(&[first.clone(), second], &ReadOptions::default()).unwrap_err().to_string()
    };
    let error = message(file(folder.path(), "b.csv", "text,region\n"));
    assert!(error.contains("b.csv: has no column \"topic\", only \"text\", \"region\""), "{error}");
    assert!(message(Source::Path(folder.path().join("none.csv"))).contains("none.csv: cannot be opened ("));
    assert!(message(file(folder.path(), "c.csv", "")).contains("c.csv: is empty"));
    assert!(message(file(folder.path(), "d.doc", "x")).contains("d.doc: the name does not tell the format"));
    assert!(message(file(folder.path(), "e.md", "x")).contains("e.md: is running text"));
}

#[test]
fn a_file_that_goes_away_before_its_turn_is_a_fatal_error() {
    let folder = tempfile::tempdir().unwrap();
    let sources = ["a.csv", "b.csv", "c.csv"].map(|name| file(folder.path(), name, "text,topic\none,t\n"));
    let mut reader = CorpusReader::chain(&sources, &ReadOptions::default()).unwrap();
    std::fs::remove_file(folder.path().join("b.csv")).unwrap();
    assert!(reader.next().unwrap().is_ok());
    assert!(!reader.next().unwrap().unwrap_err().is_row());
    assert!(reader.next().is_none());
    assert_eq!(reader.rows_read(), 1);
}

#[test]
fn damage_inside_a_packed_file_ends_the_reading() {
    let mut csv = "text,topic\n".to_owned();
    for i in 0..200_000 {
        csv.push_str(&format!("text number {i},t\n"));
    }
    let packed = zstd::encode_all(csv.as_bytes(), 1).unwrap();
    let mut reader =
        CorpusReader::from_bytes("a.csv.zst", &packed[..packed.len() / 2], &ReadOptions::default()).unwrap();
    let last = reader.by_ref().last().unwrap();
    assert!(matches!(last, Err(CorpusError::Decompress { method: "zstd", .. })), "{last:?}");
    assert!(reader.rows_read() > 1000);
}

#[test]
fn no_input_and_standard_input_twice_are_errors() {
    let error = CorpusReader::chain(&[], &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, CorpusError::NoInput));
    let options = ReadOptions { format: Some(InputFormat::Csv), ..ReadOptions::default() };
    let error = CorpusReader::chain(&[Source::Stdin, Source::Stdin], &options).unwrap_err();
    assert_eq!(error.to_string(), "standard input (-) is named 2 times where it can be read once; name it once");
}

#[test]
fn a_facet_may_be_named_once_and_a_column_read_for_two() {
    let facets = |names: [&str; 2]| ReadOptions {
        facets: Some(names.map(FacetColumn::parse).to_vec()),
        ..ReadOptions::default()
    };
    let csv = "text,topic\none,t\n";
    let error = CorpusReader::from_bytes("a.csv", csv, &facets(["topic", "topic=x"])).unwrap_err();
    assert!(matches!(error, CorpusError::RepeatedFacet { .. }), "{error}");
    let mut reader = CorpusReader::from_bytes("a.csv", csv, &facets(["topic", "copy=topic"])).unwrap();
    assert_eq!(reader.facets(), ["topic", "copy"]);
    assert_eq!(reader.next().unwrap().unwrap().labels, [["t"], ["t"]]);
}

#[test]
fn json_lines_offer_both_default_facets() {
    let reader = CorpusReader::from_bytes("a.jsonl", "{\"text\":\"a\"}", &ReadOptions::default()).unwrap();
    assert_eq!(reader.facets(), ["topic", "region"]);
    let reader = CorpusReader::from_bytes("a.jsonl", "", &ReadOptions::default()).unwrap();
    assert_eq!((reader.total_bytes(), texts(reader).len()), (Some(0), 0));
}

#[test]
fn without_facets_no_label_column_is_needed() {
    let options = ReadOptions { facets: Some(Vec::new()), keep_columns: true, ..ReadOptions::default() };
    let mut reader = CorpusReader::from_bytes("a.csv", "text,topic\none,t\n", &options).unwrap();
    let row = reader.next().unwrap().unwrap();
    assert_eq!((row.labels.len(), row.columns.len()), (0, 1));
}

#[test]
#[cfg(unix)]
fn a_pipe_is_opened_once_and_has_no_size() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("b.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::write(pipe, "text,topic\ntwo,t\n")
    });
    let sources = [file(folder.path(), "a.csv", "text,topic\none,t\n"), Source::Path(pipe)];
    let reader = CorpusReader::chain(&sources, &ReadOptions::default()).unwrap();
    assert_eq!(reader.total_bytes(), None);
    assert_eq!(texts(reader), ["one", "two"]);
    writer.join().unwrap().unwrap();
}

#[test]
fn the_reader_can_be_sent_to_another_thread() {
    fn assert_send<T: Send>() {}
    assert_send::<CorpusReader>();
}

/// Row counts as Python's `csv` module gives them, in the order train, test.
#[test]
#[ignore = "needs WIREDESK_DATA"]
fn real_data_gives_every_row() {
    let folder = std::env::var("WIREDESK_DATA").unwrap();
    for (name, train, test, facets) in [
        ("20newsgroups-body", 11_314, 7_532, &["topic"][..]),
        ("ag-news", 20_388, 7_600, &["topic"]),
        ("reuters-r90", 7_770, 3_019, &["topic", "region"]),
        ("reuters-places", 12_606, 5_478, &["topic", "region"]),
        ("wiki-events", 6_239, 1_559, &["topic"]),
        ("sib200-jpn_Jpan", 800, 204, &["topic"]),
        ("../news", 5_567, 980, &["topic", "region"]),
    ] {
        for (part, expected) in [("train.csv", train), ("test.csv", test)] {
            let source = Source::Path(Path::new(&folder).join(name).join(part));
            let mut reader = CorpusReader::open(&source, &ReadOptions::default()).unwrap();
            assert_eq!(reader.facets(), facets, "{name}");
            let bad: Vec<_> = reader.by_ref().filter_map(Result::err).collect();
            assert!(bad.is_empty(), "{name} {part}: {}", bad[0]);
            assert_eq!(reader.rows_read(), expected, "{name} {part}");
            assert_eq!(Some(reader.bytes_read()), reader.total_bytes(), "{name} {part}");
        }
    }
}
