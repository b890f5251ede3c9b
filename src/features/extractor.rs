//! Text in, bag of words out.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::builder::{TooManyFeatures, VocabularyBuilder, for_each_character_ngram, prefix_of};
use super::row_counter::RowCounter;
use super::vocabulary::NONE;
use super::{BagOfWords, Token, Vocabulary, fold_into, ngram_index, string_index, tokenizer::Tokenizer};

/// Which features a text has.
///
/// | Name | Default | Purpose | Range |
/// |---|---|---|---|
/// | `ngrams` | 2 | longest sequence of words that is a feature | 1 to 5 |
/// | `places` | no | areas of the places that a text names are features ([`Concept`]s) | |
/// | `prefixes` | yes | the first four letters of words longer than five are a feature | |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureSettings {
    /// The longest n-gram, in words.
    pub ngrams: u32,
    /// Whether the areas of the places that a text names count, too. Who calls the extractor finds them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub places: bool,
    /// Whether longer words also count by their first letters.
    pub prefixes: bool,
}

impl FeatureSettings {
    /// The longest n-gram that may be asked for.
    pub const MAX_NGRAMS: u32 = 5;
}

impl Default for FeatureSettings {
    fn default() -> Self {
        FeatureSettings { ngrams: 2, places: false, prefixes: true }
    }
}

/// Something that a text speaks of, whatever the words: the area in which a place lies that it names. A feature beside
/// those of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept<'c> {
    /// Its name.
    pub name: &'c str,
    /// First byte of the words that stand for it.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// From text to (column, count) over a fixed vocabulary. Words that the vocabulary lacks are left out.
#[derive(Clone, Debug)]
pub struct FeatureExtractor {
    tokenizer: Tokenizer,
    settings: FeatureSettings,
    vocabulary: Vocabulary,
}

/// Memory that is used again from text to text.
#[derive(Clone, Debug, Default)]
pub struct TokenBuffer {
    word: String,
    letters: String,
    columns: Vec<u32>,
    open: Vec<Option<u32>>,
    block: Block,
    counter: RowCounter,
    row: Vec<(u32, u32)>,
}

/// Some neighbouring words of a text, in their counted form.
#[derive(Clone, Debug, Default)]
struct Block {
    letters: String,
    spans: Vec<Span>,
    /// Their columns, behind that of the word before the first.
    words: Vec<u32>,
    /// Likewise the n-grams of some order that end there.
    ngrams: Vec<u32>,
    /// The n-grams of each order that end at the last word of the block before.
    last: Vec<u32>,
    probes: Vec<string_index::Probe>,
    ngram_probes: Vec<ngram_index::Probe>,
}

/// Where a word of a block lies in its letters.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
    spaceless: bool,
}

impl Block {
    /// As many words as memory can be waited for at once, and few enough to stay in the first cache.
    const WORDS: usize = 128;

    /// The next words; `word` is room to fold one in.
    fn read<'t>(&mut self, tokens: &mut impl Iterator<Item = Token<'t>>, word: &mut String) {
        self.letters.clear();
        self.spans.clear();
        for token in tokens.take(Self::WORDS) {
            let start = self.letters.len() as u32;
            if token.text.is_ascii() {
                self.letters.push_str(token.text);
            } else {
                fold_into(token.text, word);
                self.letters.push_str(word);
            }
            self.spans.push(Span { start, end: self.letters.len() as u32, spaceless: token.spaceless });
        }
        // What was folded already has no capitals of ASCII any more.
        self.letters.make_ascii_lowercase();
    }
}

impl TokenBuffer {
    /// The (column, count) of the last text, columns ascending.
    pub fn row(&self) -> &[(u32, u32)] {
        &self.row
    }
}

impl FeatureExtractor {
    /// An extractor over a vocabulary that was built with the same tokenizer and settings.
    pub fn new(tokenizer: Tokenizer, settings: FeatureSettings, vocabulary: Vocabulary) -> Self {
        FeatureExtractor { tokenizer, settings, vocabulary }
    }

