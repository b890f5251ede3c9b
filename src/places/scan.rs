//! From tokens to candidates: the longest form at each position, and whether case and surroundings allow it.

use super::Rule;
use super::form::{Form, LONGEST_FORM, starts_with_capital};
use super::gap::Gap;
use super::trie::{At, Trie};
use super::words::LONGEST_WORD;
use crate::features::Token;

/// A form found in the text, not yet understood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// First token.
    pub(super) first: usize,
    /// Last token.
    pub(super) last: usize,
    /// One past the last byte; a full stop that ends the form is in it.
    pub(super) end: usize,
    /// Number of the form in the trie.
    pub(super) form: u32,
    /// Whether it stands in a line of capitals.
    pub(super) caps_line: bool,
    /// Why it does not count, where it does not.
    pub(super) failed: Option<Rule>,
}

/// One pass over the tokens of a text.
pub(super) struct Scan<'a, 't> {
    text: &'t str,
    tokens: &'a [Token<'t>],
    trie: &'a Trie,
    /// The text has no token that begins with a capital.
    pub(super) lower: bool,
    line: Line,
    folded: String,
}

/// How many of the candidates so far reach beyond a byte: none, or the last, which has failed.
fn overlapping(found: &[Candidate], start: usize) -> usize {
    usize::from(found.last().is_some_and(|last| last.end > start))
}

/// The line that was last looked at.
#[derive(Default)]
struct Line {
    start: usize,
    end: usize,
    caps: bool,
}

impl<'a, 't> Scan<'a, 't> {
    pub(super) fn new(text: &'t str, tokens: &'a [Token<'t>], trie: &'a Trie) -> Self {
        let lower = !tokens.iter().any(|token| starts_with_capital(token.text));
        Scan { text, tokens, trie, lower, line: Line::default(), folded: String::new() }
    }

    /// Leftmost-longest candidates in order; with `failures`, also forms that fit but for case or surroundings, where
    /// nothing else was found.
    pub(super) fn candidates(&mut self, failures: bool) -> Vec<Candidate> {
        let mut found = Vec::with_capacity(8);
        let mut i = 0;
        let mut end = 0;
        while let Some(token) = self.tokens.get(i) {
            if token.start < end {
                i += 1;
                continue;
            }
            let Some(hash) = self.trie.starts.hash(token.text, self.lower) else {
                i += 1;
                continue;
            };
            match self.longest(i, hash) {
                Some(candidate) if candidate.failed.is_none() => {
                    // What failed never hides what counts.
                    found.truncate(found.len() - overlapping(&found, token.start));
                    end = candidate.end;
                    i = candidate.last + 1;
                    found.push(candidate);
                }
                failed => {
                    let free = |_: &Candidate| overlapping(&found, token.start) == 0;
                    found.extend(failed.filter(|_| failures).filter(free));
                    i += 1;
                }
            }
        }
        found
    }

    /// The longest form from token `i` on that counts; else the longest that fails for a reason worth telling. The hash
    /// is that of token `i`.
    fn longest(&mut self, i: usize, mut hash: u64) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        let mut gaps = [Gap::Blank; LONGEST_FORM];
        let mut at: Option<At> = None;
        for (n, token) in self.tokens[i..].iter().take(LONGEST_FORM).enumerate() {
            if n > 0 {
                gaps[n - 1] = Gap::between(self.text, &self.tokens[i + n - 1], token);
                if matches!(gaps[n - 1], Gap::Comma | Gap::Other) {
                    break;
                }
                let Some(of_word) = self.trie.follows.hash(token.text, self.lower) else { break };
                hash = of_word;
            }
            if token.text.len() > LONGEST_WORD {
                break;
            }
            let trie = self.trie;
            let Some(word) = trie.words.number(token.text, hash, &mut self.folded) else { break };
            let Some(here) = at.map_or_else(|| trie.begin(word), |at| trie.step(at, word)) else { break };
            at = Some(here);
            for number in trie.forms_at(here) {
                let Some(verdict) = self.verdict(trie.form(number), i, n, &gaps) else { continue };
                if verdict.is_some() && best.is_some() {
                    continue;
                }
                best = Some(self.candidate(i, i + n, number, verdict));
                if verdict.is_none() {
                    break;
                }
            }
            if !trie.goes_on(here) {
                break;
            }
        }
        best
    }

    fn candidate(&mut self, first: usize, last: usize, form: u32, failed: Option<Rule>) -> Candidate {
        let mut end = self.tokens[last].end;
        if self.trie.form(form).dot && self.text.as_bytes().get(end) == Some(&b'.') {
            end += 1;
        }
        let caps_line = self.in_caps_line(self.tokens[first].start);
        Candidate { first, last, end, form, caps_line, failed }
    }

    /// Whether the form fits tokens `i ..= i + n`: `None` no, `Some(None)` yes, `Some(Some(rule))` but for that.
    fn verdict(&mut self, form: &Form, i: usize, n: usize, gaps: &[Gap]) -> Option<Option<Rule>> {
        let words = &self.tokens[i..=i + n];
        if !words.iter().zip(gaps).take(n).enumerate().all(|(k, (word, &gap))| form.joins.get(k).fits(gap, word.text)) {
            return None;
        }
        if self.lower && form.capitals != 0 {
            return form.lower.then_some(None);
        }
        let capitals =
            words.iter().enumerate().all(|(k, w)| form.capitals >> k & 1 == 0 || starts_with_capital(w.text));
        if !capitals {
            return None;
        }
        if form.upper && words.iter().any(|word| word.text.chars().any(char::is_lowercase)) {
            return Some(Some(Rule::NeedsUpperCase));
        }
        if form.comma && !self.after_comma(i) {
            return Some(Some(Rule::NeedsComma));
        }
        if form.short && (self.among_capitals(i, i + n) || self.in_caps_line(words[0].start)) {
            return Some(Some(Rule::AmongCapitals));
        }
        Some(None)
    }

    /// Whether a capitalised word and a comma stand right before the token.
    fn after_comma(&self, i: usize) -> bool {
        let Some(before) = i.checked_sub(1).map(|before| &self.tokens[before]) else { return false };
        starts_with_capital(before.text) && Gap::between(self.text, before, &self.tokens[i]) == Gap::Comma
    }

    /// Whether words in capitals stand right before and right after, blanks between.
    fn among_capitals(&self, first: usize, last: usize) -> bool {
        let shouted = |token: &Token<'_>| token.text.len() > 1 && token.text.chars().all(char::is_uppercase);
        let before = first.checked_sub(1).map(|before| &self.tokens[before]);
        before.is_some_and(|t| shouted(t) && Gap::between(self.text, t, &self.tokens[first]) == Gap::Blank)
            && self
                .tokens
                .get(last + 1)
                .is_some_and(|t| shouted(t) && Gap::between(self.text, &self.tokens[last], t) == Gap::Blank)
    }

    /// Whether the line around a byte has capitals only, in two words or more. Each line is read once.
    fn in_caps_line(&mut self, at: usize) -> bool {
        if !(self.line.start..self.line.end).contains(&at) {
            let bytes = self.text.as_bytes();
            let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |i| i + 1);
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
            let line = &self.text[start..end];
            let caps = !line.chars().any(char::is_lowercase)
                && line.split(|c: char| !c.is_uppercase()).filter(|word| word.len() > 1).nth(1).is_some();
            self.line = Line { start, end, caps };
        }
        self.line.caps
    }
}
