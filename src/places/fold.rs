//! The form under which a word is found in the gazetteer: lower case, without accents.
//!
//! "Côte", "COTE" and "Cote" are one word here, whether the accent was typed with the letter or after it. Only the
//! diacritical marks of U+0300–U+036F go; the vowel signs of Hindi or Thai stay. Letters that carry a stroke or are
//! two in one have no decomposition in Unicode and are written out (`ø` → `o`, `ß` → `ss`). Letter-like apostrophes go
//! too ("Hawaiʻi").

use unicode_normalization::UnicodeNormalization;

/// Writes the folded form of a token into `out`, which is emptied first.
pub(super) fn fold(token: &str, out: &mut String) {
    out.clear();
    if token.is_ascii() {
        out.push_str(token);
        out.make_ascii_lowercase();
        return;
    }
    for c in token.chars().flat_map(char::to_lowercase).nfd() {
        match c {
            '\u{300}'..='\u{36f}' | 'ʻ' | 'ʼ' | '\u{200c}' | '\u{200d}' => {}
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_matter() {
        for (token, expected) in [
            ("PARIS", "paris"),
            ("São", "sao"),
            ("Sa\u{303}o", "sao"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("Hawaiʻi", "hawaii"),
            ("Tromsø", "tromso"),
            ("हिन्दी", "हिन्दी"),
            ("", ""),
        ] {
            let mut out = String::from("left over");
            fold(token, &mut out);
            assert_eq!(out, expected, "{token}");
        }
    }
}