    /// Learns the vocabulary of some texts and gives their bag of words. Settings out of range take the nearest
    /// value in it.
    ///
    /// # Errors
    /// More than 2³² − 1 distinct features.
    pub fn fit<T: AsRef<str> + Sync>(
        texts: &[T],
        mut settings: FeatureSettings,
    ) -> Result<(Self, BagOfWords), TooManyFeatures> {
        settings.ngrams = settings.ngrams.clamp(1, FeatureSettings::MAX_NGRAMS);
        let tokenizer = Tokenizer::default();
        let mut builder = VocabularyBuilder::new(settings.ngrams as usize, settings.prefixes);
        let mut word = String::new();
        for text in texts {
            builder.begin_row();
            for token in tokenizer.tokens(text.as_ref()) {
                fold_into(token.text, &mut word);
                builder.add_word(&word, token.spaceless, &mut Vec::new())?;
            }
        }
        let extractor = FeatureExtractor::new(tokenizer, settings, builder.finish().0);
        let bag = extractor.transform(texts);
        Ok((extractor, bag))
    }

    /// The bag of words of some texts, one row a text, in order.
    pub fn transform<T: AsRef<str> + Sync>(&self, texts: &[T]) -> BagOfWords {
        let rows: Vec<Vec<(u32, u32)>> = texts
            .par_iter()
            .map_init(TokenBuffer::default, |buffer, text| self.extract(text.as_ref(), buffer).to_vec())
            .collect();
        let mut bag = BagOfWords::new(self.vocabulary.blocks().clone());
        for row in rows {
            bag.push(row);
        }
        bag
    }

