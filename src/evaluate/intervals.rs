//! How far the figures could be off by the luck of the rows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::patterns::Patterns;
use super::tally::share;
use super::{Averages, Bootstrap, Interval, Outcomes, SMALL_SUPPORT, Scores};

/// The intervals of precision, recall and F1; `None` where the figure is undefined, or one unit is all there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct ScoreIntervals {
    /// Of precision.
    pub precision: Option<Interval>,
    /// Of recall.
    pub recall: Option<Interval>,
    /// Of F1.
    pub f1: Option<Interval>,
}

/// The intervals of a facet's figures, by the [`Bootstrap`].
///
/// Each draw takes as many units as there are, with replacement, and computes the very same figures again, averages
/// over the labels that occur in the draw. Where rows have groups, a unit is a group, or a row without one: rows that belong
/// together are drawn together, because they err together. Else a unit is a row.
///
/// A bootstrap knows only the rows at hand. Where all of them are right, so are all draws, and the interval is a point;
/// with a few dozen units intervals are somewhat too narrow.
#[derive(Clone, Debug, PartialEq)]
pub struct Intervals {
    /// The share of draws inside each interval.
    pub level: f64,
    /// How many draws there were.
    pub replicates: u32,
    /// Whether groups were drawn, not rows.
    pub grouped: bool,
    /// How many units were drawn each time.
    pub units: u64,
    /// Of accuracy, or of exact match in a multi-label facet.
    pub exact: Option<Interval>,
    /// Of the averages over all labels together.
    pub micro: ScoreIntervals,
    /// Of the plain means over labels.
    pub macro_: ScoreIntervals,
    /// Of the means weighted by support.
    pub weighted: ScoreIntervals,
    /// Of the F1 of each label with at least [`SMALL_SUPPORT`] gold rows; fewer say too little.
    pub labels: BTreeMap<String, Interval>,
}

impl Intervals {
    /// The intervals of these rows. The same whatever the order of the rows, the names of the groups and the number of
    /// threads.
    pub fn of(outcomes: &Outcomes, bootstrap: &Bootstrap) -> Intervals {
        Self::of_patterns(&Patterns::of(outcomes), bootstrap)
    }

    pub(super) fn of_patterns(patterns: &Patterns, bootstrap: &Bootstrap) -> Intervals {
        let units = patterns.units();
        let once = patterns.counts(&vec![1; units]);
        let large = |&label: &usize| once.tallies[label].gold >= SMALL_SUPPORT;
        let large: Vec<usize> = (0..patterns.labels.len()).filter(large).collect();
        // One unit is drawn as it is every time, and nothing can be said of how far it is off.
        let drawn = if units < 2 { 0 } else { units };
        let draws =
            if drawn == 0 { Vec::new() } else { bootstrap.draws(drawn, |times| Draw::of(patterns, times, &large)) };
        let interval = |figure: &dyn Fn(&Draw) -> Option<f64>| bootstrap.interval(draws.iter().map(figure));
        let scores = |of: fn(&Draw) -> Scores| ScoreIntervals {
            precision: interval(&|draw| of(draw).precision),
            recall: interval(&|draw| of(draw).recall),
            f1: interval(&|draw| of(draw).f1),
        };
        let label = |(place, &label): (usize, &usize)| {
            Some((patterns.labels[label].clone(), interval(&|draw| draw.f1[place])?))
        };
        Intervals {
            level: bootstrap.level,
            replicates: bootstrap.replicates,
            grouped: patterns.grouped,
            units: units as u64,
            exact: interval(&|draw| draw.exact),
            micro: scores(|draw| draw.averages.micro),
            macro_: scores(|draw| draw.averages.macro_),
            weighted: scores(|draw| draw.averages.weighted),
            labels: large.iter().enumerate().filter_map(label).collect(),
        }
    }
}

/// The figures of one draw.
struct Draw {
    exact: Option<f64>,
    averages: Averages,
    /// Of the labels with enough rows.
    f1: Vec<Option<f64>>,
}

