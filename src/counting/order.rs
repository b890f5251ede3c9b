//! Features in the order of what they say: which column each gets, and where its counts are.

use rayon::prelude::*;

use crate::bayes::{BayesError, LabelCounts, LabelCountsParts};
use crate::features::{TooManyFeatures, Vocabulary, VocabularyParts};

use super::PARTS;
use super::cells::{Cell, Entry, FeatureCells, SortedCells};
use super::ngrams::{Longer, MOST_OF_PART, Ranked, Sequence, longer};
use super::part::{CountError, Part};
use super::table::Table;
use super::word_table::WordTable;

/// Where a feature is counted: its part and its number there, in 32 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source(u32);

impl Source {
    pub(super) fn new(part: usize, number: u32) -> Self {
        Source(part as u32 * MOST_OF_PART + number)
    }

    /// Of what is numbered in all, and dealt to the parts one after another.
    fn of_id(id: u32) -> Self {
        Source::new(id as usize % PARTS, id / PARTS as u32)
    }

    pub(super) fn part(self) -> usize {
        (self.0 / MOST_OF_PART) as usize
    }

    pub(super) fn number(self) -> usize {
        (self.0 % MOST_OF_PART) as usize
    }
}

/// The vocabulary, and the source of each of its columns.
pub(super) struct Order {
    pub vocabulary: Vocabulary,
    /// Per word its column.
    pub words: Vec<u32>,
    /// Per prefix its rank among them.
    pub prefixes: Vec<u32>,
    /// Per concept its rank among them.
    pub concepts: Vec<u32>,
    /// Sources of pairs in the order of their columns.
    pub pairs: Vec<Source>,
    /// The same of three words, of four and so on.
    pub longer: Vec<Vec<Source>>,
}

/// Features that are not n-grams of two words and more.
pub(super) struct Names<'a> {
    pub words: &'a WordTable,
    pub prefixes: &'a WordTable,
    pub concepts: &'a WordTable,
    /// Sequences of letters in byte order one after another, and where each ends.
    pub characters: (String, Vec<u32>),
}

impl Order {
    /// Of all that was counted; n-grams of fewer rows than `least_rows` are left out.
    pub(super) fn new<C: Cell>(
        parts: &[Part<C>],
        names: Names<'_>,
        max_order: usize,
        least_rows: u32,
    ) -> Result<Self, CountError> {
        let (words, (prefixes, concepts)) =
            rayon::join(|| names.words.sorted(), || (names.prefixes.sorted(), names.concepts.sorted()));
        let (words, word_ends, word_ranks) = words?;
        let (prefixes, concepts) = (prefixes?, concepts?);
        let n_words = word_ranks.len();
        let pairs = sorted(parts, |part| &part.pairs.table, &word_ranks, least_rows);
        let mut longer_levels: Vec<Vec<(Longer, Source)>> = Vec::new();
        for order in 3..=max_order {
            longer_levels.push(sorted(parts, |part| &part.longer[order - 3].table, &word_ranks, least_rows));
        }
        let n_ngrams = pairs.len() + longer_levels.iter().map(Vec::len).sum::<usize>();
        let n_others = prefixes.2.len() + concepts.2.len() + names.characters.1.len();
        if n_words + n_ngrams + n_others >= u32::MAX as usize {
            return Err(CountError::Features(TooManyFeatures));
        }
        let mut parts = VocabularyParts {
            words,
            word_ends,
            prefixes: prefixes.0,
            prefix_ends: prefixes.1,
            characters: names.characters.0,
            character_ends: names.characters.1,
            concepts: concepts.0,
            concept_ends: concepts.1,
            order_sizes: Vec::new(),
            child_counts: Vec::new(),
            last_words: Vec::with_capacity(n_ngrams),
        };
        if max_order >= 2 {
            parts.child_counts.resize(n_words, 0);
            for &(pair, _) in &pairs {
                parts.child_counts[(pair >> 32) as usize] += 1;
            }
            parts.add_level(&pairs);
        }
        let mut parents: Vec<Longer> = match longer_levels.is_empty() {
            true => Vec::new(),
            false => pairs.iter().map(|&(pair, _)| longer(&[(pair >> 32) as u32, pair as u32])).collect(),
        };
        for level in &longer_levels {
            let first = parts.child_counts.len();
            parts.child_counts.resize(first + parents.len(), 0);
            let mut parent = 0;
            for &(sequence, _) in level {
                // What is left of a sequence without its last word is a sequence of the level before.
                let (rest, _) = sequence.split();
                while parents[parent] != rest {
                    parent += 1;
                }
                parts.child_counts[first + parent] += 1;
            }
            parts.add_level(level);
            parents = level.iter().map(|&(sequence, _)| sequence).collect();
        }
        let sources = |level: Vec<(Longer, Source)>| level.into_iter().map(|(_, source)| source).collect();
        Ok(Order {
            vocabulary: Vocabulary::from_parts(parts).expect("a vocabulary just sorted is sorted"),
            words: word_ranks,
            prefixes: prefixes.2,
            concepts: concepts.2,
            pairs: pairs.into_iter().map(|(_, source)| source).collect(),
            longer: longer_levels.into_iter().map(sources).collect(),
        })
    }

