//! `wiredesk cross-validate`: figures without a second file.

use std::io::Write;

use crate::evaluate::{Bootstrap, Evaluation, FoldFigures};
use crate::report::{FoldReport, Report};

use super::args::{CrossValidate, FoldCount, Global};
use super::evaluate::gate;
use super::failure::Failure;
use super::held_out::{Judged, Request, say_left_out};
use super::output::{For, Output};
use super::progress::Progress;
use super::style::{self, count};

pub fn run(args: &CrossValidate, global: &Global) -> Result<(), Failure> {
    let time = args.split.as_deref().map(time_column).transpose()?;
    let mut progress = Progress::new("cross-validating", global);
    let mut out = Output::open(args.output.as_deref(), For::Programs)?;
    let request = Request {
        inputs: &args.inputs,
        rows: &args.rows,
        holding_out: &args.holding_out,
        time,
        estimator: args.estimator,
        learning: &args.learning,
    };
    let Judged { rows, held_out } = request.judge(global, &mut progress)?;
    if !global.quiet {
        say_left_out(&held_out);
        say_how(args, rows.len(), held_out.rows, progress.seconds())?;
    }
    let (mut facets, mut figures) = (Vec::new(), Vec::new());
    // A facet that no held-out row labels has nothing to say.
    for facet in held_out.facets.iter().filter(|facet| !facet.outcomes.is_empty()) {
        for outcomes in std::iter::once(&facet.outcomes).chain(&facet.wider) {
            facets.push(outcomes.evaluation::<&str>(&[], &Bootstrap::default()));
            figures.push(FoldFigures::new(outcomes, &facet.folds));
        }
    }
    if args.holding_out.folds == FoldCount::LeaveOneOut {
        figures.clear();
    }
    let evaluation = Evaluation { rows: held_out.rows as u64, facets };
    let report = FoldReport { figures: &figures, format: args.format, width: style::width() };
    report.write(&evaluation, &mut out)?;
    out.finish()?;
    gate(&evaluation, args.min_f1)
}

fn time_column(split: &str) -> Result<&str, Failure> {
    split.strip_prefix("time:").filter(|column| !column.is_empty()).ok_or_else(|| {
        Failure::Usage(format!("--split is '{split}'; expected time: and the name of a column, for instance time:date"))
    })
}

fn say_how(args: &CrossValidate, rows: usize, held_out: usize, seconds: f64) -> Result<(), Failure> {
    let all = count(rows as u64, "row");
    let how = match args.holding_out.folds {
        FoldCount::LeaveOneOut => format!("{all}, each answered by a model of all others"),
        FoldCount::Parts(blocks) if args.split.is_some() => {
            let tested = count(held_out as u64, "row");
            format!("{all} in {blocks} blocks by time, {tested} answered by models of the blocks before")
        }
        FoldCount::Parts(folds) => format!("{all} in {folds} folds, each answered by a model of the others"),
    };
    Ok(writeln!(style::anstream_stderr(), "{how}, in {seconds:.1} s")?)
}
