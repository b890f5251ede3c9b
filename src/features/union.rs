//! One vocabulary out of two, in one pass over both.
//!
//! Both are sorted, and numbering the words of a vocabulary anew keeps their order. So the n-grams, which are sorted by (the
//! n-gram that they extend, last word), stay sorted under their new numbers too, and each level is merged like a pair of sorted
//! lists: nothing is hashed and nothing sorted again.

use std::cmp::Ordering;

use super::builder::TooManyFeatures;
use super::vocabulary::NONE;
use super::{Vocabulary, VocabularyParts};

/// All features of two vocabularies.
#[derive(Debug)]
pub(crate) struct Union {
    /// The features of both.
    pub vocabulary: Vocabulary,
    /// Per feature, its column on the left and on the right; `None` where a side lacks it.
    pub columns: Vec<[Option<u32>; 2]>,
}

impl Vocabulary {
    /// The features of both. Where one has longer n-grams, or concepts, the union has them too.
    ///
    /// # Errors
    /// More than 2³² − 1 features, or words of more than 4 GB.
    pub(crate) fn union(&self, other: &Vocabulary) -> Result<Union, TooManyFeatures> {
        let sides = [self.to_parts(), other.to_parts()];
        let [left, right] = &sides;
        let mut merged = Merged { columns: Vec::new(), parts: VocabularyParts::default() };
        let strings = |of: fn(&VocabularyParts) -> (&str, &[u32])| [of(left), of(right)];
        // Per side, the new column of each feature of the order before, and where these begin.
        let words = merged.strings(strings(|parts| (&parts.words, &parts.word_ends)), [0, 0], |parts| {
            (&mut parts.words, &mut parts.word_ends)
        })?;
        let mut shorter = words.clone();
        let mut bounds = sides.each_ref().map(|parts| Bounds { first: 0, child: 0, end: parts.word_ends.len() });
        let mut first_shorter = 0;
        for order in 0..left.order_sizes.len().max(right.order_sizes.len()) {
            let first = merged.columns.len();
            shorter = merged.ngrams(&sides, order, &mut bounds, (first_shorter, &shorter), &words)?;
            first_shorter = first;
        }
        let mut first = bounds.map(|b| b.end as u32);
        let mut append = |of, to: fn(&mut VocabularyParts) -> (&mut String, &mut Vec<u32>)| {
            let lengths = merged.strings(strings(of), first, to)?.map(|columns| columns.len() as u32);
            first = [first[0] + lengths[0], first[1] + lengths[1]];
            Ok(())
        };
        append(|p| (&p.prefixes, &p.prefix_ends), |p| (&mut p.prefixes, &mut p.prefix_ends))?;
        append(|p| (&p.characters, &p.character_ends), |p| (&mut p.characters, &mut p.character_ends))?;
        append(|p| (&p.concepts, &p.concept_ends), |p| (&mut p.concepts, &mut p.concept_ends))?;
        let vocabulary = Vocabulary::from_parts(merged.parts).map_err(|_| TooManyFeatures)?;
        Ok(Union { vocabulary, columns: merged.columns })
    }
}

/// Where a side stands: the features of one order and the n-grams that extend them.
struct Bounds {
    /// The first feature of the order before.
    first: usize,
    /// How many n-grams of two words and more lie before those of this order.
    child: usize,
    /// One past the last feature of the order before: the first n-gram of this one.
    end: usize,
}

/// The union in the making.
struct Merged {
    columns: Vec<[Option<u32>; 2]>,
    parts: VocabularyParts,
}

impl Merged {
    /// Gives the next feature its column.
    fn number(&mut self, columns: [Option<u32>; 2], new: &mut [Vec<u32>; 2]) -> Result<(), TooManyFeatures> {
        let column = u32::try_from(self.columns.len()).ok().filter(|&c| c != NONE).ok_or(TooManyFeatures)?;
        self.columns.push(columns);
        for (old, new) in columns.iter().zip(new) {
            if old.is_some() {
                new.push(column);
            }
        }
        Ok(())
    }

    /// Merges sorted strings whose columns begin at `first`; per side, the new columns.
    fn strings(
        &mut self,
        sides: [(&str, &[u32]); 2],
        first: [u32; 2],
        to: fn(&mut VocabularyParts) -> (&mut String, &mut Vec<u32>),
    ) -> Result<[Vec<u32>; 2], TooManyFeatures> {
        let mut new = sides.map(|(_, ends)| Vec::with_capacity(ends.len()));
        let mut next = [0usize; 2];
        let string = |side: usize, at: usize| {
            let (bytes, ends) = sides[side];
            let end = *ends.get(at)? as usize;
            let start = at.checked_sub(1).map_or(0, |before| ends[before] as usize);
            Some(&bytes[start..end])
        };
        loop {
            let heads = [string(0, next[0]), string(1, next[1])];
            let Some((takes, string)) = least(heads) else { return Ok(new) };
            let (bytes, ends) = to(&mut self.parts);
            bytes.push_str(string);
            ends.push(u32::try_from(bytes.len()).map_err(|_| TooManyFeatures)?);
            let columns = [0, 1].map(|side| takes[side].then(|| first[side] + next[side] as u32));
            self.number(columns, &mut new)?;
            advance(&mut next, takes);
        }
    }

