//! How much two texts have in common, from sixteen bytes of each.
//!
//! A text is the set of its *shingles*: all runs of eight neighbouring [letters](Letters), of four in scripts without
//! spaces. The likeness of two texts is the Jaccard index of their sets, shared shingles over all shingles:
//! J(A, B) = |A ∩ B| / |A ∪ B|. Broder, *On the resemblance and containment of documents* (1997), showed that the
//! smallest hash of each set is the same with probability J, so many such minima estimate it. Here
//!
//! - one hash function gives all minima: shingles are dealt into 32 bins by five bits of their hash, and the smallest of
//!   each bin is taken (Li, Owen and Zhang, *One permutation hashing*, 2012), so that the cost does not grow with their
//!   number. A bin that stays empty borrows from another, drawn in the same order for every text (Shrivastava,
//!   *Optimal densification for fast and accurate minwise hashing*, 2017);
//! - four bits of each minimum are kept (Li and König, *b-bit minwise hashing*, 2010). Two that differ agree in
//!   these bits once in 16, so a share m of equal bins says J = (m − 1/16) / (1 − 1/16).
//!
//! Letters instead of words as pieces, because a word more or less, an apostrophe or a hyphen then changes little, and
//! because Chinese has no words to cut at.

use super::Letters;
use crate::features::{CharClass, class};

/// Bins of a sketch.
pub(super) const BINS: usize = 32;
/// Letters of a shingle.
const LETTERS: usize = 8;
/// Letters of a shingle that ends in a script without spaces, where a letter is a syllable or word.
const SPACELESS_LETTERS: usize = 4;
/// Texts of fewer shingles (about a dozen words) have no sketch: half of a short text is soon shared by chance.
const LEAST_SHINGLES: usize = 48;
const LEAST_SPACELESS_SHINGLES: usize = 24;
/// Equal bins from which on two texts are near duplicates: J of about .6. A text cut to 80 % has J = .8, and its
/// number of equal bins a mean of 26 and a standard deviation of 2.2.
const NEAR: u32 = 20;

/// The MinHash sketch of a text: 32 bins of four bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sketch(pub u128);

impl Sketch {
    /// The sketch of a text; `None` for a text too short to have one, below about a dozen words.
    pub fn of_letters(letters: &Letters) -> Option<Self> {
        let mut bins = Bins([u64::MAX; BINS]);
        let mut spaceless_shingles = 0;
        let mut long = Rolling::<LETTERS>::default();
        let text = letters.as_str();
        let shingles = if text.is_ascii() {
            let bytes = text.as_bytes();
            let (begin, rest) = bytes.split_at(bytes.len().min(LETTERS - 1));
            begin.iter().for_each(|&b| long.hash = long.next(0, u64::from(b) + 1));
            // The letter that leaves the window is `LETTERS` before the one that enters it.
            for (i, &b) in rest.iter().enumerate() {
                let old = if i == 0 { 0 } else { u64::from(bytes[i - 1]) + 1 };
                long.hash = long.next(old, u64::from(b) + 1);
                bins.add(long.hash);
            }
            rest.len()
        } else {
            let mut short = Rolling::<SPACELESS_LETTERS>::default();
            let mut shingles = 0;
            for c in text.chars() {
                let (long, short) = (long.push(c), short.push(c));
                let is_spaceless = !c.is_ascii() && class(c) == CharClass::Spaceless;
                let Some(hash) = (if is_spaceless { short } else { long }) else { continue };
                bins.add(hash);
                shingles += 1;
                spaceless_shingles += usize::from(is_spaceless);
            }
            shingles
        };
        if shingles < LEAST_SHINGLES && spaceless_shingles < LEAST_SPACELESS_SHINGLES {
            return None;
        }
        let mut sketch = 0;
        for bin in 0..BINS {
            sketch |= u128::from(bins.borrowed(bin)? & 0xF) << (4 * bin);
        }
        Some(Sketch(sketch))
    }

    /// How many bins of the two are equal, 0 to 32.
    pub fn equal_bins(self, other: Sketch) -> u32 {
        const ONES: u128 = 0x1111_1111_1111_1111_1111_1111_1111_1111;
        let differ = self.0 ^ other.0;
        let any_bit = (differ | differ >> 1 | differ >> 2 | differ >> 3) & ONES;
        BINS as u32 - any_bit.count_ones()
    }

    /// The estimate of the Jaccard index of the two texts, 0 to 1.
    pub fn likeness(self, other: Sketch) -> f64 {
        let equal = f64::from(self.equal_bins(other)) / BINS as f64;
        ((equal - 1.0 / 16.0) / (1.0 - 1.0 / 16.0)).max(0.0)
    }

    /// Whether the two texts are near duplicates: the same but for some words, or but for a fifth cut off.
    pub fn is_near(self, other: Sketch) -> bool {
        self.equal_bins(other) >= NEAR
    }
}

/// The smallest hash of each bin; the largest number where there is none.
struct Bins([u64; BINS]);

impl Bins {
    #[inline]
    fn add(&mut self, shingle: u64) {
        let hash = mix(shingle);
        let bin = &mut self.0[(hash >> 59) as usize];
        *bin = (*bin).min(hash & (u64::MAX >> 5));
    }

    /// The minimum of a bin, or, if it is empty, of the first in a fixed random order that is not.
    fn borrowed(&self, bin: usize) -> Option<u64> {
        if self.0[bin] != u64::MAX {
            return Some(self.0[bin]);
        }
        // Some bin is filled; the order of a bin passes it before long.
        let order = (1..10_000u64).map(|attempt| (mix(bin as u64 + attempt * BINS as u64) >> 59) as usize);
        order.map(|other| self.0[other]).find(|&minimum| minimum != u64::MAX)
    }
}

/// The hash of the last N characters: a polynomial over them, modulo 2⁶⁴.
struct Rolling<const N: usize> {
    last: [u64; N],
    seen: usize,
    hash: u64,
}

/// The golden ratio's bits, odd: the increment of SplitMix64.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

impl<const N: usize> Default for Rolling<N> {
    fn default() -> Self {
        Rolling { last: [0; N], seen: 0, hash: 0 }
    }
}

impl<const N: usize> Rolling<N> {
    /// The base to the power of N.
    const OUT: u64 = {
        let (mut power, mut i) = (1u64, 0);
        while i < N {
            power = power.wrapping_mul(BASE);
            i += 1;
        }
        power
    };

    /// The hash of the last N characters, once there are as many.
    fn push(&mut self, c: char) -> Option<u64> {
        let new = u64::from(c) + 1;
        let old = std::mem::replace(&mut self.last[self.seen % N], new);
        self.hash = self.next(old, new);
        self.seen += 1;
        (self.seen >= N).then_some(self.hash)
    }

    /// The hash with one character more and one less.
    #[inline]
    fn next(&self, old: u64, new: u64) -> u64 {
        self.hash.wrapping_mul(BASE).wrapping_add(new.wrapping_sub(old.wrapping_mul(Self::OUT)))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014): every bit
/// of the input changes half of the output's.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(BASE);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
#[path = "sketch_tests.rs"]
mod tests;
