//! Model files: an error, or a model that answers.

use std::borrow::Cow;

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use wiredesk::tagger::Context;
use wiredesk::{TagOptions, Tagger};

/// Small models of each kind, as `train` wrote them.
const MODELS: [&[u8]; 6] = [
    include_bytes!("../../tests/data/models/format-1/countries-own-places.safetensors"),
    include_bytes!("../../tests/data/models/format-1/complement-several.safetensors"),
    include_bytes!("../../tests/data/models/format-1/multinomial-mercer.safetensors"),
    include_bytes!("../../tests/data/models/format-1/complement-trigrams.safetensors"),
    include_bytes!("../../tests/data/models/format-1/nbsvm-several.safetensors"),
    include_bytes!("../../tests/data/models/format-1/nbsvm.safetensors"),
];

/// A model file as it is, and with its checksum put right: the checksum is no defence, anybody can compute it.
pub fn model(data: &[u8]) {
    let as_it_is = Tagger::from_bytes(data);
    if let Ok(tagger) = &as_it_is {
        answers(tagger);
    }
    if let Some(file) = repaired(data)
        && file != data
        && let Ok(tagger) = Tagger::from_bytes(&file)
    {
        answers(&tagger);
    }
}

/// Changes of the arrays and of the metadata of a small model, in a container that is whole: `data` is a list of changes.
pub fn model_arrays(data: &[u8]) {
    let (which, changes) = super::choice(data);
    // A model of countries comes with a gazetteer, which takes a hundred times as long to load as all else.
    let rest = &MODELS[1..];
    let file = if which > 250 { MODELS[0] } else { rest[usize::from(which) % rest.len()] };
    if let Some(file) = changed(file, changes)
        && let Ok(tagger) = Tagger::from_bytes(&file)
    {
        answers(&tagger);
    }
}

/// The file with the right checksum, where it has a place for one.
pub fn repaired(file: &[u8]) -> Option<Vec<u8>> {
    const BEFORE: &[u8] = br#"\"blake3\":\""#;
    let start = file.windows(BEFORE.len()).position(|part| part == BEFORE)? + BEFORE.len();
    let mut file = file.to_vec();
    file.get_mut(start..start + 64)?.fill(b'0');
    let hash = blake3::hash(&file).to_hex();
    file[start..start + 64].copy_from_slice(hash.as_bytes());
    Some(file)
}

