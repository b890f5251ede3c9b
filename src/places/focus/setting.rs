//! How many of the countries of a text are wanted.

use std::fmt;
use std::str::FromStr;

/// Which countries become tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// Every country that is clearly mentioned, unless the model finds it very unlikely.
    All,
    /// Those that the model finds the text is about.
    #[default]
    Major,
    /// The best of them only.
    Primary,
}

impl Focus {
    const ALL: [(&'static str, Focus); 3] = [("all", Focus::All), ("major", Focus::Major), ("primary", Focus::Primary)];

    /// The setting as it is written.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, focus)| *focus == self).map_or("", |(name, _)| name)
    }
}

impl fmt::Display for Focus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Focus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text).map(|&(_, focus)| focus);
        found.ok_or_else(|| format!("focus is \"{}\", expected all, major or primary", text.escape_debug()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_focus_is_read_as_it_is_written() {
        for focus in [Focus::All, Focus::Major, Focus::Primary] {
            assert_eq!(focus.to_string().parse(), Ok(focus));
        }
        assert_eq!("Any".parse::<Focus>().unwrap_err(), "focus is \"Any\", expected all, major or primary");
    }
}
