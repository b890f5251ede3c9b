//! The forms of a gazetteer while its rows are read.
//!
//! A trie that only grows: the ways to write a form hang on the node of its last word, chained in the order of the
//! rows. So each row is cut into words and folded once, for the check whether it is there already and for the matcher.

use super::entry::{Kind, Marks, plural};
use super::filter::Filter;
use super::form::{Form, Sense, Shape};
use super::steps::Steps;
use super::words::Words;
use crate::features::Tokenizer;

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
    placed: Vec<PlacedWord>,
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
#[derive(Clone, Copy)]
pub(super) struct Placed {
    node: u32,
    form: Form,
}

/// A word of the form that was placed last.
#[derive(Clone, Copy, Debug)]
struct PlacedWord {
    /// Where it lies in the form.
    start: usize,
    end: usize,
    /// Of the word, folded.
    number: u32,
    hash: u64,
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
    pub(super) fn place(&mut self, text: &str, marks: Marks) -> Option<Placed> {
        self.placed.clear();
        let mut shape = Shape::default();
        let mut node = Steps::ROOT;
        let mut before = None;
        for word in Tokenizer::default().tokens(text) {
            shape.add(text, before.as_ref(), &word)?;
            let (number, hash) = self.words.intern(word.text, &mut self.folded);
            node = self.steps.grow(node, number);
            self.placed.push(PlacedWord { start: word.start, end: word.end, number, hash });
            before = Some(word);
        }
        before.map(|_| Placed { node, form: Form::new(marks, text, shape) })
    }

    /// The meanings that rows gave the same form, in their order.
    pub(super) fn others(&self, placed: Placed) -> impl Iterator<Item = Sense> {
        let form = placed.form;
        self.ways(placed.node).filter(move |way| !way.derived && way.form.same(&form)).map(|way| way.sense)
    }

    /// Adds the form that was placed last, with a meaning, and the plural of a demonym.
    pub(super) fn add(&mut self, placed: Placed, text: &str, marks: Marks, sense: Sense) {
        self.push(placed, text, sense, false);
        let plural = if sense.kind == Kind::Demonym { plural(text) } else { None };
        if let Some(text) = plural
            && let Some(placed) = self.place(&text, marks)
        {
            self.push(placed, &text, sense, true);
        }
    }

    fn push(&mut self, placed: Placed, text: &str, sense: Sense, derived: bool) {
        for (i, &PlacedWord { start, end, number, hash }) in self.placed.iter().enumerate() {
            let filter = if i == 0 { &mut self.starts } else { &mut self.follows };
            let word = &text[start..end];
            let folded = if word.is_ascii() { word } else { self.words.get(number) };
            filter.add(word, folded, hash);
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
