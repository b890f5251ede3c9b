//! Forms as the matcher sees them: what a form asks of the text, and what it may mean.

use super::entry::{Marks, Trust};
use super::gap::Join;
use super::words::LONGEST_WORD;
use super::{Kind, Meaning};
use crate::features::Token;

/// The longest form, in words: it bounds the work at each position of a text.
pub(super) const LONGEST_FORM: usize = 8;

/// A way to write something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Form {
    /// What it asks for between its words.
    pub(super) joins: Joins,
    /// Bit i: word i has a capital here and needs one in the text.
    pub(super) capitals: u8,
    /// All words must be in upper case.
    pub(super) upper: bool,
    /// Only right after a comma.
    pub(super) comma: bool,
    /// One word of two letters in upper case, which in a line of capitals is any word.
    pub(super) short: bool,
    /// Ends in a full stop, which belongs to the mention where it stands in the text.
    pub(super) dot: bool,
    /// May be found in text that is all in lower case.
    pub(super) lower: bool,
}

impl Form {
    /// The form of a row (or of a plural of it) with what its words ask for.
    pub(super) fn new(marks: Marks, text: &str, Shape { joins, capitals, .. }: Shape) -> Self {
        let letters = match text.is_ascii() {
            true => text.bytes().filter(u8::is_ascii_alphanumeric).count(),
            false => text.chars().filter(|c| c.is_alphanumeric()).count(),
        };
        let lower = letters >= 4 && marks.trust == Trust::Plain && !marks.exact && !marks.comma && !marks.capital;
        let short = marks.exact && letters <= 2;
        Form { joins, capitals, upper: marks.exact, comma: marks.comma, short, dot: text.ends_with('.'), lower }
    }

    /// Whether both ask the same of a text, but for capitals: of the same words they are one form.
    pub(super) fn same(&self, other: &Form) -> bool {
        (self.joins, self.upper, self.comma) == (other.joins, other.upper, other.comma)
    }
}

/// One meaning of a form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sense {
    pub(super) meaning: Meaning,
    pub(super) kind: Kind,
    pub(super) trust: Trust,
}

/// What a form asks for between its words: two bits a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Joins(u16);

impl Joins {
    /// Between words i and i + 1.
    pub(super) fn get(self, i: usize) -> Join {
        [Join::Free, Join::Dot, Join::Apostrophe, Join::Joined][usize::from(self.0 >> (2 * i) & 3)]
    }

    fn set(&mut self, i: usize, join: Join) {
        self.0 |= (join as u16) << (2 * i);
    }
}

/// What the words of a form ask for, gathered word by word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    joins: Joins,
    capitals: u8,
    n_words: usize,
}

impl Shape {
    /// Adds the next word of a text, the one before it being given; `None` where it makes the text no form: too many
    /// words, too long a one, or something else than blanks, hyphens, full stops and apostrophes in between.
    pub(super) fn add(&mut self, text: &str, before: Option<&Token<'_>>, word: &Token<'_>) -> Option<()> {
        let i = self.n_words;
        if i == LONGEST_FORM || word.text.len() > LONGEST_WORD {
            return None;
        }
        if let Some(before) = before {
            self.joins.set(i.saturating_sub(1), Join::of_form(text, before, word)?);
        }
        self.capitals |= u8::from(starts_with_capital(word.text)) << i;
        self.n_words += 1;
        Some(())
    }
}

pub(super) fn starts_with_capital(word: &str) -> bool {
    match word.as_bytes().first() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
        _ => word.chars().next().is_some_and(char::is_uppercase),
    }
}
