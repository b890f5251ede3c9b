//! From scores to probabilities and decisions.
//!
//! Naive Bayes counts every word as new evidence, so its scores grow with the length of a text and its raw posterior
//! is 0 or 1. Scores are therefore divided by the square root of the length, a constant that needs no fitting and so
//! keeps the additive estimators pure functions of their rows. Complement scores compare a label with everything else
//! and are smaller; they are multiplied by a constant. The constants were chosen over several data sets by the
//! script `scripts/choose_constants.py`.

/// Turns log scores into probabilities that sum to one, in place (softmax; the largest score is taken off first, so
/// that nothing overflows). Where every score is −∞ all are the same.
pub fn normalize(scores: &mut [f64]) {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if max == f64::NEG_INFINITY {
        let share = 1.0 / scores.len() as f64;
        scores.fill(share);
        return;
    }
    for score in scores.iter_mut() {
        *score = libm::exp(*score - max);
    }
    let sum: f64 = scores.iter().sum();
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

/// `1 / (1 + exp(−x))`, without overflow.
pub fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + libm::exp(-x))
    } else {
        let e = libm::exp(x);
        e / (1.0 + e)
    }
}

/// The index of the largest value; ties go to the first. `None` for no values.
pub fn arg_max(values: &[f64]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (i, &value) in values.iter().enumerate() {
        if best.is_none_or(|(_, b)| value > b) {
            best = Some((i, value));
        }
    }
    best.map(|(i, _)| i)
}

/// How scores become probabilities: `scale · (score / √max(1, length) − cut)`, then softmax or sigmoid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) scale: f64,
    pub(crate) cut: f64,
}

impl Link {
    pub(crate) const MULTINOMIAL: Link = Link { scale: 1.0, cut: 0.0 };
    pub(crate) const COMPLEMENT_SINGLE: Link = Link { scale: 2.5, cut: 0.0 };
    pub(crate) const COMPLEMENT_MULTI: Link = Link { scale: 5.0, cut: 0.7 };

    pub(crate) fn apply(self, score: f64, length: f64) -> f64 {
        self.scale * (score / length.max(1.0).sqrt() - self.cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_abs_diff_eq;

    #[test]
    fn probabilities_sum_to_one_however_large_the_scores() {
        for scores in [vec![-1e6, -1e6 - 1.0], vec![1e300, -1e300], vec![0.0; 3], vec![f64::NEG_INFINITY, 5.0]] {
            let mut p = scores.clone();
            normalize(&mut p);
            assert_abs_diff_eq!(p.iter().sum::<f64>(), 1.0, epsilon = 1e-12);
        }
        let mut p = [-1e6, -1e6 - 1.0];
        normalize(&mut p);
        assert_abs_diff_eq!(p[0], 1.0 / (1.0 + (-1.0f64).exp()), epsilon = 1e-12);
        let mut none = [f64::NEG_INFINITY; 2];
        normalize(&mut none);
        assert_eq!(none, [0.5, 0.5]);
    }

    #[test]
    fn ties_go_to_the_first() {
        assert_eq!(arg_max(&[1.0, 3.0, 3.0]), Some(1));
        assert_eq!(arg_max(&[]), None);
        assert_eq!(arg_max(&[f64::NEG_INFINITY]), Some(0));
    }

    #[test]
    fn the_sigmoid_does_not_overflow() {
        assert_eq!((sigmoid(-1e9), sigmoid(0.0), sigmoid(1e9)), (0.0, 0.5, 1.0));
    }
}
