//! Train and test from one set of rows: by seed, by stratum, by group, whatever the order of the rows.
//!
//! Rows are told apart by content and not by position, so a shuffled file gives the same two sets. Rows of the same
//! content stay together: one in train and one in test would be a leak.

use std::collections::BTreeMap;

use super::Row;

/// Cuts rows in two so that each stratum has its share in both.
///
/// Within a stratum the units (rows of the same content, or groups) are put in the order of the hash of seed and content
/// and taken into test until the share is reached. What rounding leaves over or takes too much is carried to the next
/// stratum in byte order, so that the whole comes within a unit of the share, too. A stratum of a single unit stays in
/// train and every other keeps at least one unit there, so many rare strata make the test part smaller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StratifiedSplit {
    /// The share of rows that goes to test, from 0 to 1; what lies outside counts as the nearer end, NaN as 0.
    pub test_share: f64,
    /// Another seed gives another split.
    pub seed: u64,
}

/// What the split needs to know of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitRow {
    /// Hash of the content; rows of the same key go to the same side.
    pub key: u128,
    /// Rows of one stratum are shared out alike: the labels, joined.
    pub stratum: String,
    /// Rows of one group go to the same side; `None`: the row is a group of its own.
    pub group: Option<String>,
}

impl SplitRow {
    /// Key from the row's text, labels and id; stratum from its labels.
    pub fn new(row: &Row, group: Option<String>) -> Self {
        let mut hasher = blake3::Hasher::new();
        // Lengths go before the parts, so that no two rows run together to the same bytes.
        let mut add = |part: &str| {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        };
        add(&row.text);
        add(row.id.as_deref().unwrap_or_default());
        for labels in &row.labels {
            add(&labels.len().to_string());
            labels.iter().for_each(|label| add(label));
        }
        let key = u128::from_le_bytes(first_half(hasher.finalize()));
        // Labels hold neither control character in practice; if they do, two strata become one and nothing breaks.
        let facets: Vec<String> = row.labels.iter().map(|labels| labels.join("\u{1F}")).collect();
        SplitRow { key, stratum: facets.join("\u{1E}"), group }
    }
}

/// The part a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitPart {
    /// To learn from.
    Train,
    /// To be tested on.
    Test,
}

/// Rows that stay together.
#[derive(Default)]
struct Unit<'r> {
    /// Positions of its rows.
    rows: Vec<usize>,
    /// How many of its rows are in each stratum.
    strata: BTreeMap<&'r str, usize>,
}

impl StratifiedSplit {
    /// The part of each row, in the order of `rows`.
    pub fn parts(&self, rows: &[SplitRow]) -> Vec<SplitPart> {
        let mut units: BTreeMap<(Option<&str>, u128), Unit<'_>> = BTreeMap::new();
        for (i, row) in rows.iter().enumerate() {
            let group = row.group.as_deref();
            // A row outside all groups is told by its content, a group by its name.
            let unit = units.entry((group, if group.is_some() { 0 } else { row.key })).or_default();
            unit.rows.push(i);
            *unit.strata.entry(&row.stratum).or_default() += 1;
        }
        let mut strata: BTreeMap<&str, Vec<(u128, Vec<usize>)>> = BTreeMap::new();
        for ((group, key), unit) in units {
            strata.entry(unit.stratum()).or_default().push((self.order(group, key), unit.rows));
        }
        let share = if self.test_share.is_nan() { 0.0 } else { self.test_share.clamp(0.0, 1.0) };
        let mut parts = vec![SplitPart::Train; rows.len()];
        let mut carried = 0.0;
        for mut units in strata.into_values().filter(|units| units.len() > 1) {
            // Stable, and the units came in the order of group and key: a tie of hashes is broken by those.
            units.sort_by_key(|(order, _)| *order);
            let size: usize = units.iter().map(|(_, rows)| rows.len()).sum();
            let wanted = share * size as f64 + carried;
            let taken = take(&units, wanted, &mut parts);
            // Large groups can miss by much; to make that up elsewhere would spoil the other strata.
            carried = (wanted - taken as f64).clamp(-1.0, 1.0);
        }
        parts
    }

    fn order(&self, group: Option<&str>, key: u128) -> u128 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.seed.to_le_bytes());
        match group {
            Some(group) => hasher.update(b"group").update(group.as_bytes()),
            None => hasher.update(b"row").update(&key.to_le_bytes()),
        };
        u128::from_le_bytes(first_half(hasher.finalize()))
    }
}

impl<'r> Unit<'r> {
    /// The stratum of most of its rows, the first in byte order if several have as many.
    fn stratum(&self) -> &'r str {
        let mut best = ("", 0);
        for (&stratum, &count) in &self.strata {
            if count > best.1 {
                best = (stratum, count);
            }
        }
        best.0
    }
}

/// Takes units in order as long as each brings the number of rows nearer to the wanted one; returns that number.
fn take(units: &[(u128, Vec<usize>)], wanted: f64, parts: &mut [SplitPart]) -> usize {
    let (mut taken, mut left) = (0, units.len());
    for (_, rows) in units {
        if left > 1 && (rows.len() as f64) < 2.0 * (wanted - taken as f64) {
            rows.iter().for_each(|&i| parts[i] = SplitPart::Test);
            taken += rows.len();
            left -= 1;
        }
    }
    taken
}

fn first_half(hash: blake3::Hash) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
