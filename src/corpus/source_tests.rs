use super::*;
use std::io::Write;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<String, CorpusError> {
    let mut text = String::new();
    let mut stream = text_stream(Box::new(Cursor::new(bytes)), "a.csv", encoding)?;
    stream.read_to_string(&mut text).map_err(|error| read_error("a.csv", error))?;
    Ok(text)
}

#[test]
fn a_dash_is_standard_input_and_all_else_is_a_path() {
    assert_eq!(Source::parse("-"), Source::Stdin);
    assert_eq!(&*Source::parse("-").name(), "-");
    assert_eq!(Source::parse("./-"), Source::Path("./-".into()));
    assert_eq!(Source::parse("a.csv.gz").format(), Some(InputFormat::Csv));
    assert_eq!(Source::Stdin.format(), None);
}

#[test]
fn gzip_of_several_members_and_zstd_are_told_by_their_first_bytes() {
    let members = [gzip(b"one,"), gzip(b"two,"), gzip(b"three")].concat();
    assert_eq!(read(members, None).unwrap(), "one,two,three");
    let frames = [zstd::encode_all(&b"one,"[..], 1).unwrap(), zstd::encode_all(&b"two"[..], 1).unwrap()].concat();
    assert_eq!(read(frames, None).unwrap(), "one,two");
    assert_eq!(read(Vec::new(), None).unwrap(), "");
    assert_eq!(read(b"a".to_vec(), None).unwrap(), "a");
}

#[test]
fn a_packed_file_that_is_cut_short_or_damaged_is_an_error_that_says_so() {
    let packed = gzip("some text ".repeat(1000).as_bytes());
    let message = read(packed[..packed.len() - 9].to_vec(), None).unwrap_err().to_string();
    assert!(message.starts_with("a.csv: begins like gzip but cannot be unpacked ("), "{message}");
    let packed = zstd::encode_all("some text ".repeat(1000).as_bytes(), 1).unwrap();
    let error = read(packed[..packed.len() - 5].to_vec(), None).unwrap_err();
    assert!(matches!(error, CorpusError::Decompress { method: "zstd", .. }), "{error}");
}

#[test]
fn byte_order_marks_decide_before_the_named_encoding() {
    assert_eq!(read("\u{FEFF}tëxt".as_bytes().to_vec(), Some(encoding_rs::WINDOWS_1252)).unwrap(), "tëxt");
    let little: Vec<u8> = "\u{FEFF}tëxt".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = "\u{FEFF}tëxt".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(little, None).unwrap(), "tëxt");
    assert_eq!(read(gzip(&big), Some(encoding_rs::WINDOWS_1252)).unwrap(), "tëxt");
}

#[test]
fn other_encodings_are_decoded_and_utf8_by_name_is_utf8() {
    assert_eq!(read(b"caf\xE9".to_vec(), Some(encoding_rs::WINDOWS_1252)).unwrap(), "café");
    assert_eq!(read("café".into(), Some(UTF_8)).unwrap(), "café");
    assert_eq!(read(b"t\0x\0".to_vec(), Some(UTF_16LE)).unwrap(), "tx");
}

#[test]
fn utf16_without_a_mark_and_utf32_are_refused_with_a_way_out() {
    for bytes in [&b"t\0e\0"[..], b"\0t\0e", b"\xFF\xFE\0\0t\0\0\0"] {
        let error = read(bytes.to_vec(), None).unwrap_err();
        assert!(error.to_string().ends_with("--encoding utf-16le"), "{error}");
        assert!(decode("a.txt", bytes.to_vec(), None).is_err());
    }
}

#[test]
fn an_article_that_is_not_utf8_tells_line_offset_and_way_out() {
    let error = decode("a.txt", b"one\ntwo\ncaf\xE9".to_vec(), None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a.txt:3: found byte 0xE9 at offset 11 of the file where UTF-8 is expected; \
         name the encoding, for instance --encoding windows-1252"
    );
    assert_eq!(decode("a.txt", b"caf\xE9".to_vec(), Some(encoding_rs::WINDOWS_1252)).unwrap(), "café");
    assert_eq!(decode("a.txt", b"\xFF\xFEa\0".to_vec(), None).unwrap(), "a");
    // Offsets into the text are offsets into the file.
    assert_eq!(decode("a.txt", "\u{FEFF}a".into(), None).unwrap(), "\u{FEFF}a");
}

#[test]
fn a_missing_file_and_a_folder_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let error = Source::Path(folder.path().into()).open(None).err().unwrap();
    assert!(matches!(error, CorpusError::Folder { .. }), "{error}");
    let error = Source::Path(folder.path().join("none.csv")).open(None).err().unwrap();
    assert!(matches!(error, CorpusError::Open { .. }), "{error}");
}

#[test]
fn whole_articles_are_unpacked_and_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.gz");
    std::fs::write(&path, gzip(b"caf\xE9")).unwrap();
    let source = Source::Path(path);
    assert_eq!(source.read_text(Some(encoding_rs::WINDOWS_1252)).unwrap(), "café");
    assert!(matches!(source.read_text(None).unwrap_err(), CorpusError::TextEncoding { line: 1, byte: 3, .. }));
}
