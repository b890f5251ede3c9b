//! Colours, few and with a meaning. `NO_COLOR` and pipes switch them off (by anstream).

use anstyle::{AnsiColor, Style};

pub const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub const HINT: Style = AnsiColor::Cyan.on_default();
pub const HEADING: Style = Style::new().bold();
pub const QUIET: Style = Style::new().dimmed();

/// The colour of a facet's tags, by its position.
pub fn facet(index: usize) -> Style {
    facet_light(index).bold()
}

/// The same, not bold.
pub fn facet_light(index: usize) -> Style {
    const COLOURS: [AnsiColor; 5] =
        [AnsiColor::Green, AnsiColor::Blue, AnsiColor::Magenta, AnsiColor::Yellow, AnsiColor::Cyan];
    COLOURS[index % COLOURS.len()].on_default()
}

/// Standard error, without colours where they do not belong.
pub fn anstream_stderr() -> anstream::AutoStream<std::io::Stderr> {
    anstream::stderr()
}

/// The width of the terminal on standard output, kept to a readable measure; 100 where there is none.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).clamp(40, 110)
}

/// `12,345`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 row`, `2 rows`.
pub fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// `512 bytes`, `5.5 kB`, `4.3 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => count(bytes, "byte"),
        1000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// The beginning of a text without blanks around it, and ` …` where it goes on.
pub fn beginning(text: &str, width: usize) -> (&str, &'static str) {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(width) else { return (text, "") };
    let cut = &text[..end];
    // Whole words, where there are some.
    let words = cut.rfind(char::is_whitespace).filter(|&at| at > cut.len() / 2).map_or(cut, |at| &cut[..at]);
    (words.trim_end(), " …")
}

/// Control characters made visible, so that no text can steer the terminal; newlines and tabs become blanks.
pub fn printable(text: &str) -> String {
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
    fn numbers_have_thousands_separators() {
        assert_eq!([0, 999, 1000, 1234567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn sizes_have_a_unit_that_fits() {
        assert_eq!([1, 999, 5_482, 4_332_789].map(size), ["1 byte", "999 bytes", "5.5 kB", "4.3 MB"]);
    }

    #[test]
    fn a_long_text_is_cut_between_words() {
        assert_eq!(beginning(" one two\n", 20), ("one two", ""));
        assert_eq!(beginning("one two three", 10), ("one two", " …"));
        assert_eq!(beginning("あいうえお", 3), ("あいう", " …"));
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\nc"), "a\u{FFFD}[31mb c");
    }
}
