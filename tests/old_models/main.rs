//! Every model file that a release wrote loads for ever and says what it said then: `tests/data/models`.

#![allow(clippy::unwrap_used)] // the helpers, too

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use wiredesk::Tagger;

mod answers;

/// Probabilities may move in the last digits: sums of 32-bit weights are not promised to be taken in one order for ever.
const CLOSE: f64 = 1e-6;

#[test]
fn old_models_give_the_answers_they_gave() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/models");
    let texts = fs::read_to_string(models.join("texts.txt")).unwrap();
    let formats = fs::read_dir(&models).unwrap().map(|entry| entry.unwrap().path());
    let formats: Vec<_> = formats.filter(|path| path.is_dir()).collect();
    assert!(!formats.is_empty(), "no old models");
    for folder in formats {
        let mut expected: BTreeMap<String, Vec<csv::StringRecord>> = BTreeMap::new();
        for record in csv::Reader::from_path(folder.join("answers.csv")).unwrap().records() {
            let record = record.unwrap();
            expected.entry(record[0].to_owned()).or_default().push(record);
        }
        let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let n_files = files.filter(|path| path.extension().is_some_and(|e| e == "safetensors")).count();
        assert_eq!(n_files, expected.len(), "{}: models and answers differ in number", folder.display());
        for (name, expected) in expected {
            let path = folder.join(&name).with_extension("safetensors");
            let model = Tagger::load(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let answers = answers::answers(&model, &texts);
            assert_eq!(answers.len(), expected.len(), "{name}");
            for (answer, expected) in answers.iter().zip(&expected) {
                let found = (answer.text.to_string(), &*answer.facet, &*answer.label, answer.tag);
                let said = (expected[1].to_owned(), &expected[2], &expected[3], &expected[5] == "yes");
                assert_eq!(found, said, "{}", path.display());
                let before: f64 = expected[4].parse().unwrap();
                assert!(
                    (answer.probability - before).abs() <= CLOSE,
                    "{name}, text {}, {}: {} instead of {before}",
                    answer.text,
                    answer.label,
                    answer.probability
                );
            }
        }
    }
}
