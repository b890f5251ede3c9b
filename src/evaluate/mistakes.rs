//! The mistakes that a model was surest of: wrong labels in the data as often as in the model.

use crate::tagger::Explanation;

/// A row that was given a wrong label, or none where it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The wrong label given, of several the most probable; `None` where nothing was given.
    pub wrong: Option<String>,
    /// How sure the tagger was: the probability of the wrong label. Where nothing was given, one less the probability of
    /// the most probable label: how sure it was that no label fits.
    pub probability: f64,
    /// The labels the row has.
    pub gold: Vec<String>,
    /// The labels it was given.
    pub predicted: Vec<String>,
    /// The whole text.
    pub text: String,
    /// The file, as the user named it.
    pub source: String,
    /// The row in the file, counted from 1.
    pub row: u64,
    /// Its name, where rows have one.
    pub id: Option<String>,
    /// What speaks for the wrong label, where somebody found out.
    pub explanation: Option<Explanation>,
}

impl Mistake {
    /// The wrong label of a row and how sure the tagger was of it, as above; `None` where nothing is wrong, or gold labels
    /// are missing beside right ones. A row without any probability, whose words are all unknown, counts as 0.
    pub fn of<'a>(
        gold: &[&str],
        predicted: &[&'a str],
        probabilities: &[(&'a str, f64)],
    ) -> Option<(Option<&'a str>, f64)> {
        if predicted.is_empty() {
            let most = probabilities.iter().map(|(_, p)| *p).reduce(f64::max);
            return (!gold.is_empty()).then(|| (None, most.map_or(0.0, |most| 1.0 - most)));
        }
        let probability = |label: &str| {
            probabilities.iter().find(|(name, _)| *name == label).map_or(0.0, |(_, probability)| *probability)
        };
        let wrong = predicted.iter().filter(|label| !gold.contains(label)).map(|&label| (label, probability(label)));
        let surest = wrong.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(a.0)));
        surest.map(|(label, probability)| (Some(label), probability))
    }

    /// Surest first; what is equally sure by what it says, then by where it stands.
    fn key(&self) -> (std::cmp::Reverse<u64>, &str, &[String], &[String], &str, u64) {
        // Bits of numbers that are not negative are in the order of the numbers.
        let surest = std::cmp::Reverse(self.probability.max(0.0).to_bits());
        (surest, &self.text, &self.gold, &self.predicted, &self.source, self.row)
    }
}

/// The surest mistakes so far, never more than a fixed number.
#[derive(Clone, Debug)]
pub struct Mistakes {
    most: usize,
    kept: Vec<Mistake>,
}

impl Mistakes {
    /// Keeps this many.
    pub fn new(most: usize) -> Self {
        Mistakes { most, kept: Vec::new() }
    }

    /// Whether a mistake of this probability could still be among them: the texts of others need not be copied.
    pub fn could_keep(&self, probability: f64) -> bool {
        self.kept.len() < self.most || self.kept.last().is_some_and(|last| probability >= last.probability)
    }

    /// Keeps the mistake, if it is among the surest; the order of the rows makes no difference.
    pub fn add(&mut self, mistake: Mistake) {
        let place = self.kept.partition_point(|kept| kept.key() < mistake.key());
        if place < self.most {
            self.kept.truncate(self.most - 1);
            self.kept.insert(place, mistake);
        }
    }

    /// Surest first.
    pub fn into_vec(self) -> Vec<Mistake> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str, probability: f64) -> Mistake {
        Mistake {
            wrong: Some("sport".into()),
            probability,
            gold: vec!["arts".into()],
            predicted: vec!["sport".into()],
            text: text.into(),
            source: "test.csv".into(),
            row: 1,
            id: None,
            explanation: None,
        }
    }

    #[test]
    fn the_surest_are_kept_whatever_the_order() {
        let all = [("b", 0.5), ("a", 0.5), ("c", 0.9), ("d", 0.1)];
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let mut mistakes = Mistakes::new(3);
            for (text, probability) in order.map(|i: usize| all[i]) {
                if mistakes.could_keep(probability) {
                    mistakes.add(mistake(text, probability));
                }
            }
            let texts: Vec<String> = mistakes.into_vec().into_iter().map(|mistake| mistake.text).collect();
            assert_eq!(texts, ["c", "a", "b"]);
        }
        let mut none = Mistakes::new(0);
        none.add(mistake("a", 0.5));
        assert_eq!(none.into_vec(), []);
    }

    #[test]
    fn a_mistake_is_a_wrong_label_or_none_where_there_is_one() {
        let probabilities = [("arts", 0.5), ("sport", 0.3), ("war", 0.3)];
        let of = |gold: &[&str], predicted: &[&'static str]| Mistake::of(gold, predicted, &probabilities);
        assert_eq!(of(&["arts"], &["arts"]), None);
        assert_eq!(of(&["arts", "war"], &["arts"]), None, "a missed label beside a right one");
        assert_eq!(of(&["arts"], &["war", "sport"]), Some((Some("sport"), 0.3)), "the first of equals");
        assert_eq!(of(&["war"], &[]), Some((None, 0.5)));
        assert_eq!(of(&[], &[]), None);
        assert_eq!(Mistake::of(&["war"], &[], &[]), Some((None, 0.0)), "no known word");
    }
}
