//! Texts of other people in one line.

/// The beginning of a text without blanks around it, and ` …` where it goes on.
pub(crate) fn beginning(text: &str, width: usize) -> (&str, &'static str) {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(width) else { return (text, "") };
    let cut = &text[..end];
    // Whole words, where there are some.
    let words = cut.rfind(char::is_whitespace).filter(|&at| at > cut.len() / 2).map_or(cut, |at| &cut[..at]);
    (words.trim_end(), " …")
}

/// Control characters made visible, so that no text can steer the terminal; newlines and tabs become blanks.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\r' => ' ',
            c if c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c) => {
                '\u{FFFD}'
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(beginning(" one two\n", 20), ("one two", ""));
        assert_eq!(beginning("one two three", 10), ("one two", " …"));
        assert_eq!(beginning("あいうえお", 3), ("あいう", " …"));
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31mb\nc"), "a\u{FFFD}[31mb c");
    }
}
