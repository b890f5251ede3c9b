//! How well probabilities rank: top-k accuracy, and a precision-recall curve per label.

use maud::{Markup, html};

use super::super::wording::{figure, fit, rows};
use super::labels::frequent;
use super::svg::{Axis, Plot, Scale, picture, points, px};
use super::text::label;
use crate::evaluate::{FacetEvaluation, LabelRanking, Ranking, Tally};

/// Curves for the labels with most rows; the table of labels has the average precision of all.
const MOST_CURVES: usize = 20;

/// How often the right label is among the first k.
pub(super) fn top_k(ranking: &Ranking) -> Markup {
    if ranking.top_k.is_empty() {
        return html! {};
    }
    html! {
        h3 { "Is the right label among the first few?" }
        p.note {
            "The share of rows that have a right label among their k most probable: how often an editor who is offered k choices \
             finds it there."
        }
        table {
            caption { "Top-k accuracy" }
            thead { tr { th scope="col" { "k" } th scope="col" { "share" } } }
            tbody {
                @for (k, share) in &ranking.top_k {
                    tr { th scope="row" { "top " (k) } td { (format!("{share:.4}")) } }
                }
            }
        }
    }
}

/// A small curve per label.
pub(super) fn curves(id: &str, facet: &FacetEvaluation, ranking: &Ranking) -> Markup {
    let frequent = frequent(facet, MOST_CURVES);
    let shown: Vec<(&str, &Tally, &LabelRanking)> =
        frequent.into_iter().filter_map(|(name, tally)| Some((name, tally, ranking.labels.get(name)?))).collect();
    html! {
        @if !shown.is_empty() {
            h3 { "Precision against recall" }
            p {
                "To find more of a label's rows (to the right), one has to accept more wrong ones (downwards); a curve that stays at \
                 the top does both. Dot: where the model stands. Dashed: what guessing would get. Average precision (AP) is the \
                 area below the curve; its plain mean over labels is " (figure(ranking.mean_average_precision)) "."
                @if ranking.labels.len() > shown.len() { " Curves are for the " (shown.len()) " labels with most rows." }
            }
            ul.curves {
                @for (i, (name, tally, found)) in shown.into_iter().enumerate() { "\n"
                    li {
                        p.label { (label(name)) span { "AP " (format!("{:.4}", found.average_precision)) } }
                        (curve(&format!("{id}-curve-{i}"), name, facet.rows(), tally, found))
                    }
                }
            }
        }
    }
}

fn curve(id: &str, name: &str, all: u64, tally: &Tally, found: &LabelRanking) -> Markup {
    let plot = Plot { left: 52.0, right: 166.0, top: 8.0, bottom: 122.0 };
    let (axes, across, up) = plot.axes(&Axis::whole("recall", 50), &Axis::whole("precision", 50));
    let guess = px(up.at(tally.gold as f64 / all.max(1) as f64));
    let inside = html! {
        (axes)
        line.ideal x1=(px(plot.left)) x2=(px(plot.right)) y1=(guess) y2=(guess) {}
        polyline.curve points=(points(steps(found, across, up))) {}
        @if let (Some(precision), Some(recall)) = (tally.precision(), tally.recall()) {
            circle.dot cx=(px(across.at(recall))) cy=(px(up.at(precision))) r="4" {}
        }
    };
    let says = format!("{}, average precision {:.4}.", rows(tally.gold), found.average_precision);
    picture(id, [180.0, 158.0], &format!("Precision-recall curve of {}", fit(&label(name), 60)), &says, &inside)
}

/// A precision holds from the recall before to its own: the area below is the average precision.
fn steps(found: &LabelRanking, across: Scale, up: Scale) -> Vec<(f64, f64)> {
    let mut before = 0.0;
    let mut places = Vec::with_capacity(2 * found.curve.len());
    for point in &found.curve {
        let y = up.at(point.precision);
        places.extend([(across.at(before), y), (across.at(point.recall), y)]);
        before = point.recall;
    }
    places
}
