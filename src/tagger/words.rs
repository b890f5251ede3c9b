//! The words of a text in their counted form.

use crate::features::{Token, fold_into};

/// Words, one after another in one buffer.
#[derive(Default)]
pub(super) struct Words {
    bytes: String,
    /// Where each word ends, and whether it is of a script without spaces.
    ends: Vec<(usize, bool)>,
}

impl Words {
    /// The words that tokens count as.
    pub fn of<'t>(tokens: impl ExactSizeIterator<Item = Token<'t>>) -> Self {
        let mut words = Words { bytes: String::new(), ends: Vec::with_capacity(tokens.len()) };
        let mut word = String::new();
        for token in tokens {
            fold_into(token.text, &mut word);
            words.bytes.push_str(&word);
            words.ends.push((words.bytes.len(), token.spaceless));
        }
        words
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A hash of the words and their order.
    pub fn key(&self) -> [u8; 16] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.bytes.as_bytes());
        self.ends.iter().for_each(|(end, _)| {
            hasher.update(&(*end as u64).to_le_bytes());
        });
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        key
    }

    /// The words in order, and whether each is of a script without spaces.
    pub fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|e| e.0));
        starts.zip(&self.ends).map(|(start, &(end, spaceless))| (&self.bytes[start..end], spaceless))
    }
}
