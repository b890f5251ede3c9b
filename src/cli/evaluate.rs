//! `wiredesk evaluate`: precision and recall against labelled rows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::corpus::{FacetColumn, InputFormat, Row};
use crate::evaluate::{Bootstrap, Evaluation, FacetEvaluation, Mistake, Mistakes, Outcome, Outcomes};
use crate::report::{Leaks, ReportFormat, write_mistakes};
use crate::tagger::{AreaLevel, EmptyCells, Facet, Leak, TagOptions, Tagger};

use super::args::{Evaluate, Global};
use super::failure::{Failure, say_error, say_warning};
use super::inputs::{Chunks, groups, names, open, read_options, sources};
use super::language::LanguageCheck;
use super::leaks::LeakCheck;
use super::model;
use super::output::{For, Output};
use super::progress::Progress;
use super::style::{self, printable};

/// Contributions in the explanation of a mistake.
const EXPLAINED: usize = 5;

pub fn run(args: &Evaluate, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("evaluating", global);
    check_outputs(args)?;
    let mut out = Output::open(args.output.as_deref(), For::Programs)?;
    let mut errors_out = args.errors_output.as_deref().map(|p| Output::open(Some(p), For::Programs)).transpose()?;
    let loaded = model::load(&args.model)?;
    let tagger = &loaded.tagger;
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    options.keep_columns = args.group.is_some();
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
        facets.push(EvaluatedFacet::new(tagger, name, column, args)?);
    }
    let mut leak_check = LeakCheck::new(&loaded, args.deny_leaks, global)?;
    let mut clean_rows = 0;
    let tag_options = TagOptions { threshold: args.threshold, ..TagOptions::default() };
    let mut language = LanguageCheck::new(tagger.card());
    let mut rows_read = 0;
    let mut chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    loop {
        let rows = chunks.next_chunk()?;
        if rows.is_empty() {
            break;
        }
        rows.iter().take(50).for_each(|row| language.add(&row.text));
        let groups = groups(&rows, args.group.as_deref(), rows_read == 0)?;
        let leaks = leak_check.look(&rows);
        rows_read += rows.len() as u64;
        clean_rows += leaks.iter().filter(|leak| !leak.is_leak()).count() as u64;
        add(tagger, &rows, &groups, &leaks, &tag_options, &mut facets);
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
    facets.retain(|f| !f.outcomes.is_empty());
    if facets.is_empty() {
        return Err(Failure::new(format!(
            "{}: no row has a label to evaluate against; name the label columns with --label FACET=COLUMN",
            names(&inputs)
        )));
    }
    let clean = facets.iter_mut().flat_map(|facet| std::mem::take(&mut facet.clean)).collect();
    let leaks = leak_check.report(Evaluation { rows: clean_rows, facets: clean });
    let figures = facets.into_iter().flat_map(|facet| facet.into_figures(tagger)).collect();
    let mut evaluation = Evaluation { rows: rows_read, facets: figures };
    if let Some(errors_out) = &mut errors_out {
        write_mistakes(&evaluation, &args.rows.label_separator, errors_out)?;
        evaluation.facets = evaluation.facets.into_iter().map(FacetEvaluation::without_mistakes).collect();
    }
    Leaks::write(leaks.as_ref(), &evaluation, args.format, style::width(), &mut out)?;
    out.finish()?;
    errors_out.map_or(Ok(()), Output::finish)?;
    let leaks_allowed = leak_check.finish(global);
    gate(&evaluation, args.min_f1)?;
    leaks_allowed
}

/// Figures and mistakes are two tables, and a file holds one.
fn check_outputs(args: &Evaluate) -> Result<(), Failure> {
    if args.errors.is_some() && args.errors_output.is_none() && args.format == ReportFormat::Csv {
        return Err(Failure::Usage(
            "figures and mistakes do not go into one CSV; name a second file with --errors-output errors.csv".into(),
        ));
    }
    let stdout = Path::new("-");
    let same = |errors: &PathBuf| errors == args.output.as_deref().unwrap_or(stdout);
    if args.errors_output.as_ref().is_some_and(same) {
        return Err(Failure::Usage(
            "figures and mistakes would go to the same place; --errors-output needs a file of its own".into(),
        ));
    }
    Ok(())
}

/// A facet of the model and its figures so far.
struct EvaluatedFacet<'m> {
    facet: &'m Facet,
    /// Position in the model's facets and in the labels of a row.
    index: usize,
    column: usize,
    /// Whether an empty gold cell is an answer.
    empty_is_none: bool,
    outcomes: Outcomes,
    /// Where labels are countries, the same rows by sub-region and by region.
    wider: Option<[Outcomes; 2]>,
    /// The counts of the rows that were not in training, as many as there are outcomes.
    clean: Vec<FacetEvaluation>,
    /// The surest, where they are asked for.
    mistakes: Option<Mistakes>,
    unlabelled: u64,
    with_several: u64,
    /// Gold labels that the model does not have.
    unknown: BTreeSet<String>,
}

