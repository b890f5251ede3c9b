//! What a draw of the bootstrap adds up: counts per unit, so that the same draw serves every contestant.

use std::collections::BTreeMap;

use super::figure::{Values, values};
use super::joint::Joint;
use crate::evaluate::Tally;

/// Counters in one flat list: rows; per contestant exactly right rows; per label its gold rows; per contestant and
/// label predicted and correct rows. Each unit adds to few of them.
pub(super) struct Sums {
    contestants: usize,
    labels: usize,
    /// Where each unit's additions end.
    ends: Vec<usize>,
    counters: Vec<u32>,
    amounts: Vec<u32>,
}

impl Sums {
    /// The counts of all units.
    pub fn of(joint: &Joint, contestants: usize) -> Self {
        let mut sums = Sums {
            contestants,
            labels: joint.labels.len(),
            ends: Vec::with_capacity(joint.unit_ends.len()),
            counters: Vec::new(),
            amounts: Vec::new(),
        };
        for rows in joint.units() {
            let mut unit: BTreeMap<usize, u32> = BTreeMap::new();
            let mut count = |counter| *unit.entry(counter).or_default() += 1;
            for row in rows {
                count(0);
                row.gold.iter().for_each(|&label| count(sums.gold(label as usize)));
                for (contestant, given) in row.given.iter().enumerate() {
                    if *given == row.gold {
                        count(1 + contestant);
                    }
                    for &label in given {
                        count(sums.predicted(contestant, label as usize));
                        if row.gold.binary_search(&label).is_ok() {
                            count(sums.predicted(contestant, label as usize) + 1);
                        }
                    }
                }
            }
            sums.counters.extend(unit.keys().map(|&counter| counter as u32));
            sums.amounts.extend(unit.values());
            sums.ends.push(sums.counters.len());
        }
        sums
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.ends.len()
    }

    /// The figures of each contestant when every unit was drawn so many times.
    pub fn figures(&self, times: &[u32]) -> Vec<Values> {
        let total = self.total(times);
        (0..self.contestants).map(|c| values(total[1 + c], total[0], &self.tallies(&total, c))).collect()
    }

    /// The counts of each label for each contestant, every unit once.
    pub fn counts(&self) -> Vec<Vec<Tally>> {
        let total = self.total(&vec![1; self.units()]);
        (0..self.contestants).map(|c| self.tallies(&total, c)).collect()
    }

    fn total(&self, times: &[u32]) -> Vec<u64> {
        let mut total = vec![0_u64; self.predicted(self.contestants, 0)];
        let mut start = 0;
        for (&times, &end) in times.iter().zip(&self.ends) {
            if times > 0 {
                for (&counter, &amount) in self.counters[start..end].iter().zip(&self.amounts[start..end]) {
                    total[counter as usize] += u64::from(times) * u64::from(amount);
                }
            }
            start = end;
        }
        total
    }

    fn tallies(&self, total: &[u64], contestant: usize) -> Vec<Tally> {
        let tally = |label| {
            let predicted = self.predicted(contestant, label);
            Tally { gold: total[self.gold(label)], predicted: total[predicted], correct: total[predicted + 1] }
        };
        (0..self.labels).map(tally).collect()
    }

    fn gold(&self, label: usize) -> usize {
        1 + self.contestants + label
    }

    fn predicted(&self, contestant: usize, label: usize) -> usize {
        1 + self.contestants + self.labels + 2 * (contestant * self.labels + label)
    }
}
