//! Which gold labels the evidence contradicts, when it is out of fold.
//!
//! A model that has not seen a row's label is a second opinion on it. The score of a row is the log odds of that opinion
//! against the label, above 0 where it holds something else more probable:
//!
//! | | score |
//! |---|---|
//! | single-label, given label g | `ln (max_{k≠g} p_k / p_g)` |
//! | multi-label | the largest of `ln p_k/(1−p_k)` over labels k not given and `ln (1−p_k)/p_k` over those given |
//!
//! (the normalised margin of Northcutt, Jiang and Chuang 2021, "Confident learning", as a ratio, so that sure rows are
//! told apart.) Probabilities below [`LEAST_PROBABILITY`] count as that. Of a given label that the model does not know,
//! because no row it was trained on has it, nothing can be said: it counts as uncontradicted, a single-label row as 0.
//!
//! A model is sometimes wrong, so a score above 0 is not yet a wrong label. A row *looks mislabelled* where the other
//! label is at least as probable as it is, on the mean, in the rows that carry it: their confident joint.

use super::{LEAST_PROBABILITY, OutcomeRow, Outcomes};

/// What out-of-fold evidence says of one row's labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspicion {
    /// Log odds against the labels that the row has.
    pub score: f64,
    /// The labels that the evidence would give, in byte order: those of the row where the score is below 0.
    pub suggested: Vec<String>,
    /// Whether the evidence is as sure as it is of rows that carry what it would give.
    pub looks_wrong: bool,
}

/// Judges the labels of all rows, in their order. A given label without a probability is one that the model does not know.
pub fn suspicions(outcomes: &Outcomes) -> Vec<Suspicion> {
    let mut names: Vec<usize> = (0..outcomes.labels().len()).collect();
    names.sort_by_key(|&label| &outcomes.labels()[label]);
    let means = Means::of(outcomes);
    outcomes
        .rows()
        .map(|row| {
            let judged = if outcomes.multi_label() { several(&row, &names, &means) } else { one(&row, &names, &means) };
            let (score, suggested, looks_wrong) = judged;
            let suggested = suggested.into_iter().map(|label| outcomes.labels()[label].clone()).collect();
            Suspicion { score, suggested, looks_wrong }
        })
        .collect()
}

/// Per label, how probable it is on the mean in rows that carry it, and how improbable in those that do not.
struct Means {
    present: Vec<f64>,
    absent: Vec<f64>,
}

/// Sums are of whole numbers of this part of one, so that the order of the rows does not show.
const UNIT: f64 = (1u64 << 52) as f64;

impl Means {
    fn of(outcomes: &Outcomes) -> Self {
        let n = outcomes.labels().len();
        let (mut all, mut carried, mut rows) = (vec![0u128; n], vec![0u128; n], vec![0u64; n]);
        for row in outcomes.rows() {
            for (label, p) in probabilities(&row) {
                let p = (p.clamp(0.0, 1.0) * UNIT) as u128;
                all[label] += p;
                if row.gold.contains(&(label as u32)) {
                    carried[label] += p;
                }
            }
            row.gold.iter().for_each(|&label| rows[label as usize] += 1);
        }
        // A label that no row carries, or every row, has no mean that could be reached.
        let mean = |sum: u128, rows: u64| if rows > 0 { sum as f64 / UNIT / rows as f64 } else { f64::INFINITY };
        let present = (0..n).map(|k| mean(carried[k], rows[k])).collect();
        let others = |k: usize| outcomes.len() as u64 - rows[k];
        let absent =
            (0..n).map(|k| if others(k) == 0 { f64::INFINITY } else { 1.0 - mean(all[k] - carried[k], others(k)) });
        Means { present, absent: absent.collect() }
    }
}

fn probabilities<'a>(row: &OutcomeRow<'a>) -> impl Iterator<Item = (usize, f64)> + use<'a> {
    let (labels, values): (&[u32], &[f64]) = row.probabilities.unwrap_or_default();
    labels.iter().zip(values).map(|(&label, &p)| (label as usize, p))
}

/// `None` where the model does not know the label, or gave it next to nothing and the row does not carry it.
fn probability(row: &OutcomeRow<'_>, label: usize) -> Option<f64> {
    let found = probabilities(row).find(|(k, _)| *k == label);
    found.map(|(_, p)| p.clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY))
}

fn one(row: &OutcomeRow<'_>, names: &[usize], means: &Means) -> (f64, Vec<usize>, bool) {
    let Some(given) = row.gold.first().map(|&label| label as usize) else { return (0.0, Vec::new(), false) };
    let Some(p_given) = probability(row, given) else { return (0.0, vec![given], false) };
    let (mut best, mut p_best, mut looks_wrong) = (given, LEAST_PROBABILITY, false);
    for &label in names.iter().filter(|&&label| label != given) {
        let p = probability(row, label).unwrap_or(0.0);
        looks_wrong |= p > p_given && p >= means.present[label];
        if p > p_best {
            (best, p_best) = (label, p);
        }
    }
    let score = libm::log(p_best / p_given);
    (score, vec![if score > 0.0 { best } else { given }], looks_wrong)
}

