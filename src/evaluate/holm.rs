//! Many tests at once: the more one asks, the more answers are lucky. Holm's correction.

/// The p-values adjusted for being many, in the order given, so that the chance of a single false claim among all of
/// them stays below the level at which they are judged.
///
/// With p₍₁₎ ≤ … ≤ p₍ₘ₎ the adjusted value of p₍ᵢ₎ is max over j ≤ i of min(1, (m − j + 1) p₍ⱼ₎). Holm, *A simple
/// sequentially rejective multiple test procedure* (1979); the same as
/// `statsmodels.stats.multitest.multipletests(method='holm')`. The tests need not be independent of each other.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut largest: f64 = 0.0;
    for (rank, &i) in order.iter().enumerate() {
        largest = largest.max(((p.len() - rank) as f64 * p[i]).min(1.0));
        adjusted[i] = largest;
    }
    adjusted
}

/// The same where some values are undefined; they stay so and do not count among the tests.
pub(super) fn holm_of_defined(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let defined: Vec<f64> = p.iter().flatten().copied().collect();
    let mut adjusted = holm(&defined).into_iter();
    p.iter().map(|p| p.and_then(|_| adjusted.next())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_counts_for_all_and_no_later_one_falls_below_it() {
        assert_eq!(holm(&[0.03, 0.01, 0.0125]), [0.03, 0.03, 0.03]);
        assert_eq!(holm(&[0.5, 0.9]), [1.0, 1.0]);
        assert_eq!(holm(&[]), [0.0; 0]);
    }

    #[test]
    fn what_is_undefined_is_no_test() {
        assert_eq!(holm_of_defined(&[None, Some(0.25), None, Some(0.5)]), [None, Some(0.5), None, Some(0.5)]);
    }
}
