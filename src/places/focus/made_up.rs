//! Mentions made by hand.

use std::sync::LazyLock;

use super::super::{Code, Gazetteer, Kind, Meaning, Mention, Rule, Strength};
use super::{Candidates, Frame};

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::embedded().unwrap());

pub fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

/// Candidates of (start, country, kind, strength), one token each.
pub fn candidates(mentions: &[(usize, &str, Kind, Strength)], frame: Frame) -> Candidates {
    let mention = |(token, &(start, country, kind, strength)): (usize, &(usize, &str, Kind, Strength))| Mention {
        start,
        end: start + 2,
        token,
        kind,
        strength,
        meaning: Meaning::Country(code(country)),
        decided: Rule::Listed,
    };
    let mentions: Vec<Mention> = mentions.iter().enumerate().map(mention).collect();
    Candidates::new(&mentions, frame, &GAZETTEER)
}

/// A text that names countries so many times, one after another in a first paragraph.
pub fn named(countries: &[(&str, usize)]) -> Candidates {
    let mentions: Vec<_> = countries
        .iter()
        .flat_map(|&(country, times)| std::iter::repeat_n(country, times))
        .enumerate()
        .map(|(i, country)| (10 * i, country, Kind::Name, Strength::Strong))
        .collect();
    candidates(&mentions, Frame::article(0, 10_000))
}
