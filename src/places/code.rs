//! Country codes.

use std::fmt;

/// An ISO 3166-1 alpha-2 code, `XK` for Kosovo, or the withdrawn code of a former state (`SU`, `YU`, `CS`, `DD`, `YD`).
///
/// Any two capital letters make a code; whether a country has it, [`Gazetteer::country`](super::Gazetteer::country) says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 2]);

impl Code {
    /// Two ASCII capitals, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Some(Code([a, b])),
            _ => None,
        }
    }

    /// The code of two letters that are known to be capitals.
    pub(super) const fn of(letters: &[u8; 2]) -> Self {
        Code(*letters)
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_two_capitals() {
        assert_eq!(Code::parse("AF").unwrap().to_string(), "AF");
        for text in ["", "A", "AFG", "af", "A1", "É"] {
            assert_eq!(Code::parse(text), None, "{text}");
        }
    }
}
