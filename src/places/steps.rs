//! The steps of a trie over words: from a node, by a word, to the next node.
//!
//! Most forms have one word or two, so the root has a place for each word; the steps from all other nodes lie in one
//! hash table. Nodes are numbered as they come, the root is 0.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// See the head of this file.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    /// Per word, the node that it leads to from the root; 0 for none.
    first: Vec<u32>,
    further: HashTable<Step>,
    /// How many nodes there are, the root among them.
    nodes: u32,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    from: u32,
    word: u32,
    to: u32,
}

impl Default for Steps {
    fn default() -> Self {
        Steps { first: Vec::new(), further: HashTable::new(), nodes: 1 }
    }
}

impl Steps {
    /// The root.
    pub(super) const ROOT: u32 = 0;

    /// How many nodes there are, the root among them.
    pub(super) fn n_nodes(&self) -> usize {
        self.nodes as usize
    }

    /// The node of a first word.
    #[inline]
    pub(super) fn begin(&self, word: u32) -> Option<u32> {
        self.first.get(word as usize).copied().filter(|&node| node != Self::ROOT)
    }

    /// The node one word further than one that is not the root.
    #[inline]
    pub(super) fn step(&self, from: u32, word: u32) -> Option<u32> {
        self.further.find(hash(from, word), |step| (step.from, step.word) == (from, word)).map(|step| step.to)
    }

    /// The node that a word leads to, a new one where there is none yet.
    pub(super) fn grow(&mut self, from: u32, word: u32) -> u32 {
        let new = self.nodes;
        let to = if from == Self::ROOT {
            if self.first.len() <= word as usize {
                self.first.resize(word as usize + 1, 0);
            }
            let to = &mut self.first[word as usize];
            *to = if *to == Self::ROOT { new } else { *to };
            *to
        } else {
            let same = |step: &Step| (step.from, step.word) == (from, word);
            let entry = self.further.entry(hash(from, word), same, |step| hash(step.from, step.word));
            entry.or_insert(Step { from, word, to: new }).get().to
        };
        self.nodes += u32::from(to == new);
        to
    }

    /// Makes room for that many more steps.
    pub(super) fn reserve(&mut self, more: usize) {
        self.first.reserve(more);
        self.further.reserve(more, |step| hash(step.from, step.word));
    }

    /// The nodes that steps lead on from, some more than once, in no order; without the root.
    pub(super) fn inner_nodes(&self) -> impl Iterator<Item = u32> {
        self.further.iter().map(|step| step.from)
    }

    /// Bytes on the heap.
    pub(super) fn size(&self) -> usize {
        self.first.capacity() * size_of::<u32>() + self.further.allocation_size()
    }
}

fn hash(from: u32, word: u32) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write_u64(u64::from(from) << 32 | u64::from(word));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_where_they_led_when_they_grew() {
        let mut steps = Steps::default();
        let new = steps.grow(Steps::ROOT, 7);
        let york = steps.grow(new, 3);
        assert_eq!((steps.grow(Steps::ROOT, 7), steps.grow(new, 3), steps.n_nodes()), (new, york, 3));
        assert_eq!((steps.begin(7), steps.step(new, 3)), (Some(new), Some(york)));
        assert_eq!((steps.begin(3), steps.begin(9), steps.step(york, 3)), (None, None, None));
        assert_eq!(steps.inner_nodes().collect::<Vec<_>>(), [new]);
    }
}
