//! What holds for any contestants whatever.

use super::{CompareError, FacetComparison};
use crate::evaluate::{Bootstrap, Outcome, Outcomes};

const FEW: Bootstrap = Bootstrap { replicates: 50, seed: 3, level: 0.95 };

type Rows = Vec<(Vec<&'static str>, Vec<&'static str>, Option<&'static str>)>;

fn outcomes<'r>(
    rows: impl IntoIterator<Item = &'r (Vec<&'static str>, Vec<&'static str>, Option<&'static str>)>,
) -> Outcomes {
    let mut outcomes = Outcomes::new("topic", true);
    for (gold, predicted, group) in rows {
        outcomes.add(&Outcome { gold, predicted, group: *group, ..Outcome::default() });
    }
    outcomes
}

/// Thirty rows of a contestant whose mistakes depend on `step`.
fn rows(step: usize, grouped: bool) -> Rows {
    const LABELS: [&str; 3] = ["été", "arts", "sport"];
    let row = |i: usize| {
        let gold = vec![LABELS[i % 3]];
        let predicted = if i.is_multiple_of(step) { vec![LABELS[(i + 1) % 3], LABELS[i % 2]] } else { gold.clone() };
        (gold, predicted, grouped.then_some(["x", "y", "z", "v", "w"][i % 5]).filter(|_| !i.is_multiple_of(7)))
    };
    (0..30).map(row).collect()
}

#[test]
fn the_order_of_the_rows_does_not_matter() {
    for grouped in [false, true] {
        let (a, b) = (rows(3, grouped), rows(4, grouped));
        let forwards = FacetComparison::of(&[("a", &outcomes(&a)), ("b", &outcomes(&b))], &FEW).unwrap();
        let (a, b) = (outcomes(a.iter().rev()), outcomes(b.iter().rev()));
        assert_eq!(FacetComparison::of(&[("a", &a), ("b", &b)], &FEW).unwrap(), forwards);
        let names: Vec<&str> = forwards.comparisons[0].labels.iter().map(|l| l.label.as_str()).collect();
        assert_eq!(names, ["arts", "sport", "été"]);
    }
}

#[test]
fn grouped_rows_are_drawn_together_and_others_by_themselves() {
    let (a, b) = (outcomes(&rows(3, true)), outcomes(&rows(4, true)));
    let facet = FacetComparison::of(&[("a", &a), ("b", &b)], &FEW).unwrap();
    // Five groups, and five rows (0, 7, 14, 21, 28) without one.
    assert_eq!((facet.rows, facet.groups), (30, Some(10)));
    assert!(facet.comparisons[0].mcnemar.is_none());
    assert!(facet.comparisons[0].labels.iter().all(|label| label.test.is_none() && label.p_holm.is_none()));
}

#[test]
fn the_same_answers_are_no_difference() {
    let a = outcomes(&rows(3, false));
    let facet = FacetComparison::of(&[("a", &a), ("again", &a)], &FEW).unwrap();
    for difference in facet.comparisons[0].differences {
        assert_eq!((difference.value, difference.p, difference.is_claimed()), (Some(0.0), Some(1.0), false));
    }
}

#[test]
fn p_values_of_several_comparisons_are_corrected() {
    let [a, b, c] = [3, 2, 30].map(|step| outcomes(&rows(step, false)));
    let two = FacetComparison::of(&[("a", &a), ("b", &b)], &FEW).unwrap();
    assert_eq!(two.comparisons[0].differences[0].p, two.comparisons[0].differences[0].p_holm);
    let three = FacetComparison::of(&[("a", &a), ("b", &b), ("c", &c)], &FEW).unwrap();
    let pairs: Vec<_> = three.comparisons.iter().map(|pair| pair.differences[0]).collect();
    let least = pairs.iter().map(|d| d.p.unwrap()).fold(1.0, f64::min);
    assert_eq!(pairs.iter().map(|d| d.p_holm.unwrap()).fold(1.0, f64::min), (2.0 * least).min(1.0));
}

#[test]
fn without_rows_nothing_is_defined() {
    let none = outcomes(&Vec::new());
    let facet = FacetComparison::of(&[("a", &none), ("b", &none)], &FEW).unwrap();
    let difference = facet.comparisons[0].differences[2];
    assert_eq!(
        (difference.value, difference.interval, difference.p, difference.is_claimed()),
        (None, None, None, false)
    );
}

#[test]
fn other_rows_are_refused() {
    let (a, mut other) = (rows(3, false), rows(3, false));
    let refused = |rows: &Rows| FacetComparison::of(&[("a", &outcomes(&a)), ("b", &outcomes(rows))], &FEW).unwrap_err();
    other[7].0 = vec!["sport", "arts"];
    assert_eq!(refused(&other), CompareError::Gold { row: 8, contestant: 2 });
    other.truncate(5);
    assert_eq!(refused(&other), CompareError::RowNumber { contestant: 2, found: 5, expected: 30 });
    let alone = FacetComparison::of(&[("a", &outcomes(&a))], &FEW).unwrap_err();
    assert_eq!(alone, CompareError::TooFew { found: 1 });
}
