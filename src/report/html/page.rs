//! The page around the facets.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::figures::legend;
use super::super::wording::{kind, rows};
use super::text::label;
use super::{Appendix, confusion, coverage, curves, headline, labels, mistakes, reliability};
use crate::evaluate::{Evaluation, FacetEvaluation};

const STYLE: &str = include_str!("style.css");

/// Void elements are closed, so that the page is well-formed XML as well.
const META: &str = r#"<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
"#;

/// The whole page.
pub(super) fn page(evaluation: &Evaluation, appendix: Option<&Appendix>) -> Markup {
    let facets = &evaluation.facets;
    let names: Vec<_> = facets.iter().map(|facet| label(facet.name())).collect();
    html! {
        (DOCTYPE) "\n"
        html lang="en" {
            head { "\n"
                (PreEscaped(META))
                title { "Evaluation: " (names.join(", ")) } "\n"
                style { "\n" (PreEscaped(STYLE)) }
            } "\n"
            body { "\n"
                header {
                    h1 { "Evaluation: " (names.join(", ")) }
                    p { (rows(evaluation.rows)) @if facets.is_empty() { ", no facet to score" } "." }
                    @if facets.len() > 1 {
                        nav aria-label="Facets" { ul {
                            @for (i, name) in names.iter().enumerate() {
                                li { a href=(format!("#{}", id(i))) { (name) } }
                            }
                        } }
                    }
                } "\n"
                main {
                    @for (i, facet) in facets.iter().enumerate() { "\n" (section(&id(i), facet)) }
                    @if let Some(appendix) = appendix { "\n" (appendix.section()) }
                } "\n"
            }
        } "\n"
    }
}

/// Facets are numbered: their names may hold anything.
fn id(facet: usize) -> String {
    format!("facet-{}", facet + 1)
}

fn section(id: &str, facet: &FacetEvaluation) -> Markup {
    let details = facet.details();
    let calibration = details.and_then(|details| details.calibration.as_ref());
    let risk_coverage = details.and_then(|details| details.risk_coverage.as_ref());
    let ranking = details.and_then(|details| details.ranking.as_ref());
    html! {
        section.facet aria-labelledby=(id) {
            h2 id=(id) { (label(facet.name())) }
            p {
                (rows(facet.rows())) ", " (kind(facet)) ". "
                @for note in details.map(legend).unwrap_or_default() { (sentence(&note)) " " }
            } "\n"
            (headline::cards(id, facet)) "\n"
            (labels::bars(id, facet)) "\n"
            (labels::table(facet)) "\n"
            (confusion::confusion(id, facet)) "\n"
            @if calibration.is_some() || risk_coverage.is_some() {
                h3 { "Can its probabilities be trusted?" }
                div.pair {
                    @if let Some(found) = calibration { (reliability::diagram(id, found)) }
                    @if let Some(found) = risk_coverage { (coverage::curve(id, found)) }
                } "\n"
            }
            @if let Some(ranking) = ranking { (curves::top_k(ranking)) (curves::curves(id, facet, ranking)) "\n" }
            @if let Some(surest) = facet.mistakes() { (mistakes::mistakes(surest)) "\n" }
        }
    }
}

/// A note as a sentence.
fn sentence(note: &str) -> String {
    let mut letters = note.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str() + ".")
}
