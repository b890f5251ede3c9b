//! What the matcher finds, and how it was decided.

use std::fmt;

use super::{Kind, Meaning};

/// A place in the text: `text[start..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One form of the gazetteer found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Index of its first token.
    pub token: usize,
    /// What kind of word it is.
    pub kind: Kind,
    /// How much it counts.
    pub strength: Strength,
    /// What it stands for; of a weak mention, what it would stand for.
    pub meaning: Meaning,
    /// How that was decided.
    pub decided: Rule,
}

/// How much a mention counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// It counts.
    Strong,
    /// Ambiguous and without support: a hint at most.
    Weak,
    /// It says nothing; only [`PlaceMatcher::explain`](super::PlaceMatcher::explain) gives such mentions.
    Silent,
}

/// How a mention was decided. A span is the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Unambiguous as it stands.
    Listed,
    /// Unambiguous, in a text that has no capital at all.
    LowerCase,
    /// Ambiguous, and its country is named elsewhere.
    OwnCountry(Span),
    /// Ambiguous, and another country is named elsewhere.
    OtherCountry(Span),
    /// Ambiguous, and a preposition of place stands before it.
    Preposition(Span),
    /// Ambiguous, and `-based` or the like is joined to it.
    Compound(Span),
    /// A larger place stands after it: "Birmingham, Alabama".
    Container(Span),
    /// Ambiguous, and a neighbour of its country is named: Georgia beside Russia.
    Neighbour(Span),
    /// Ambiguous name and ambiguous demonym of one country: "Korea" and "Korean".
    Pair(Span),
    /// Weak: ambiguous, with nothing to support it.
    NoSupport,
    /// Weak: joined to a capitalised word, as names of persons are.
    Person(Span),
    /// Silent: a phrase that names no place.
    Swallowed,
    /// Silent: counts in upper case only.
    NeedsUpperCase,
    /// Silent: counts right after a comma only.
    NeedsComma,
    /// Silent: two letters among words in capitals.
    AmongCapitals,
}

impl Rule {
    /// The rule as a clause that quotes its evidence from the text it was found in.
    pub fn in_words(self, text: &str) -> impl fmt::Display + '_ {
        InWords { rule: self, text }
    }
}

struct InWords<'t> {
    rule: Rule,
    text: &'t str,
}

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `{:?}` escapes what a terminal should not see.
        let quote = |span: Span| self.text.get(span.start..span.end).unwrap_or_default();
        match self.rule {
            Rule::Listed => f.write_str("stands in the gazetteer"),
            Rule::LowerCase => f.write_str("stands in the gazetteer; the text has no capitals"),
            Rule::OwnCountry(by) => write!(f, "ambiguous, made strong by {:?}", quote(by)),
            Rule::OtherCountry(by) => write!(f, "ambiguous, made strong by {:?}, another country", quote(by)),
            Rule::Preposition(by) => write!(f, "ambiguous, made strong by {:?} before it", quote(by)),
            Rule::Compound(by) => write!(f, "ambiguous, made strong by {:?} after it", quote(by)),
            Rule::Container(by) => write!(f, "decided by {:?}, which contains it", quote(by)),
            Rule::Neighbour(by) => write!(f, "ambiguous, decided by {:?}, a neighbour", quote(by)),
            Rule::Pair(by) => write!(f, "ambiguous like {:?}, and they support each other", quote(by)),
            Rule::NoSupport => f.write_str("weak: ambiguous, and nothing in the text supports it"),
            Rule::Person(by) => write!(f, "weak: may be a person's name beside {:?}", quote(by)),
            Rule::Swallowed => f.write_str("swallowed: the phrase names no place"),
            Rule::NeedsUpperCase => f.write_str("left out: counts in upper case only"),
            Rule::NeedsComma => f.write_str("left out: counts right after a comma only"),
            Rule::AmongCapitals => f.write_str("left out: two letters among words in capitals"),
        }
    }
}
