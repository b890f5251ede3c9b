//! The words beside an ambiguous name: do they make it a person, or a place?
//!
//! Short closed lists of English words, in lower case and sorted. They only ever decide about names that the gazetteer marks
//! as ambiguous.

use super::Span;
use super::form::starts_with_capital;
use super::gap::Gap;
use crate::features::Token;

/// Capitalised before a name, they say nothing about it: function words at the start of a sentence or in a headline,
/// days and months, and what goes before a place ("Northern").
#[rustfmt::skip]
const SAYS_NOTHING: &[&str] = &[
    "a", "across", "after", "against", "ahead", "all", "also", "although", "amid", "among", "an", "ancient", "and",
    "april", "are", "around", "as", "at", "august", "because", "before", "behind", "between", "both", "but", "by",
    "can", "central", "could", "december", "despite", "downtown", "during", "east", "eastern", "february", "for",
    "friday", "from", "greater", "had", "has", "have", "her", "his", "how", "if", "in", "inner", "inside", "into", "is",
    "its", "january", "july", "june", "like", "lower", "mainland", "march", "may", "meanwhile", "modern", "monday",
    "near", "neighbouring", "new", "no", "north", "northern", "not", "november", "october", "of", "off", "on", "or",
    "our", "over", "saturday", "says", "september", "should", "since", "south", "southern", "sunday", "than", "that",
    "the", "their", "these", "this", "those", "through", "thursday", "to", "today", "tuesday", "under", "until",
    "upper", "via", "was", "wednesday", "west", "western", "when", "where", "while", "why", "will", "with", "yesterday",
];

/// Capitalised after a name, they make it a place: "Paris Mayor", "Jordan Valley".
#[rustfmt::skip]
const MAKES_A_PLACE: &[&str] = &[
    "agreement", "airport", "archbishop", "area", "attacks", "basin", "bay", "bishop", "border", "bourse", "bridge",
    "bureau", "cathedral", "city", "coast", "college", "conference", "correspondent", "council", "county", "court",
    "declaration", "derby", "district", "embassy", "fashion", "festival", "film", "football", "games", "government",
    "governor", "harbor", "harbour", "hospital", "institute", "international", "island", "islands", "lawmakers",
    "legislature", "magistrates", "marathon", "mayor", "metro", "metropolitan", "minister", "motor", "newsroom",
    "office", "olympic", "olympics", "open", "opera", "parliament", "philharmonic", "police", "port", "premier",
    "president", "prime", "province", "region", "republicans", "river", "school", "senate", "senator", "state", "stock",
    "street", "summit", "supreme", "symphony", "talks", "time", "university", "valley", "zoo",
];

/// Right before an ambiguous place, they make it one.
const PREPOSITIONS: &[&str] = &["across", "in", "inside", "near", "outside", "throughout"];

/// Joined to a name by a hyphen, they make it a place: "Paris-based".
const COMPOUNDS: &[&str] = &[
    "administered",
    "area",
    "backed",
    "based",
    "born",
    "bound",
    "controlled",
    "educated",
    "held",
    "led",
    "listed",
    "made",
    "occupied",
    "owned",
    "registered",
    "trained",
];

/// The tokens of a text, to look around in.
pub(super) struct Beside<'a, 't> {
    pub(super) text: &'t str,
    pub(super) tokens: &'a [Token<'t>],
}

impl Beside<'_, '_> {
    /// The capitalised word that makes tokens `first ..= last` look like a person's name, if there is one. In a line
    /// of capitals only the word before can tell.
    pub(super) fn person(&self, first: usize, last: usize, caps_line: bool) -> Option<Span> {
        if let Some(before) = first.checked_sub(1).map(|i| &self.tokens[i]) {
            let joined = match Gap::between(self.text, before, &self.tokens[first]) {
                Gap::Blank => true,
                // "J. Washington", "Dr. Jordan"
                Gap::Dot => before.text.len() <= 3 && !before.text.chars().all(char::is_numeric),
                _ => false,
            };
            if joined && starts_with_capital(before.text) && !is_in(before.text, SAYS_NOTHING) {
                return Some(span(before));
            }
        }
        let after = self.tokens.get(last + 1)?;
        let joined = !caps_line
            && starts_with_capital(after.text)
            && Gap::between(self.text, &self.tokens[last], after) == Gap::Blank
            && !is_in(after.text, SAYS_NOTHING)
            && !is_in(after.text, MAKES_A_PLACE);
        joined.then(|| span(after))
    }

    /// The preposition of place right before a token.
    pub(super) fn preposition(&self, first: usize) -> Option<Span> {
        let before = &self.tokens[first.checked_sub(1)?];
        let joined = Gap::between(self.text, before, &self.tokens[first]) == Gap::Blank;
        (joined && is_in(before.text, PREPOSITIONS)).then(|| span(before))
    }

    /// The participle that is joined to a token by a hyphen.
    pub(super) fn compound(&self, last: usize) -> Option<Span> {
        let after = self.tokens.get(last + 1)?;
        let joined = Gap::between(self.text, &self.tokens[last], after) == Gap::Hyphen;
        (joined && is_in(after.text, COMPOUNDS)).then(|| span(after))
    }

    /// Whether a possessive `'s` follows a token.
    pub(super) fn possessive(&self, last: usize) -> bool {
        self.tokens.get(last + 1).is_some_and(|after| {
            after.text.eq_ignore_ascii_case("s")
                && Gap::between(self.text, &self.tokens[last], after) == Gap::Apostrophe
        })
    }

    /// Whether tokens `first ..= last` close an introduction ("In London, …") that goes on without another comma.
    pub(super) fn opens_a_sentence(&self, first: usize, container_end: usize) -> bool {
        let before = first.checked_sub(1).map(|i| self.tokens[i].text);
        let introduced = matches!(before, Some("In" | "At" | "From" | "Outside" | "Near"));
        introduced && !self.text[container_end..].trim_start_matches(['.', ')', '"']).starts_with(',')
    }
}

fn span(token: &Token<'_>) -> Span {
    Span { start: token.start, end: token.end }
}

fn is_in(word: &str, list: &[&str]) -> bool {
    let lower = || word.bytes().map(|byte| byte.to_ascii_lowercase());
    list.binary_search_by(|entry| entry.bytes().cmp(lower())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        for list in [SAYS_NOTHING, MAKES_A_PLACE, PREPOSITIONS, COMPOUNDS] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        }
    }
}