    /// The counts of a facet, feature by feature in the order of the columns; `labels[old]` is the new number of a label.
    pub(super) fn label_counts<C: Cell>(
        &self,
        parts: &[Part<C>],
        facet: usize,
        labels: &[u32],
        mut sums: LabelCountsParts,
    ) -> Result<LabelCounts, BayesError> {
        let by_rank = |ranks: &[u32]| {
            let mut sources = vec![Source::default(); ranks.len()];
            (0..).zip(ranks).for_each(|(id, &rank)| sources[rank as usize] = Source::of_id(id));
            sources
        };
        let mut add = |sources: &[Source], cells: &(dyn Fn(&Part<C>) -> SortedCells + Sync)| {
            let cells: Vec<SortedCells> = parts.par_iter().map(cells).collect();
            let runs: Vec<Run> = sources.par_chunks(RUN).map(|sources| Run::new(sources, &cells)).collect();
            runs.iter().for_each(|run| run.append(&mut sums));
        };
        add(&by_rank(&self.words), &|part| part.words.facet(facet, labels));
        add(&self.pairs, &|part| part.pairs.facet(facet, labels));
        for (level, sources) in self.longer.iter().enumerate() {
            add(sources, &|part| part.longer[level].facet(facet, labels));
        }
        add(&by_rank(&self.prefixes), &|part| part.prefixes.facet(facet, labels));
        add(&by_rank(&self.concepts), &|part| part.concepts.facet(facet, labels));
        LabelCounts::from_counted(sums)
    }
}

/// Features whose counts one thread puts in order.
const RUN: usize = 1 << 14;

/// Counts of some features, in order.
#[derive(Default)]
struct Run {
    document_frequency: Vec<u32>,
    cell_counts: Vec<u32>,
    columns: Vec<u32>,
    counts: Vec<u32>,
}

impl Run {
    fn new(sources: &[Source], cells: &[SortedCells]) -> Self {
        // Where each is lies anywhere in memory, so all are fetched before any is needed.
        let features: Vec<FeatureCells> = sources.iter().map(|s| cells[s.part()].feature(s.number())).collect();
        let mut run = Run::default();
        for (source, feature) in sources.iter().zip(features) {
            run.document_frequency.push(feature.document_frequency);
            run.cell_counts.push(cells[source.part()].append(feature, &mut run.columns, &mut run.counts));
        }
        run
    }

    fn append(&self, sums: &mut LabelCountsParts) {
        sums.document_frequency.extend_from_slice(&self.document_frequency);
        sums.cell_counts.extend_from_slice(&self.cell_counts);
        sums.columns.extend_from_slice(&self.columns);
        sums.counts.extend_from_slice(&self.counts);
    }
}

/// The sequences of one length by the ranks of their words, in order.
fn sorted<S: Sequence, C: Cell>(
    parts: &[Part<C>],
    table: impl Fn(&Part<C>) -> &Table<S, Entry<C>> + Sync,
    ranks: &[u32],
    least_rows: u32,
) -> Vec<(S::Ranked, Source)> {
    let of_part = |(index, part): (usize, &Part<C>)| {
        let often = (0..).zip(table(part).entries()).filter(|(_, (_, entry))| entry.rows >= least_rows);
        let ranked =
            |(number, &(sequence, _)): (u32, &(S, Entry<C>))| (sequence.ranked(ranks), Source::new(index, number));
        often.map(ranked).collect::<Vec<_>>()
    };
    let mut sequences = parts.par_iter().enumerate().map(of_part).flatten_iter().collect::<Vec<_>>();
    sequences.par_sort_unstable();
    sequences
}

impl VocabularyParts {
    fn add_level<R: Ranked>(&mut self, level: &[(R, Source)]) {
        self.order_sizes.push(level.len() as u32);
        self.last_words.extend(level.iter().map(|(sequence, _)| sequence.split().1));
    }
}
