use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::corpus::Place;

const FIFTH: StratifiedSplit = StratifiedSplit { test_share: 0.2, seed: 1 };

fn row(key: u128, stratum: &str, group: Option<&str>) -> SplitRow {
    SplitRow { key, stratum: stratum.to_owned(), group: group.map(str::to_owned) }
}

fn tested<'r>(rows: &'r [SplitRow], parts: &[SplitPart]) -> Vec<&'r SplitRow> {
    rows.iter().zip(parts).filter(|(_, part)| **part == SplitPart::Test).map(|(row, _)| row).collect()
}

#[test]
fn each_stratum_and_the_whole_have_their_share() {
    let rows: Vec<SplitRow> = (0..1000).map(|i| row(i, ["a", "b", "c", "d"][(i % 10).min(3) as usize], None)).collect();
    let parts = FIFTH.parts(&rows);
    let test = tested(&rows, &parts);
    assert_eq!(test.len(), 200);
    for (stratum, count) in [("a", 20), ("b", 20), ("c", 20), ("d", 140)] {
        assert_eq!(test.iter().filter(|row| row.stratum == stratum).count(), count, "{stratum}");
    }
}

#[test]
fn many_small_strata_still_add_up_to_the_share() {
    let rows: Vec<SplitRow> = (0..600).map(|i| row(i, &format!("{}", i / 2), None)).collect();
    assert_eq!(tested(&rows, &FIFTH.parts(&rows)).len(), 120);
    let rows: Vec<SplitRow> = (0..600).map(|i| row(i, &format!("{}", i / 3), None)).collect();
    assert_eq!(tested(&rows, &FIFTH.parts(&rows)).len(), 120);
}

#[test]
fn another_seed_gives_another_split_of_the_same_size() {
    let rows: Vec<SplitRow> = (0..100).map(|i| row(i, "a", None)).collect();
    let other = StratifiedSplit { seed: 2, ..FIFTH };
    assert_ne!(FIFTH.parts(&rows), other.parts(&rows));
    assert_eq!(tested(&rows, &FIFTH.parts(&rows)).len(), tested(&rows, &other.parts(&rows)).len());
}

#[test]
fn rows_of_one_content_stay_together_and_all_count() {
    let rows: Vec<SplitRow> = (0..300).map(|i| row(i % 100, "a", None)).collect();
    for seed in 0..20 {
        let parts = StratifiedSplit { test_share: 0.2, seed }.parts(&rows);
        assert!((0..100).all(|i| parts[i] == parts[i + 100] && parts[i] == parts[i + 200]));
        assert_eq!(tested(&rows, &parts).len(), 60);
    }
}

#[test]
fn groups_stay_together_and_count_where_most_of_their_rows_are() {
    let rows: Vec<SplitRow> = (0..1000)
        .map(|i| row(i, if i % 7 == 0 { "b" } else { "a" }, Some(["x", "y", "z"][(i % 3) as usize]).filter(|_| i < 30)))
        .collect();
    for seed in 0..20 {
        let parts = StratifiedSplit { test_share: 0.2, seed }.parts(&rows);
        assert!((3..30).all(|i| parts[i] == parts[i - 3]));
        let test = tested(&rows, &parts).len();
        assert!((190..=210).contains(&test), "{test}");
    }
    let unit = Unit { rows: vec![], strata: BTreeMap::from([("a", 2), ("b", 3), ("c", 3)]) };
    assert_eq!(unit.stratum(), "b");
}

#[test]
fn a_stratum_of_one_unit_stays_in_train_and_none_loses_all() {
    let all = StratifiedSplit { test_share: 1.0, seed: 3 };
    let rows =
        [row(1, "one", None), row(2, "two", None), row(3, "two", None), row(4, "same", None), row(4, "same", None)];
    let parts = all.parts(&rows);
    assert_eq!(parts[0], SplitPart::Train);
    assert_eq!(parts[3..], [SplitPart::Train; 2]);
    assert_eq!(tested(&rows, &parts).len(), 1);
    assert_eq!(StratifiedSplit { test_share: f64::NAN, seed: 0 }.parts(&rows), [SplitPart::Train; 5]);
    assert!(all.parts(&[]).is_empty());
}

#[test]
fn the_key_of_a_row_depends_on_text_labels_and_id_and_on_nothing_else() {
    let place = |line| Place { source: Arc::from("a"), row: line, line };
    let make = |text: &str, labels: Vec<Vec<&str>>, id: Option<&str>, line| {
        let labels = labels.into_iter().map(|labels| labels.into_iter().map(str::to_owned).collect()).collect();
        let row =
            Row { text: text.to_owned(), labels, id: id.map(str::to_owned), columns: Vec::new(), place: place(line) };
        SplitRow::new(&row, None)
    };
    let first = make("t", vec![vec!["a", "b"], vec!["c"]], None, 1);
    assert_eq!(first, make("t", vec![vec!["a", "b"], vec!["c"]], None, 9));
    assert_eq!(first.stratum, "a\u{1F}b\u{1E}c");
    for other in [
        make("u", vec![vec!["a", "b"], vec!["c"]], None, 1),
        make("t", vec![vec!["a"], vec!["b", "c"]], None, 1),
        make("t", vec![vec!["ab"], vec!["c"]], None, 1),
        make("t", vec![vec!["a", "b"], vec!["c"]], Some("7"), 1),
    ] {
        assert_ne!(first.key, other.key);
    }
}

proptest! {
    #[test]
    fn the_order_of_the_rows_does_not_matter(
        rows in prop::collection::vec((0_u8..60, 0_u8..4, prop::option::of(0_u8..6)), 0..120).prop_map(|rows| {
            rows.into_iter().map(|(key, stratum, group)| {
                row(key.into(), &stratum.to_string(), group.map(|g| g.to_string()).as_deref())
            }).collect::<Vec<_>>()
        }),
        order in any::<prop::sample::Index>(),
        seed: u64,
    ) {
        let split = StratifiedSplit { test_share: 0.3, seed };
        let parts = split.parts(&rows);
        let turn = if rows.is_empty() { 0 } else { order.index(rows.len()) };
        let mut turned = rows.clone();
        turned.rotate_left(turn);
        turned.reverse();
        let mut expected = parts.clone();
        expected.rotate_left(turn);
        expected.reverse();
        prop_assert_eq!(split.parts(&turned), expected);
    }
}
