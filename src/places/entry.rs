//! What a row of a gazetteer says of a form: what kind of word it is, what it means, and how far it may be trusted.

use super::{Areas, Code};

/// What kind of word names the place; the order is that of the evidence, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A name of the country: `Iran`.
    Name,
    /// Its people or its adjective: `Iranian`. The plural is derived.
    Demonym,
    /// A state, province or other part: `Ohio`.
    Admin,
    /// A city, or a smaller place: `Tehran`.
    City,
    /// An institution bound to the country: `Kremlin`.
    Institution,
    /// A word for sub-regions or a region: `Middle East`.
    Region,
    /// A word that tells something of the place without naming one: `NATO`.
    Term,
    /// A phrase that holds a place name and names no place: `Uruguay Round`.
    Phrase,
}

impl Kind {
    pub(super) const ALL: [(&'static str, Kind); 8] = [
        ("name", Kind::Name),
        ("demonym", Kind::Demonym),
        ("admin", Kind::Admin),
        ("city", Kind::City),
        ("institution", Kind::Institution),
        ("region", Kind::Region),
        ("term", Kind::Term),
        ("phrase", Kind::Phrase),
    ];

    /// The kind as it stands in the file.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|&(_, kind)| kind)
    }

    /// Whether it names a place, rather than people or a body.
    pub(super) fn is_place(self) -> bool {
        matches!(self, Kind::Name | Kind::Admin | Kind::City)
    }
}

/// What a form stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// A country, or a former state ([`Country::former`](super::Country::former)).
    Country(Code),
    /// Sub-regions, a region, or both; no country.
    Areas(Areas),
    /// No place, but a word worth a feature; [`Gazetteer::term`](super::Gazetteer::term) has its slug.
    Term(u16),
    /// Nothing: the phrase swallows the place name in it.
    Nothing,
}

/// How far a form may be trusted when it stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Trust {
    /// No mark: it counts.
    Plain,
    /// `?`: it counts, but not beside another capitalised word (also a person's name).
    Person,
    /// `~`: it counts with support.
    Weak,
    /// `~~`: it counts with support of its own country.
    OwnOnly,
}

/// The marks of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) trust: Trust,
    /// `=`: only in exactly this case.
    pub(super) exact: bool,
    /// `^`: only right after a comma.
    pub(super) comma: bool,
    /// `!`: never in text that is all in lower case.
    pub(super) capital: bool,
}

impl Marks {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut marks = Marks { trust: Trust::Plain, exact: false, comma: false, capital: false };
        let rest = if let Some(rest) = text.strip_prefix("~~") {
            marks.trust = Trust::OwnOnly;
            rest
        } else if let Some(rest) = text.strip_prefix('~') {
            marks.trust = Trust::Weak;
            rest
        } else if let Some(rest) = text.strip_prefix('?') {
            marks.trust = Trust::Person;
            rest
        } else {
            text
        };
        for c in rest.chars() {
            let mark = match c {
                '=' => &mut marks.exact,
                '^' => &mut marks.comma,
                '!' => &mut marks.capital,
                _ => return None,
            };
            if std::mem::replace(mark, true) {
                return None;
            }
        }
        Some(marks)
    }
}

/// The plural of a demonym: `Afghan` → `Afghans`; `None` where it has none of its own (`Japanese`, `Dutch`, `Polish`).
pub(super) fn plural(demonym: &str) -> Option<String> {
    let none = ["s", "ish", "nch", "tch", "lsh", "ese", "men", "man", "x", "z", "ic", "ics"];
    (!none.iter().any(|end| demonym.ends_with(end))).then(|| format!("{demonym}s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_a_trust_and_flags() {
        let marks = Marks::parse("~~^=").unwrap();
        assert!(marks.trust == Trust::OwnOnly && marks.comma && marks.exact && !marks.capital);
        assert_eq!(Marks::parse("").unwrap().trust, Trust::Plain);
        for text in ["~~~", "=~", "==", "*", " "] {
            assert_eq!(Marks::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn plurals_are_those_of_english() {
        for (demonym, expected) in [
            ("Afghan", Some("Afghans")),
            ("Czech", Some("Czechs")),
            ("Iraqi", Some("Iraqis")),
            ("New Zealander", Some("New Zealanders")),
            ("Japanese", None),
            ("Dutch", None),
            ("French", None),
            ("Welsh", None),
            ("Swiss", None),
            ("Kyrgyz", None),
        ] {
            assert_eq!(plural(demonym).as_deref(), expected, "{demonym}");
        }
    }
}
