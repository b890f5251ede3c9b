//! Colours, few and with a meaning. `NO_COLOR` and pipes switch them off (by anstream).

use anstyle::{AnsiColor, Style};

pub const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub const HINT: Style = AnsiColor::Cyan.on_default();
pub const HEADING: Style = Style::new().bold();
pub const QUIET: Style = Style::new().dimmed();

/// The colour of a facet's tags, by its position.
pub fn facet(index: usize) -> Style {
    const COLOURS: [AnsiColor; 5] =
        [AnsiColor::Green, AnsiColor::Blue, AnsiColor::Magenta, AnsiColor::Yellow, AnsiColor::Cyan];
    COLOURS[index % COLOURS.len()].on_default().bold()
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

/// Control characters made visible, so that no text can steer the terminal; newlines and tabs become blanks.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' | '\r' => ' ',
            c if c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c) => '\u{FFFD}',
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
    fn text_cannot_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\nc"), "a\u{FFFD}[31mb c");
    }
}
