//! Damaged and made-up model files, a model of each kind at a time.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use safetensors::tensor::{Dtype, TensorView};
use serde_json::json;
use wiredesk::{ModelError, Tagger};

use crate::container::Container;
use crate::memory::{measured, turn};
use crate::targets;

/// What loading may take beside the file's size, twice.
const ROOM: usize = 10_000_000;

/// A model of each kind by name, smallest first.
fn models() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/models/format-1");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let models = paths.filter(|path| path.extension().is_some_and(|e| e == "safetensors"));
    models.map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect()
}

/// The models without a gazetteer, which takes a hundred times as long to read as the rest of a small model.
fn small_models() -> BTreeMap<String, Vec<u8>> {
    models().into_iter().filter(|(name, _)| !has_gazetteer(name)).collect()
}

fn has_gazetteer(name: &str) -> bool {
    name.starts_with("countries") || name.starts_with("places")
}

/// Loads a file and, where that works, asks the model; memory is held to the limit all the while.
fn load(file: &[u8], what: &str) -> Result<(), ModelError> {
    let (result, peak) = measured(|| {
        Tagger::from_bytes(file).map(|model| {
            let analysis = model.analyze("The striker scored in Nairobi, and the bank in Köln raised rates.");
            for facet in analysis.facets {
                assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{what}: no probability");
            }
        })
    });
    assert!(peak <= 2 * file.len() + ROOM, "{what}: {peak} bytes for a file of {}", file.len());
    result
}

fn refused(file: &[u8], what: &str) {
    assert!(load(file, what).is_err(), "{what} was loaded");
}

/// Random numbers that are the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn every_kind_of_model_loads_within_twice_its_size_and_ten_megabytes() {
    let _turn = turn();
    for (name, file) in models() {
        load(&file, &name).unwrap();
    }
}

#[test]
fn of_ten_thousand_flipped_bits_none_goes_unnoticed_and_with_the_checksum_repaired_none_does_harm() {
    let _turn = turn();
    let mut draw = Draw(1);
    let (mut flips, mut loaded) = (0, 0);
    for (name, file) in models() {
        for _ in 0..if has_gazetteer(&name) { 25 } else { 990 } {
            let bit = draw.below(file.len() * 8);
            let mut flipped = file.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let what = format!("{name}, bit {bit}");
            refused(&flipped, &what);
            if let Some(repaired) = targets::repaired(&flipped) {
                loaded += usize::from(load(&repaired, &what).is_ok());
            }
            flips += 1;
        }
    }
    assert!(flips >= 10_000, "{flips} flips");
    // Most bits are weights, counts and letters of words, and other ones make another model, not a broken one.
    assert!(loaded > flips / 10 && loaded < flips, "{loaded} of {flips} were loaded");
}

#[test]
fn files_that_were_cut_short_or_go_on_are_refused() {
    let _turn = turn();
    for (name, file) in small_models() {
        for end in (0..file.len()).step_by(17).chain(file.len() - 40..file.len()) {
            refused(&file[..end], &format!("{name}, cut at {end}"));
        }
        let longer = [&file[..], b"\0"].concat();
        refused(&longer, &format!("{name} and a byte"));
        refused(&targets::repaired(&longer).unwrap(), &format!("{name} and a byte, repaired"));
    }
}

