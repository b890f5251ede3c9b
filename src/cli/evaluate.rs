//! `wiredesk evaluate`: precision and recall against labelled rows.

use std::collections::BTreeSet;

use crate::corpus::{FacetColumn, InputFormat, Row};
use crate::evaluate::{Evaluation, FacetEvaluation};
use crate::places::region_of;
use crate::tagger::{Countries, EmptyCells, Facet, TagOptions, Tagger};

use super::args::{Evaluate, Global};
use super::failure::{Failure, say_error, say_warning};
use super::inputs::{Chunks, names, open, read_options, sources};
use super::language::LanguageCheck;
use super::model;
use super::output::{For, Output};
use super::progress::Progress;
use super::style::{self, printable};

pub fn run(args: &Evaluate, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("evaluating", global);
    let mut out = Output::open(args.output.as_deref(), For::Programs)?;
    let loaded = model::load(&args.model)?;
    let tagger = &loaded.tagger;
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    options.default_facets = tagger.facets().iter().map(|f| FacetColumn::parse(f.name())).collect();
    let inputs = sources(&args.inputs);
    let reader = open(&inputs, &options)?;
    if args.rows.label.is_empty() && !global.quiet {
        let missing = tagger.facets().iter().map(Facet::name).filter(|&name| reader.facets().iter().all(|f| f != name));
        missing.for_each(|f| {
            say_warning(&format!(
                "facet '{f}' is not evaluated: there is no such column; name one with --label {f}=COLUMN"
            ));
        });
    }
    let mut facets = Vec::new();
    for (column, name) in reader.facets().iter().enumerate() {
        facets.push(EvaluatedFacet::new(tagger, name, column, args.empty.map(EmptyCells::from))?);
    }
    let tag_options = TagOptions { threshold: args.threshold, ..TagOptions::default() };
    let mut language = LanguageCheck::new(tagger.card());
    let mut rows_read = 0;
    let mut chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    loop {
        let rows = chunks.next_chunk()?;
        if rows.is_empty() {
            break;
        }
        rows_read += rows.len() as u64;
        rows.iter().take(50).for_each(|row| language.add(&row.text));
        add(tagger, &rows, &tag_options, &mut facets);
        progress.update(chunks.reader());
    }
    chunks.finish()?;
    progress.finish();
    if rows_read == 0 {
        return Err(Failure::new(format!("{}: no rows to evaluate; the input has a header at most", names(&inputs))));
    }
    if !global.quiet {
        if let Some(warning) = language.warning("the text") {
            say_warning(&warning);
        }
        facets.iter().flat_map(EvaluatedFacet::warnings).for_each(|w| say_warning(&w));
    }
    // A facet that no row labels has nothing to say: JSON lines have no header that could leave it out.
    facets.retain(|f| f.figures.rows() > 0);
    if facets.is_empty() {
        return Err(Failure::new(format!(
            "{}: no row has a label to evaluate against; name the label columns with --label FACET=COLUMN",
            names(&inputs)
        )));
    }
    let figures = facets.into_iter().flat_map(EvaluatedFacet::into_figures).collect();
    let evaluation = Evaluation { rows: rows_read, facets: figures };
    args.format.report(style::width()).write(&evaluation, &mut out)?;
    out.finish()?;
    gate(&evaluation, args.min_f1)
}

/// A facet of the model and its figures so far.
struct EvaluatedFacet<'m> {
    facet: &'m Facet,
    /// Position in the model's facets and in the labels of a row.
    index: usize,
    column: usize,
    /// Whether an empty gold cell is an answer.
    empty_is_none: bool,
    figures: FacetEvaluation,
    /// Where labels are countries, the same rows by sub-region and by region.
    wider: Option<[FacetEvaluation; 2]>,
    unlabelled: u64,
    with_several: u64,
    /// Gold labels that the model does not have.
    unknown: BTreeSet<String>,
}

impl<'m> EvaluatedFacet<'m> {
    fn new(tagger: &'m Tagger, name: &str, column: usize, empty: Option<EmptyCells>) -> Result<Self, Failure> {
        let index = tagger.facets().iter().position(|f| f.name() == name).ok_or_else(|| {
            let known: Vec<&str> = tagger.facets().iter().map(Facet::name).collect();
            Failure::Usage(format!(
                "the model has no facet '{name}', only {}; say which column holds it with --label FACET=COLUMN",
                known.join(", ")
            ))
        })?;
        let facet = &tagger.facets()[index];
        let empty_is_none = match empty {
            None | Some(EmptyCells::Auto) => facet.empty_is_none(),
            Some(empty) => empty == EmptyCells::None,
        };
        let figures = FacetEvaluation::new(name, facet.is_multi_label());
        let level = |level| FacetEvaluation::new(&format!("{name}.{level}"), facet.is_multi_label());
        let wider = facet.as_countries().map(|_| ["subregion", "region"].map(level));
        Ok(EvaluatedFacet {
            facet,
            index,
            column,
            empty_is_none,
            figures,
            wider,
            unlabelled: 0,
            with_several: 0,
            unknown: BTreeSet::new(),
        })
    }

