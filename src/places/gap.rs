//! What stands between two neighbouring tokens, as far as names care.

use crate::features::Token;

/// The longest gap that is looked at, in bytes; longer ones separate. It keeps a match linear in any text.
const LONGEST: usize = 32;

/// What stands between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// Blanks with at most one line break.
    Blank,
    /// A hyphen, or an en dash without blanks.
    Hyphen,
    /// A full stop, perhaps with blanks after it.
    Dot,
    /// An apostrophe.
    Apostrophe,
    /// A comma, perhaps with blanks after it.
    Comma,
    /// Nothing, or less: tokens of a script without spaces overlap by a character.
    Joined,
    /// Anything else.
    Other,
}

impl Gap {
    /// The gap between two tokens of one text, the first before the second.
    pub(super) fn between(text: &str, first: &Token<'_>, second: &Token<'_>) -> Self {
        if second.start <= first.end {
            return Gap::Joined;
        }
        let Some(gap) = text.get(first.end..second.start).filter(|gap| gap.len() <= LONGEST) else {
            return Gap::Other;
        };
        match gap {
            " " => return Gap::Blank,
            "-" | "\u{2010}" | "\u{2011}" | "\u{2013}" => return Gap::Hyphen,
            "'" | "\u{2019}" | "\u{2018}" | "`" => return Gap::Apostrophe,
            _ => {}
        }
        let (gap, found) = match gap.as_bytes().first() {
            Some(b',') => (&gap[1..], Gap::Comma),
            Some(b'.') => (&gap[1..], Gap::Dot),
            _ => (gap, Gap::Blank),
        };
        let breaks = gap.bytes().filter(|&b| b == b'\n').count();
        if breaks <= 1 && gap.chars().all(char::is_whitespace) { found } else { Gap::Other }
    }
}

/// What a form asks of the text between two of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// Blanks, a hyphen, or a full stop after at most three letters: `St. Louis`, `N Korea`, `North-Korea`.
    Free,
    /// A full stop: `U.S.`.
    Dot,
    /// An apostrophe: `Côte d'Ivoire`.
    Apostrophe,
    /// Tokens of a script without spaces.
    Joined,
}

impl Join {
    /// What a form asks for where it is written so itself; `None` where no form can be written so.
    pub(super) fn of_form(text: &str, first: &Token<'_>, second: &Token<'_>) -> Option<Self> {
        match Gap::between(text, first, second) {
            Gap::Blank | Gap::Hyphen => Some(Join::Free),
            Gap::Dot if second.start == first.end + 1 => Some(Join::Dot),
            Gap::Dot => Some(Join::Free),
            Gap::Apostrophe => Some(Join::Apostrophe),
            Gap::Joined => Some(Join::Joined),
            Gap::Comma | Gap::Other => None,
        }
    }

    /// Whether a gap in the text after the word `before` will do.
    pub(super) fn fits(self, gap: Gap, before: &str) -> bool {
        match self {
            Join::Free => matches!(gap, Gap::Blank | Gap::Hyphen) || gap == Gap::Dot && before.chars().count() <= 3,
            Join::Dot => gap == Gap::Dot,
            Join::Apostrophe => gap == Gap::Apostrophe,
            Join::Joined => gap == Gap::Joined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Tokenizer;

    #[test]
    fn gaps_are_told_apart() {
        for (text, expected) in [
            ("a b", Gap::Blank),
            ("a \n  b", Gap::Blank),
            ("a\u{a0}b", Gap::Blank),
            ("a\n\nb", Gap::Other),
            ("a-b", Gap::Hyphen),
            ("a – b", Gap::Other),
            ("a–b", Gap::Hyphen),
            ("a.b", Gap::Dot),
            ("a. b", Gap::Dot),
            ("a’b", Gap::Apostrophe),
            ("a, b", Gap::Comma),
            ("a,,b", Gap::Other),
            ("a; b", Gap::Other),
            ("中国家", Gap::Joined),
            (&format!("a{}b", " ".repeat(99)), Gap::Other),
        ] {
            let tokens: Vec<_> = Tokenizer::default().tokens(text).collect();
            assert_eq!(Gap::between(text, &tokens[0], &tokens[1]), expected, "{text:?}");
        }
    }
}
