//! The forms of the gazetteer as a trie over folded words, in flat arrays: it stays in the cache while texts run by.
//!
//! Nodes are numbered level by level, so the children of a node lie side by side, sorted by word: a step is a binary
//! search. The children of the root are told by an array with a place for each word.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::Kind;
use super::entry::{Entry, plural};
use super::filter::Filter;
use super::fold::fold;
use super::form::{Form, Sense, words_and_joins};
use super::words::Words;

/// See the head of this file.
#[derive(Clone, Debug)]
pub(super) struct Trie {
    pub(super) words: Words,
    /// The words that begin a form.
    pub(super) starts: Filter,
    /// The words that go on in one.
    pub(super) follows: Filter,
    /// Per word, the child of the root; 0 for none.
    first_step: Vec<u32>,
    /// One more than there are: what belongs to node i ends where that of node i + 1 begins.
    nodes: Vec<Node>,
    forms: Vec<Form>,
    /// Per form, where its senses begin; one more than there are forms.
    first_sense: Vec<u32>,
    senses: Vec<Sense>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    word: u32,
    first_child: u32,
    first_form: u32,
}

/// A node while the trie grows.
#[derive(Default)]
struct Growing {
    children: BTreeMap<u32, Growing>,
    forms: Vec<(Form, Vec<Sense>)>,
}

/// Where a walk through the trie stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(u32);

impl Trie {
    /// The trie of all entries and of the plurals of the demonyms among them.
    pub(super) fn new<'e>(entries: impl Iterator<Item = &'e Entry>) -> Self {
        let mut words = Words::default();
        let mut filters = [Filter::default(), Filter::default()];
        let mut root = Growing::default();
        for entry in entries {
            let plural = if entry.kind == Kind::Demonym { plural(&entry.form) } else { None };
            for text in std::iter::once(&*entry.form).chain(plural.as_deref()) {
                root.add(entry, text, &mut words, &mut filters);
            }
        }
        let [starts, follows] = filters;
        let mut trie = Trie {
            first_step: vec![0; words.len()],
            words,
            starts,
            follows,
            nodes: Vec::new(),
            forms: Vec::new(),
            first_sense: Vec::new(),
            senses: Vec::new(),
        };
        trie.flatten(root);
        trie
    }

    fn flatten(&mut self, root: Growing) {
        let mut queue = VecDeque::from([(0, root)]);
        // Every node begins with the number that the first child of the first waiting one will get.
        let mut next = 1u32;
        while let Some((word, node)) = queue.pop_front() {
            self.nodes.push(Node { word, first_child: next, first_form: self.forms.len() as u32 });
            for (form, senses) in node.forms {
                self.forms.push(form);
                self.first_sense.push(self.senses.len() as u32);
                self.senses.extend(senses);
            }
            for (word, child) in node.children {
                if self.nodes.len() == 1 {
                    self.first_step[word as usize] = next;
                }
                next += 1;
                queue.push_back((word, child));
            }
        }
        self.nodes.push(Node { word: 0, first_child: next, first_form: self.forms.len() as u32 });
        self.first_sense.push(self.senses.len() as u32);
        self.nodes.shrink_to_fit();
        self.forms.shrink_to_fit();
        self.first_sense.shrink_to_fit();
        self.senses.shrink_to_fit();
    }

    /// The node of a first word.
    pub(super) fn begin(&self, word: u32) -> Option<At> {
        self.first_step.get(word as usize).filter(|&&node| node != 0).map(|&node| At(node))
    }

    /// One word further.
    pub(super) fn step(&self, at: At, word: u32) -> Option<At> {
        let children = self.children(at);
        let found = self.nodes[children.clone()].binary_search_by_key(&word, |node| node.word);
        found.ok().map(|i| At((children.start + i) as u32))
    }

    /// Whether any form goes on from here.
    pub(super) fn goes_on(&self, at: At) -> bool {
        !self.children(at).is_empty()
    }

    fn children(&self, At(node): At) -> Range<usize> {
        let node = node as usize;
        self.nodes[node].first_child as usize..self.nodes[node + 1].first_child as usize
    }

    /// The numbers of the forms that end here.
    pub(super) fn forms_at(&self, At(node): At) -> Range<u32> {
        let node = node as usize;
        self.nodes[node].first_form..self.nodes[node + 1].first_form
    }

    pub(super) fn form(&self, number: u32) -> &Form {
        &self.forms[number as usize]
    }

    /// What a form may mean, the sense that stands without its own country first.
    pub(super) fn senses(&self, form: u32) -> &[Sense] {
        let form = form as usize;
        &self.senses[self.first_sense[form] as usize..self.first_sense[form + 1] as usize]
    }

    /// Bytes on the heap, without the allocator's own.
    pub(super) fn size(&self) -> usize {
        self.words.size()
            + (self.first_step.capacity() + self.first_sense.capacity()) * size_of::<u32>()
            + self.nodes.capacity() * size_of::<Node>()
            + self.forms.capacity() * size_of::<Form>()
            + self.senses.capacity() * size_of::<Sense>()
    }
}

impl Growing {
    /// Adds one way to write an entry. What is no form was turned away when the entries were read, and is left out.
    fn add(&mut self, entry: &Entry, text: &str, words: &mut Words, filters: &mut [Filter; 2]) {
        let Some((tokens, joins)) = words_and_joins(text) else { return };
        let mut node = self;
        let mut folded = String::new();
        for (i, token) in tokens.iter().enumerate() {
            fold(token.text, &mut folded);
            filters[usize::from(i > 0)].add(token.text, &folded);
            node = node.children.entry(words.intern(&folded)).or_default();
        }
        let form = Form::new(entry, text, &tokens, joins);
        let sense = Sense { meaning: entry.meaning, kind: entry.kind, trust: entry.marks.trust };
        let asks = |form: &Form| (form.joins, form.upper, form.comma);
        let Some((same, senses)) = node.forms.iter_mut().find(|(other, _)| asks(other) == asks(&form)) else {
            node.forms.push((form, vec![sense]));
            return;
        };
        same.capitals &= form.capitals;
        if senses.iter().all(|other| other.meaning != sense.meaning) {
            senses.push(sense);
            senses.sort_by_key(|sense| (sense.trust, sense.meaning, sense.kind));
        }
        // In lower case only what has one meaning.
        same.lower &= form.lower && senses.len() == 1;
    }
}
