//! The figures of a whole facet, each with its interval and what the majority class is worth.

use maud::{Markup, html};

use super::super::wording::{figure, shares};
use super::svg::{Scale, picture, px};
use crate::evaluate::{Averages, FacetEvaluation, Interval, Scores};

/// A figure and what it means.
struct Card {
    name: &'static str,
    share: Option<f64>,
    interval: Option<Interval>,
    /// What the majority class has.
    worth: Option<f64>,
    says: &'static str,
}

/// A card for each headline figure.
pub(super) fn cards(id: &str, facet: &FacetEvaluation) -> Markup {
    let level = facet.details().map_or(0.0, |details| details.intervals.level);
    html! {
        h3 { "Headline figures" }
        @if facet.details().is_some_and(|details| details.baseline.is_some()) {
            p { "Grey band: the confidence interval, how far the figure could be off by the luck of the rows. Triangle: the \
                 majority class, what always giving the most frequent label would get; a useful model is far to its right." }
        }
        dl.cards {
            @for (i, card) in of(facet).iter().enumerate() { "\n"
                div.card {
                    dt { (card.name) }
                    dd.value { (figure(card.share)) }
                    @if let Some(Interval { low, high }) = card.interval {
                        dd { (format!("{:.0} % CI {low:.4}–{high:.4}", 100.0 * level)) }
                    }
                    @if card.worth.is_some() { dd { "majority class " (figure(card.worth)) } }
                    @if let Some(share) = card.share { dd { (strip(&format!("{id}-headline-{i}"), card, share)) } }
                    dd.says { (card.says) }
                }
            }
        }
    }
}

fn of(facet: &FacetEvaluation) -> Vec<Card> {
    let (details, averages) = (facet.details(), facet.averages());
    let intervals = details.map(|details| &details.intervals);
    let baseline = details.and_then(|details| details.baseline.as_ref());
    let mut shares = shares(facet).into_iter();
    let mut cards = Vec::new();
    if let Some((name, share)) = shares.next() {
        cards.push(Card {
            name,
            share,
            interval: intervals.and_then(|intervals| intervals.exact),
            worth: baseline.and_then(|baseline| baseline.exact),
            says: if facet.multi_label() {
                "The share of rows that were given all their labels and no other."
            } else {
                "The share of rows that were given the right label."
            },
        });
    }
    let f1 = |name, of: fn(&Averages) -> Scores, interval: Option<Interval>, says| Card {
        name,
        share: of(&averages).f1,
        interval,
        worth: baseline.and_then(|baseline| of(&baseline.averages).f1),
        says,
    };
    // In a single-label facet where every row is answered, micro-F1 is accuracy again.
    if averages.micro.f1 != facet.accuracy() {
        let interval = intervals.and_then(|intervals| intervals.micro.f1);
        let says = "Precision and recall in one, every label given or missed counting alike: frequent labels decide.";
        cards.push(f1("micro-F1", |averages| averages.micro, interval, says));
    }
    let interval = intervals.and_then(|intervals| intervals.macro_.f1);
    let says = "The plain mean of the labels' F1: a rare label counts as much as a frequent one.";
    cards.push(f1("macro-F1", |averages| averages.macro_, interval, says));
    let interval = intervals.and_then(|intervals| intervals.weighted.f1);
    let says = "The mean of the labels' F1, each label counting by the rows that have it.";
    cards.push(f1("F1 weighted by support", |averages| averages.weighted, interval, says));
    cards.extend(shares.map(|(name, share)| Card {
        name,
        share,
        interval: None,
        worth: None,
        says: "The share of rows that were given a label at all.",
    }));
    cards
}

/// From 0 to 1: the interval as a band, the figure as a line, the majority class as a triangle.
fn strip(id: &str, card: &Card, share: f64) -> Markup {
    let scale = Scale::new([0.0, 1.0], [5.0, 235.0]);
    let worth = card.worth.map(|worth| scale.at(worth));
    let mut says = format!("From 0 to 1: {} {share:.4}", card.name);
    if let Some(Interval { low, high }) = card.interval {
        says += &format!(", interval {low:.4} to {high:.4}");
    }
    if let Some(worth) = card.worth {
        says += &format!(", majority class {worth:.4}");
    }
    let inside = html! {
        line.grid x1="5" x2="235" y1="14" y2="14" {}
        @for end in [5.0, 235.0] { line.grid x1=(px(end)) x2=(px(end)) y1="10" y2="18" {} }
        @if let Some(Interval { low, high }) = card.interval {
            // A point is still to be seen.
            rect.band x=(px(scale.at(low) - 1.0)) width=(px(scale.at(high) - scale.at(low) + 2.0)) y="6" height="16" {}
        }
        line.mark x1=(px(scale.at(share))) x2=(px(scale.at(share))) y1="3" y2="25" {}
        @if let Some(x) = worth {
            path.majority d=(format!("M{} 14l-5 11h10z", px(x))) {}
        }
    };
    picture(id, [240.0, 28.0], card.name, &says, &inside)
}
