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

/// One form, which several rows may give (at least one): with where its senses begin, which are put after the others.
fn form<'g>(mut ways: impl Iterator<Item = &'g Way>, senses: &mut Vec<Sense>) -> (Form, u32) {
    let begin = senses.len();
    let mut form = Form::default();
    if let Some(first) = ways.next() {
        form = first.form;
        senses.push(first.sense);
    }
    for &Way { form: other, sense, .. } in ways {
        form.capitals &= other.capitals;
        if senses[begin..].iter().all(|known| known.meaning != sense.meaning) {
            senses.push(sense);
        }
        // In lower case only what has one meaning.
        form.lower &= other.lower && senses.len() == begin + 1;
    }
    senses[begin..].sort_by_key(|sense| (sense.trust, sense.meaning, sense.kind));
    (form, begin as u32)
}

/// Where a walk through the trie stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

impl Trie {
    /// The trie of all forms that were read.
    pub(super) fn new(growing: Growing) -> Self {
        let n_nodes = growing.steps.n_nodes();
        let mut nodes = Vec::with_capacity(n_nodes + 1);
        let mut forms = Vec::with_capacity(growing.n_ways() + 1);
        let mut senses = Vec::with_capacity(growing.n_ways());
        for node in 0..n_nodes as u32 {
            nodes.push(Node { first_form: forms.len() as u32, goes_on: false });
            let mut ways = growing.ways(node);
            let Some(first) = ways.next() else { continue };
            if ways.next().is_none() {
                forms.push(form(std::iter::once(first), &mut senses));
                continue;
            }
            // A form begins with the first way that asks what it asks.
            for (i, way) in growing.ways(node).enumerate() {
                if !growing.ways(node).take(i).any(|earlier| earlier.form.same(&way.form)) {
                    let same = growing.ways(node).skip(i).filter(|other| other.form.same(&way.form));
                    forms.push(form(same, &mut senses));
                }
            }
        }
        nodes.push(Node { first_form: forms.len() as u32, goes_on: false });
        forms.push((Form::default(), senses.len() as u32));
        let Growing { words, steps, starts, follows, .. } = growing;
        for node in steps.inner_nodes() {
            nodes[node as usize].goes_on = true;
        }
        Trie { words, starts, follows, steps, nodes, forms, senses }
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
