//! `wiredesk compare`: who is better on the same rows, and may one say so?

use crate::corpus::{CorpusReader, FacetColumn, InputFormat, PredictionOptions, ReadOptions};
use crate::evaluate::Bootstrap;
use crate::evaluate::compare::FacetComparison;
use crate::report::{ComparisonFormat, ComparisonReport};
use crate::tagger::{Facet, Tagger};

use super::args::{Compare, CompareFormat, Global};
use super::compared_facet::{ComparedFacet, nothing_left};
use super::contestant::{Contestant, contestants};
use super::failure::{Failure, say_warning};
use super::inputs::{Chunks, groups, names, open, read_options, sources};
use super::output::{For, Output};
use super::progress::Progress;
use super::style;

/// With fewer rows, or groups of rows, the bootstrap's intervals are too narrow.
const FEW: u64 = 50;

/// A p-value can be as low as 2 in this many; a thousand would be enough for intervals.
const DRAWS: u32 = 2000;

pub fn run(args: &Compare, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("comparing", global);
    let mut out = Output::open(args.output.as_deref(), For::Programs)?;
    let mut contestants = contestants(args, global)?;
    let inputs = sources(&args.inputs);
    let options = options(args, &contestants)?;
    let reader = open(&inputs, &options)?;
    read_predictions(&mut contestants, reader.facets(), &options)?;
    let mut facets = Vec::new();
    for (column, name) in reader.facets().iter().enumerate() {
        match contestants.iter().find(|c| !c.answers(name, column)) {
            None => facets.push(ComparedFacet::new(name, column, &contestants, args)),
            Some(lacking) if !global.quiet => say_warning(&lacks(lacking, name)),
            Some(_) => {}
        }
    }
    if facets.is_empty() {
        return Err(nothing_left(&names(&inputs)));
    }
    let rows = read(args, global, reader, &mut contestants, &mut facets, &mut progress)?;
    progress.finish();
    if rows == 0 {
        return Err(Failure::new(format!("{}: no rows to compare on; the input has a header at most", names(&inputs))));
    }
    facets.retain(ComparedFacet::has_rows);
    if facets.is_empty() {
        return Err(nothing_left(&names(&inputs)));
    }
    if !global.quiet {
        contestants.iter().filter_map(|c| c.warning(rows)).for_each(|warning| say_warning(&warning));
        facets.iter().flat_map(|facet| facet.warnings(&contestants)).for_each(|warning| say_warning(&warning));
    }
    let bootstrap = Bootstrap { replicates: DRAWS, seed: args.seed, ..Bootstrap::default() };
    let report = ComparisonReport {
        rows,
        bootstrap,
        entrants: contestants.iter().map(|contestant| contestant.entrant(rows)).collect(),
        facets: facets.iter().map(|facet| facet.compare(&contestants, &bootstrap)).collect::<Result<_, _>>()?,
    };
    if !global.quiet {
        report.facets.iter().filter_map(too_few).for_each(|warning| say_warning(&warning));
    }
    let format = match args.format {
        CompareFormat::Table => ComparisonFormat::Table { width: style::width() },
        CompareFormat::Csv => ComparisonFormat::Csv,
        CompareFormat::Json => ComparisonFormat::Json,
        CompareFormat::Markdown => ComparisonFormat::Markdown,
    };
    report.write(format, &mut out)?;
    out.finish()
}

/// How the input is read: the facets are those of the models, where there are models.
fn options(args: &Compare, contestants: &[Contestant]) -> Result<ReadOptions, Failure> {
    let mut options = read_options(&args.rows)?;
    options.plain_format = Some(InputFormat::FastText);
    options.keep_columns = args.group.is_some();
    let mut facets: Vec<&str> = Vec::new();
    for name in contestants.iter().filter_map(Contestant::tagger).flat_map(Tagger::facets).map(Facet::name) {
        if !facets.contains(&name) {
            facets.push(name);
        }
    }
    if !facets.is_empty() {
        options.default_facets = facets.into_iter().map(FacetColumn::parse).collect();
    }
    Ok(options)
}

fn read_predictions(contestants: &mut [Contestant], facets: &[String], options: &ReadOptions) -> Result<(), Failure> {
    let options = PredictionOptions {
        facets: facets.to_vec(),
        id_column: options.id_column.clone(),
        label_separator: options.label_separator.clone(),
        // The encoding of the input is not that of another program's output.
        encoding: None,
    };
    contestants.iter_mut().try_for_each(|contestant| contestant.read(&options)).map_err(Failure::from)
}

/// Hands every row and its answers to the facets; gives the number of rows.
fn read(
    args: &Compare,
    global: &Global,
    reader: CorpusReader,
    contestants: &mut [Contestant],
    facets: &mut [ComparedFacet],
    progress: &mut Progress,
) -> Result<u64, Failure> {
    let wanted = reader.facets().to_vec();
    let mut rows_read = 0;
    let mut chunks = Chunks::new(reader, args.rows.on_bad_row, global.quiet);
    loop {
        let rows = chunks.next_chunk()?;
        if rows.is_empty() {
            break;
        }
        let groups = groups(&rows, args.group.as_deref(), rows_read == 0)?;
        rows_read += rows.len() as u64;
        let answers = contestants.iter_mut().map(|c| c.label(&rows, &wanted)).collect::<Result<Vec<_>, _>>()?;
        for (i, (row, group)) in rows.iter().zip(&groups).enumerate() {
            for facet in facets.iter_mut() {
                let column = facet.column();
                facet.add(row, group.as_deref(), answers.iter().map(|answers| answers[i][column].as_slice()));
            }
        }
        progress.update(chunks.reader());
    }
    chunks.finish()?;
    contestants.iter().try_for_each(Contestant::finish)?;
    Ok(rows_read)
}

fn lacks(contestant: &Contestant, facet: &str) -> String {
    let name = &contestant.name;
    if contestant.tagger().is_some() {
        return format!("facet '{facet}' is not compared: the model '{name}' does not have it");
    }
    format!(
        "facet '{facet}' is not compared: '{name}' has no column '{facet}'; where it answers a single facet, name that one with --label"
    )
}

fn too_few(facet: &FacetComparison) -> Option<String> {
    let (found, what) = facet.groups.map_or((facet.rows, "row"), |groups| (groups, "group"));
    let (name, found_of) = (&facet.name, style::count(found, what));
    (found < FEW).then(|| {
        format!("facet '{name}': {found_of} say little in a comparison; below {FEW} intervals are narrower than they should be")
    })
}
