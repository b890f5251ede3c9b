//! Labels that are probably another label, misspelt.

use std::collections::BTreeMap;

use serde::Serialize;
use strsim::osa_distance;

use crate::duplicates::Letters;
use crate::places::Gazetteer;

/// Labels are compared each with each up to this number; more are no labels but names of rows.
const MOST_LABELS: usize = 5000;

/// A label and the one that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelTypo {
    /// The rarer label.
    pub label: String,
    /// Its rows.
    pub rows: u64,
    /// The more frequent label that it looks like.
    pub like: String,
    /// Its rows.
    pub like_rows: u64,
    /// Letters added, left out, changed or exchanged with their neighbour; 0 where only case, spacing or punctuation differ.
    pub distance: usize,
}

/// The labels that look like another one, by name. `labels` is how many rows each has.
///
/// - The same letters, in other case, spacing or punctuation: always, unless the signs say something ("c++", "c#").
/// - Damerau-Levenshtein distance (optimal string alignment) 1, from four letters on: when the other label has 20 times
///   as many rows. Distance 2, from eight letters on: 100 times.
///
/// Labels that differ in a digit ("volume 1", "volume 2") or that are two countries ("Iran", "Iraq") are no typos.
pub fn label_typos(labels: &BTreeMap<String, u64>) -> Vec<LabelTypo> {
    let mut folded: Vec<Label<'_>> = labels.iter().map(|(name, &rows)| Label::new(name, rows)).collect();
    // The most frequent first: what is meant stands before what is meant by it.
    folded.sort_by(|a, b| b.rows.cmp(&a.rows).then(a.name.cmp(b.name)));
    let mut by_letters: BTreeMap<&str, &Label<'_>> = BTreeMap::new();
    let mut gazetteer = None;
    let mut typos = Vec::new();
    for (i, label) in folded.iter().enumerate() {
        if label.letters.as_str().is_empty() {
            continue;
        }
        let same = by_letters.get(label.letters.as_str()).copied().filter(|other| other.signs == label.signs);
        let found = same.map(|other| (other, 0)).or_else(|| {
            if folded.len() > MOST_LABELS {
                return None;
            }
            let near = folded[..i].iter().filter_map(|other| Some((other, label.distance(other)?)));
            near.min_by_key(|(_, distance)| *distance)
                .filter(|(other, _)| !are_countries(&mut gazetteer, label.name, other.name))
        });
        match found {
            Some((other, distance)) => typos.push(LabelTypo {
                label: label.name.to_owned(),
                rows: label.rows,
                like: other.name.to_owned(),
                like_rows: other.rows,
                distance,
            }),
            None => {
                by_letters.entry(label.letters.as_str()).or_insert(label);
            }
        }
    }
    typos.sort_by(|a, b| a.label.cmp(&b.label));
    typos
}

struct Label<'l> {
    name: &'l str,
    rows: u64,
    letters: Letters,
    length: usize,
    /// Signs that can tell labels apart, as in "c++" and "c#".
    signs: String,
}

impl<'l> Label<'l> {
    fn new(name: &'l str, rows: u64) -> Self {
        let letters = Letters::of(name);
        let length = letters.as_str().chars().count();
        let signs = name.chars().filter(|c| "+#%$€£@*".contains(*c)).collect();
        Label { name, rows, letters, length, signs }
    }

    /// The distance to a more frequent label, if that is so near, and so much more frequent, that this one is a typo.
    fn distance(&self, other: &Label<'_>) -> Option<usize> {
        if self.length.abs_diff(other.length) > 2
            || other.rows < self.rows.saturating_mul(20)
            || self.signs != other.signs
        {
            return None;
        }
        let (one, two) = (self.letters.as_str(), other.letters.as_str());
        let is_number = char::is_numeric;
        if !one.chars().filter(|&c| is_number(c)).eq(two.chars().filter(|&c| is_number(c))) {
            return None;
        }
        let shorter = self.length.min(other.length);
        match osa_distance(one, two) {
            1 if shorter >= 4 => Some(1),
            2 if shorter >= 8 && other.rows >= self.rows.saturating_mul(100) => Some(2),
            _ => None,
        }
    }
}

/// Whether both labels are countries; the gazetteer is read when first asked.
fn are_countries(gazetteer: &mut Option<Gazetteer>, one: &str, other: &str) -> bool {
    if gazetteer.is_none() {
        *gazetteer = Gazetteer::embedded().ok();
    }
    gazetteer.as_ref().is_some_and(|g| g.country_of_label(one).is_some() && g.country_of_label(other).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(labels: &[(&str, u64)]) -> Vec<String> {
        let labels = labels.iter().map(|&(name, rows)| (name.to_owned(), rows)).collect();
        label_typos(&labels).iter().map(|t| format!("{} → {} {}", t.label, t.like, t.distance)).collect()
    }

    #[test]
    fn rare_labels_beside_frequent_ones_that_look_alike_are_typos() {
        assert_eq!(
            found(&[("sport", 912), ("Sprot", 3), ("sports", 2), ("Sport ", 40), ("weather", 500)]),
            ["Sport  → sport 0", "Sprot → sport 1", "sports → sport 1"]
        );
        assert_eq!(
            found(&[("entertainment", 300), ("entretainmnet", 2), ("entrtanment", 1)]),
            ["entretainmnet → entertainment 2", "entrtanment → entertainment 2"]
        );
        assert_eq!(found(&[("health care", 10), ("health-care", 10)]), ["health-care → health care 0"]);
    }

    #[test]
    fn labels_that_are_alike_and_mean_something_else_are_left_alone() {
        assert_eq!(found(&[("sport", 50), ("spor", 40)]), [""; 0]);
        assert_eq!(found(&[("Iraq", 500), ("Iran", 5), ("Slovakia", 900), ("Slovenia", 2)]), [""; 0]);
        assert_eq!(found(&[("volume 1", 500), ("volume 2", 5), ("c++", 300), ("c#", 200), ("c", 1)]), [""; 0]);
        assert_eq!(found(&[("skr", 500), ("nkr", 1), ("…", 3), ("—", 2)]), [""; 0]);
    }
}
