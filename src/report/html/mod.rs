//! A page with pictures, for people: one file that needs nothing else.

mod appendix;
mod confusion;
mod coverage;
mod curves;
mod headline;
mod labels;
mod mistakes;
mod page;
mod reliability;
mod svg;
mod text;

use std::io::{self, Write};

pub(super) use appendix::Appendix;

use super::Report;
use crate::evaluate::Evaluation;

/// One self-contained page: headings, tables, and pictures as inline SVG; no scripts, and nothing is loaded from
/// anywhere, which a content security policy in the page forbids besides. It follows the reader's choice of light or
/// dark, fits a phone, and prints in light colours.
///
/// Per facet: the headline figures with intervals beside the majority class, bars and a table of all labels, the
/// confusion (as a heat map of up to 20 labels in a single-label facet), and where there are probabilities their
/// reliability, accuracy by coverage, top-k accuracy and precision-recall curves; last the surest mistakes. Numbers are
/// rounded as in the [`Table`](super::Table). Labels and texts are shown, never obeyed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Html;

impl Report for Html {
    fn write(&self, evaluation: &Evaluation, out: &mut dyn Write) -> io::Result<()> {
        write_with(evaluation, None, out)
    }
}

/// The page with an appendix.
pub(super) fn write_with(evaluation: &Evaluation, appendix: Option<&Appendix>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page::page(evaluation, appendix).into_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::evaluate::{FacetEvaluation, Mistake};

    /// The page without its style, which says nothing of figures.
    fn body(evaluation: &Evaluation) -> String {
        let page = sample::written(&Html, evaluation);
        let (before, after) = page.split_once("<style>").unwrap();
        before.to_owned() + after.split_once("</style>").unwrap().1
    }

    fn nothing() -> Evaluation {
        Evaluation { rows: 0, facets: Vec::new() }
    }

    /// Names and texts that would be markup, were they not escaped.
    fn hostile() -> Evaluation {
        let bad = "</title><script>alert('1')</script> & \"quoted\" \u{FFFF}\u{1b}";
        let mut facet = FacetEvaluation::new(bad, false);
        facet.add(&[bad], &[bad]);
        facet.add(&[bad], &["other"]);
        facet.add(&[], &[bad]);
        let mistake = Mistake {
            wrong: Some(bad.into()),
            probability: 0.5,
            gold: vec![bad.into()],
            predicted: vec![bad.into()],
            text: bad.repeat(300),
            source: bad.into(),
            row: 1,
            id: Some(bad.into()),
            explanation: None,
        };
        Evaluation { rows: 3, facets: vec![facet.with_mistakes(vec![mistake])] }
    }

    /// So many labels that only some have pictures.
    fn many() -> Evaluation {
        let mut facet = FacetEvaluation::new("topic", false);
        let names: Vec<String> = (0..60).map(|number| format!("label {number}")).collect();
        names.iter().zip(names.iter().skip(1)).for_each(|(gold, given)| facet.add(&[gold], &[given]));
        Evaluation { rows: 59, facets: vec![facet] }
    }

    fn all() -> [Evaluation; 7] {
        let detailed = sample::detailed();
        [nothing(), sample::textbook(), sample::awkward(), sample::news(), detailed, hostile(), many()]
    }

    #[test]
    fn a_small_page() {
        insta::assert_snapshot!(body(&sample::textbook()), @r##"
        <!DOCTYPE html>
        <html lang="en"><head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
        <title>Evaluation: class</title>
        </head>
        <body>
        <header><h1>Evaluation: class</h1><p>5 rows.</p></header>
        <main>
        <section class="facet" aria-labelledby="facet-1"><h2 id="facet-1">class</h2><p>5 rows, single-label. </p>
        <h3>Headline figures</h3><dl class="cards">
        <div class="card"><dt>accuracy</dt><dd class="value">0.6000</dd><dd><svg role="img" viewBox="0 0 240 28" width="240" height="28" aria-labelledby="facet-1-headline-0-title facet-1-headline-0-desc"><title id="facet-1-headline-0-title">accuracy</title><desc id="facet-1-headline-0-desc">From 0 to 1: accuracy 0.6000</desc><line class="grid" x1="5" x2="235" y1="14" y2="14"></line><line class="grid" x1="5" x2="5" y1="10" y2="18"></line><line class="grid" x1="235" x2="235" y1="10" y2="18"></line><line class="mark" x1="143" x2="143" y1="3" y2="25"></line></svg></dd><dd class="says">The share of rows that were given the right label.</dd></div>
        <div class="card"><dt>macro-F1</dt><dd class="value">0.4889</dd><dd><svg role="img" viewBox="0 0 240 28" width="240" height="28" aria-labelledby="facet-1-headline-1-title facet-1-headline-1-desc"><title id="facet-1-headline-1-title">macro-F1</title><desc id="facet-1-headline-1-desc">From 0 to 1: macro-F1 0.4889</desc><line class="grid" x1="5" x2="235" y1="14" y2="14"></line><line class="grid" x1="5" x2="5" y1="10" y2="18"></line><line class="grid" x1="235" x2="235" y1="10" y2="18"></line><line class="mark" x1="117.4" x2="117.4" y1="3" y2="25"></line></svg></dd><dd class="says">The plain mean of the labels' F1: a rare label counts as much as a frequent one.</dd></div>
        <div class="card"><dt>F1 weighted by support</dt><dd class="value">0.6133</dd><dd><svg role="img" viewBox="0 0 240 28" width="240" height="28" aria-labelledby="facet-1-headline-2-title facet-1-headline-2-desc"><title id="facet-1-headline-2-title">F1 weighted by support</title><desc id="facet-1-headline-2-desc">From 0 to 1: F1 weighted by support 0.6133</desc><line class="grid" x1="5" x2="235" y1="14" y2="14"></line><line class="grid" x1="5" x2="5" y1="10" y2="18"></line><line class="grid" x1="235" x2="235" y1="10" y2="18"></line><line class="mark" x1="146.1" x2="146.1" y1="3" y2="25"></line></svg></dd><dd class="says">The mean of the labels' F1, each label counting by the rows that have it.</dd></div></dl>
        <h3>Labels</h3><p>Precision: of the rows given the label, the share that has it. Recall: of the rows that have the label, the share that was given it. F1: both in one, near the lower of the two; the line through its bar is the confidence interval.</p><p><strong>*</strong> fewer than 10 rows have this label: its figures say little.</p><ul class="bars">
        <li><p class="label">0 *<span>1 row</span></p><svg role="img" viewBox="0 0 310 50" width="310" height="50" aria-labelledby="facet-1-label-0-title facet-1-label-0-desc"><title id="facet-1-label-0-title">0</title><desc id="facet-1-label-0-desc">precision 0.5000, recall 1.0000, F1 0.6667</desc><text x="57" y="12" text-anchor="end">precision</text><rect class="track" x="62" y="2" width="200" height="12"></rect><rect class="bar-1" x="62" y="2" width="100" height="12"></rect><text x="267" y="12">0.5000</text><text x="57" y="28" text-anchor="end">recall</text><rect class="track" x="62" y="18" width="200" height="12"></rect><rect class="bar-2" x="62" y="18" width="200" height="12"></rect><text x="267" y="28">1.0000</text><text x="57" y="44" text-anchor="end">F1</text><rect class="track" x="62" y="34" width="200" height="12"></rect><rect class="bar-3" x="62" y="34" width="133.3" height="12"></rect><text x="267" y="44">0.6667</text></svg></li>
        <li><p class="label">1 *<span>1 row</span></p><svg role="img" viewBox="0 0 310 50" width="310" height="50" aria-labelledby="facet-1-label-1-title facet-1-label-1-desc"><title id="facet-1-label-1-title">1</title><desc id="facet-1-label-1-desc">precision 0.0000, recall 0.0000, F1 0.0000</desc><text x="57" y="12" text-anchor="end">precision</text><rect class="track" x="62" y="2" width="200" height="12"></rect><rect class="bar-1" x="62" y="2" width="0" height="12"></rect><text x="267" y="12">0.0000</text><text x="57" y="28" text-anchor="end">recall</text><rect class="track" x="62" y="18" width="200" height="12"></rect><rect class="bar-2" x="62" y="18" width="0" height="12"></rect><text x="267" y="28">0.0000</text><text x="57" y="44" text-anchor="end">F1</text><rect class="track" x="62" y="34" width="200" height="12"></rect><rect class="bar-3" x="62" y="34" width="0" height="12"></rect><text x="267" y="44">0.0000</text></svg></li>
        <li><p class="label">2 *<span>3 rows</span></p><svg role="img" viewBox="0 0 310 50" width="310" height="50" aria-labelledby="facet-1-label-2-title facet-1-label-2-desc"><title id="facet-1-label-2-title">2</title><desc id="facet-1-label-2-desc">precision 1.0000, recall 0.6667, F1 0.8000</desc><text x="57" y="12" text-anchor="end">precision</text><rect class="track" x="62" y="2" width="200" height="12"></rect><rect class="bar-1" x="62" y="2" width="200" height="12"></rect><text x="267" y="12">1.0000</text><text x="57" y="28" text-anchor="end">recall</text><rect class="track" x="62" y="18" width="200" height="12"></rect><rect class="bar-2" x="62" y="18" width="133.3" height="12"></rect><text x="267" y="28">0.6667</text><text x="57" y="44" text-anchor="end">F1</text><rect class="track" x="62" y="34" width="200" height="12"></rect><rect class="bar-3" x="62" y="34" width="160" height="12"></rect><text x="267" y="44">0.8000</text></svg></li></ul>
        <p class="note">Support: rows that have the label. Predicted: rows that were given it.</p><div class="wide" role="region" aria-label="Table of labels" tabindex="0"><table><caption>All labels</caption><thead><tr><th scope="col">label</th><th scope="col">precision</th><th scope="col">recall</th><th scope="col">F1</th><th scope="col">support</th><th scope="col">predicted</th></tr></thead><tbody>
        <tr><th scope="row">0 *</th><td>0.5000</td><td>1.0000</td><td>0.6667</td><td>1</td><td>2</td></tr>
        <tr><th scope="row">1 *</th><td>0.0000</td><td>0.0000</td><td>0.0000</td><td>1</td><td>1</td></tr>
        <tr><th scope="row">2 *</th><td>1.0000</td><td>0.6667</td><td>0.8000</td><td>3</td><td>2</td></tr></tbody><tfoot>
        <tr><th scope="row">micro</th><td>0.6000</td><td>0.6000</td><td>0.6000</td><td>5</td><td>5</td></tr>
        <tr><th scope="row">macro</th><td>0.5000</td><td>0.5556</td><td>0.4889</td><td>5</td><td>5</td></tr>
        <tr><th scope="row">weighted by support</th><td>0.7000</td><td>0.6000</td><td>0.6133</td><td>5</td><td>5</td></tr></tfoot></table></div>
        <h3>What is taken for what</h3><figure><div class="wide" role="region" aria-label="Heat map of the confusion" tabindex="0"><svg role="img" viewBox="0 0 136 124" width="136" height="124" aria-labelledby="facet-1-confusion-title facet-1-confusion-desc"><title id="facet-1-confusion-title">Confusion</title><desc id="facet-1-confusion-desc">Rows are the true labels, columns the given ones, cells hold numbers of rows. The largest numbers off the diagonal stand in the table below.</desc><text x="52" y="17" text-anchor="middle"><title>0</title>1</text><text x="84" y="17" text-anchor="middle"><title>1</title>2</text><text x="116" y="17" text-anchor="middle"><title>2</title>3</text><text x="30" y="40" dy="0.35em" text-anchor="end"><title>0</title>1 0</text><rect class="cell" x="36" y="24" width="32" height="32"></rect><rect class="right" x="37" y="25" width="30" height="30" fill-opacity="0.50"></rect><text x="52" y="40" dy="0.35em" text-anchor="middle">1</text><rect class="cell" x="68" y="24" width="32" height="32"></rect><rect class="cell" x="100" y="24" width="32" height="32"></rect><text x="30" y="72" dy="0.35em" text-anchor="end"><title>1</title>2 1</text><rect class="cell" x="36" y="56" width="32" height="32"></rect><rect class="wrong" x="37" y="57" width="30" height="30" fill-opacity="0.50"></rect><text x="52" y="72" dy="0.35em" text-anchor="middle">1</text><rect class="cell" x="68" y="56" width="32" height="32"></rect><rect class="cell" x="100" y="56" width="32" height="32"></rect><text x="30" y="104" dy="0.35em" text-anchor="end"><title>2</title>3 2</text><rect class="cell" x="36" y="88" width="32" height="32"></rect><rect class="cell" x="68" y="88" width="32" height="32"></rect><rect class="wrong" x="69" y="89" width="30" height="30" fill-opacity="0.22"></rect><text x="84" y="104" dy="0.35em" text-anchor="middle">1</text><rect class="cell" x="100" y="88" width="32" height="32"></rect><rect class="right" x="101" y="89" width="30" height="30" fill-opacity="0.36"></rect><text x="116" y="104" dy="0.35em" text-anchor="middle">2</text></svg></div><figcaption>Each line is a true label, each column a given one, by the number before its name. Framed cells on the diagonal are right; the stronger the colour of a cell, the larger its share of the line.</figcaption></figure><p class="note">In so many rows the true label was missed and the other given in its place.</p><div class="wide" role="region" aria-label="Most confused labels" tabindex="0"><table><caption>Confused most</caption><thead><tr><th scope="col">true label</th><th class="word" scope="col">given label</th><th scope="col">rows</th></tr></thead><tbody>
        <tr><th scope="row">1</th><td class="word">0</td><td>1</td></tr>
        <tr><th scope="row">2</th><td class="word">1</td><td>1</td></tr></tbody></table></div>
        </section></main>
        </body></html>
        "##);
    }

    #[test]
    fn every_page_is_well_formed_and_its_references_are_there() {
        for evaluation in all() {
            let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
            let written = sample::written(&Html, &evaluation);
            let page = roxmltree::Document::parse_with_options(&written, options).unwrap();
            let mut ids: Vec<&str> = page.descendants().filter_map(|node| node.attribute("id")).collect();
            let number = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), number, "an id stands twice");
            for node in page.descendants() {
                let names = node.attribute("aria-labelledby").into_iter().flat_map(str::split_whitespace);
                let target = node.attribute("href").map(|href| href.strip_prefix('#').unwrap());
                names.chain(target).for_each(|id| assert!(ids.binary_search(&id).is_ok(), "{id}"));
                match node.tag_name().name() {
                    "svg" => assert_eq!(node.attribute("role"), Some("img")),
                    "th" => assert!(matches!(node.attribute("scope"), Some("col" | "row"))),
                    "table" => assert!(node.descendants().any(|inner| inner.has_tag_name("caption"))),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        for evaluation in all() {
            let page = sample::written(&Html, &evaluation);
            for forbidden in ["http:", "https:", "//", "<script", "<img", "<link", "@import", "url(", "javascript:"] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
        }
    }

    #[test]
    fn what_would_be_markup_is_shown() {
        let page = sample::written(&Html, &hostile());
        assert!(
            page.contains("&lt;/title&gt;&lt;script&gt;alert('1')&lt;/script&gt; &amp; &quot;quoted&quot;"),
            "{page}"
        );
        assert_eq!(page.matches("</title>").count(), page.matches("<title").count(), "none but our own");
        assert!(!page.contains(['\u{1b}', '\u{FFFF}']));
    }

    #[test]
    fn a_page_shows_intervals_baseline_probabilities_and_mistakes() {
        let page = body(&sample::detailed());
        for part in [
            "95 % CI ",
            "majority class 0.",
            "Majority class: always &quot;conflict, war and peace&quot;.",
            "Reliability diagram",
            "Accuracy by coverage",
            "Top-k accuracy",
            "Precision-recall curve of sport",
            "fewer than 10 rows have this label",
            "conflict, war and peace → <strong>sport</strong>",
            "The line was held |\nuntil dawn",
            "test.csv row 17 (id x7)",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert_eq!(page, body(&sample::detailed()), "the same bytes");
    }

    #[test]
    fn very_many_labels_are_all_in_the_table_and_not_all_in_pictures() {
        let page = body(&many());
        assert!(page.contains("<th scope=\"row\">label 59 *</th>"));
        assert!(page.contains("Bars are for the 40 labels with most rows; the table has all 60."));
        assert!(!page.contains("Heat map"));
    }
}