    fn add<'l>(&mut self, gold: &[&'l str], predicted: &[&'l str])
    where
        'm: 'l,
    {
        for label in gold.iter().filter(|label| self.facet.labels().id(label).is_none()) {
            if !self.unknown.contains(*label) {
                self.unknown.insert((*label).to_owned());
            }
        }
        self.figures.add(gold, predicted);
        let (Some(wider), Some(countries)) = (&mut self.wider, self.facet.as_countries()) else { return };
        for (level, figures) in wider.iter_mut().enumerate() {
            let of = |labels: &[&'l str]| {
                let mut areas: Vec<&str> =
                    labels.iter().map(|label| area(self.facet, countries, level, label)).collect();
                areas.sort_unstable();
                areas.dedup();
                areas
            };
            figures.add(&of(gold), &of(predicted));
        }
    }

    /// Its figures, and those of wider areas.
    fn into_figures(self) -> impl Iterator<Item = FacetEvaluation> {
        std::iter::once(self.figures).chain(self.wider.into_iter().flatten())
    }

    fn warnings(&self) -> Vec<String> {
        let name = self.facet.name();
        let mut warnings = Vec::new();
        if let Some(label) = self.unknown.first() {
            let number = style::count(self.unknown.len() as u64, "label");
            let known = self.facet.labels().names().first().map(|name| printable(name)).unwrap_or_default();
            warnings.push(format!(
                "facet '{name}': the model does not know {number} of the input ('{}', for one), which count as missed; its own are like '{known}'; another column is named with --label {name}=COLUMN",
                printable(label)
            ));
        }
        if self.with_several > 0 {
            let rows = style::count(self.with_several, "row");
            warnings.push(format!(
                "facet '{name}' is single-label in the model, but the input has several labels in {rows}; the model can name one of them at most"
            ));
        }
        if self.unlabelled > 0 {
            let rows = style::count(self.unlabelled, "row");
            warnings.push(format!("facet '{name}': {rows} without a label left out of its figures"));
        }
        warnings
    }
}

/// The sub-region (level 0) or region of a country's label. What is neither country nor area stays as it is: a label
/// that nothing can hit, not one that is lost.
fn area<'a>(facet: &'a Facet, countries: &'a Countries, level: usize, label: &'a str) -> &'a str {
    let country = match facet.labels().id(label) {
        Some(id) => countries.country(id.index()),
        None => countries.atlas().gazetteer().country_of_label(label),
    };
    match country {
        Some(country) if level == 0 => country.sub_region,
        Some(country) => country.region,
        None if level == 0 => label,
        None => region_of(label).unwrap_or(label),
    }
}

fn add(tagger: &Tagger, rows: &[Row], options: &TagOptions, facets: &mut [EvaluatedFacet<'_>]) {
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    for (row, analysis) in rows.iter().zip(tagger.analyze_all(&texts)) {
        let tags = tagger.tags_of(&analysis, options);
        for facet in facets.iter_mut() {
            let gold: Vec<&str> = row.labels[facet.column].iter().map(String::as_str).collect();
            if gold.is_empty() && !facet.empty_is_none {
                facet.unlabelled += 1;
                continue;
            }
            facet.with_several += u64::from(gold.len() > 1 && !facet.facet.is_multi_label());
            let predicted: Vec<&str> = tags.facets[facet.index].tags.iter().map(|t| t.label).collect();
            facet.add(&gold, &predicted);
        }
    }
}

/// Fails when the macro F1 of a facet is below the mark.
fn gate(evaluation: &Evaluation, min_f1: Option<f64>) -> Result<(), Failure> {
    let Some(mark) = min_f1 else { return Ok(()) };
    let mut missed = false;
    for facet in &evaluation.facets {
        let f1 = facet.averages().macro_.f1;
        if f1.is_none_or(|f1| f1 < mark) {
            missed = true;
            let found = f1.map_or("undefined".to_owned(), |f| format!("{f:.4}"));
            say_error(&format!("facet '{}': macro F1 is {found}, below --min-f1 {mark}", facet.name()));
        }
    }
    if missed { Err(Failure::Reported) } else { Ok(()) }
}
