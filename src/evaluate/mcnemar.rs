//! Of the rows on which two differ, does one win more than luck would give it? McNemar's exact test.

use serde::Serialize;

/// McNemar's exact test of two contestants over the same rows.
///
/// Only rows on which one is right and the other wrong say anything. If both were equally good, each such row would be
/// a fair coin, so with n = `only_first` + `only_second` and X ~ Binomial(n, ½)
///
/// ```text
/// p = min(1, 2 P(X ≤ min(only_first, only_second)))
/// ```
///
/// McNemar, *Note on the sampling error of the difference between correlated proportions* (1947); the same as
/// `statsmodels.stats.contingency_tables.mcnemar(exact=True)`. Rows have to be independent of each other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McNemar {
    /// Rows on which the first is right and the second wrong.
    pub only_first: u64,
    /// Rows on which the second is right and the first wrong.
    pub only_second: u64,
    /// How often luck alone would part the rows at least as unevenly, 0 to 1; 1 where the two never differ.
    pub p: f64,
}

impl McNemar {
    /// The test of these counts.
    pub fn exact(only_first: u64, only_second: u64) -> Self {
        McNemar { only_first, only_second, p: two_sided(only_first.min(only_second), only_first + only_second) }
    }
}

/// 2 P(X ≤ k) for X ~ Binomial(n, ½) and k ≤ n / 2, at most 1.
fn two_sided(k: u64, n: u64) -> f64 {
    if 2 * k >= n {
        return 1.0;
    }
    // The largest term by logarithms, the smaller ones by their ratio to it: nothing overflows, and where the whole sum
    // is below the least number there is, it is 0.
    let (k, n) = (k as f64, n as f64);
    let log_factorial = |x: f64| libm::lgamma(x + 1.0);
    let log_largest = log_factorial(n) - log_factorial(k) - log_factorial(n - k) - n * core::f64::consts::LN_2;
    let (mut term, mut sum, mut i) = (1.0, 1.0, k);
    while i > 0.0 && term > sum * f64::EPSILON {
        term *= i / (n - i + 1.0);
        sum += term;
        i -= 1.0;
    }
    (2.0 * libm::exp(log_largest + libm::log(sum))).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_are_those_of_a_coin_by_hand() {
        // Of 3 rows all to one: 2 · 1/8. Of 4 rows one to three: 2 · (1 + 4)/16.
        for (first, second, p) in [(0, 0, 1.0), (0, 1, 1.0), (3, 0, 0.25), (1, 3, 0.625), (5, 5, 1.0), (5, 6, 1.0)] {
            assert!((McNemar::exact(first, second).p - p).abs() < 1e-14, "{first} {second}");
            assert_eq!(McNemar::exact(first, second).p, McNemar::exact(second, first).p);
        }
    }

    #[test]
    fn what_is_next_to_impossible_is_zero_and_not_undefined() {
        assert_eq!(McNemar::exact(0, 1_000_000).p, 0.0);
        assert!(McNemar::exact(0, 1000).p > 0.0);
    }
}