#[test]
fn swapped_overlapping_missing_and_far_away_arrays_do_no_harm() {
    let _turn = turn();
    for (name, file) in small_models() {
        let whole = Container::open(&file);
        let arrays = whole.arrays();
        for (a, &(start, end)) in &arrays {
            for (b, &(other_start, other_end)) in &arrays {
                let mut swapped = Container::open(&file);
                swapped.set(a, "data_offsets", json!([other_start, other_end]));
                swapped.set(b, "data_offsets", json!([start, end]));
                drop(load(&swapped.close(), &format!("{name}, {a} and {b} swapped")));
                if end > start && (start, end) != (other_start, other_end) {
                    let mut overlapping = Container::open(&file);
                    overlapping.set(b, "data_offsets", json!([start, end]));
                    refused(&overlapping.close(), &format!("{name}, {b} on {a}"));
                }
            }
            let mut gone = Container::open(&file);
            gone.header.remove(a);
            refused(&gone.close(), &format!("{name} without {a}"));
            for far in [u64::MAX, u64::MAX / 2, 1 << 40, 1 << 32, file.len() as u64] {
                let mut moved = Container::open(&file);
                moved.set(a, "data_offsets", json!([start, far]));
                refused(&moved.close(), &format!("{name}, {a} ends at {far}"));
                moved.set(a, "shape", json!([far]));
                refused(&moved.close(), &format!("{name}, {a} with {far} numbers"));
                moved.set(a, "shape", json!([far, far]));
                refused(&moved.close(), &format!("{name}, {a} with {far} times {far} numbers"));
            }
            for dtype in ["BOOL", "U8", "I8", "U16", "I16", "F16", "BF16", "U32", "I32", "F32", "U64", "I64", "F64"] {
                let width = match dtype {
                    "BOOL" | "U8" | "I8" => 1,
                    "U16" | "I16" | "F16" | "BF16" => 2,
                    "U32" | "I32" | "F32" => 4,
                    _ => 8,
                };
                if dtype == whole.dtype(a) || !(end - start).is_multiple_of(width) {
                    continue;
                }
                let mut other = Container::open(&file);
                other.set(a, "dtype", json!(dtype));
                other.set(a, "shape", json!([(end - start) / width]));
                drop(load(&other.close(), &format!("{name}, {a} as {dtype}")));
            }
        }
    }
}

#[test]
fn thousands_of_facets_over_one_large_vocabulary_are_refused() {
    let _turn = turn();
    const FACETS: usize = 2000;
    let letters = || b'a'..=b'z';
    let words: Vec<u8> = letters()
        .flat_map(|a| letters().flat_map(move |b| letters().flat_map(move |c| [[a, b, c, b'a'], [a, b, c, b'b']])))
        .chain(letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| [b'~', a, b, c]))))
        .flatten()
        .collect();
    let n_words = words.len() / 4;
    let mut arrays: Vec<(String, Dtype, Vec<u8>)> = vec![
        ("vocabulary.words".into(), Dtype::U8, words),
        ("vocabulary.word_lengths".into(), Dtype::U8, vec![4; n_words]),
    ];
    for name in ["prefixes", "prefix_lengths", "characters", "character_lengths"] {
        arrays.push((format!("vocabulary.{name}"), Dtype::U8, Vec::new()));
    }
    for name in ["order_sizes", "child_counts", "last_words"] {
        arrays.push((format!("vocabulary.{name}"), Dtype::U8, Vec::new()));
    }
    let one = || 1f32.to_le_bytes().to_vec();
    for i in 0..FACETS {
        let facet = |name: &str| format!("facet.{i}.{name}");
        arrays.push((facet("rows"), Dtype::U8, vec![2, 0]));
        arrays.push((facet("label_rows"), Dtype::U8, vec![1, 1]));
        arrays.push((facet("feature_steps"), Dtype::U8, vec![0]));
        arrays.push((facet("idf"), Dtype::F32, one()));
        arrays.push((facet("bias"), Dtype::F32, [one(), one()].concat()));
        arrays.push((facet("weights"), Dtype::I8, vec![1, 255]));
        arrays.push((facet("weight_scales"), Dtype::F32, one()));
        arrays.push((facet("companion"), Dtype::I8, Vec::new()));
        for name in ["companion_prior", "companion_scales", "cuts", "confidence"] {
            arrays.push((facet(name), Dtype::F32, Vec::new()));
        }
    }
    let classifier =
        json!({ "nbsvm": { "a": 1.0, "at_least_one": true, "b": 0.0, "lambda": 0.0, "multi_label": false } });
    let facet = |i: usize| json!({ "classifier": classifier, "empty": "auto", "labels": ["a", "b"], "multi_label": false, "name": format!("{i}") });
    let file = |facets: usize| {
        let metadata = json!({
            "blake3": "0".repeat(64),
            "card": "",
            "facets": (0..facets).map(facet).collect::<Vec<_>>(),
            "features": { "ngrams": 1, "prefixes": true },
            "format": 1,
            "kind": "frozen",
            "tokenizer": { "version": 1 },
        });
        let views = arrays.iter().map(|(name, dtype, bytes)| {
            (name, TensorView::new(*dtype, vec![bytes.len() * 8 / dtype.bitsize()], bytes).unwrap())
        });
        let metadata = HashMap::from([("wiredesk".to_owned(), metadata.to_string())]);
        targets::repaired(&safetensors::serialize(views, Some(metadata)).unwrap()).unwrap()
    };
    // A hundred of them are a model.
    let (loaded, _) = measured(|| Tagger::from_bytes(&file(100)).map(drop));
    loaded.unwrap();
    let large = file(FACETS);
    let (refused, peak) = measured(|| Tagger::from_bytes(&large).map(drop));
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("2000 facets over"), "{message}");
    assert!(peak < 100 << 20, "{peak} bytes");
}

