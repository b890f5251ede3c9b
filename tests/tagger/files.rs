//! Model files: what comes back, and what strangers may have done to them.

use super::*;

/// A small model with all that a file can hold: pairs, prefixes, priors, two facets, a card.
fn small() -> Vec<u8> {
    let options = TrainOptions {
        method: Method::NaiveBayes(Estimator::Multinomial),
        prior: PriorChoice::Uniform,
        card: ModelCard::new("Small"),
        ..TrainOptions::naive_bayes(Estimator::Complement)
    };
    let rows =
        [row("climate talks talks talks", &["a", "x|y"]), row("talks failed", &["b", "y"]), row("climate", &["a", ""])];
    train(options, &["t", "r"], &rows).to_bytes().unwrap()
}

const BEFORE_DIGITS: &[u8] = br#"\"blake3\":\""#;

/// Where the 64 digits of the hash stand.
fn digits(file: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = file.windows(BEFORE_DIGITS.len()).position(|w| w == BEFORE_DIGITS)? + BEFORE_DIGITS.len();
    (start + 64 <= file.len()).then_some(start..start + 64)
}

/// Makes the hash fit the bytes again, as whoever altered a file on purpose would.
pub fn with_fitting_hash(mut file: Vec<u8>) -> Vec<u8> {
    if let Some(digits) = digits(&file) {
        file[digits.clone()].fill(b'0');
        let hash = blake3::hash(&file).to_hex();
        file[digits].copy_from_slice(hash.as_bytes());
    }
    file
}

/// The file with some text of its header replaced by other text of the same length.
fn altered(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = file.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
    let mut altered = file.to_vec();
    altered[at..at + to.len()].copy_from_slice(to.as_bytes());
    with_fitting_hash(altered)
}

#[test]
fn a_file_with_any_byte_changed_is_an_error() {
    let file = small();
    assert!(Tagger::from_bytes(&file).is_ok());
    assert_eq!(with_fitting_hash(file.clone()), file);
    for position in 0..file.len() {
        for change in [0x01, 0x20, 0x80, 0xFF] {
            let mut damaged = file.clone();
            damaged[position] ^= change;
            assert!(Tagger::from_bytes(&damaged).is_err(), "byte {position} changed by {change:#x}");
        }
    }
}

#[test]
fn a_file_that_was_cut_short_or_goes_on_is_an_error() {
    let file = small();
    for end in 0..file.len() {
        assert!(Tagger::from_bytes(&file[..end]).is_err(), "cut at {end}");
        assert!(
            Tagger::from_bytes(&with_fitting_hash(file[..end].to_vec())).is_err(),
            "cut at {end}, hash made to fit"
        );
    }
    assert!(Tagger::from_bytes(&[&file[..], b"\0"].concat()).is_err());
    assert!(Tagger::from_bytes(&with_fitting_hash([&file[..], b"\0"].concat())).is_err());
}

/// Whatever passes the checks has to work: no panic, no probability outside 0 to 1.
#[test]
fn a_file_altered_on_purpose_is_an_error_or_a_model_that_works() {
    let file = small();
    let hash = digits(&file).unwrap();
    let mut loaded = 0;
    for position in (0..file.len()).filter(|position| !hash.contains(position)) {
        let old = file[position];
        for value in [0, 1, 2, 3, 9, b'0', b'9', 0x7F, 0xFF, old ^ 1, old.wrapping_add(1), old.wrapping_sub(1)] {
            let mut altered = file.clone();
            altered[position] = value;
            let Ok(model) = Tagger::from_bytes(&with_fitting_hash(altered)) else { continue };
            loaded += 1;
            assert_works(&model, &format!("byte {position} is {value}"));
        }
    }
    // Counts that are a little different are still counts; most of the rest has to be found out.
    assert!(loaded > 100, "{loaded} files passed the checks");
}

