//! The form under which a word is counted: lower case by the full Unicode rules, composed (NFC).

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Writes the counted form of a token into `out`, which is emptied first.
///
/// ASCII is lower-cased byte by byte. Everything else goes through Unicode's full case mapping (`İ` becomes two
/// characters, a `Σ` at the end of a word becomes `ς`) and is then composed, so that `é` is one word whether it was
/// typed as one character or two. No memory is taken per token once `out` has grown.
pub fn fold_into(token: &str, out: &mut String) {
    out.clear();
    if token.is_ascii() {
        out.push_str(token);
        out.make_ascii_lowercase();
        return;
    }
    let mut chars = token.chars().peekable();
    let mut after_letter = false;
    while let Some(c) = chars.next() {
        if c == 'Σ' && after_letter && chars.peek().is_none() {
            out.push('ς');
        } else {
            out.extend(c.to_lowercase());
        }
        after_letter = c.is_alphabetic();
    }
    if is_nfc_quick(out.chars()) != IsNormalized::Yes {
        *out = out.nfc().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(token: &str) -> String {
        let mut out = String::from("left over");
        fold_into(token, &mut out);
        out
    }

    #[test]
    fn case_is_folded_by_the_full_rules() {
        for (token, expected) in [
            ("GDP", "gdp"),
            ("Émile", "émile"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
            ("Σ", "σ"),
            ("ГЕРМАНИЯ", "германия"),
            ("İ", "i\u{307}"),
            ("e\u{301}", "é"),
            ("straße", "straße"),
        ] {
            assert_eq!(folded(token), expected, "{token}");
        }
    }

    #[test]
    fn folding_agrees_with_the_standard_library_where_nothing_needs_composing() {
        for word in ["WÖRTER", "ΛΌΓΟΣ", "Þingvellir", "ÇAĞRI", "ʼn"] {
            let expected: String = word.to_lowercase().nfc().collect();
            assert_eq!(folded(word), expected, "{word}");
        }
    }
}