/// Ten bytes a change: what, on which array, where, and a number.
fn changed(file: &[u8], changes: &[u8]) -> Option<Vec<u8>> {
    let (_, header) = SafeTensors::read_metadata(file).ok()?;
    let mut metadata = header.metadata().clone()?;
    let tensors = SafeTensors::deserialize(file).ok()?;
    let mut arrays: Vec<(String, Dtype, Cow<'_, [u8]>)> =
        tensors.iter().map(|(name, view)| (name.to_owned(), view.dtype(), Cow::Owned(view.data().to_vec()))).collect();
    // The container gives them in an order of its own.
    arrays.sort_by(|a, b| a.0.cmp(&b.0));
    for change in changes.chunks_exact(10).take(16) {
        let number = u32::from_le_bytes([change[6], change[7], change[8], change[9]]);
        let place = usize::from(u16::from_le_bytes([change[2], change[3]]));
        let length = usize::from(u16::from_le_bytes([change[4], change[5]]));
        let n = arrays.len().max(1);
        let i = usize::from(change[1]) % n;
        if change[0] % 10 == 9 {
            // The metadata is text: replace some of it by a number, or by a piece of itself.
            let json = metadata.get_mut("wiredesk")?;
            let (start, end) = (place % json.len().max(1), (place + length % 16) % json.len().max(1));
            if start <= end && json.is_char_boundary(start) && json.is_char_boundary(end) {
                let by = match number % 4 {
                    0 => number.to_string(),
                    1 => f32::from_bits(number).to_string(),
                    2 => json.get(end..end + 9).unwrap_or("null").to_owned(),
                    _ => char::from(change[9]).to_string(),
                };
                json.replace_range(start..end, &by);
            }
            continue;
        }
        let Some((_, dtype, bytes)) = arrays.get_mut(i) else { continue };
        let width = dtype.bitsize() / 8;
        let at = place % bytes.len().max(1);
        let aligned = at / width.max(1) * width;
        let bytes = bytes.to_mut();
        match change[0] % 10 {
            0 if !bytes.is_empty() => bytes[at] = change[6],
            1 if !bytes.is_empty() => bytes[at] ^= 1 << (change[6] % 8),
            2 => bytes.iter_mut().skip(aligned).zip(number.to_le_bytes()).take(width).for_each(|(b, n)| *b = n),
            3 => bytes.truncate(aligned),
            4 => bytes.extend(std::iter::repeat_n(change[6], length * width)),
            5 => *dtype = [Dtype::U8, Dtype::U16, Dtype::U32, Dtype::U64, Dtype::F32, Dtype::I8][number as usize % 6],
            6 => {
                arrays.remove(i);
            }
            7 => {
                let j = number as usize % n;
                let (a, b) = (arrays[i].2.clone(), arrays[j].2.clone());
                (arrays[i].2, arrays[j].2) = (b, a);
            }
            _ => {
                let end = (aligned + length % 8 * width).min(bytes.len());
                bytes.drain(aligned.min(end)..end);
            }
        }
    }
    let views: Option<Vec<(&str, TensorView<'_>)>> = arrays
        .iter()
        .map(|(name, dtype, bytes)| {
            let width = dtype.bitsize() / 8;
            let shape = vec![bytes.len() / width];
            let view = TensorView::new(*dtype, shape, &bytes[..bytes.len() / width * width]).ok()?;
            Some((name.as_str(), view))
        })
        .collect();
    repaired(&safetensors::serialize(views?, Some(metadata)).ok()?)
}

/// A model that was loaded answers, and comes back from a file of its own the same.
fn answers(tagger: &Tagger) {
    let texts =
        ["The striker scored twice in Nairobi, and the central bank raised rates.", "Köln 中国 \u{301} xyzzy", ""];
    for text in texts {
        one_answer(tagger, text);
    }
    let analyses = tagger.analyze_all(&texts);
    let in_context = tagger.in_context(analyses, Context::default());
    drop(wiredesk::tagger::rollup(tagger, &in_context, None));
    for facet in tagger.facets() {
        facet.threshold_for_coverage(0.9);
    }
    if let Some(fingerprints) = tagger.fingerprints() {
        fingerprints.guard();
    }
    let file = tagger.to_bytes().expect("a model can be written");
    let again = Tagger::from_bytes(&file).expect("what was written can be read");
    assert_eq!(again.to_bytes().expect("a model can be written"), file, "a file comes back");
    assert_eq!(again.analyze(texts[0]), tagger.analyze(texts[0]), "the same answers come back");
}

/// Tags, probabilities and explanations of a text.
pub(super) fn one_answer(tagger: &Tagger, text: &str) {
    let analysis = tagger.analyze(text);
    for facet in &analysis.facets {
        for p in &facet.probabilities {
            assert!((0.0..=1.0).contains(p), "{p} is no probability");
        }
        assert!(facet.decided.iter().all(|&label| label < facet.probabilities.len()), "a label that is none");
    }
    let tags = tagger.tags_of(&analysis, &TagOptions { top: Some(3), ..TagOptions::default() });
    for explanation in tagger.explain_tags(text, &tags).into_iter().flatten() {
        for place in explanation.contributions.iter().flat_map(|one| &one.places) {
            super::assert_within(text, place.0, place.1);
        }
        for word in explanation.weights_by_word() {
            super::assert_within(text, word.start, word.end);
        }
    }
}
