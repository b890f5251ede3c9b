//! The probability from which a country is a tag, chosen on answers out of fold.

use super::super::Code;

/// What one text was offered out of fold.
#[derive(Clone, Debug)]
pub(super) struct Judged<'a> {
    /// (country, probability).
    pub offers: Vec<(Code, f64)>,
    /// The right answer, sorted.
    pub gold: &'a [Code],
}

/// A threshold and how good the answers are with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chosen {
    pub threshold: f64,
    pub micro_f1: f64,
    pub macro_f1: f64,
}

/// The threshold with the largest sum of micro- and macro-F1, the latter over the labels that occur in the gold; among
/// equal ones the first above. With `at_least_one` the best country is an answer in any case.
pub(super) fn choose(judged: &[Judged<'_>], at_least_one: bool) -> Chosen {
    let mut codes: Vec<Code> = judged.iter().flat_map(|text| text.gold.iter().copied()).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut best: Option<Chosen> = None;
    for step in 2..=18 {
        let threshold = f64::from(step) / 20.0;
        let (micro_f1, macro_f1) = figures(judged, &codes, threshold, at_least_one);
        if best.is_none_or(|b| micro_f1 + macro_f1 > b.micro_f1 + b.macro_f1) {
            best = Some(Chosen { threshold, micro_f1, macro_f1 });
        }
    }
    best.unwrap_or(Chosen { threshold: 0.5, micro_f1: 0.0, macro_f1: 0.0 })
}

/// Micro- and macro-F1; `codes` are the labels of the gold, sorted.
fn figures(judged: &[Judged<'_>], codes: &[Code], threshold: f64, at_least_one: bool) -> (f64, f64) {
    // Per label: gold, predicted, correct. The last one is for predictions that are no gold label anywhere.
    let mut tallies = vec![[0u64; 3]; codes.len() + 1];
    let at = |code: Code| codes.binary_search(&code).unwrap_or(codes.len());
    for text in judged {
        text.gold.iter().for_each(|&code| tallies[at(code)][0] += 1);
        for code in decide(&text.offers, threshold, at_least_one) {
            let tally = &mut tallies[at(code)];
            tally[1] += 1;
            tally[2] += u64::from(text.gold.binary_search(&code).is_ok());
        }
    }
    let f1 = |[gold, predicted, correct]: [u64; 3]| 2.0 * correct as f64 / (gold + predicted).max(1) as f64;
    let all = tallies.iter().fold([0; 3], |sum, one| [sum[0] + one[0], sum[1] + one[1], sum[2] + one[2]]);
    let of_labels: f64 = tallies[..codes.len()].iter().copied().map(f1).sum();
    (f1(all), of_labels / codes.len().max(1) as f64)
}

/// The countries from a threshold on, or the best one.
fn decide(offers: &[(Code, f64)], threshold: f64, at_least_one: bool) -> impl Iterator<Item = Code> {
    let over = offers.iter().any(|offer| offer.1 >= threshold);
    let best = |offers: &[(Code, f64)]| offers.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let fallback = if at_least_one && !over { best(offers) } else { None };
    offers.iter().filter(move |offer| offer.1 >= threshold).map(|offer| offer.0).chain(fallback.map(|offer| offer.0))
}

#[cfg(test)]
mod tests {
    use super::super::made_up::code;
    use super::*;

    #[test]
    fn the_threshold_parts_right_from_wrong() {
        let (fr, de) = (code("FR"), code("DE"));
        let (just_fr, just_de, none) = ([fr], [de], []);
        let mut judged = vec![
            Judged { offers: vec![(fr, 0.9), (de, 0.32)], gold: &just_fr },
            Judged { offers: vec![(fr, 0.31), (de, 0.43)], gold: &just_de },
        ];
        let chosen = choose(&judged, false);
        assert!((chosen.threshold - 0.35).abs() < 1e-9 && chosen.micro_f1 == 1.0 && chosen.macro_f1 == 1.0);
        // With the best in any case a higher threshold does as well, and one more text without an answer cannot be right.
        judged.push(Judged { offers: vec![(fr, 0.1)], gold: &none });
        assert_eq!(choose(&judged, false).micro_f1, 1.0);
        assert!((choose(&judged, true).micro_f1 - 0.8).abs() < 1e-12);
        assert_eq!(choose(&[], true).threshold, 0.1);
    }
}
