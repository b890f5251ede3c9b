//! Which margins are high enough: a cut per label of a multi-label model, from out-of-fold margins.
//!
//! `t_k` maximises the F1 of label k; a label of few rows would follow chance, so it is drawn towards one cut for all,
//! `t_0`, which maximises micro-F1 + macro-F1: `t_k' = (n_k t_k + 10 t_0)/(n_k + 10)` (Yang 2001, "A study of
//! thresholding strategies", with shrinkage).

/// How many rows the common cut is worth.
const SHRINKAGE: f64 = 10.0;
/// Lower margins are never above a sensible cut, and there are very many of them.
const LOWEST: f32 = -1.0;

/// The cuts; `is_gold(d, k)` says which labels of which rows are right.
pub fn cuts(margins: &[f32], n_labels: usize, is_gold: impl Fn(usize, usize) -> bool) -> Vec<f32> {
    let n_rows = margins.len() / n_labels.max(1);
    let mut positives = vec![0u64; n_labels];
    let mut high: Vec<(f32, u32, bool)> = Vec::new();
    for d in 0..n_rows {
        for label in 0..n_labels {
            let (margin, gold) = (margins[d * n_labels + label], is_gold(d, label));
            positives[label] += u64::from(gold);
            if margin > LOWEST {
                high.push((margin, label as u32, gold));
            }
        }
    }
    high.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let common = common_cut(&high, &positives);
    let own = own_cuts(&high, &positives);
    let shrink = |(own, &n): (Option<f32>, &u64)| {
        let n = n as f64;
        let own = own.unwrap_or(common);
        ((n * f64::from(own) + SHRINKAGE * f64::from(common)) / (n + SHRINKAGE)) as f32
    };
    own.into_iter().zip(&positives).map(shrink).collect()
}

pub(super) fn f1(correct: u64, predicted: u64, gold: u64) -> f64 {
    if predicted + gold == 0 { 0.0 } else { 2.0 * correct as f64 / (predicted + gold) as f64 }
}

/// Between a margin and the next lower one, so that a margin above the cut is at least the first; all that were left
/// out are at [`LOWEST`] or below.
fn midpoint(margin: f32, next: Option<f32>) -> f32 {
    f32::midpoint(margin, next.unwrap_or(LOWEST))
}

pub(super) fn common_cut(high: &[(f32, u32, bool)], positives: &[u64]) -> f32 {
    let labels = positives.iter().filter(|&&n| n > 0).count().max(1) as f64;
    let all_gold: u64 = positives.iter().sum();
    let mut correct = vec![0u64; positives.len()];
    let mut predicted = vec![0u64; positives.len()];
    let (mut all_correct, mut all_predicted, mut macro_sum) = (0, 0, 0.0);
    let mut best = (0.0, 0.0);
    for (i, &(margin, label, gold)) in high.iter().enumerate() {
        let l = label as usize;
        macro_sum -= f1(correct[l], predicted[l], positives[l]);
        predicted[l] += 1;
        correct[l] += u64::from(gold);
        macro_sum += f1(correct[l], predicted[l], positives[l]);
        all_predicted += 1;
        all_correct += u64::from(gold);
        let next = high.get(i + 1).map(|h| h.0);
        if next == Some(margin) {
            continue;
        }
        let value = f1(all_correct, all_predicted, all_gold) + macro_sum / labels;
        if value > best.0 {
            best = (value, f64::from(midpoint(margin, next)));
        }
    }
    best.1 as f32
}

pub(super) fn own_cuts(high: &[(f32, u32, bool)], positives: &[u64]) -> Vec<Option<f32>> {
    let n_labels = positives.len();
    let mut of_label: Vec<Vec<(f32, bool)>> = vec![Vec::new(); n_labels];
    for &(margin, label, gold) in high {
        of_label[label as usize].push((margin, gold));
    }
    let own = |(ranked, &gold_rows): (&Vec<(f32, bool)>, &u64)| {
        let (mut correct, mut best) = (0, (0.0, None));
        for (i, &(margin, gold)) in ranked.iter().enumerate() {
            correct += u64::from(gold);
            let next = ranked.get(i + 1).map(|r| r.0);
            if next == Some(margin) {
                continue;
            }
            let value = f1(correct, i as u64 + 1, gold_rows);
            if value > best.0 {
                best = (value, Some(midpoint(margin, next)));
            }
        }
        best.1
    };
    of_label.iter().zip(positives).map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_many_rows_keeps_its_own_cut_and_one_of_few_is_drawn_to_the_common_one() {
        // Label 0: 200 rows, right from margin .5 on. Label 1: 2 rows, right from margin −.4 on.
        let rows: Vec<(f32, f32)> = (0..400).map(|i| (i as f32 / 400.0, if i < 2 { -0.3 } else { -0.9 })).collect();
        let margins: Vec<f32> = rows.iter().flat_map(|r| [r.0, r.1]).collect();
        let cuts = cuts(&margins, 2, |d, k| if k == 0 { d >= 200 } else { d < 2 });
        // Between .4975 and .5, and between −.9 and −.3; the latter is also the best for both together.
        let (own, common) = (0.49875, -0.6);
        assert!((cuts[0] - (200.0 * own + 10.0 * common) / 210.0).abs() < 1e-3, "{cuts:?}");
        assert!((cuts[1] - common).abs() < 1e-3, "{cuts:?}");
    }
}
