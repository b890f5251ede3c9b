//! From text to words, with their places.
//!
//! A word is a maximal run of Unicode word characters, combining marks included ("don't" is `don` and `t`, as with
//! `\w+`). Chinese, Japanese, Thai, Lao, Khmer and Burmese put no spaces between words; there, every two neighbouring
//! characters (each with its marks) make a token, and a run of a single character is a token itself. That is a stand-in
//! for a dictionary: good enough to classify by, not good enough to show as words.

use serde::{Deserialize, Serialize};

use super::script::{ASCII_WORD, CharClass, class};

/// How text is cut into tokens: plain data, saved in the model so that tagging cuts as training did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokenizer {
    /// The version of the rules; a change that can move a single token boundary gets a new one.
    pub version: u32,
}

impl Default for Tokenizer {
    fn default() -> Self {
        Tokenizer { version: Self::VERSION }
    }
}

/// One token and its place: `text[start..end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// The token as written, case kept.
    pub text: &'t str,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Whether it is a piece of a run of a script without spaces; such tokens overlap by one character.
    pub spaceless: bool,
}

impl Tokenizer {
    /// The version of the rules that this release writes, and the only one so far.
    pub const VERSION: u32 = 1;

    /// The tokens of a text, in order. An empty text has none.
    pub fn tokens<'t>(&self, text: &'t str) -> Tokens<'t> {
        Tokens { text, position: 0, run: None }
    }
}

/// Iterator over the tokens of a text.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    position: usize,
    run: Option<Run>,
}

/// What a byte of UTF-8 is to a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteKind {
    /// An ASCII character that ends it.
    Other,
    /// An ASCII character that belongs to it.
    Word,
    /// Part of a longer character.
    Wide,
}

static BYTE_KIND: [ByteKind; 256] = {
    let mut kinds = [ByteKind::Wide; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = if ASCII_WORD[byte] { ByteKind::Word } else { ByteKind::Other };
        byte += 1;
    }
    kinds
};

/// What is left of a run without spaces: its next token begins at `first` and its second character at `second`.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: usize,
    second: usize,
}

