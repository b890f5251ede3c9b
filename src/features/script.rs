//! Which characters make words, and which of them are written without spaces.
//!
//! Word characters are those of Unicode's `\w` (UTS #18, Annex C): letters, numbers, combining marks, connector
//! punctuation and the two joiners. Marks and joiners only continue a word, so that the variation selector behind an
//! emoji is no word of its own.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// What a character does to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CharClass {
    /// Ends a word.
    Other,
    /// Begins or continues a word.
    Word,
    /// Continues a word or a run, and begins neither.
    Mark,
    /// Part of a run of a script that puts no spaces between words.
    Spaceless,
}

/// The class of an ASCII byte, by table: the fast path of the tokenizer.
pub(crate) const ASCII_WORD: [bool; 128] = {
    let mut table = [false; 128];
    let mut b = 0u8;
    while b < 128 {
        table[b as usize] = b.is_ascii_alphanumeric() || b == b'_';
        b += 1;
    }
    table
};

/// The class of any character.
pub(crate) fn class(c: char) -> CharClass {
    if c.is_ascii() {
        return if ASCII_WORD[c as usize] { CharClass::Word } else { CharClass::Other };
    }
    // Typographic quotes, dashes and blanks are most of what is not ASCII in Latin text.
    if ('\u{2000}'..='\u{206F}').contains(&c) {
        return match c {
            '\u{200C}' | '\u{200D}' => CharClass::Mark,
            '\u{203F}' | '\u{2040}' | '\u{2054}' => CharClass::Word,
            _ => CharClass::Other,
        };
    }
    if is_mark(c) {
        CharClass::Mark
    } else if is_spaceless(c) {
        CharClass::Spaceless
    } else if c.is_alphanumeric() || c.general_category() == GeneralCategory::ConnectorPunctuation {
        CharClass::Word
    } else {
        CharClass::Other
    }
}

/// Whether a character is a combining mark (none below U+0300 is).
pub(crate) fn is_mark(c: char) -> bool {
    c >= '\u{300}' && c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Letters of Chinese, Japanese, Thai, Lao, Khmer and Burmese writing (Unicode blocks; marks are asked about first).
fn is_spaceless(c: char) -> bool {
    if c < '\u{0E00}' {
        return false;
    }
    let in_block = matches!(c,
        '\u{0E00}'..='\u{0EFF}'                              // Thai, Lao
        | '\u{1000}'..='\u{109F}'                            // Burmese
        | '\u{1780}'..='\u{17FF}' | '\u{19E0}'..='\u{19FF}'  // Khmer
        | '\u{3005}'..='\u{3007}'                            // ideographic iteration mark, closing mark, zero
        | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'  // Hiragana, Katakana
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'  // Han
        | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}'  // Burmese, extended
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'  // Han compatibility, half-width Katakana
        | '\u{20000}'..='\u{323AF}'                          // Han, extended
    );
    in_block && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_class_of_their_use() {
        for (c, expected) in [
            ('a', CharClass::Word),
            ('_', CharClass::Word),
            ('\'', CharClass::Other),
            ('é', CharClass::Word),
            ('’', CharClass::Other),
            ('—', CharClass::Other),
            ('½', CharClass::Word),
            ('\u{0301}', CharClass::Mark),
            ('\u{FE0F}', CharClass::Mark),
            ('\u{200D}', CharClass::Mark),
            ('ि', CharClass::Mark),
            ('ह', CharClass::Word),
            ('中', CharClass::Spaceless),
            ('の', CharClass::Spaceless),
            ('ー', CharClass::Spaceless),
            ('、', CharClass::Other),
            ('ไ', CharClass::Spaceless),
            ('ั', CharClass::Mark),
            ('한', CharClass::Word),
            ('😀', CharClass::Other),
        ] {
            assert_eq!(class(c), expected, "{c:?}");
        }
    }
}