fn assert_works(model: &Tagger, place: &str) {
    for text in ["climate talks failed", "", "talks talks climate climate change"] {
        for facet in model.analyze(text).facets {
            assert!(facet.probabilities.iter().all(|p| (0.0..=1.0).contains(p)), "{place}: {facet:?}");
        }
        model.tag_with(text, &TagOptions { threshold: Some(0.1), top: Some(3), ..TagOptions::default() });
        model.extractor().features_with_places(text, &[]);
        rollup(model, &[model.analyze(text)], None);
    }
    (0..model.extractor().vocabulary().n_features()).for_each(|feature| {
        model.extractor().vocabulary().name(feature);
    });
    for facet in model.facets() {
        for (label, _) in facet.labels().iter() {
            assert!(
                facet.as_naive_bayes().unwrap().feature_weights(label.index()).iter().all(|w| w.is_finite()),
                "{place}"
            );
        }
    }
    assert!(model.to_bytes().is_ok(), "{place}");
}

#[test]
fn a_newer_format_is_named_with_the_way_out() {
    let newer = altered(&small(), r#"\"format\":1"#, r#"\"format\":2"#);
    let error = Tagger::from_bytes(&newer).unwrap_err();
    assert!(matches!(error, ModelError::Newer { found: 2, known: 1 }), "{error:?}");
    assert_eq!(error.to_string(), "the model has format 2, this release reads formats up to 1; update wiredesk");
}

#[test]
fn a_newer_tokenizer_is_an_error() {
    let newer = altered(&small(), r#"{\"version\":1}"#, r#"{\"version\":2}"#);
    assert!(matches!(Tagger::from_bytes(&newer), Err(ModelError::NewerTokenizer { .. })));
}

#[test]
fn settings_that_contradict_the_arrays_are_errors() {
    for (from, to) in [
        (r#"\"ngrams\":2"#, r#"\"ngrams\":3"#),
        (r#"\"ngrams\":2"#, r#"\"ngrams\":0"#),
        (r#"\"ngrams\":2"#, r#"\"ngrams\":9"#),
        (r#"[\"a\",\"b\"]"#, r#"[\"b\",\"a\"]"#),
        (r#"[\"a\",\"b\"]"#, r#"[\"a\",\"a\"]"#),
        (r#"\"min_df\":1"#, r#"\"min_df\":0"#),
        (r#"\"multinomial\""#, r#"\"multinomiaX\""#),
        ("vocabulary.words", "vocabulary.wordz"),
        (r#"\"kind\":"#, r#"\"king\":"#),
        (r#""wiredesk":"#, r#""wiredisk":"#),
    ] {
        assert!(Tagger::from_bytes(&altered(&small(), from, to)).is_err(), "{to}");
    }
}

#[test]
fn a_vocabulary_whose_ngrams_skip_an_order_is_refused() {
    // "b" after "a" stands as an n-gram of three words: its first word would be sought before the text.
    let parts = |order_sizes| VocabularyParts {
        words: "ab".to_owned(),
        word_ends: vec![1, 2],
        order_sizes,
        child_counts: vec![1, 0],
        last_words: vec![1],
        ..VocabularyParts::default()
    };
    assert!(Vocabulary::from_parts(parts(vec![1])).is_ok());
    assert!(Vocabulary::from_parts(parts(vec![0, 1])).is_err());
}

#[test]
fn files_of_another_kind_are_errors_that_say_so() {
    let message = |file: &[u8]| Tagger::from_bytes(file).unwrap_err().to_string();
    for file in [&b""[..], b"text,topic\na,b\n", &[0; 100], &[0xFF; 100], b"\x02\0\0\0\0\0\0\0{}"] {
        let message = message(file);
        assert!(message.contains("not a wiredesk model") || message.contains("not written by wiredesk"), "{message}");
    }
    let header = br#"{"__metadata__":{"format":"pt"}}"#;
    let foreign = [&(header.len() as u64).to_le_bytes()[..], header].concat();
    assert!(matches!(Tagger::from_bytes(&foreign), Err(ModelError::Foreign)));
    // A header that claims to be larger than any memory.
    assert!(Tagger::from_bytes(&[&u64::MAX.to_le_bytes()[..], b"{}"].concat()).is_err());
}

#[test]
fn a_model_that_could_be_saved_can_be_loaded() {
    for ngrams in [0, 1, 5, 6, 300] {
        for prefixes in [true, false] {
            let options = TrainOptions {
                features: FeatureSettings { ngrams, prefixes, places: false },
                ..TrainOptions::naive_bayes(Estimator::Complement)
            };
            if let Ok((model, _)) = try_train(options, &["topic", "region"], &news()) {
                assert!(Tagger::from_bytes(&model.to_bytes().unwrap()).is_ok(), "n-grams of {ngrams}");
            }
        }
    }
}

#[test]
fn the_card_comes_back_whatever_it_says() {
    for text in ["", "é \u{1F5DE} \0 \"quoted\"", r#""blake3":"""#, r#"\"blake3\":\"0000"#] {
        let options = TrainOptions { card: ModelCard::new(text), ..TrainOptions::naive_bayes(Estimator::Complement) };
        let file = train(options, &["topic", "region"], &news()).to_bytes().unwrap();
        assert_eq!(Tagger::from_bytes(&file).unwrap().card().text(), text);
    }
}

#[test]
fn what_a_model_remembers_of_its_rows_comes_back_and_does_not_depend_on_their_order() {
    let options = || TrainOptions::naive_bayes(Estimator::Complement);
    let long =
        "Heavy rain and wind are expected tonight along the coast, where ferries stay in port and schools will be shut";
    let mut rows = news();
    rows.extend([row("", &["sport", ""]), row(long, &["weather", ""]), row(long, &["weather", ""])]);
    let model = train(options(), &["topic", "region"], &rows);
    let found = Tagger::from_bytes(&model.to_bytes().unwrap()).unwrap();
    let fingerprints = found.fingerprints().unwrap();
    assert_eq!(Some(fingerprints), model.fingerprints());
    assert_eq!((fingerprints.n_rows(), fingerprints.n_texts(), fingerprints.n_sketches()), (11, 10, 2));
    assert_eq!(fingerprints.n_bytes(), 8 * 11 + 8 * 10 + 16 * 2);
    rows.reverse();
    assert_eq!(train(options(), &["topic", "region"], &rows).fingerprints(), model.fingerprints());
}

#[test]
fn a_model_without_fingerprints_is_as_it_was_before_there_were_any() {
    let options = TrainOptions { fingerprints: false, ..TrainOptions::naive_bayes(Estimator::Complement) };
    let file = train(options, &["topic", "region"], &news()).to_bytes().unwrap();
    assert!(!file.windows(12).any(|part| part == b"fingerprints"));
    assert!(Tagger::from_bytes(&file).unwrap().fingerprints().is_none());
}

#[test]
fn fingerprints_that_are_missing_out_of_order_or_too_few_are_errors() {
    let file = small();
    for (from, to) in [
        ("fingerprints.exact", "fingerprints.exxct"),
        ("fingerprints.text", "fingerprints.texx"),
        ("fingerprints.sketch", "fingerprints.sketcx"),
    ] {
        assert!(Tagger::from_bytes(&altered(&file, from, to)).is_err(), "{to}");
    }
    // The three fingerprints of the three rows, the first made larger than the others.
    let rows = Tagger::from_bytes(&file).unwrap().fingerprints().unwrap().clone();
    assert_eq!(rows.n_rows(), 3);
    let header = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize + 8;
    let json: serde_json::Value = serde_json::from_slice(&file[8..header]).unwrap();
    for name in ["fingerprints.exact", "fingerprints.text"] {
        let start = json[name]["data_offsets"][0].as_u64().unwrap() as usize;
        let mut altered = file.clone();
        altered[header + start..][..8].fill(0xFF);
        let message = Tagger::from_bytes(&with_fitting_hash(altered)).unwrap_err().to_string();
        assert!(message.contains("fingerprints: not in order"), "{message}");
    }
}
