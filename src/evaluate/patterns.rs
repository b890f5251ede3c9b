//! Rows put in order by what they hold, equal ones together: what the bootstrap draws from.

use hashbrown::HashMap;

use super::{Outcomes, Tally};

/// The rows of a facet, collapsed: thousands of rows have few different pairs of gold and predicted labels.
///
/// Labels are numbered in byte order of their names, patterns in order of their labels and units in order of their
/// patterns, so nothing here depends on the order of the input or on the names of groups.
pub(super) struct Patterns {
    /// The labels by their numbers here.
    pub labels: Vec<String>,
    /// Whether a unit is a group of rows; else each row is one.
    pub grouped: bool,
    patterns: Vec<Pattern>,
    /// Gold, predicted and correct labels, pattern after pattern.
    sets: Vec<u32>,
    /// The patterns of the units' rows, unit after unit, ascending inside each.
    drawn: Vec<u32>,
    /// Where each unit ends in `drawn`.
    ends: Vec<usize>,
}

/// Where the parts of a pattern end in `sets`; each begins where that before ends.
#[derive(Clone, Copy, Default)]
struct Pattern {
    gold_end: usize,
    predicted_end: usize,
    correct_end: usize,
    exact: bool,
}

/// The counts of some rows, each as often as it was drawn.
pub(super) struct Counts {
    pub rows: u64,
    pub exact: u64,
    /// One per label, in byte order of the names.
    pub tallies: Vec<Tally>,
}

impl Patterns {
    pub fn of(outcomes: &Outcomes) -> Patterns {
        let (labels, ranks) = outcomes.labels_in_order();
        let (of_rows, keys) = patterns_of_rows(outcomes, &ranks);
        let (patterns, sets) = split(&keys);
        let grouped = !outcomes.groups().is_empty();
        let (drawn, ends) = if grouped {
            units(outcomes, &of_rows)
        } else {
            let mut drawn = of_rows;
            drawn.sort_unstable();
            let ends = (1..=drawn.len()).collect();
            (drawn, ends)
        };
        Patterns { labels, grouped, patterns, sets, drawn, ends }
    }

    /// How many units there are to draw.
    pub fn units(&self) -> usize {
        self.ends.len()
    }

    /// The counts where each unit occurs so many times.
    pub fn counts(&self, times: &[u32]) -> Counts {
        let mut rows_of = vec![0_u64; self.patterns.len()];
        if self.grouped {
            let mut start = 0;
            for (&end, &times) in self.ends.iter().zip(times) {
                if times > 0 {
                    self.drawn[start..end].iter().for_each(|&pattern| rows_of[pattern as usize] += u64::from(times));
                }
                start = end;
            }
        } else {
            let mut start = 0;
            for rows in self.drawn.chunk_by(|a, b| a == b) {
                let times = &times[start..start + rows.len()];
                rows_of[rows[0] as usize] = times.iter().map(|&times| u64::from(times)).sum();
                start += rows.len();
            }
        }
        self.tally(&rows_of, None)
    }

    /// The counts of all rows, if each had been given this label and no other.
    pub fn counts_of_always(&self, label: u32) -> Counts {
        let mut rows_of = vec![0; self.patterns.len()];
        self.drawn.iter().for_each(|&pattern| rows_of[pattern as usize] += 1);
        self.tally(&rows_of, Some(label))
    }

    fn tally(&self, rows_of: &[u64], always: Option<u32>) -> Counts {
        let mut counts = Counts { rows: 0, exact: 0, tallies: vec![Tally::default(); self.labels.len()] };
        let mut start = 0;
        for (pattern, &rows) in self.patterns.iter().zip(rows_of) {
            let gold = &self.sets[start..pattern.gold_end];
            let mut predicted = &self.sets[pattern.gold_end..pattern.predicted_end];
            let mut correct = &self.sets[pattern.predicted_end..pattern.correct_end];
            let mut exact = pattern.exact;
            start = pattern.correct_end;
            if rows == 0 {
                continue;
            }
            if let Some(label) = &always {
                predicted = std::slice::from_ref(label);
                correct = if gold.contains(label) { predicted } else { &[] };
                exact = gold == predicted;
            }
            counts.rows += rows;
            counts.exact += if exact { rows } else { 0 };
            gold.iter().for_each(|&label| counts.tallies[label as usize].gold += rows);
            predicted.iter().for_each(|&label| counts.tallies[label as usize].predicted += rows);
            correct.iter().for_each(|&label| counts.tallies[label as usize].correct += rows);
        }
        counts
    }
}

/// Number of gold labels, gold labels, predicted labels; each part ascending.
type Key = Vec<u32>;

