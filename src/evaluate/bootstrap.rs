//! How far a figure could be off by the luck of the rows: the bootstrap.
//!
//! Units (rows, or groups of rows that belong together) are drawn with replacement, as many as there are, and the
//! figure is computed again; the middle 95 % of many such figures are its interval. Efron and Tibshirani, *An
//! Introduction to the Bootstrap* (1993), chapter 13: the percentile interval.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use serde::Serialize;

/// Settings of the bootstrap.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `replicates` | 1000 | draws of all units | ≥ 1 |
/// | `seed` | 0 | another number draws others | |
/// | `level` | 0.95 | share of the draws inside an interval | 0 to 1 |
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Draws of all units.
    pub replicates: u32,
    /// Another number draws other units.
    pub seed: u64,
    /// Share of the draws inside an interval.
    pub level: f64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Bootstrap { replicates: 1000, seed: 0, level: 0.95 }
    }
}

/// Where a figure lies with the bootstrap's certainty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Bootstrap {
    /// The statistic of every draw, in order. It is given how often each unit was drawn. Draws differ by seed and
    /// number only, so the answer is the same on any number of threads; units have to be in an order that does not
    /// depend on the order of the input.
    pub fn draws<T: Send>(&self, units: usize, statistic: impl Fn(&[u32]) -> T + Sync) -> Vec<T> {
        (0..self.replicates)
            .into_par_iter()
            .map_init(
                || vec![0_u32; units],
                |times, replicate| {
                    times.fill(0);
                    // SplitMix64 inside `seed_from_u64` makes streams of neighbouring seeds unlike each other.
                    let seed = self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(u64::from(replicate));
                    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
                    for _ in 0..units {
                        times[random.gen_range(0..units as u64) as usize] += 1;
                    }
                    statistic(times)
                },
            )
            .collect()
    }

    /// The percentile interval of a figure's draws; draws in which it is undefined are left out. `None` where fewer
    /// than half of them are defined.
    pub fn interval(&self, draws: impl IntoIterator<Item = Option<f64>>) -> Option<Interval> {
        let mut all = 0;
        let mut values: Vec<f64> = draws.into_iter().inspect(|_| all += 1).flatten().collect();
        if values.is_empty() || 2 * values.len() < all {
            return None;
        }
        values.sort_unstable_by(f64::total_cmp);
        let tail = (1.0 - self.level) / 2.0;
        Some(Interval { low: quantile(&values, tail), high: quantile(&values, 1.0 - tail) })
    }
}

/// A quantile of ascending values, between neighbours by straight line (type 7 of Hyndman and Fan 1996, numpy's
/// default).
pub(super) fn quantile(ascending: &[f64], share: f64) -> f64 {
    let position = share * (ascending.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(ascending.len() - 1);
    ascending[below] + (position - below as f64) * (ascending[above] - ascending[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draw_has_as_many_units_as_there_are() {
        let bootstrap = Bootstrap { replicates: 20, ..Bootstrap::default() };
        let draws = bootstrap.draws(37, <[u32]>::to_vec);
        assert!(draws.iter().all(|times| times.iter().sum::<u32>() == 37));
        assert_ne!(draws[0], draws[1]);
        assert_eq!(draws, bootstrap.draws(37, <[u32]>::to_vec));
        assert_ne!(draws, Bootstrap { seed: 1, ..bootstrap }.draws(37, <[u32]>::to_vec));
    }

    #[test]
    fn quantiles_are_those_of_numpy() {
        // numpy.quantile([1, 2, 4, 8], [0, .025, .5, .9, 1])
        let values = [1.0, 2.0, 4.0, 8.0];
        for (share, expected) in [(0.0, 1.0), (0.025, 1.075), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
            assert!((quantile(&values, share) - expected).abs() < 1e-12, "{share}");
        }
    }

    #[test]
    fn an_undefined_figure_has_no_interval() {
        let bootstrap = Bootstrap::default();
        assert_eq!(bootstrap.interval([None, None, Some(1.0)]), None);
        assert_eq!(bootstrap.interval([]), None);
        assert_eq!(bootstrap.interval([Some(1.0), Some(1.0)]), Some(Interval { low: 1.0, high: 1.0 }));
    }
}