impl<'t> Tokens<'t> {
    fn token(&self, start: usize, end: usize, spaceless: bool) -> Token<'t> {
        Token { text: &self.text[start..end], start, end, spaceless }
    }

    /// The character at a byte position and its class; positions are always character boundaries.
    fn class_at(&self, position: usize) -> Option<(CharClass, usize)> {
        let byte = *self.text.as_bytes().get(position)?;
        if byte < 128 {
            let class = if ASCII_WORD[byte as usize] { CharClass::Word } else { CharClass::Other };
            return Some((class, 1));
        }
        let c = self.text[position..].chars().next()?;
        Some((class(c), c.len_utf8()))
    }

    /// The next token if it begins with an ASCII character and only such stand before it: most tokens of most texts,
    /// found byte by byte in a table.
    #[inline]
    fn next_ascii(&mut self) -> Option<Token<'t>> {
        let bytes = self.text.as_bytes();
        let kind = |byte: &u8| BYTE_KIND[usize::from(*byte)];
        let start = self.position + bytes[self.position..].iter().position(|byte| kind(byte) != ByteKind::Other)?;
        self.position = start;
        if kind(&bytes[start]) == ByteKind::Wide {
            return None;
        }
        let rest = &bytes[start..];
        let mut end = start + rest.iter().position(|byte| kind(byte) != ByteKind::Word).unwrap_or(rest.len());
        if bytes.get(end).is_some_and(|byte| kind(byte) == ByteKind::Wide) {
            end = self.end_of(end, |class| matches!(class, CharClass::Word | CharClass::Mark));
        }
        self.position = end;
        Some(self.token(start, end, false))
    }

    /// The end of the run of characters from `position` on that `goes_on` accepts.
    fn end_of(&self, mut position: usize, goes_on: impl Fn(CharClass) -> bool) -> usize {
        while let Some((class, length)) = self.class_at(position) {
            if !goes_on(class) {
                break;
            }
            position += length;
        }
        position
    }

    /// The end of the one character that begins at `position`, with the marks on it.
    fn end_of_character(&self, position: usize) -> usize {
        let length = self.class_at(position).map_or(0, |(_, length)| length);
        self.end_of(position + length, |class| class == CharClass::Mark)
    }

    /// The next pair of a run without spaces; the run ends where no third character follows.
    fn next_pair(&mut self, run: Run) -> Token<'t> {
        let end = self.end_of_character(run.second);
        let goes_on = matches!(self.class_at(end), Some((CharClass::Spaceless, _)));
        self.run = goes_on.then_some(Run { first: run.second, second: end });
        self.position = end;
        self.token(run.first, end, true)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        if let Some(run) = self.run {
            return Some(self.next_pair(run));
        }
        if let Some(token) = self.next_ascii() {
            return Some(token);
        }
        let (first, start) = loop {
            let (class, length) = self.class_at(self.position)?;
            if matches!(class, CharClass::Word | CharClass::Spaceless) {
                break (class, self.position);
            }
            self.position += length;
        };
        if first == CharClass::Word {
            self.position = self.end_of(start, |class| matches!(class, CharClass::Word | CharClass::Mark));
            return Some(self.token(start, self.position, false));
        }
        let second = self.end_of_character(start);
        if matches!(self.class_at(second), Some((CharClass::Spaceless, _))) {
            return Some(self.next_pair(Run { first: start, second }));
        }
        self.position = second;
        Some(self.token(start, second, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tokens(text: &str) -> Vec<&str> {
        Tokenizer::default().tokens(text).map(|t| t.text).collect()
    }

    #[test]
    fn words_are_runs_of_word_characters() {
        for (text, expected) in [
            ("", vec![]),
            (" \n\t…—", vec![]),
            ("The U.S. economy grew 3.5%.", vec!["The", "U", "S", "economy", "grew", "3", "5"]),
            ("don't snake_case", vec!["don", "t", "snake_case"]),
            ("Zürich, São Paulo—Łódź", vec!["Zürich", "São", "Paulo", "Łódź"]),
            ("cafe\u{301}s", vec!["cafe\u{301}s"]),
            ("❤️ love 👩‍🚀", vec!["love"]),
        ] {
            assert_eq!(tokens(text), expected, "{text:?}");
        }
    }

    #[test]
    fn indic_words_are_not_cut_at_their_vowel_signs() {
        assert_eq!(tokens("हिन्दी में समाचार"), ["हिन्दी", "में", "समाचार"]);
    }

    #[test]
    fn scripts_without_spaces_give_pairs_of_characters() {
        for (text, expected) in [
            ("中国经济", vec!["中国", "国经", "经济"]),
            ("中", vec!["中"]),
            ("東京タワー、夜", vec!["東京", "京タ", "タワ", "ワー", "夜"]),
            ("AI中国2024", vec!["AI", "中国", "2024"]),
            ("นี้ดี", vec!["นี้ดี"]),
            ("서울 뉴스", vec!["서울", "뉴스"]),
        ] {
            assert_eq!(tokens(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn spans_lie_on_character_boundaries_and_cover_every_letter(text in "\\PC{0,60}") {
            let mut covered = vec![false; text.len()];
            let mut last = 0;
            for token in Tokenizer::default().tokens(&text) {
                prop_assert!(text.is_char_boundary(token.start) && text.is_char_boundary(token.end));
                prop_assert!(token.start < token.end && token.start >= last);
                prop_assert_eq!(&text[token.start..token.end], token.text);
                last = token.start;
                covered[token.start..token.end].fill(true);
            }
            for (i, c) in text.char_indices() {
                if c.is_alphanumeric() && class(c) != CharClass::Mark {
                    prop_assert!(covered[i], "{:?} at {} is in no token", c, i);
                }
            }
        }

        #[test]
        fn mixed_scripts_never_panic(text in "[a中のไั้ि\u{301}\u{FE0F}\u{200D} ,É1_]{0,40}") {
            for token in Tokenizer::default().tokens(&text) {
                prop_assert!(!token.text.is_empty());
            }
        }
    }
}