#[test]
fn headers_of_impossible_lengths_are_refused() {
    let _turn = turn();
    for (name, file) in small_models() {
        for length in [0, 1, 2, 7, file.len() as u64 - 8, file.len() as u64, 1 << 20, 1 << 40, u64::MAX - 7, u64::MAX] {
            let mut changed = file.clone();
            changed[..8].copy_from_slice(&length.to_le_bytes());
            refused(&changed, &format!("{name}, header of {length}"));
            if let Some(repaired) = targets::repaired(&changed) {
                refused(&repaired, &format!("{name}, header of {length}, repaired"));
            }
        }
    }
}

#[test]
fn weights_that_are_no_numbers_or_infinite_are_refused() {
    let _turn = turn();
    let mut tried = 0;
    for (name, file) in models() {
        let whole = Container::open(&file);
        for (array, &(start, end)) in &whole.arrays() {
            if whole.dtype(array) != "F32" || start == end {
                continue;
            }
            for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX] {
                for at in [start, end - 4] {
                    let mut broken = Container::open(&file);
                    broken.data[at..at + 4].copy_from_slice(&number.to_le_bytes());
                    refused(&broken.close(), &format!("{name}, {array} with {number}"));
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried} tried");
}

#[test]
fn other_versions_and_kinds_are_refused() {
    let _turn = turn();
    for (name, file) in small_models() {
        let refuse = |from: &str, to: &str| {
            let mut other = Container::open(&file);
            other.replace(from, to);
            let what = format!("{name}, {to} for {from}");
            let file = other.close();
            refused(&file, &what);
            Tagger::from_bytes(&file).unwrap_err()
        };
        assert!(matches!(refuse("\"format\":1", "\"format\":2"), ModelError::Newer { found: 2, .. }));
        assert!(matches!(refuse("\"format\":1", "\"format\":18446744073709551615"), ModelError::Newer { .. }));
        for format in ["0", "-1", "1.5", "\"1\"", "null", "[]", "1e99"] {
            refuse("\"format\":1", &format!("\"format\":{format}"));
        }
        assert!(matches!(refuse("\"version\":1", "\"version\":2"), ModelError::NewerTokenizer { .. }));
        for ngrams in ["0", "9", "4294967295"] {
            let ngrams = format!("\"ngrams\":{ngrams}");
            let found = ["\"ngrams\":1", "\"ngrams\":2", "\"ngrams\":3"];
            let metadata = Container::open(&file).header["__metadata__"]["wiredesk"].as_str().unwrap().to_owned();
            let from = found.into_iter().find(|n| metadata.contains(n)).unwrap();
            refuse(from, &ngrams);
        }
        refuse("\"card\":", "\"cart\":");
        refuse("\"facets\":[", "\"facets\":[[[[");
        let (kind, other) = if name.starts_with("nbsvm") { ("frozen", "additive") } else { ("additive", "frozen") };
        refuse(&format!("\"kind\":\"{kind}\""), &format!("\"kind\":\"{other}\""));
    }
}

#[test]
fn a_header_nested_ten_thousand_deep_is_refused() {
    let _turn = turn();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for header in [deep.clone(), format!("{{\"__metadata__\":{{\"wiredesk\":\"{deep}\"}}}}")] {
        let file = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
        refused(&file, "nested");
        refused(&targets::repaired(&file).unwrap_or(file), "nested, repaired");
    }
}
