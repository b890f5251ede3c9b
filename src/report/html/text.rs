//! Labels and texts of other people, made fit for a page. Escaping is the business of the markup.

use std::borrow::Cow;

use super::super::line::one_line;
use super::super::wording::{NO_LABEL, printable};

/// A label on one line, without characters that cannot be seen or that turn the text around.
pub(super) fn label(label: &str) -> Cow<'_, str> {
    let shown = printable(label);
    if shown.contains(not_a_character) { Cow::Owned(shown.replace(not_a_character, "\u{FFFD}")) } else { shown }
}

/// A label, or what stands for none.
pub(super) fn label_or_none(name: Option<&str>) -> Cow<'_, str> {
    name.map_or(Cow::Borrowed(NO_LABEL), label)
}

/// A text with its line breaks.
pub(super) fn passage(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| one_line(line).replace(not_a_character, "\u{FFFD}")).collect();
    lines.join("\n")
}

/// Two code points that XML excludes and that mean nothing in HTML.
fn not_a_character(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_is_left() {
        assert_eq!(label("a\u{1b}[31m\u{FFFF}"), "a\\u{1b}[31m\u{FFFD}");
        assert_eq!(label_or_none(None), "(none)");
        assert_eq!(passage("one\r\ntwo\u{0}\u{202e}\u{FFFE}"), "one \ntwo\u{FFFD}\u{FFFD}\u{FFFD}");
    }
}
