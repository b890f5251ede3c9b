//! The classifier of a facet whose labels are countries: places in the text, and its words.

use std::sync::Arc;

use crate::bayes::nbsvm::NbSvm;
use crate::bayes::posterior::{arg_max, sigmoid};
use crate::places::focus::{Candidates, RegionStack};
use crate::places::{Atlas, Code, Country, Meaning, Mention};

/// The evidence of a country that nothing points to.
const OUT_OF_QUESTION: f64 = -20.0;

/// Which of a facet's labels a text is about, where these are countries.
#[derive(Clone, Debug)]
pub struct Countries {
    words: NbSvm,
    stack: RegionStack,
    /// Per label of the facet, its country.
    codes: Vec<Code>,
    /// The labels by country, for finding them.
    by_code: Vec<(Code, u32)>,
    multi_label: bool,
    atlas: Arc<Atlas>,
}

/// What [`Countries`] makes of a text.
pub(super) struct CountryScores {
    /// Per label: log odds beyond the cut.
    pub evidence: Vec<f64>,
    /// The labels whose countries are clearly mentioned, ascending.
    pub mentioned: Vec<usize>,
    /// Known words and mentioned countries.
    pub length: f64,
}

/// The log odds of a country: `bias + named + Σ words`.
pub(super) struct CountrySum {
    pub margin: f64,
    pub bias: f64,
    /// What the places that stand for it add.
    pub named: f64,
    /// What words add, by column.
    pub words: Vec<(u32, f64)>,
}

impl Countries {
    /// Puts the parts together. `codes` are those of the facet's labels, each once; the first labels of the stack
    /// are the labels of the words model.
    pub(super) fn new(
        words: NbSvm,
        stack: RegionStack,
        codes: Vec<Code>,
        multi_label: bool,
        atlas: Arc<Atlas>,
    ) -> Option<Self> {
        let mut by_code: Vec<(Code, u32)> = codes.iter().copied().zip(0..).collect();
        by_code.sort_unstable();
        let once = by_code.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let fits = words.n_labels() == stack.parts().labels.len() && words.is_multi_label();
        (once && fits).then_some(Countries { words, stack, codes, by_code, multi_label, atlas })
    }

    /// The words model; its labels are the countries of [`RegionStack::parts`], in that order.
    pub fn words(&self) -> &NbSvm {
        &self.words
    }

    /// The model over places and words.
    pub fn stack(&self) -> &RegionStack {
        &self.stack
    }

    /// Per label of the facet, its country's code.
    pub fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// The country of a label.
    pub fn country(&self, label: usize) -> Option<&Country> {
        self.codes.get(label).and_then(|&code| self.atlas.gazetteer().country(code))
    }

    /// The features whose words speak most for a label, as (column, weight), the largest first; none where no training
    /// text had it.
    pub fn largest_weights(&self, label: usize, top: usize) -> Vec<(u32, f32)> {
        let code = self.codes[label];
        let of_label = self.stack.parts().labels.iter().position(|label| label.code == code);
        of_label.map(|k| self.words.largest_weights(k, top)).unwrap_or_default()
    }

    /// Gazetteer and matcher.
    pub fn atlas(&self) -> &Arc<Atlas> {
        &self.atlas
    }

    /// Whether a text can have several labels, or none.
    pub fn is_multi_label(&self) -> bool {
        self.multi_label
    }

    pub(super) fn with_words(self, words: impl FnOnce(NbSvm) -> NbSvm) -> Self {
        Countries { words: words(self.words), ..self }
    }

    pub(super) fn label_of(&self, code: Code) -> Option<usize> {
        let found = self.by_code.binary_search_by_key(&code, |pair| pair.0).ok()?;
        Some(self.by_code[found].1 as usize)
    }

    /// Log odds of the probability from which a country is a tag.
    fn cut(&self) -> f64 {
        let p = self.stack.parts().threshold.clamp(1e-6, 1.0 - 1e-6);
        libm::log(p / (1.0 - p))
    }

