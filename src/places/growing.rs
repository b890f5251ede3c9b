//! The forms of a gazetteer while its rows are read.
//!
//! A trie that only grows: the ways to write a form hang on the node of its last word, chained in the order of the
//! rows. So each row is cut into words and folded once, for the check whether it is there already and for the matcher.

use super::entry::{Kind, Marks, plural};
use super::filter::Filter;
use super::fold::fold;
use super::form::{Form, LONGEST_FORM, Sense, words_and_joins};
use super::steps::Steps;
use super::words::Words;
use crate::features::Token;

/// See the head of this file.
#[derive(Clone, Debug, Default)]
pub(super) struct Growing {
    pub(super) words: Words,
    pub(super) steps: Steps,
    /// The words that begin a form.
    pub(super) starts: Filter,
    /// The words that go on in one.
    pub(super) follows: Filter,
    /// Per node, the first way that ends there.
    chains: Vec<Option<u32>>,
    ways: Vec<Way>,
    folded: String,
}

/// A form as one row asks for it, with the meaning that the row gives it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    pub(super) form: Form,
    pub(super) sense: Sense,
    /// A plural that no row holds.
    derived: bool,
    /// The next way that ends at the same node.
    next: Option<u32>,
}

/// A form that has its node and is not in the chain yet.
pub(super) struct Placed<'t> {
    node: u32,
    words: Vec<Token<'t>>,
    /// The numbers of the words, folded.
    numbers: [u32; LONGEST_FORM],
    form: Form,
}

impl Growing {
    /// Makes room for that many more rows.
    pub(super) fn reserve(&mut self, rows: usize) {
        self.words.reserve(rows);
        self.steps.reserve(rows);
        self.chains.reserve(rows + rows / 2);
        self.ways.reserve(rows);
    }

    /// Finds the node of a form; `None` for a text that is none.
    pub(super) fn place<'t>(&mut self, text: &'t str, marks: Marks) -> Option<Placed<'t>> {
        let (words, joins) = words_and_joins(text)?;
        let mut numbers = [0; LONGEST_FORM];
        let mut node = Steps::ROOT;
        for (word, number) in words.iter().zip(&mut numbers) {
            fold(word.text, &mut self.folded);
            *number = self.words.intern(&self.folded);
            node = self.steps.grow(node, *number);
        }
        let form = Form::new(marks, text, &words, joins);
        Some(Placed { node, words, numbers, form })
    }

    /// The meanings that rows gave the same form, in their order.
    pub(super) fn others(&self, placed: &Placed<'_>) -> impl Iterator<Item = Sense> {
        let form = placed.form;
        self.ways(placed.node).filter(move |way| !way.derived && way.form.same(&form)).map(|way| way.sense)
    }

    /// Adds the form with a meaning, and the plural of a demonym.
    pub(super) fn add(&mut self, placed: &Placed<'_>, text: &str, marks: Marks, sense: Sense) {
        self.push(placed, sense, false);
        let plural = if sense.kind == Kind::Demonym { plural(text) } else { None };
        if let Some(text) = plural
            && let Some(placed) = self.place(&text, marks)
        {
            self.push(&placed, sense, true);
        }
    }

    fn push(&mut self, placed: &Placed<'_>, sense: Sense, derived: bool) {
        for (i, (word, &number)) in placed.words.iter().zip(&placed.numbers).enumerate() {
            let filter = if i == 0 { &mut self.starts } else { &mut self.follows };
            filter.add(word.text, self.words.get(number));
        }
        let new = Some(self.ways.len() as u32);
        self.ways.push(Way { form: placed.form, sense, derived, next: None });
        self.chains.resize(self.steps.n_nodes(), None);
        let mut end = &mut self.chains[placed.node as usize];
        while let Some(way) = *end {
            end = &mut self.ways[way as usize].next;
        }
        *end = new;
    }

    pub(super) fn n_ways(&self) -> usize {
        self.ways.len()
    }

    /// The ways that end at a node, in the order of the rows.
    pub(super) fn ways(&self, node: u32) -> impl Iterator<Item = &Way> {
        let way = |number: u32| &self.ways[number as usize];
        let first = self.chains.get(node as usize).copied().flatten();
        std::iter::successors(first.map(way), move |before| before.next.map(way))
    }
}
