use std::collections::BTreeSet;

use super::*;

fn sketch(text: &str) -> Option<Sketch> {
    Sketch::of_letters(&Letters::of(text))
}

/// A text of numbered words, from a linear congruential generator.
fn words(seed: u64, count: usize) -> Vec<String> {
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    (0..count).map(|_| (0..2 + draw() % 7).map(|_| char::from(b'a' + (draw() % 26) as u8)).collect()).collect()
}

fn jaccard(one: &str, other: &str) -> f64 {
    let shingles = |text: &str| -> BTreeSet<String> {
        let letters: Vec<char> = Letters::of(text).as_str().chars().collect();
        letters.windows(8).map(|w| w.iter().collect()).collect()
    };
    let (one, other) = (shingles(one), shingles(other));
    one.intersection(&other).count() as f64 / one.union(&other).count() as f64
}

#[test]
fn the_hash_is_the_published_one() {
    // The first outputs of SplitMix64 with seed 0, as in the reference implementation.
    assert_eq!(mix(0), 0xE220_A839_7B1D_CDAF);
    assert_eq!(mix(BASE), 0x6E78_9E6A_A1B9_65F4);
}

#[test]
fn the_estimate_is_that_of_the_jaccard_index() {
    let (mut bias, mut squares, mut count) = (0.0, 0.0, 0.0);
    for seed in 0..300 {
        let text = words(seed, 40);
        let mut other = text.clone();
        let changed = (seed % 20) as usize;
        other[..changed].clone_from_slice(&words(seed + 1000, changed));
        let (one, other) = (text.join(" "), other.join(" "));
        let error = sketch(&one).unwrap().likeness(sketch(&other).unwrap()) - jaccard(&one, &other);
        bias += error;
        squares += error * error;
        count += 1.0;
    }
    // The standard error of 32 independent bins at J = .5 is .094.
    let (bias, rms) = (bias / count, f64::sqrt(squares / count));
    assert!(bias.abs() < 0.02 && rms < 0.1, "bias {bias}, root mean square error {rms}");
}

#[test]
fn texts_that_share_nothing_are_not_alike() {
    let (one, other) = (sketch(&words(1, 50).join(" ")).unwrap(), sketch(&words(2, 50).join(" ")).unwrap());
    assert!(one.likeness(other) < 0.2 && !one.is_near(other));
    assert_eq!(one.equal_bins(one), 32);
    assert!((one.likeness(one) - 1.0).abs() < 1e-12 && one.is_near(one));
}

#[test]
fn short_texts_have_none() {
    assert_eq!(sketch(""), None);
    assert_eq!(sketch("Rates rise again as inflation grows"), None);
    assert!(sketch("Rates rise again as inflation grows, and the central bank says that more is to come").is_some());
    assert_eq!(sketch("中国经济增长"), None);
    assert!(sketch("中国国家统计局周三公布的数据显示，第三季度国内生产总值同比增长百分之四点九，高于预期").is_some());
}

#[test]
fn one_shingle_repeated_is_a_sketch_like_any() {
    let one = sketch(&"a".repeat(500)).unwrap();
    assert_eq!(one, sketch(&"a".repeat(900)).unwrap());
}
