//! The forms of the gazetteer as a trie over folded words, in flat arrays: it stays in the cache while texts run by.
//!
//! [`Steps`] lead from node to node. What belongs to node i lies from where node i says to where node i + 1 says: its
//! forms, and likewise the senses of a form.

use std::ops::Range;

use super::filter::Filter;
use super::form::{Form, Sense};
use super::growing::{Growing, Way};
use super::steps::Steps;
use super::words::Words;

/// See the head of this file.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    pub(super) words: Words,
    /// The words that begin a form.
    pub(super) starts: Filter,
    /// The words that go on in one.
    pub(super) follows: Filter,
    steps: Steps,
    /// One more than there are.
    nodes: Vec<Node>,
    /// Each with where its senses begin; one more than there are.
    forms: Vec<(Form, u32)>,
    senses: Vec<Sense>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    first_form: u32,
    goes_on: bool,
}

/// Where a walk through the trie stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

impl Trie {
    /// The trie of all forms that were read.
    pub(super) fn new(growing: &Growing) -> Self {
        let steps = growing.steps.clone();
        let mut trie = Trie {
            words: growing.words.clone(),
            starts: growing.starts.clone(),
            follows: growing.follows.clone(),
            nodes: Vec::with_capacity(steps.n_nodes() + 1),
            forms: Vec::with_capacity(growing.n_ways() + 1),
            senses: Vec::with_capacity(growing.n_ways()),
            steps,
        };
        for node in 0..trie.steps.n_nodes() as u32 {
            trie.nodes.push(Node { first_form: trie.forms.len() as u32, goes_on: false });
            let mut ways = growing.ways(node);
            let Some(first) = ways.next() else { continue };
            if ways.next().is_none() {
                trie.add(std::iter::once(first));
                continue;
            }
            // A form begins with the first way that asks what it asks.
            for (i, way) in growing.ways(node).enumerate() {
                if !growing.ways(node).take(i).any(|earlier| earlier.form.same(&way.form)) {
                    trie.add(growing.ways(node).skip(i).filter(|other| other.form.same(&way.form)));
                }
            }
        }
        trie.nodes.push(Node { first_form: trie.forms.len() as u32, goes_on: false });
        trie.forms.push((Form::default(), trie.senses.len() as u32));
        for node in trie.steps.inner_nodes() {
            trie.nodes[node as usize].goes_on = true;
        }
        trie
    }

    /// Adds one form, which several rows may give.
    fn add<'g>(&mut self, mut ways: impl Iterator<Item = &'g Way>) {
        let Some(first) = ways.next() else { return };
        let mut form = first.form;
        let begin = self.senses.len();
        self.senses.push(first.sense);
        for &Way { form: other, sense, .. } in ways {
            form.capitals &= other.capitals;
            if self.senses[begin..].iter().all(|known| known.meaning != sense.meaning) {
                self.senses.push(sense);
            }
            // In lower case only what has one meaning.
            form.lower &= other.lower && self.senses.len() == begin + 1;
        }
        self.senses[begin..].sort_by_key(|sense| (sense.trust, sense.meaning, sense.kind));
        self.forms.push((form, begin as u32));
    }

    /// The node of a first word.
    #[inline]
    pub(super) fn begin(&self, word: u32) -> Option<At> {
        self.steps.begin(word).map(At)
    }

    /// One word further.
    #[inline]
    pub(super) fn step(&self, At(node): At, word: u32) -> Option<At> {
        self.steps.step(node, word).map(At)
    }

    /// Whether any form goes on from here.
    #[inline]
    pub(super) fn goes_on(&self, At(node): At) -> bool {
        self.nodes[node as usize].goes_on
    }

    /// The numbers of the forms that end here.
    #[inline]
    pub(super) fn forms_at(&self, At(node): At) -> Range<u32> {
        let node = node as usize;
        self.nodes[node].first_form..self.nodes[node + 1].first_form
    }

    #[inline]
    pub(super) fn form(&self, number: u32) -> &Form {
        &self.forms[number as usize].0
    }

    /// What a form may mean, the sense that stands without its own country first.
    #[inline]
    pub(super) fn senses(&self, form: u32) -> &[Sense] {
        let form = form as usize;
        &self.senses[self.forms[form].1 as usize..self.forms[form + 1].1 as usize]
    }

    /// Bytes on the heap, without the allocator's own.
    pub(super) fn size(&self) -> usize {
        self.words.size()
            + self.steps.size()
            + self.nodes.capacity() * size_of::<Node>()
            + self.forms.capacity() * size_of::<(Form, u32)>()
            + self.senses.capacity() * size_of::<Sense>()
    }
}
