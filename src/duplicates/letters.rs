//! The letters of a text: what is left of it without punctuation, case and spacing.

use unicode_normalization::UnicodeNormalization;

use crate::features::{CharClass, class};

/// The letters, digits and combining marks of a text, one after another, in Unicode's compatibility form (NFKC) and
/// with case folded. "Don’t STOP" and "dont stop!" have the same letters.
///
/// A character is folded by its upper case's lower case, so that `ß` and `SS`, `ς` and `Σ` are the same.
///
/// ```
/// use wiredesk::duplicates::Letters;
///
/// assert_eq!(Letters::of("Don’t STOP\n(Zürich)").as_str(), "dontstopzürich");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letters(String);

impl Letters {
    /// The letters of a text.
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            // Every byte is written, and only letters move the place of the next one.
            let mut letters = vec![0; text.len()];
            let mut end = 0;
            for byte in text.bytes() {
                letters[end] = byte.to_ascii_lowercase();
                end += usize::from(byte.is_ascii_alphanumeric());
            }
            letters.truncate(end);
            return Letters(String::from_utf8(letters).unwrap_or_default());
        }
        let mut letters = String::with_capacity(text.len());
        // Word by word, as most of them are ASCII even where quotes and dashes are not.
        for word in text.split(|c| class(c) == CharClass::Other || c == '_').filter(|word| !word.is_empty()) {
            if word.is_ascii() {
                let start = letters.len();
                letters.push_str(word);
                letters[start..].make_ascii_lowercase();
                continue;
            }
            let folded = word.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
            // A compatibility form may hold what is no letter (½ is 1⁄2), and joiners are not seen.
            letters.extend(folded.filter(|&c| {
                !matches!(c, '_' | '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}') && class(c) != CharClass::Other
            }));
        }
        Letters(letters)
    }

    /// The letters as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text has no letter at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_case_spacing_and_spelling_in_unicode_do_not_matter() {
        for (one, other) in [
            ("The U.S. economy", "the us ECONOMY…"),
            ("don't snake_case", "dont snakecase"),
            ("STRASSE ΟΔΥΣΣΕΥΣ", "Straße «οδυσσευς»"),
            ("cafe\u{301} ﬁne", "CAFÉ fine"),
            ("\u{FEFF}中国 经济。", "中国经济"),
            ("Ａ１", "a 1"),
            ("ГЕРМАНИЯ", "Германия"),
            ("❤️ love", "love"),
        ] {
            assert_eq!(Letters::of(one), Letters::of(other), "{one} / {other}");
        }
        for (one, other) in [("Rates rose", "Rates fell"), ("2024", "2025"), ("का", "कि"), ("é", "e")] {
            assert_ne!(Letters::of(one), Letters::of(other), "{one} / {other}");
        }
        assert!(Letters::of(" \n— ❤️ …").is_empty());
    }
}
