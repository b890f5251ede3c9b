//! Finds the like of a sketch without looking at all of them.
//!
//! Sketches that agree in some *band* of four bins are candidates, and those are compared in full (locality-sensitive
//! hashing by bands: Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, section 3.4). There are 16 bands: each
//! bin is in two, once with its neighbours and once with the bins eight and sixteen places away. At J = .8 a pair agrees
//! in one band with probability .44, in at least one of them almost surely.

use super::Sketch;

/// Bands of a sketch.
pub(super) const BANDS: usize = 16;
const KEYS: usize = 1 << 16;
/// The most candidates of one band that are compared, so that no set of sketches, however made, takes long to ask.
const MOST_CANDIDATES: usize = 4096;

/// The sixteen bits of a band.
pub(super) fn key(sketch: Sketch, band: usize) -> u16 {
    let bits = sketch.0;
    if band < BANDS / 2 {
        return (bits >> (16 * band)) as u16;
    }
    let bin = |number: usize| ((bits >> (4 * number)) as u16) & 0xF;
    let first = band - BANDS / 2;
    (0..4).fold(0, |key, step| key << 4 | bin(first + 8 * step))
}

/// Sketches, and for each band where to find those of a key. Takes 80 bytes a sketch and 4 MB; built in one pass a band.
#[derive(Clone, Debug)]
pub struct SketchIndex {
    sketches: Vec<Sketch>,
    bands: Vec<Band>,
}

/// Numbers of sketches in order of their keys.
#[derive(Clone, Debug)]
struct Band {
    /// Per key, where its numbers begin; one more for the end.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl SketchIndex {
    /// An index of sketches; repeats are dropped, and what passes 2³² of them.
    pub fn new(sketches: impl IntoIterator<Item = Sketch>) -> Self {
        let mut sketches: Vec<Sketch> = sketches.into_iter().collect();
        sketches.sort_unstable();
        sketches.dedup();
        sketches.truncate(u32::MAX as usize);
        let bands = (0..BANDS).map(|band| Band::new(&sketches, band)).collect();
        SketchIndex { sketches, bands }
    }

    /// Whether a text of this sketch is a [near duplicate](Sketch::is_near) of one of them.
    pub fn has_near(&self, sketch: Sketch) -> bool {
        if self.sketches.binary_search(&sketch).is_ok() {
            return true;
        }
        self.bands.iter().enumerate().any(|(band, numbers)| {
            let candidates = numbers.of(key(sketch, band)).iter().take(MOST_CANDIDATES);
            candidates.into_iter().any(|&number| self.sketches[number as usize].is_near(sketch))
        })
    }
}

impl Band {
    /// Counting sort by key.
    fn new(sketches: &[Sketch], band: usize) -> Self {
        let mut starts = vec![0u32; KEYS + 1];
        for &sketch in sketches {
            starts[usize::from(key(sketch, band)) + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut numbers = vec![0; sketches.len()];
        for (number, &sketch) in (0..).zip(sketches) {
            let place = &mut next[usize::from(key(sketch, band))];
            numbers[*place as usize] = number;
            *place += 1;
        }
        Band { starts, numbers }
    }

    fn of(&self, key: u16) -> &[u32] {
        let key = usize::from(key);
        &self.numbers[self.starts[key] as usize..self.starts[key + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sketch with so many bins of another changed, spread over it.
    fn changed(sketch: Sketch, bins: usize) -> Sketch {
        (0..bins).fold(sketch, |s, i| Sketch(s.0 ^ (1 << (4 * (i * 5 % 32)))))
    }

    #[test]
    fn every_bin_is_in_two_bands() {
        for bin in 0..32 {
            let other = Sketch(0xF << (4 * bin));
            assert_eq!((0..BANDS).filter(|&band| key(Sketch(0), band) != key(other, band)).count(), 2, "bin {bin}");
        }
    }

    #[test]
    fn near_sketches_are_found_and_others_are_not() {
        let some: Vec<Sketch> =
            (0..500u128).map(|i| Sketch((i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))).collect();
        let index = SketchIndex::new(some.clone());
        for &sketch in &some {
            assert!(index.has_near(sketch) && index.has_near(changed(sketch, 6)));
            assert!(!index.has_near(changed(sketch, 16)));
        }
        assert!(!SketchIndex::new([]).has_near(some[0]));
    }
}
