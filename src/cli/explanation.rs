//! Why a text has its tags, as shown: colours for the words.

use std::fmt::Write;

use anstyle::Style;

use crate::records::Why;
pub(crate) use crate::report::because::because;
use crate::tagger::WordWeight;

use super::style::{self, printable};

/// A piece of the text that begins at byte `skipped`, safe to print, its words coloured by what they add to the
/// first tag: much in bold, some in colour, what speaks against it dim. The rest is in style `base`, which must be
/// on already.
pub fn highlight(why: &Why, piece: &str, skipped: usize, base: Style) -> String {
    highlight_words(why.words(), why.first_facet(), piece, skipped, base)
}

fn highlight_words(words: &[WordWeight], facet: usize, piece: &str, skipped: usize, base: Style) -> String {
    let largest = words.iter().map(|word| word.weight.abs()).fold(0.0, f64::max);
    let mut out = String::new();
    let mut done = 0;
    for word in words {
        let Some(style) = share_style(facet, word.weight / largest) else { continue };
        let (Some(start), Some(end)) = (word.start.checked_sub(skipped), word.end.checked_sub(skipped)) else {
            continue;
        };
        // What was cut off has no words to show.
        let (Some(before), Some(shown)) = (piece.get(done..start), piece.get(start..end)) else { break };
        let (before, shown) = (printable(before), printable(shown));
        // Writing to a string cannot fail.
        let _ = write!(out, "{before}{style}{shown}{style:#}{base}");
        done = end;
    }
    out + &printable(&piece[done..])
}

/// The style of a word that adds this share of what the strongest adds.
fn share_style(facet: usize, share: f64) -> Option<Style> {
    match share {
        s if s >= 1.0 / 3.0 => Some(style::facet(facet)),
        s if s >= 0.1 => Some(style::facet_light(facet)),
        s if s <= -0.1 => Some(style::QUIET),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn highlight(words: &[(usize, usize, f64)], piece: &str, skipped: usize, base: Style) -> String {
        let words: Vec<_> = words.iter().map(|&(start, end, weight)| WordWeight { start, end, weight }).collect();
        highlight_words(&words, 0, piece, skipped, base)
    }

    #[test]
    fn words_are_coloured_by_their_share_of_the_strongest() {
        let words = [(1, 3, 0.9), (4, 6, 0.2), (7, 9, 0.05), (10, 12, -0.3)];
        let (bold, light, dim) = (style::facet(0), style::facet_light(0), style::QUIET);
        let expected = format!("{bold}aa{bold:#} {light}bb{light:#} cc {dim}dd{dim:#}!");
        assert_eq!(highlight(&words, "aa bb cc dd!", 1, Style::new()), expected);
        // A piece that was cut off, and one that was never coloured.
        assert_eq!(highlight(&words, "aa b", 1, Style::new()), format!("{bold}aa{bold:#} b"));
        assert_eq!(highlight(&[], "aa\u{1b}", 0, Style::new()), "aa\u{FFFD}");
    }
}
