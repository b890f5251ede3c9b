//! Whether probabilities mean what they say.

use maud::{Markup, html};

use super::super::wording::{figure, thousands};
use super::svg::{Axis, Plot, Scale, picture, px};
use crate::evaluate::{Calibration, ReliabilityBin, SMALL_SUPPORT};

/// The reliability diagram, and under it how many rows there are at each probability.
pub(super) fn diagram(id: &str, found: &Calibration) -> Markup {
    let plot = Plot { left: 62.0, right: 350.0, top: 8.0, bottom: 228.0 };
    let name = "probability of the most probable label";
    let (axes, across, up) = plot.axes(&Axis::whole("", 20), &Axis::whole("how often it is right", 20));
    let most = found.bins.iter().map(|bin| bin.rows).max().unwrap_or(0);
    let heights = Scale::new([0.0, most as f64], [0.0, 40.0]);
    let filled = || found.bins.iter().filter(|bin| bin.rows > 0);
    let inside = html! {
        (axes)
        @for bin in filled() {
            @let (x, width) = (across.at(bin.low) + 1.0, across.at(bin.high) - across.at(bin.low) - 2.0);
            @if let Some(right) = bin.right {
                rect class=(if bin.rows < SMALL_SUPPORT { "few" } else { "bar-1" })
                    x=(px(x)) width=(px(width)) y=(px(up.at(right))) height=(px(plot.bottom - up.at(right))) {}
            }
            @let height = heights.at(bin.rows as f64).max(1.0);
            rect.rows x=(px(x)) width=(px(width)) y=(px(296.0 - height)) height=(px(height)) {}
        }
        @for class in ["ideal-back", "ideal"] {
            line class=(class) x1=(px(plot.left)) x2=(px(plot.right)) y1=(px(plot.bottom)) y2=(px(plot.top)) {}
        }
        @for (probability, right) in filled().filter_map(|bin| bin.probability.zip(bin.right)) {
            circle.dot cx=(px(across.at(probability))) cy=(px(up.at(right))) r="3.5" {}
        }
        line.grid x1=(px(plot.left)) x2=(px(plot.right)) y1="296" y2="296" {}
        text x=(px(plot.left - 5.0)) y="290" text-anchor="end" { "rows" }
        text.axis x=(px(f64::midpoint(plot.left, plot.right))) y="314" text-anchor="middle" { (name) }
    };
    let says = format!(
        "Bars: how often the most probable label is right, by its probability. Expected calibration error {:.4}. \
         The numbers stand in the table below.",
        found.ece
    );
    html! {
        div {
            figure {
                (picture(&format!("{id}-reliability"), [360.0, 320.0], "Reliability diagram", &says, &inside))
                figcaption {
                    "Where it says 70 %, it should be right seven times of ten: bars that end at the dashed line keep that promise, \
                     shorter ones promise too much. Dots stand at the mean probability of a bar; "
                    "hollow bars rest on fewer than " (SMALL_SUPPORT) " rows. Small bars below: how many rows."
                }
            }
            p {
                "ECE " (format!("{:.4}", found.ece)) ": how far probabilities are off on average. Brier score "
                (format!("{:.4}", found.brier)) " and log loss " (format!("{:.4}", found.log_loss))
                ": how far all probabilities are from the truth; 0 is best, and log loss punishes being sure and wrong."
            }
            details {
                summary { "The diagram in numbers" }
                table {
                    caption { "Reliability" }
                    thead { tr {
                        @for name in ["probability", "rows", "mean probability", "right"] { th scope="col" { (name) } }
                    } }
                    tbody { @for bin in filled() { "\n" (row(bin)) } }
                }
            }
        }
    }
}

fn row(bin: &ReliabilityBin) -> Markup {
    html! {
        tr {
            th scope="row" { (format!("{:.2}–{:.2}", bin.low, bin.high)) }
            td { (thousands(bin.rows)) } td { (figure(bin.probability)) } td { (figure(bin.right)) }
        }
    }
}
