//! From the tokens of a text to the places it names.

use super::beside::Beside;
use super::growing::Growing;
use super::resolve::Resolve;
use super::scan::Scan;
use super::trie::Trie;
use super::{Gazetteer, Mention};
use crate::features::Token;

/// Finds the names of places in text: immutable, so one serves all threads.
///
/// It reads the tokens that the classifier reads and the bytes between them, in one pass, in time linear in the
/// text. English text; names in other languages only where the gazetteer has them.
#[derive(Clone, Debug)]
pub struct PlaceMatcher {
    trie: Trie,
}

impl PlaceMatcher {
    /// The matcher of a gazetteer.
    pub fn new(gazetteer: &Gazetteer) -> Self {
        Self::of(gazetteer.forms.clone())
    }

    /// The matcher of forms that nobody else needs.
    pub(super) fn of(forms: Growing) -> Self {
        PlaceMatcher { trie: Trie::new(forms) }
    }

    /// Puts the mentions of a text into `out` (emptied first): in order, without overlap, strong and weak ones.
    ///
    /// `tokens` must be those of [`Tokenizer::tokens`](crate::features::Tokenizer::tokens) for this text.
    pub fn mentions(&self, text: &str, tokens: &[Token<'_>], out: &mut Vec<Mention>) {
        self.find(text, tokens, out, false);
    }

    /// The same with the [silent](super::Strength::Silent) ones: what was swallowed, what failed for its case.
    pub fn explain(&self, text: &str, tokens: &[Token<'_>], out: &mut Vec<Mention>) {
        self.find(text, tokens, out, true);
    }

    /// About how many bytes of memory the matcher takes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.trie.size()
    }

    fn find(&self, text: &str, tokens: &[Token<'_>], out: &mut Vec<Mention>, silent: bool) {
        out.clear();
        let mut scan = Scan::new(text, tokens, &self.trie);
        let candidates = scan.candidates(silent);
        if candidates.is_empty() {
            return;
        }
        let beside = Beside { text, tokens };
        Resolve { trie: &self.trie, beside, candidates, lower: scan.lower }.mentions(silent, out);
    }
}

#[cfg(test)]
#[path = "matcher_tests.rs"]
mod tests;