impl Draw {
    fn of(patterns: &Patterns, times: &[u32], labels: &[usize]) -> Draw {
        let counts = patterns.counts(times);
        Draw {
            exact: share(counts.exact, counts.rows),
            averages: Averages::of(&counts.tallies),
            f1: labels.iter().map(|&label| counts.tallies[label].f1()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::super::Outcome;
    use super::*;

    const LABELS: [&str; 4] = ["arts", "economy", "sport", "war"];

    /// Rows of a world in which a tag is right with probability 0.8, and else any of the other three or none.
    fn single_label(random: &mut Xoshiro256PlusPlus, rows: usize) -> Outcomes {
        let mut outcomes = Outcomes::new("topic", false);
        for _ in 0..rows {
            let gold = random.gen_range(0..4_usize);
            let predicted = if random.gen_range(0.0..1.0) < 0.8 { gold } else { (gold + random.gen_range(1..4)) % 4 };
            outcomes.add(&Outcome { gold: &[LABELS[gold]], predicted: &[LABELS[predicted]], ..Outcome::default() });
        }
        outcomes
    }

    /// Rows of a world in which each of four labels is there with probability 0.3, found with 0.7 and wrongly given with
    /// 0.1: micro-precision 0.21 / 0.28, micro-recall 0.7.
    fn multi_label(random: &mut Xoshiro256PlusPlus, rows: usize) -> Outcomes {
        let mut outcomes = Outcomes::new("topic", true);
        for _ in 0..rows {
            let (mut gold, mut predicted) = (Vec::new(), Vec::new());
            for label in LABELS {
                let there = random.gen_range(0.0..1.0) < 0.3;
                gold.extend(there.then_some(label));
                predicted.extend((random.gen_range(0.0..1.0) < if there { 0.7 } else { 0.1 }).then_some(label));
            }
            outcomes.add(&Outcome { gold: &gold, predicted: &predicted, ..Outcome::default() });
        }
        outcomes
    }

    /// How many of the data sets have the true value inside the interval.
    fn covered(
        world: fn(&mut Xoshiro256PlusPlus, usize) -> Outcomes,
        truth: f64,
        figure: fn(&Intervals) -> Option<Interval>,
    ) -> f64 {
        const SETS: u64 = 400;
        let bootstrap = Bootstrap { replicates: 400, ..Bootstrap::default() };
        let inside = |seed: &u64| {
            let outcomes = world(&mut Xoshiro256PlusPlus::seed_from_u64(*seed), 500);
            let interval = figure(&Intervals::of(&outcomes, &Bootstrap { seed: *seed, ..bootstrap })).unwrap();
            (interval.low..=interval.high).contains(&truth)
        };
        (0..SETS).filter(inside).count() as f64 / SETS as f64
    }

    #[test]
    fn intervals_of_accuracy_cover_the_truth_as_often_as_they_promise() {
        let share = covered(single_label, 0.8, |intervals| intervals.exact);
        assert!((0.93..=0.97).contains(&share), "{share}");
    }

    #[test]
    fn intervals_of_micro_f1_cover_the_truth_as_often_as_they_promise() {
        let (precision, recall) = (0.21 / 0.28, 0.7);
        let truth = 2.0 * precision * recall / (precision + recall);
        let share = covered(multi_label, truth, |intervals| intervals.micro.f1);
        assert!((0.93..=0.97).contains(&share), "{share}");
    }

    /// Paragraphs of an article are right or wrong together, so there are as many independent answers as articles.
    #[test]
    fn rows_that_err_together_are_drawn_together() {
        let article = |grouped: bool| {
            let mut outcomes = Outcomes::new("topic", false);
            for number in 0..100 {
                let predicted = if number % 4 == 0 { "war" } else { "arts" };
                let name = number.to_string();
                let group = grouped.then_some(name.as_str());
                let row = Outcome { gold: &["arts"], predicted: &[predicted], probabilities: None, group };
                (0..9).for_each(|_| outcomes.add(&row));
            }
            let intervals = Intervals::of(&outcomes, &Bootstrap::default());
            let interval = intervals.exact.unwrap();
            (intervals.units, interval.high - interval.low)
        };
        let ((rows, narrow), (articles, wide)) = (article(false), article(true));
        assert_eq!((rows, articles), (900, 100));
        assert!((2.6..3.4).contains(&(wide / narrow)), "three times as wide: {narrow} {wide}");
    }

    #[test]
    fn neither_the_order_of_rows_nor_the_names_of_groups_matter() {
        let of = |backwards: bool, name: fn(usize) -> Option<String>| {
            let mut outcomes = Outcomes::new("topic", false);
            for place in 0..60_usize {
                let place = if backwards { 59 - place } else { place };
                let (gold, predicted) = (LABELS[place * place % 3], LABELS[place % 4]);
                let group = name(place / 7);
                let group = group.as_deref();
                outcomes.add(&Outcome { gold: &[gold], predicted: &[predicted], probabilities: None, group });
            }
            Intervals::of(&outcomes, &Bootstrap::default())
        };
        let once = of(false, |group| Some(format!("{group}")));
        assert_eq!(once.units, 9);
        assert_eq!(once, of(true, |group| Some(format!("{group}"))));
        assert_eq!(once, of(false, |group| Some(format!("{}", 100 - group))));
        let rows = of(false, |_| None);
        assert_eq!(rows.units, 60);
        assert_eq!(rows, of(true, |_| None));
        assert_ne!(once.exact, rows.exact);
    }

    #[test]
    fn one_row_has_no_interval_and_a_small_label_none_of_its_own() {
        let one = single_label(&mut Xoshiro256PlusPlus::seed_from_u64(0), 1);
        let intervals = Intervals::of(&one, &Bootstrap::default());
        assert_eq!((intervals.exact, intervals.micro, intervals.units), (None, ScoreIntervals::default(), 1));
        let none = Intervals::of(&Outcomes::new("topic", false), &Bootstrap::default());
        assert_eq!((none.exact, none.units), (None, 0));

        let mut outcomes = Outcomes::new("topic", false);
        let mut add = |label: &str, rows| {
            (0..rows)
                .for_each(|_| outcomes.add(&Outcome { gold: &[label], predicted: &[label], ..Outcome::default() }));
        };
        add("sport", SMALL_SUPPORT);
        add("arts", SMALL_SUPPORT - 1);
        let intervals = Intervals::of(&outcomes, &Bootstrap::default());
        assert_eq!(intervals.labels.keys().collect::<Vec<_>>(), ["sport"]);
    }
}
