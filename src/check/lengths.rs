//! Which texts are far shorter or longer than the others.

use serde::Serialize;

/// Robust standard deviations beyond which a length is an outlier: the 3.5 of Iglewicz and Hoaglin, *How to detect and
/// handle outliers* (1993).
const DEVIATIONS: f64 = 3.5;
/// From the median absolute deviation to the standard deviation of a normal distribution.
const TO_SD: f64 = 1.4826;
/// However alike lengths are, one within this factor of the median is no outlier.
const LEAST_FACTOR: f64 = 4.0;

/// Of fewer texts nobody knows what is usual.
const LEAST_TEXTS: usize = 10;

/// The lengths of some texts, in words.
///
/// Lengths spread by factors, so they are judged by their logarithm: a text is an outlier when
/// |ln(length / median)| > max(3.5 · 1.4826 · MAD, ln 4), where MAD is the median of |ln(length / median)|. Of fewer
/// than ten texts none is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LengthRange {
    /// The median: of an even number of texts the lower of the two in the middle.
    pub median: u32,
    /// The shortest.
    pub least: u32,
    /// The longest.
    pub most: u32,
    /// Shorter texts are outliers.
    pub lower: u32,
    /// Longer texts are outliers.
    pub upper: u32,
}

impl LengthRange {
    /// Of lengths above 0, in any order; `None` without any.
    pub fn of(mut lengths: Vec<u32>) -> Option<Self> {
        lengths.retain(|&length| length > 0);
        lengths.sort_unstable();
        let (&least, &most) = (lengths.first()?, lengths.last()?);
        let median = lengths[(lengths.len() - 1) / 2];
        if lengths.len() < LEAST_TEXTS {
            return Some(LengthRange { median, least, most, lower: 1, upper: u32::MAX });
        }
        let log_median = libm::log(f64::from(median));
        let mut deviations: Vec<f64> =
            lengths.iter().map(|&length| (libm::log(f64::from(length)) - log_median).abs()).collect();
        deviations.sort_unstable_by(f64::total_cmp);
        let mad = deviations[(deviations.len() - 1) / 2];
        let factor = libm::exp(DEVIATIONS * TO_SD * mad).max(LEAST_FACTOR);
        let lower = (f64::from(median) / factor).ceil() as u32;
        let upper = (f64::from(median) * factor).floor().min(f64::from(u32::MAX)) as u32;
        Some(LengthRange { median, least, most, lower, upper })
    }

    /// Whether a text of this length is an outlier; one without a word is not, as it has no length to judge.
    pub fn is_outlier(&self, length: u32) -> bool {
        length > 0 && (length < self.lower || length > self.upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_judged_by_its_factor_to_the_median() {
        let range = LengthRange::of(vec![20, 22, 0, 25, 24, 23, 900, 21, 2, 22, 22]).unwrap();
        assert_eq!((range.median, range.least, range.most), (22, 2, 900));
        assert_eq!((range.lower, range.upper), (6, 88));
        assert!(range.is_outlier(900) && range.is_outlier(2) && !range.is_outlier(0) && !range.is_outlier(30));
        assert_eq!(LengthRange::of(vec![0]), None);
        assert!(!LengthRange::of(vec![1, 1, 900]).unwrap().is_outlier(900));
    }

    #[test]
    fn lengths_that_spread_widely_have_wide_bounds() {
        // MAD of the logarithms of 1, 2, 4, … 2^20 is 5 ln 2, so the factor is 2^(3.5 · 1.4826 · 5).
        let range = LengthRange::of((0..21).map(|i| 1 << i).collect()).unwrap();
        assert_eq!((range.median, range.lower), (1024, 1));
        assert!(!range.is_outlier(1 << 20));
    }
}