fn several(row: &OutcomeRow<'_>, names: &[usize], means: &Means) -> (f64, Vec<usize>, bool) {
    let none = libm::log(LEAST_PROBABILITY);
    let (mut score, mut suggested, mut looks_wrong) = (none, Vec::new(), false);
    for &label in names {
        let given = row.gold.contains(&(label as u32));
        let against = match (probability(row, label), given) {
            (Some(p), true) => libm::log((1.0 - p) / p),
            (Some(p), false) => libm::log(p / (1.0 - p)),
            (None, _) => none,
        };
        score = score.max(against);
        let contradicted = against > 0.0;
        if let Some(p) = probability(row, label).filter(|_| contradicted) {
            looks_wrong |= if given { 1.0 - p >= means.absent[label] } else { p >= means.present[label] };
        }
        if given != contradicted {
            suggested.push(label);
        }
    }
    (score, suggested, looks_wrong)
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::*;

    /// Gold labels, and the probabilities of labels.
    type Judged<'a> = (&'a [&'a str], &'a [(&'a str, f64)]);

    fn outcomes(multi_label: bool, rows: &[Judged<'_>]) -> Outcomes {
        let mut outcomes = Outcomes::new("topic", multi_label);
        for &(gold, probabilities) in rows {
            outcomes.add(&Outcome { gold, probabilities: Some(probabilities), ..Outcome::default() });
        }
        outcomes
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} and {expected}");
    }

    #[test]
    fn the_odds_of_the_best_other_label_against_the_given_one() {
        let found = suspicions(&outcomes(
            false,
            &[
                (&["b"], &[("a", 0.1), ("b", 0.7), ("c", 0.2)]),
                (&["b"], &[("a", 0.8), ("b", 0.1), ("c", 0.1)]),
                (&["a"], &[("a", 0.7), ("b", 0.2), ("c", 0.1)]),
                (&["a"], &[("a", 0.3), ("b", 0.35), ("c", 0.35)]),
                (&["a"], &[("a", 1e-9), ("b", 1.0), ("c", 0.0)]),
            ],
        ));
        close(found[0].score, (2.0f64 / 7.0).ln());
        close(found[1].score, 8f64.ln());
        // Of b and c, equally probable, the first by name.
        assert_eq!(found.iter().map(|s| s.suggested[0].as_str()).collect::<Vec<_>>(), ["b", "a", "a", "b", "b"]);
        // b is as probable as in its own rows (.4) in the last row alone, a (mean 1/3) in the second.
        assert_eq!(found.iter().map(|s| s.looks_wrong).collect::<Vec<_>>(), [false, true, false, false, true]);
        close(found[4].score, ((1.0 - LEAST_PROBABILITY) / LEAST_PROBABILITY).ln());
    }

    #[test]
    fn the_surest_of_several_contradictions() {
        let found = suspicions(&outcomes(
            true,
            &[
                (&["a"], &[("a", 0.9), ("b", 0.2)]),
                (&["a", "b"], &[("a", 0.9), ("b", 0.05)]),
                (&[], &[("a", 0.8), ("b", 0.1)]),
                (&["b"], &[("a", 0.95), ("b", 0.9)]),
            ],
        ));
        close(found[0].score, 0.25f64.ln());
        close(found[1].score, 19f64.ln());
        close(found[2].score, 4f64.ln());
        let suggested: Vec<String> = found.iter().map(|s| s.suggested.join("|")).collect();
        assert_eq!(suggested, ["a", "a", "a", "a|b"]);
        // a is .9 in its rows, 1 − p of b is .85 in rows without it.
        assert_eq!(found.iter().map(|s| s.looks_wrong).collect::<Vec<_>>(), [false, true, false, true]);
    }

    #[test]
    fn of_a_label_that_the_model_does_not_know_nothing_is_said() {
        let found = suspicions(&outcomes(false, &[(&["rare"], &[("a", 0.6), ("b", 0.4)]), (&["a"], &[("a", 1.0)])]));
        assert_eq!(found[0], Suspicion { score: 0.0, suggested: vec!["rare".to_owned()], looks_wrong: false });
        let nothing = suspicions(&outcomes(false, &[(&["a"], &[])]));
        assert_eq!((nothing[0].score, &nothing[0].suggested[..]), (0.0, &["a".to_owned()][..]));
        let several =
            suspicions(&outcomes(true, &[(&["rare", "a"], &[("a", 0.8), ("b", 0.4)]), (&["a"], &[("a", 1.0)])]));
        close(several[0].score, (0.4f64 / 0.6).ln());
        assert_eq!(several[0].suggested, ["a", "rare"]);
    }
}
