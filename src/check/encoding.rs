//! Text that was decoded wrongly before it came here, and so is valid UTF-8 all the same.

use encoding_rs::WINDOWS_1252;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextDamage {
    /// U+FFFD stands where some program could not read a character.
    Replaced,
    /// UTF-8 was read as windows-1252: what stands there, and what it should be.
    Misread(String, String),
    /// A control character that no text has.
    Control(char),
}

impl TextDamage {
    /// The first damage of a text.
    pub fn of(text: &str) -> Option<Self> {
        if text.is_ascii() {
            return text.chars().find(|&c| is_foreign_control(c)).map(TextDamage::Control);
        }
        if text.contains('\u{FFFD}') {
            return Some(TextDamage::Replaced);
        }
        // Before control characters: half of a misread letter may be one.
        let runs = text.split(|c: char| c.is_ascii()).filter(|run| !run.is_empty());
        let misread = runs.filter_map(|run| Some(TextDamage::Misread(run.to_owned(), as_utf8(run)?))).next();
        misread.or_else(|| text.chars().find(|&c| is_foreign_control(c)).map(TextDamage::Control))
    }

    /// What is wrong, in words.
    pub fn in_words(&self) -> String {
        match self {
            TextDamage::Replaced => "has U+FFFD where a character could not be read".to_owned(),
            TextDamage::Misread(there, meant) => {
                format!("has '{there}' for '{meant}': UTF-8 that was read as windows-1252")
            }
            TextDamage::Control(c) => format!("has the control character U+{:04X}", u32::from(*c)),
        }
    }
}

/// Control characters besides the ends of lines and pages.
fn is_foreign_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}')
}

/// What a run of characters was before UTF-8 was taken for windows-1252. Only runs with one of the lead characters of
/// Latin text are tried, as "ß”" would pass as well.
fn as_utf8(run: &str) -> Option<String> {
    if !run.contains(['Ã', 'Â']) && !run.contains("â€") {
        return None;
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(run);
    if unmappable { None } else { String::from_utf8(bytes.into_owned()).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_from_foreign_letters() {
        for (text, expected) in [
            ("Zürich — “fine” … Ελλάς 中国 Spaß” NÃO É»", None),
            ("plain\ttext\r\n", None),
            ("Zï¿½rich \u{FFFD}", Some("has U+FFFD where a character could not be read")),
            ("in ZÃ¼rich", Some("has 'Ã¼' for 'ü': UTF-8 that was read as windows-1252")),
            ("donâ€™t", Some("has 'â€™' for '’': UTF-8 that was read as windows-1252")),
            ("a\u{0}b", Some("has the control character U+0000")),
            ("Z\u{92}s", Some("has the control character U+0092")),
        ] {
            assert_eq!(TextDamage::of(text).map(|d| d.in_words()).as_deref(), expected, "{text}");
        }
    }
}
