//! The words of a text as numbers of a table.

use crate::features::{Token, fold_into};

use super::word_table::{Full, PACKED, WordTable};

const ONES: u128 = 0x0101_0101_0101_0101_0101_0101_0101_0101;

/// Adds the number of each token, in its counted form, to `ids`.
pub(super) fn add_tokens<'t>(
    text: &str,
    tokens: impl Iterator<Item = Token<'t>>,
    table: &mut WordTable,
    buffer: &mut String,
    ids: &mut Vec<u32>,
) -> Result<(), Full> {
    for token in tokens {
        ids.push(match packed_ascii(text.as_bytes(), token.start, token.end) {
            Some(packed) => table.insert_packed(packed)?,
            None => {
                fold_into(token.text, buffer);
                table.insert(buffer)?
            }
        });
    }
    Ok(())
}

/// The counted form of a short word in ASCII: lower case, all its bytes at once. `None` for other words, and for those
/// that stand less than sixteen bytes from the end of the text.
fn packed_ascii(text: &[u8], start: usize, end: usize) -> Option<u128> {
    let bytes: [u8; PACKED] = text.get(start..start + PACKED)?.try_into().ok()?;
    let unused = PACKED.checked_sub(end - start)?;
    let word = u128::from_be_bytes(bytes) >> (8 * unused) << (8 * unused);
    if word & (ONES << 7) != 0 {
        return None;
    }
    // With all bytes below 128, adding 128 − 'A' sets the high bit of those from 'A' on, adding 127 − 'Z' that of those
    // behind 'Z', and nothing is carried from byte to byte.
    let from_a = word + ONES * (128 - u128::from(b'A'));
    let behind_z = word + ONES * (127 - u128::from(b'Z'));
    let upper = (from_a & !behind_z) & (ONES << 7);
    Some(word | upper >> 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Tokenizer;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn packed_words_are_folded_as_all_others(text in "[@A-Z\\[`a-z{0-9_ éÉΣ中İ-]{0,80}") {
            let mut table = WordTable::default();
            let mut ids = Vec::new();
            add_tokens(&text, Tokenizer::default().tokens(&text), &mut table, &mut String::new(), &mut ids).unwrap();
            let tokens: Vec<Token<'_>> = Tokenizer::default().tokens(&text).collect();
            prop_assert_eq!(ids.len(), tokens.len());
            for (id, token) in ids.into_iter().zip(tokens) {
                let mut expected = String::new();
                fold_into(token.text, &mut expected);
                let mut buffer = [0; PACKED];
                prop_assert_eq!(table.word(id, &mut buffer), expected);
            }
        }
    }
}
