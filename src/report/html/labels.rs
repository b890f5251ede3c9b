//! Precision, recall and F1 of each label: bars for the eye, a table for the record.

use maud::{Markup, html};

use super::super::wording::{
    SMALL_MARK, averages, figure, interval, is_small, rows, small_support_note, thousands, totals,
};
use super::svg::{Scale, picture, px};
use super::text::label;
use crate::evaluate::{FacetEvaluation, Interval, Scores, Tally};

/// Beyond so many labels bars are only scrolled past; the table has all.
const MOST_BARS: usize = 40;

/// Bars for each label; of very many, for those with most rows.
pub(super) fn bars(id: &str, facet: &FacetEvaluation) -> Markup {
    let all = facet.labels().len();
    html! {
        h3 { "Labels" }
        p {
            "Precision: of the rows given the label, the share that has it. Recall: of the rows that have the label, the share \
             that was given it. F1: both in one, near the lower of the two; the line through its bar is the confidence interval."
            @if all > MOST_BARS { " Bars are for the " (MOST_BARS) " labels with most rows; the table has all " (thousands(all as u64)) "." }
        }
        @if let Some(note) = small_support_note(facet) { p { strong { (SMALL_MARK.trim()) } " " (note) "." } }
        ul.bars {
            @for (i, (name, tally)) in frequent(facet, MOST_BARS).into_iter().enumerate() { "\n"
                li {
                    p.label { (label(name)) @if is_small(tally) { (SMALL_MARK) } span { (rows(tally.gold)) } }
                    (three_bars(&format!("{id}-label-{i}"), name, tally, of_f1(facet, name)))
                }
            }
        }
    }
}

/// The labels with most rows, in the order of the facet.
pub(super) fn frequent(facet: &FacetEvaluation, most: usize) -> Vec<(&str, &Tally)> {
    let mut labels: Vec<(usize, (&str, &Tally))> = facet.labels().enumerate().collect();
    labels.sort_by_key(|&(_, (_, tally))| std::cmp::Reverse(tally.gold));
    labels.truncate(most);
    labels.sort_by_key(|&(place, _)| place);
    labels.into_iter().map(|(_, label)| label).collect()
}

fn of_f1<'a>(facet: &'a FacetEvaluation, name: &str) -> Option<&'a Interval> {
    facet.details()?.intervals.labels.get(name)
}

fn three_bars(id: &str, name: &str, tally: &Tally, of_f1: Option<&Interval>) -> Markup {
    let scale = Scale::new([0.0, 1.0], [62.0, 262.0]);
    let shares = [("precision", tally.precision()), ("recall", tally.recall()), ("F1", tally.f1())];
    let inside = html! {
        @for (i, (figure_name, share)) in shares.into_iter().enumerate() {
            @let top = 2.0 + 16.0 * i as f64;
            text x="57" y=(px(top + 10.0)) text-anchor="end" { (figure_name) }
            rect.track x="62" y=(px(top)) width="200" height="12" {}
            @if let Some(share) = share {
                rect class=(format!("bar-{}", i + 1)) x="62" y=(px(top)) width=(px(scale.at(share) - 62.0)) height="12" {}
            }
            text x="267" y=(px(top + 10.0)) { (figure(share)) }
        }
        @if let Some(Interval { low, high }) = of_f1 {
            line.whisker-back x1=(px(scale.at(*low))) x2=(px(scale.at(*high))) y1="40" y2="40" {}
            line.whisker x1=(px(scale.at(*low))) x2=(px(scale.at(*high))) y1="40" y2="40" {}
        }
    };
    let says: Vec<String> = shares.iter().map(|(name, share)| format!("{name} {}", figure(*share))).collect();
    picture(id, [310.0, 50.0], &label(name), &says.join(", "), &inside)
}

/// Every label and the averages.
pub(super) fn table(facet: &FacetEvaluation) -> Markup {
    let intervals = facet.details().map(|details| &details.intervals);
    let ranking = facet.details().and_then(|details| details.ranking.as_ref());
    let row = |name: Markup, scores: Scores, of_f1: Option<&Interval>, ranked: String, counts: [u64; 2]| {
        html! {
            "\n"
            tr {
                th scope="row" { (name) }
                @for share in [scores.precision, scores.recall, scores.f1] { td { (figure(share)) } }
                @if intervals.is_some() { td { (interval(of_f1)) } }
                @if ranking.is_some() { td { (ranked) } }
                @for count in counts { td { (thousands(count)) } }
            }
        }
    };
    let (support, predicted) = totals(facet);
    let of_averages = intervals.map(|i| [i.micro.f1, i.macro_.f1, i.weighted.f1]).unwrap_or_default();
    html! {
        p.note {
            "Support: rows that have the label. Predicted: rows that were given it."
            @if ranking.is_some() { " Average precision: how well its probability puts the rows that have it before the others." }
        }
        div.wide role="region" aria-label="Table of labels" tabindex="0" {
            table {
                caption { "All labels" }
                thead { tr {
                    th scope="col" { "label" }
                    @for name in ["precision", "recall", "F1"] { th scope="col" { (name) } }
                    @if let Some(intervals) = intervals { th scope="col" { (format!("{:.0} % CI of F1", 100.0 * intervals.level)) } }
                    @if ranking.is_some() { th scope="col" { "average precision" } }
                    @for name in ["support", "predicted"] { th scope="col" { (name) } }
                } }
                tbody {
                    @for (name, tally) in facet.labels() {
                        @let shown = html! { (label(name)) @if is_small(tally) { (SMALL_MARK) } };
                        @let ranked = figure(ranking.and_then(|ranking| Some(ranking.labels.get(name)?.average_precision)));
                        (row(shown, tally.scores(), of_f1(facet, name), ranked, [tally.gold, tally.predicted]))
                    }
                }
                tfoot {
                    @for ((name, scores), of_f1) in averages(&facet.averages()).into_iter().zip(&of_averages) {
                        // Other averages of it are not taken.
                        @let mean = ranking.filter(|_| name == "macro");
                        @let mean = mean.map_or_else(String::new, |ranking| figure(ranking.mean_average_precision));
                        (row(html! { (name) }, scores, of_f1.as_ref(), mean, [support, predicted]))
                    }
                }
            }
        }
    }
}
