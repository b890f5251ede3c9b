//! The seeds of the fuzz targets, what fuzzing found, and the first bytes of all of them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::memory::turn;
use crate::targets;

fn replay(target: &str, body: fn(&[u8])) {
    let _turn = turn();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{}: no seeds", folder.display());
    for path in paths {
        let data = fs::read(&path).unwrap();
        // A panic names the line; this names the file, which `cargo test` shows with a failed test.
        println!("{}", path.display());
        for length in [data.len(), data.len() / 2, data.len().saturating_sub(1), 1, 0] {
            body(&data[..length.min(data.len())]);
        }
    }
}

#[test]
fn rows() {
    replay("rows", targets::rows);
}

#[test]
fn unpack() {
    replay("unpack", targets::unpack);
}

#[test]
fn article() {
    replay("article", targets::article);
}

#[test]
fn gazetteer() {
    replay("gazetteer", targets::gazetteer);
}

#[test]
fn predictions() {
    replay("predictions", targets::predictions);
}

#[test]
fn model() {
    replay("model", targets::model);
}

#[test]
fn model_arrays() {
    replay("model_arrays", targets::model_arrays);
}