/// The pattern of each row, and the patterns in order.
fn patterns_of_rows(outcomes: &Outcomes, ranks: &[u32]) -> (Vec<u32>, Vec<Key>) {
    let mut numbers: HashMap<Key, u32, foldhash::fast::FixedState> = HashMap::default();
    let mut key = Vec::new();
    let mut of_rows = Vec::with_capacity(outcomes.len());
    for row in outcomes.rows() {
        key.clear();
        key.push(row.gold.len() as u32);
        for part in [row.gold, row.predicted] {
            let start = key.len();
            key.extend(part.iter().map(|&label| ranks[label as usize]));
            key[start..].sort_unstable();
        }
        let next = numbers.len() as u32;
        of_rows.push(*numbers.entry_ref(key.as_slice()).or_insert(next));
    }
    let mut keys: Vec<(Key, u32)> = numbers.into_iter().collect();
    keys.sort_unstable();
    let mut renamed = vec![0; keys.len()];
    for (place, (_, number)) in (0..).zip(&keys) {
        renamed[*number as usize] = place;
    }
    of_rows.iter_mut().for_each(|pattern| *pattern = renamed[*pattern as usize]);
    (of_rows, keys.into_iter().map(|(key, _)| key).collect())
}

/// The labels of the patterns in flat arrays, the correct ones found.
fn split(keys: &[Key]) -> (Vec<Pattern>, Vec<u32>) {
    let mut sets = Vec::new();
    let mut patterns = Vec::with_capacity(keys.len());
    for key in keys {
        let (gold, predicted) = key[1..].split_at(key[0] as usize);
        sets.extend_from_slice(gold);
        let gold_end = sets.len();
        sets.extend_from_slice(predicted);
        let predicted_end = sets.len();
        sets.extend(predicted.iter().filter(|label| gold.binary_search(label).is_ok()));
        patterns.push(Pattern { gold_end, predicted_end, correct_end: sets.len(), exact: gold == predicted });
    }
    (patterns, sets)
}

/// Groups, and rows without one, as their patterns.
fn units(outcomes: &Outcomes, of_rows: &[u32]) -> (Vec<u32>, Vec<usize>) {
    let groups = outcomes.groups().len();
    let unit = |row: usize| outcomes.row(row).group.map_or(groups + row, |group| group as usize);
    let mut rows: Vec<(usize, u32)> = of_rows.iter().enumerate().map(|(row, &p)| (unit(row), p)).collect();
    rows.sort_unstable();
    let mut units: Vec<&[(usize, u32)]> = rows.chunk_by(|a, b| a.0 == b.0).collect();
    units.sort_unstable_by(|a, b| a.iter().map(|row| row.1).cmp(b.iter().map(|row| row.1)));
    let drawn = units.iter().flat_map(|unit| unit.iter().map(|row| row.1)).collect();
    let mut end = 0;
    let ends = units.iter().map(|unit| {
        end += unit.len();
        end
    });
    (drawn, ends.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Averages, FacetEvaluation, Outcome};
    use super::*;

    const LABELS: [&str; 5] = ["sport", "arts", "war", "économie", "健康"];

    fn labels() -> impl Strategy<Value = Vec<&'static str>> {
        prop::collection::vec(prop::sample::select(LABELS.to_vec()), 0..=3)
    }

    proptest! {
        #[test]
        fn a_draw_counts_what_a_facet_of_its_rows_would(
            rows in prop::collection::vec((labels(), labels(), prop::option::of(0..3_u32), 0..4_u32), 1..20),
            grouped: bool,
        ) {
            let mut outcomes = Outcomes::new("topic", true);
            // A group is drawn as a whole, so its rows are drawn equally often.
            let mut facet = FacetEvaluation::new("topic", true);
            for (gold, predicted, group, times) in &rows {
                let (group, times) = if grouped { (group.map(|g| g.to_string()), 1) } else { (None, *times) };
                let probabilities = None;
                let row = Outcome { gold, predicted, probabilities, group: group.as_deref() };
                outcomes.add(&row);
                (0..times).for_each(|_| facet.add(gold, predicted));
            }
            let patterns = Patterns::of(&outcomes);
            // The units stand in the order of their content.
            let mut times: Vec<(Vec<u32>, u32)> = Vec::new();
            if grouped {
                times = (0..patterns.units()).map(|_| (Vec::new(), 1)).collect();
            } else {
                let (_, ranks) = outcomes.labels_in_order();
                for (row, (.., drawn)) in outcomes.rows().zip(&rows) {
                    let mut key = vec![row.gold.len() as u32];
                    for part in [row.gold, row.predicted] {
                        let mut part: Vec<u32> = part.iter().map(|&label| ranks[label as usize]).collect();
                        part.sort_unstable();
                        key.extend(part);
                    }
                    times.push((key, *drawn));
                }
                times.sort();
            }
            let times: Vec<u32> = times.into_iter().map(|(_, times)| times).collect();
            let counts = patterns.counts(&times);
            prop_assert_eq!(counts.rows, facet.rows());
            prop_assert_eq!(Averages::of(&counts.tallies), facet.averages());
            prop_assert_eq!((counts.rows > 0).then(|| counts.exact as f64 / counts.rows as f64), facet.exact_match());
        }
    }
}