impl<'m> EvaluatedFacet<'m> {
    fn new(tagger: &'m Tagger, name: &str, column: usize, args: &Evaluate) -> Result<Self, Failure> {
        let index = tagger.facets().iter().position(|f| f.name() == name).ok_or_else(|| {
            let known: Vec<&str> = tagger.facets().iter().map(Facet::name).collect();
            Failure::Usage(format!(
                "the model has no facet '{name}', only {}; say which column holds it with --label FACET=COLUMN",
                known.join(", ")
            ))
        })?;
        let facet = &tagger.facets()[index];
        let empty_is_none = match args.empty.map(EmptyCells::from) {
            None | Some(EmptyCells::Auto) => facet.empty_is_none(),
            Some(empty) => empty == EmptyCells::None,
        };
        let level = |level| Outcomes::new(&format!("{name}.{level}"), facet.is_multi_label());
        let wider = facet.as_countries().map(|_| ["subregion", "region"].map(level));
        let outcomes = Outcomes::new(name, facet.is_multi_label());
        let all = std::iter::once(&outcomes).chain(wider.iter().flatten());
        let clean = all.map(|outcomes| FacetEvaluation::new(outcomes.name(), outcomes.multi_label())).collect();
        Ok(EvaluatedFacet {
            facet,
            index,
            column,
            empty_is_none,
            outcomes,
            wider,
            clean,
            mistakes: args.errors.map(|most| Mistakes::new(most.get())),
            unlabelled: 0,
            with_several: 0,
            unknown: BTreeSet::new(),
        })
    }

    fn add(
        &mut self,
        row: &Row,
        group: Option<&str>,
        leaked: bool,
        predicted: &[&'m str],
        probabilities: &[(&'m str, f64)],
    ) {
        let labels = &row.labels[self.column];
        for label in labels.iter().filter(|label| self.facet.labels().id(label).is_none()) {
            if !self.unknown.contains(label) {
                self.unknown.insert(label.clone());
            }
        }
        let gold: Vec<&str> = labels.iter().map(String::as_str).collect();
        self.outcomes.add(&Outcome { gold: &gold, predicted, probabilities: Some(probabilities), group });
        if !leaked {
            self.clean[0].add(&gold, predicted);
        }
        let levels = [AreaLevel::SubRegion, AreaLevel::Region].into_iter().zip(self.wider.iter_mut().flatten());
        for ((level, outcomes), clean) in levels.zip(&mut self.clean[1..]) {
            let areas = |labels: &[&str]| labels.iter().map(|label| self.facet.area(label, level).to_owned()).collect();
            let [gold, predicted]: [Vec<String>; 2] = [&gold[..], predicted].map(areas);
            let [gold, predicted] = [&gold, &predicted].map(|l| l.iter().map(String::as_str).collect::<Vec<&str>>());
            outcomes.add(&Outcome { gold: &gold, predicted: &predicted, probabilities: None, group });
            if !leaked {
                clean.add(&gold, &predicted);
            }
        }
        let Some(mistakes) = &mut self.mistakes else { return };
        if let Some((wrong, probability)) = Mistake::of(&gold, predicted, probabilities)
            && mistakes.could_keep(probability)
        {
            let owned = |labels: &[&str]| labels.iter().map(|&label| label.to_owned()).collect();
            mistakes.add(Mistake {
                wrong: wrong.map(str::to_owned),
                probability,
                gold: owned(&gold),
                predicted: owned(predicted),
                text: row.text.clone(),
                source: row.place.source.to_string(),
                row: row.place.row,
                id: row.id.clone(),
                explanation: None,
            });
        }
    }

    /// Its figures, and those of wider areas.
    fn into_figures(self, tagger: &Tagger) -> impl Iterator<Item = FacetEvaluation> {
        let bootstrap = Bootstrap::default();
        let mut figures = self.outcomes.evaluation(self.facet.labels().names(), &bootstrap);
        if let Some(mistakes) = self.mistakes {
            let mut mistakes = mistakes.into_vec();
            for mistake in &mut mistakes {
                let wrong = mistake.wrong.as_deref();
                let mut why = wrong.and_then(|wrong| tagger.explain(&mistake.text, self.facet.name(), wrong));
                why.iter_mut().for_each(|why| why.contributions.truncate(EXPLAINED));
                mistake.explanation = why;
            }
            figures = figures.with_mistakes(mistakes);
        }
        // Areas have no probabilities of their own.
        let wider = self.wider.into_iter().flatten();
        std::iter::once(figures).chain(wider.map(move |outcomes| outcomes.evaluation::<&str>(&[], &bootstrap)))
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

fn add<'m>(
    tagger: &'m Tagger,
    rows: &[Row],
    groups: &[Option<String>],
    leaks: &[Leak],
    options: &TagOptions,
    facets: &mut [EvaluatedFacet<'m>],
) {
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    let mut probabilities = Vec::new();
    for (((row, group), leak), analysis) in rows.iter().zip(groups).zip(leaks).zip(tagger.analyze_all(&texts)) {
        let tags = tagger.tags_of(&analysis, options);
        for facet in facets.iter_mut() {
            let gold = &row.labels[facet.column];
            if gold.is_empty() && !facet.empty_is_none {
                facet.unlabelled += 1;
                continue;
            }
            facet.with_several += u64::from(gold.len() > 1 && !facet.facet.is_multi_label());
            let predicted: Vec<&str> = tags.facets[facet.index].tags.iter().map(|t| t.label).collect();
            probabilities.clear();
            let analysis = &analysis.facets[facet.index];
            // Without a known word there is no answer, and so no probability: what the model has then is its prior.
            if analysis.length > 0.0 {
                let labels = facet.facet.labels().names().iter().map(String::as_str);
                probabilities.extend(labels.zip(analysis.probabilities.iter().copied()));
            }
            facet.add(row, group.as_deref(), leak.is_leak(), &predicted, &probabilities);
        }
    }
}

/// Fails when the macro F1 of a facet is below the mark.
pub(super) fn gate(evaluation: &Evaluation, min_f1: Option<f64>) -> Result<(), Failure> {
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
