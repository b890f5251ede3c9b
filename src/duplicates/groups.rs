//! All duplicates within one set of texts, in a time that hardly grows faster than their number.

use super::index::{BANDS, key};
use super::{Fingerprint, Sketch};

/// Within a bucket of a band each sketch is compared with so many others at most, so that a million texts of one
/// template take no longer than a million different ones.
const MOST_COMPARED: usize = 256;

/// What [`groups`] found. Texts are numbered as they were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Texts of the same letters: two or more each, ascending; the groups by their first text.
    pub exact: Vec<Vec<u32>>,
    /// Near duplicates that are no exact ones: (later, earlier), ascending. Of each cluster of texts that are near to one
    /// another there is one pair fewer than texts, and every pair is near itself.
    pub near: Vec<(u32, u32)>,
}

/// Finds exact and near duplicates. Texts without letters have no fingerprint and take no part; short ones have no
/// sketch and can only be exact duplicates. Memory is about 40 bytes a text while it works.
pub fn groups(texts: &[(Option<Fingerprint>, Option<Sketch>)]) -> Groups {
    let exact = exact(texts);
    let mut is_repeat = vec![false; texts.len()];
    exact.iter().flat_map(|group| &group[1..]).for_each(|&text| is_repeat[text as usize] = true);
    let mut sketches: Vec<(Sketch, u32)> = (0..)
        .zip(texts)
        .filter(|&(number, _)| !is_repeat[number as usize])
        .filter_map(|(number, text)| Some((text.1?, number)))
        .collect();
    sketches.sort_unstable();
    Groups { exact, near: near(&sketches) }
}

fn exact(texts: &[(Option<Fingerprint>, Option<Sketch>)]) -> Vec<Vec<u32>> {
    let mut sorted: Vec<(Fingerprint, u32)> =
        (0..).zip(texts).filter_map(|(number, text)| Some((text.0?, number))).collect();
    sorted.sort_unstable();
    let same = sorted.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    let mut groups: Vec<Vec<u32>> = same.map(|group| group.iter().map(|&(_, number)| number).collect()).collect();
    groups.sort_unstable();
    groups
}

/// The pairs that join near texts into clusters. In order of the sketches, so that the order of the texts does not show
/// in who is compared with whom.
fn near(sketches: &[(Sketch, u32)]) -> Vec<(u32, u32)> {
    let mut clusters = Clusters { parents: (0..sketches.len() as u32).collect(), pairs: Vec::new() };
    let mut distinct: Vec<u32> = Vec::with_capacity(sketches.len());
    for (i, (sketch, _)) in sketches.iter().enumerate() {
        match distinct.last() {
            Some(&last) if sketches[last as usize].0 == *sketch => clusters.join(last, i as u32),
            _ => distinct.push(i as u32),
        }
    }
    for band in 0..BANDS {
        let mut keyed: Vec<(u16, u32)> = distinct.iter().map(|&i| (key(sketches[i as usize].0, band), i)).collect();
        keyed.sort_unstable();
        for bucket in keyed.chunk_by(|a, b| a.0 == b.0) {
            let mut leaders: Vec<u32> = Vec::new();
            for &(_, i) in bucket {
                let sketch = sketches[i as usize].0;
                let mut others = leaders.iter().rev().take(MOST_COMPARED);
                match others.find(|&&leader| sketches[leader as usize].0.is_near(sketch)) {
                    Some(&leader) => clusters.join(leader, i),
                    None => leaders.push(i),
                }
            }
        }
    }
    let text = |i: u32| sketches[i as usize].1;
    let ordered = |(a, b): (u32, u32)| (text(a).max(text(b)), text(a).min(text(b)));
    let mut pairs: Vec<(u32, u32)> = clusters.pairs.into_iter().map(ordered).collect();
    pairs.sort_unstable();
    pairs
}

/// Union-find, and the pairs that were joined.
struct Clusters {
    parents: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

impl Clusters {
    fn join(&mut self, one: u32, other: u32) {
        let (a, b) = (self.root(one), self.root(other));
        if a != b {
            self.parents[a.max(b) as usize] = a.min(b);
            self.pairs.push((one, other));
        }
    }

    fn root(&mut self, mut i: u32) -> u32 {
        while self.parents[i as usize] != i {
            // Path halving.
            let parent = self.parents[i as usize];
            self.parents[i as usize] = self.parents[parent as usize];
            i = self.parents[i as usize];
        }
        i
    }
}

#[cfg(test)]
mod tests {
    use super::super::Letters;
    use super::*;

    const LONG: &str = "The ferry to the islands was held in port for a second day as gusts of wind made the crossing unsafe, \
                        the harbour master said on Tuesday";

    fn of(texts: &[&str]) -> Groups {
        let prints = |text: &&str| {
            let letters = Letters::of(text);
            (Fingerprint::of_letters(&letters), Sketch::of_letters(&letters))
        };
        groups(&texts.iter().map(prints).collect::<Vec<_>>())
    }

    #[test]
    fn exact_and_near_duplicates_are_told_apart() {
        let near = LONG.replace("Tuesday", "Wednesday");
        let other =
            "Shares in the country's largest bank fell by a tenth after it warned of losses on loans to farmers";
        let found = of(&["Rain.", LONG, "", other, "RAIN", &LONG.to_uppercase(), &near, "…", "rain!"]);
        assert_eq!(found, Groups { exact: vec![vec![0, 4, 8], vec![1, 5]], near: vec![(6, 1)] });
        assert_eq!(of(&[]), Groups::default());
    }

    #[test]
    fn a_cluster_has_one_pair_fewer_than_texts() {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
        let texts: Vec<String> = days.iter().map(|day| LONG.replace("Tuesday", day)).collect();
        let found = of(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((found.exact.len(), found.near.len()), (0, 4));
    }
}
