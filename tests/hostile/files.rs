//! Packed files that grow, and rows and articles without an end: an error, in memory that does not grow with them.

use std::fs::{self, File};
use std::io::{self, Read, Write};

use wiredesk::corpus::{CorpusError, InputFormat, Source};
use wiredesk::{CorpusReader, ReadOptions};

use crate::memory::{measured, turn};

/// 1,2 GiB of one byte, packed.
const BOMB: u64 = 1200 << 20;
/// The longest row.
const ROW: usize = 64 << 20;

fn zstd(byte: u8, n: u64) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    io::copy(&mut io::repeat(byte).take(n), &mut encoder).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_bomb_is_refused_while_it_is_read() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.jsonl.zst");
    fs::write(&path, zstd(b'\n', BOMB)).unwrap();
    let mut stream = Source::Path(path).open(None).unwrap();
    let (copied, peak) = measured(|| io::copy(&mut stream, &mut io::sink()));
    let message = copied.unwrap_err().to_string();
    assert!(message.contains("over 200 times"), "{message}");
    assert!(peak < 4 << 20, "{peak} bytes");
}

#[test]
fn a_row_without_end_takes_a_few_times_the_longest_row_and_is_refused() {
    let _turn = turn();
    let packed = zstd(b'x', 3 * ROW as u64);
    let formats = [InputFormat::Csv, InputFormat::Tsv, InputFormat::Jsonl, InputFormat::FastText];
    for format in formats {
        let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
        let read = || CorpusReader::from_bytes("endless", packed.clone(), &options)?.next().transpose().map(drop);
        let (result, peak) = measured(read);
        assert!(matches!(result, Err(CorpusError::TooLong { limit, .. }) if limit == ROW as u64), "{format:?}");
        // A buffer that is full is copied to one of twice the size.
        assert!(peak < 4 * ROW, "{format:?}: {peak} bytes");
    }
}

#[test]
fn an_article_without_end_is_refused() {
    let _turn = turn();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("endless.txt");
    // Sparse: takes no room on the disk.
    File::create(&path).and_then(|mut file| file.write_all(b"text ").and_then(|()| file.set_len(1 << 30))).unwrap();
    let (result, peak) = measured(|| Source::Path(path).read_text(None));
    assert!(matches!(result, Err(CorpusError::TooLong { limit, .. }) if limit == 256 << 20));
    assert!(peak < 1 << 30, "{peak} bytes");
}
