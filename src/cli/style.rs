//! Colours, few and with a meaning. `NO_COLOR` and pipes switch them off (by anstream).

use anstyle::{AnsiColor, Style};

pub(crate) use crate::report::line::{beginning, one_line as printable};
pub(crate) use crate::report::{size, thousands};

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

/// `1 row`, `2 rows`.
pub fn count(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n), if n == 1 { "" } else { "s" })
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
}