    /// The features of one text: (column, count), columns ascending. Empty where no word is known.
    pub fn extract<'b>(&self, text: &str, buffer: &'b mut TokenBuffer) -> &'b [(u32, u32)] {
        self.extract_tokens(self.tokenizer.tokens(text), &[], buffer)
    }

    /// The same of a text that was cut into tokens already, by [`tokenizer`](Self::tokenizer), and of its concepts.
    pub fn extract_tokens<'t, 'b>(
        &self,
        tokens: impl Iterator<Item = Token<'t>>,
        concepts: &[Concept<'_>],
        buffer: &'b mut TokenBuffer,
    ) -> &'b [(u32, u32)] {
        buffer.columns.clear();
        self.put_columns(tokens, buffer);
        buffer.columns.extend(concepts.iter().filter_map(|concept| self.vocabulary.concept(concept.name)));
        buffer.counter.count(&mut buffer.columns, self.vocabulary.n_features() as usize, &mut buffer.row);
        &buffer.row
    }

    /// The features of one text in the order of the text: (column, first byte, one past the last byte), an n-gram
    /// from its first word to its last; after them those of its concepts.
    pub fn features_with_places(&self, text: &str, concepts: &[Concept<'_>]) -> Vec<(u32, usize, usize)> {
        let mut features = Vec::new();
        let mut starts: Vec<usize> = Vec::new();
        let mut buffer = TokenBuffer::default();
        let orders: Vec<u32> = self.vocabulary.blocks().iter().map(|b| b.columns.end).collect();
        let max_order = self.vocabulary.max_order();
        self.for_each_feature(self.tokenizer.tokens(text), &mut buffer, |_, column, token| {
            if starts.last() != Some(&token.start) {
                starts.push(token.start);
            }
            let order = orders.partition_point(|&end| end <= column) + 1;
            let back = if order > max_order { 1 } else { order };
            features.push((column, starts[starts.len() - back], token.end));
        });
        let known = |c: &Concept<'_>| self.vocabulary.concept(c.name).map(|column| (column, c.start, c.end));
        features.extend(concepts.iter().filter_map(known));
        features
    }

    /// The columns of all features of the tokens, in no order of use: what [`for_each_feature`](Self::for_each_feature)
    /// finds token by token is looked up block by block here, all words of a block, then all pairs and so on, so that
    /// lookups wait for memory together.
    fn put_columns<'t>(&self, mut tokens: impl Iterator<Item = Token<'t>>, buffer: &mut TokenBuffer) {
        let TokenBuffer { word, letters, columns, block, .. } = buffer;
        let max_order = self.vocabulary.max_order();
        let has_characters = self.vocabulary.has_characters();
        block.last.clear();
        block.last.resize(max_order, NONE);
        loop {
            block.read(&mut tokens, word);
            if block.spans.is_empty() {
                return;
            }
            let Block { letters: folded, spans, words, ngrams, last, probes, ngram_probes, .. } = &mut *block;
            let text = |span: &Span| &folded[span.start as usize..span.end as usize];
            self.vocabulary.words(spans.iter().map(text), probes, words);
            columns.extend(words.iter().filter(|&&column| column != NONE));
            // Before the first word of the block stands the last of the block before.
            words.insert(0, last[0]);
            last[0] = words[words.len() - 1];
            ngrams.clone_from(words);
            for shorter in &mut last[1..] {
                self.vocabulary.extend_all(ngrams, words, ngram_probes);
                columns.extend(ngrams[1..].iter().filter(|&&column| column != NONE));
                ngrams[0] = std::mem::replace(shorter, ngrams[ngrams.len() - 1]);
            }
            for (span, &id) in spans.iter().zip(&words[1..]) {
                let id = Some(id).filter(|&id| id != NONE);
                if self.settings.prefixes {
                    columns.extend(self.prefix(id, text(span), span.spaceless));
                }
                if has_characters && !span.spaceless {
                    for_each_character_ngram(text(span), letters, |part| {
                        columns.extend(self.vocabulary.characters(part));
                    });
                }
            }
        }
    }

    fn for_each_feature<'t>(
        &self,
        tokens: impl Iterator<Item = Token<'t>>,
        buffer: &mut TokenBuffer,
        mut found: impl FnMut(&mut Vec<u32>, u32, Token<'t>),
    ) {
        let max_order = self.vocabulary.max_order();
        let TokenBuffer { word, letters, columns, open, .. } = buffer;
        open.clear();
        open.resize(max_order, None);
        for token in tokens {
            fold_into(token.text, word);
            let id = self.vocabulary.word(word);
            // open[n - 1]: the known n-gram that ends at the previous word. Longest first, as each reads the one below.
            for order in (2..=max_order).rev() {
                let ngram = match (open[order - 2], id) {
                    (Some(prefix), Some(id)) => self.vocabulary.extend(prefix, id),
                    _ => None,
                };
                open[order - 1] = ngram;
            }
            open[0] = id;
            for &ngram in open.iter().flatten() {
                found(columns, ngram, token);
            }
            if self.settings.prefixes
                && let Some(column) = self.prefix(id, word, token.spaceless)
            {
                found(columns, column, token);
            }
            if self.vocabulary.has_characters() && !token.spaceless {
                for_each_character_ngram(word, letters, |part| {
                    if let Some(column) = self.vocabulary.characters(part) {
                        found(columns, column, token);
                    }
                });
            }
        }
    }

    /// The column of the prefix of a word; that of a known word with spaces around it is known, too.
    #[inline]
    fn prefix(&self, id: Option<u32>, word: &str, spaceless: bool) -> Option<u32> {
        match id {
            Some(id) if !spaceless => self.vocabulary.prefix_of_word(id),
            _ => self.vocabulary.prefix(prefix_of(word, spaceless)?),
        }
    }

    /// The tokenizer.
    pub fn tokenizer(&self) -> Tokenizer {
        self.tokenizer
    }

    /// Which features a text has.
    pub fn settings(&self) -> FeatureSettings {
        self.settings
    }

    /// The columns of the features.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }
}

