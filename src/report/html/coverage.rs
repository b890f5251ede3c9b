//! How right the surest rows are.

use maud::{Markup, html};

use super::svg::{Axis, Plot, picture, points, px};
use crate::evaluate::{COVERAGES, RiskCoverage};

/// The curve of accuracy among the surest rows.
pub(super) fn curve(id: &str, found: &RiskCoverage) -> Markup {
    let plot = Plot { left: 62.0, right: 350.0, top: 8.0, bottom: 228.0 };
    let shares = found.curve.iter().chain(&found.at).map(|point| point.accuracy);
    let (axes, across, up) = plot
        .axes(&Axis::whole("share of rows answered, surest first", 20), &Axis::above("share of these right", shares));
    let inside = html! {
        (axes)
        polyline.curve points=(points(found.curve.iter().map(|p| (across.at(p.coverage), up.at(p.accuracy))))) {}
        @for (point, coverage) in found.at.iter().zip(COVERAGES) {
            circle.dot cx=(px(across.at(coverage))) cy=(px(up.at(point.accuracy))) r="3.5" {}
        }
    };
    let at = || found.at.iter().zip(COVERAGES);
    let says: Vec<String> =
        at().map(|(point, c)| format!("{} of rows: {:.4} right", percent(c), point.accuracy)).collect();
    html! {
        div {
            figure {
                (picture(&format!("{id}-coverage"), [360.0, 270.0], "Accuracy by coverage", &format!("{}.", says.join("; ")), &inside))
                figcaption {
                    "What is gained by leaving the least sure rows to people: if only the surest 80 % are answered, the share at \
                     80 % is right. The upright axis need not begin at 0."
                }
            }
            p.note {
                "The share of the surest rows whose most probable label is right, and the probability that a row needs to be one of them."
            }
            table {
                caption { "The surest rows" }
                thead { tr { @for name in ["rows answered", "right", "from probability"] { th scope="col" { (name) } } } }
                tbody {
                    @for (point, coverage) in at() { "\n"
                        tr {
                            th scope="row" { (percent(coverage)) }
                            td { (format!("{:.4}", point.accuracy)) } td { (format!("{:.4}", point.probability)) }
                        }
                    }
                }
            }
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