    /// Merges the n-grams of one order. `shorter` has the first of the features that they extend and per side the new columns
    /// of these, `words` those of the words; the new columns of the n-grams come back.
    fn ngrams(
        &mut self,
        sides: &[VocabularyParts; 2],
        order: usize,
        bounds: &mut [Bounds; 2],
        (first, shorter): (usize, &[Vec<u32>; 2]),
        words: &[Vec<u32>; 2],
    ) -> Result<[Vec<u32>; 2], TooManyFeatures> {
        let size = |side: usize| sides[side].order_sizes.get(order).map_or(0, |&n| n as usize);
        let mut new = [0, 1].map(|side| Vec::with_capacity(size(side)));
        let mut children = vec![0u32; self.columns.len() - first];
        let mut ngrams: [_; 2] = std::array::from_fn(|side| {
            let Bounds { first, child, end } = bounds[side];
            let parts = &sides[side];
            let last_words = parts.last_words.get(child..child + size(side)).unwrap_or(&[]);
            let counts = parts.child_counts.get(first..end).unwrap_or(&[]);
            let parents = counts.iter().zip(&shorter[side]);
            let parents = parents.flat_map(|(&n, &parent)| std::iter::repeat_n(parent, n as usize));
            let words = &words[side];
            let keys = parents.zip(last_words.iter().map(|&word| words[word as usize]));
            keys.zip(end as u32..).peekable()
        });
        let mut n = 0u32;
        loop {
            let heads = ngrams.each_mut().map(|ngrams| ngrams.peek().map(|&(key, _)| key));
            let Some((takes, (parent, word))) = least(heads) else { break };
            let columns = [0, 1].map(|side| ngrams[side].next_if(|_| takes[side]).map(|(_, column)| column));
            self.number(columns, &mut new)?;
            children[parent as usize - first] += 1;
            self.parts.last_words.push(word);
            n += 1;
        }
        drop(ngrams);
        self.parts.child_counts.append(&mut children);
        self.parts.order_sizes.push(n);
        for (side, bounds) in bounds.iter_mut().enumerate() {
            let end = bounds.end + size(side);
            *bounds = Bounds { first: bounds.end, child: bounds.child + size(side), end };
        }
        Ok(new)
    }
}

/// The lesser of two heads of sorted lists, and which of the lists have it; `None` at the end of both.
fn least<T: Ord + Copy>(heads: [Option<T>; 2]) -> Option<([bool; 2], T)> {
    match heads {
        [Some(left), Some(right)] => Some(match left.cmp(&right) {
            Ordering::Less => ([true, false], left),
            Ordering::Equal => ([true, true], left),
            Ordering::Greater => ([false, true], right),
        }),
        [Some(left), None] => Some(([true, false], left)),
        [None, Some(right)] => Some(([false, true], right)),
        [None, None] => None,
    }
}

fn advance(next: &mut [usize; 2], takes: [bool; 2]) {
    next.iter_mut().zip(takes).for_each(|(next, takes)| *next += usize::from(takes));
}

#[cfg(test)]
mod tests {
    use super::super::VocabularyBuilder;
    use super::*;
    use proptest::prelude::*;

    fn vocabulary(texts: &[String], max_order: usize) -> Vocabulary {
        let mut builder = VocabularyBuilder::new(max_order, true);
        for text in texts {
            builder.begin_row();
            for word in text.split(' ').filter(|word| !word.is_empty()) {
                builder.add_word(word, false, &mut Vec::new()).unwrap();
            }
            if let Some(first) = text.chars().next() {
                builder.add_concept(&first.to_string(), &mut Vec::new()).unwrap();
            }
        }
        builder.finish().0
    }

    proptest! {
        #[test]
        fn a_union_is_the_vocabulary_of_all_texts(
            left in prop::collection::vec("([a-c]{1,7} ){0,5}", 0..5),
            right in prop::collection::vec("([a-c]{1,7} ){0,5}", 0..5),
            max_order in 1usize..4,
        ) {
            let (a, b) = (vocabulary(&left, max_order), vocabulary(&right, max_order));
            let all: Vec<String> = left.iter().chain(&right).cloned().collect();
            let both = a.union(&b).unwrap();
            prop_assert_eq!(both.vocabulary.to_parts(), vocabulary(&all, max_order).to_parts());
            prop_assert_eq!(both.columns.len(), both.vocabulary.n_features() as usize);
            for (column, old) in (0..).zip(&both.columns) {
                prop_assert!(old.iter().any(Option::is_some));
                for (side, old) in [&a, &b].into_iter().zip(old) {
                    if let Some(old) = old {
                        prop_assert_eq!(side.name(*old), both.vocabulary.name(column));
                    }
                }
            }
        }
    }
}
