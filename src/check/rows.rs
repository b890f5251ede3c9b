//! What is kept of each row: enough to name it at the end.

use std::sync::Arc;

use crate::corpus::{Place, Row};
use crate::duplicates::{Fingerprint, Letters, Sketch};
use crate::features::Tokenizer;

/// The most bytes of a text that are kept to show it.
const EXCERPT: usize = 100;

/// Rows by number, counted from 0 over all inputs.
#[derive(Debug, Default)]
pub(super) struct Rows {
    sources: Vec<Arc<str>>,
    spots: Vec<Spot>,
    /// One after another, as the excerpts.
    ids: String,
    excerpts: String,
    pub prints: Vec<(Option<Fingerprint>, Option<Sketch>)>,
    pub words: Vec<u32>,
    /// The language, by its number among those of the caller; `None` where it is not known.
    pub languages: Vec<Option<u16>>,
}

#[derive(Clone, Copy, Debug)]
struct Spot {
    source: u32,
    row: u64,
    line: u64,
    id_end: usize,
    excerpt_end: usize,
}

/// What is computed of a row, on any thread.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    prints: (Option<Fingerprint>, Option<Sketch>),
    words: u32,
}

impl Seen {
    pub fn of(text: &str) -> Self {
        let letters = Letters::of(text);
        let words = Tokenizer::default().tokens(text).count();
        Seen {
            prints: (Fingerprint::of_letters(&letters), Sketch::of_letters(&letters)),
            words: u32::try_from(words).unwrap_or(u32::MAX),
        }
    }
}

impl Rows {
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    pub fn add(&mut self, row: &Row, seen: Seen, language: Option<u16>) {
        let source = self.source(&row.place.source);
        self.ids.push_str(row.id.as_deref().unwrap_or_default());
        let text = row.text.trim_start();
        let mut end = text.len().min(EXCERPT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.excerpts.push_str(&text[..end]);
        if end < text.trim_end().len() {
            self.excerpts.push('…');
        }
        let Place { row, line, .. } = row.place;
        self.spots.push(Spot { source, row, line, id_end: self.ids.len(), excerpt_end: self.excerpts.len() });
        self.prints.push(seen.prints);
        self.words.push(seen.words);
        self.languages.push(language);
    }

    pub fn place(&self, row: u32) -> Place {
        let spot = self.spots[row as usize];
        Place { source: self.sources[spot.source as usize].clone(), row: spot.row, line: spot.line }
    }

    /// Whether two rows come from different inputs.
    pub fn are_apart(&self, one: u32, other: u32) -> bool {
        self.spots[one as usize].source != self.spots[other as usize].source
    }

    /// The id and the beginning of the text.
    pub fn id_and_excerpt(&self, row: u32) -> (&str, &str) {
        let before = row.checked_sub(1).map(|before| self.spots[before as usize]);
        let (id_start, excerpt_start) = before.map_or((0, 0), |spot| (spot.id_end, spot.excerpt_end));
        let spot = self.spots[row as usize];
        (&self.ids[id_start..spot.id_end], &self.excerpts[excerpt_start..spot.excerpt_end])
    }

    pub fn n_sources(&self) -> usize {
        self.sources.len()
    }

    fn source(&mut self, name: &Arc<str>) -> u32 {
        // Inputs come one after another.
        if self.sources.last() != Some(name) {
            self.sources.push(name.clone());
        }
        self.sources.len() as u32 - 1
    }
}
