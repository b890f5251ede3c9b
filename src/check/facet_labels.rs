//! The labels of one facet: how often each occurs, and which row has which.

use std::collections::BTreeMap;

/// What stands between the labels of one row in memory; no label has it.
const BETWEEN: char = '\u{1F}';

/// The labels of one facet.
#[derive(Debug, Default)]
pub(super) struct FacetLabels {
    pub name: String,
    /// Per label, its rows and the first of them.
    pub labels: BTreeMap<String, (u64, u32)>,
    pub labelled: u64,
    pub empty: u64,
    pub multi_label: bool,
    /// The sets of labels that rows have, numbered as they appear; 0 is the empty set.
    sets: BTreeMap<String, u32>,
    names: Vec<String>,
    of_rows: Vec<u32>,
}

impl FacetLabels {
    pub fn new(name: &str) -> Self {
        FacetLabels {
            name: name.to_owned(),
            sets: BTreeMap::from([(String::new(), 0)]),
            names: vec![String::new()],
            ..FacetLabels::default()
        }
    }

    /// Adds the labels of the next row.
    pub fn add(&mut self, labels: &[String]) {
        let row = self.of_rows.len() as u32;
        for label in labels {
            match self.labels.get_mut(label) {
                Some((rows, _)) => *rows += 1,
                None => drop(self.labels.insert(label.clone(), (1, row))),
            }
        }
        self.labelled += u64::from(!labels.is_empty());
        self.empty += u64::from(labels.is_empty());
        self.multi_label |= labels.len() > 1;
        let mut sorted: Vec<&str> = labels.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let set = sorted.join(&BETWEEN.to_string());
        let number = match self.sets.get(&set) {
            Some(&number) => number,
            None => {
                let number = self.names.len() as u32;
                self.names.push(set.clone());
                self.sets.insert(set, number);
                number
            }
        };
        self.of_rows.push(number);
    }

    /// The labels of a row, in byte order.
    pub fn of_row(&self, row: u32) -> impl Iterator<Item = &str> {
        let set = &self.names[self.of_rows[row as usize] as usize];
        set.split(BETWEEN).filter(|label| !label.is_empty())
    }

    /// Whether two rows are labelled, and not alike.
    pub fn contradict(&self, one: u32, other: u32) -> bool {
        let (one, other) = (self.of_rows[one as usize], self.of_rows[other as usize]);
        one != 0 && other != 0 && one != other
    }
}