    pub(super) fn score(&self, row: &[(u32, u32)], candidates: &Candidates) -> CountryScores {
        let scores = self.words.score(row.iter().copied());
        let words = self.words.joined_scores(&scores);
        let cut = self.cut();
        let mut evidence = vec![OUT_OF_QUESTION; self.codes.len()];
        let mut mentioned = Vec::new();
        for score in self.stack.tag(candidates, &words, crate::places::focus::Focus::Major) {
            let Some(label) = self.label_of(score.code) else { continue };
            let p = score.probability.clamp(1e-9, 1.0 - 1e-9);
            evidence[label] = (libm::log(p / (1.0 - p)) - cut).max(OUT_OF_QUESTION);
            if score.clearly_mentioned {
                mentioned.push(label);
            }
        }
        mentioned.sort_unstable();
        let length = scores.known as f64 + candidates.iter().count() as f64;
        CountryScores { evidence, mentioned, length }
    }

    /// The log odds of a label as a sum.
    pub(super) fn explain(&self, row: &[(u32, u32)], candidates: &Candidates, label: usize) -> CountrySum {
        let code = self.codes[label];
        let scores = self.words.score(row.iter().copied());
        let joined = self.words.joined_scores(&scores);
        let Some(evidence) = self.stack.explain(candidates, &joined, code) else {
            let margin = OUT_OF_QUESTION + self.cut();
            return CountrySum { margin, bias: margin, named: 0.0, words: Vec::new() };
        };
        let sum_of = |chosen: &dyn Fn(&str) -> bool| -> f64 {
            evidence.summands.iter().filter(|s| chosen(&s.name)).map(|s| s.log_odds).sum()
        };
        let named = sum_of(&|name| name.starts_with("focus") || name == "mentioned" || name == "clearly mentioned");
        let by_words = sum_of(&|name| name.starts_with("words"));
        let parts = self.stack.parts();
        let of_label = parts.labels.iter().position(|label| label.code == code);
        let mut words: Vec<(u32, f64)> = Vec::new();
        if let Some(k) = of_label.filter(|_| by_words != 0.0) {
            // The words' part is a constant times (score − mean), and the score a sum over the words.
            let scale = by_words / (f64::from(joined[k]) - parts.mean);
            let scaled = |(column, value): (u32, f32)| (column, f64::from(value) * scale);
            words = self.words.contributions(row.iter().copied(), k).into_iter().map(scaled).collect();
        }
        let sum: f64 = words.iter().map(|w| w.1).sum();
        CountrySum { margin: evidence.log_odds, bias: evidence.log_odds - named - sum, named, words }
    }

    /// Probabilities from evidence, each for itself.
    pub(super) fn probabilities(&self, evidence: &[f64]) -> Vec<f64> {
        let cut = self.cut();
        evidence.iter().map(|e| sigmoid(e + cut)).collect()
    }

    /// The labels that follow from evidence, ascending.
    pub(super) fn decide(&self, evidence: &[f64]) -> Vec<usize> {
        let labels: Vec<usize> = (0..evidence.len()).filter(|&k| evidence[k] >= 0.0).collect();
        let best = arg_max(evidence).filter(|&k| evidence[k] > OUT_OF_QUESTION);
        match best {
            Some(best) if !self.multi_label => vec![best],
            Some(best) if labels.is_empty() && self.stack.parts().at_least_one => vec![best],
            _ => labels,
        }
    }

    /// The mentions that stand for a label's country: first byte, and one past the last.
    pub(super) fn places_of(&self, mentions: &[Mention], label: usize) -> Vec<(usize, usize)> {
        let code = self.codes[label];
        mentions.iter().filter(|m| m.meaning == Meaning::Country(code)).map(|m| (m.start, m.end)).collect()
    }
}