/// Sorts columns and counts repeats.
pub(crate) fn count_columns(columns: &mut [u32], row: &mut Vec<(u32, u32)>) {
    columns.sort_unstable();
    row.clear();
    for &column in columns.iter() {
        match row.last_mut() {
            Some((last, count)) if *last == column => *count += 1,
            _ => row.push((column, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(extractor: &FeatureExtractor, row: (&[u32], &[u32])) -> Vec<String> {
        row.0.iter().zip(row.1).map(|(&c, &n)| format!("{}×{n}", extractor.vocabulary().name(c))).collect()
    }

    #[test]
    fn a_text_becomes_counts_of_words_pairs_and_prefixes() {
        let texts = ["Climate change: the climate of change", "the change"];
        let (extractor, bag) = FeatureExtractor::fit(&texts, FeatureSettings::default()).unwrap();
        assert_eq!(
            names(&extractor, bag.row(0)),
            [
                "change×2",
                "climate×2",
                "of×1",
                "the×1",
                "change the×1",
                "climate change×1",
                "climate of×1",
                "of change×1",
                "the climate×1",
                "^chan×2",
                "^clim×2"
            ]
        );
        let bag = extractor.transform(&["CHANGE of unknown climate", ""]);
        assert_eq!(names(&extractor, bag.row(0)), ["change×1", "climate×1", "of×1", "^chan×1", "^clim×1"]);
        assert_eq!(bag.row(1).0.len(), 0);
    }

    #[test]
    fn what_training_saw_is_what_tagging_sees() {
        let texts = ["a b c a b c", "b c", "", "longer words have prefixes"];
        let settings = FeatureSettings { ngrams: 3, ..FeatureSettings::default() };
        let (extractor, bag) = FeatureExtractor::fit(&texts, settings).unwrap();
        let mut builder = VocabularyBuilder::new(3, true);
        let mut rows = Vec::new();
        for text in texts {
            builder.begin_row();
            let mut columns = Vec::new();
            for word in text.split_whitespace() {
                builder.add_word(word, false, &mut columns).unwrap();
            }
            rows.push(columns);
        }
        let (_, remap) = builder.finish();
        for (i, columns) in rows.into_iter().enumerate() {
            let mut columns: Vec<u32> = columns.into_iter().map(|c| remap[c as usize]).collect();
            let mut row = Vec::new();
            count_columns(&mut columns, &mut row);
            let (found, counts) = bag.row(i);
            assert_eq!(row, found.iter().copied().zip(counts.iter().copied()).collect::<Vec<_>>());
        }
        assert_eq!(extractor.vocabulary().max_order(), 3);
    }

    proptest! {
        #[test]
        fn looking_up_in_blocks_finds_what_token_by_token_is_found(
            texts in prop::collection::vec("[a-cAÄİ é中国のΣ\u{301}]{0,500}", 1..6),
            ngrams in 1u32..4,
            with_characters: bool,
        ) {
            let mut builder = VocabularyBuilder::new(ngrams as usize, true);
            builder.set_characters(with_characters);
            let mut word = String::new();
            for text in &texts[1..] {
                builder.begin_row();
                for token in Tokenizer::default().tokens(text) {
                    fold_into(token.text, &mut word);
                    builder.add_word(&word, token.spaceless, &mut Vec::new()).unwrap();
                }
            }
            let settings = FeatureSettings { ngrams, ..FeatureSettings::default() };
            let extractor = FeatureExtractor::new(Tokenizer::default(), settings, builder.finish().0);
            let mut buffer = TokenBuffer::default();
            for text in &texts {
                let mut expected = Vec::new();
                let mut columns: Vec<u32> = extractor.features_with_places(text, &[]).iter().map(|f| f.0).collect();
                count_columns(&mut columns, &mut expected);
                prop_assert_eq!(extractor.extract(text, &mut buffer), expected);
            }
        }
    }

    #[test]
    fn places_span_the_words_of_an_ngram() {
        let (extractor, _) = FeatureExtractor::fit(&["prime minister"], FeatureSettings::default()).unwrap();
        let text = "The Prime  Minister's";
        let places: Vec<(String, &str)> = extractor
            .features_with_places(text, &[])
            .into_iter()
            .map(|(c, s, e)| (extractor.vocabulary().name(c), &text[s..e]))
            .collect();
        let expected = [
            ("prime", "Prime"),
            ("minister", "Minister"),
            ("prime minister", "Prime  Minister"),
            ("^mini", "Minister"),
        ];
        assert_eq!(places, expected.map(|(n, t)| (n.to_owned(), t)));
    }
}
