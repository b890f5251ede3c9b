//! `wiredesk audit`: rows whose label is contradicted, most suspicious first.

use std::io::Write;

use serde::Serialize;

use crate::corpus::Row;
use crate::evaluate::{Suspicion, suspicions};

use super::args::{Audit, AuditFormat, Global};
use super::failure::{Failure, say_hint};
use super::held_out::{Judged, Request, say_left_out};
use super::output::{For, Output};
use super::progress::Progress;
use super::style::{anstream_stderr, count, printable, thousands};

pub fn run(args: &Audit, global: &Global) -> Result<(), Failure> {
    let mut progress = Progress::new("auditing", global);
    let mut out = Output::open(args.output.as_deref(), For::Programs)?;
    let request = Request {
        inputs: &args.inputs,
        rows: &args.rows,
        holding_out: &args.holding_out,
        time: None,
        estimator: args.estimator,
        learning: &args.learning,
    };
    let Judged { rows, held_out } = request.judge(global, &mut progress)?;
    let (mut findings, mut summary) = (Vec::new(), Vec::new());
    for (number, facet) in held_out.facets.iter().enumerate() {
        let name = facet.outcomes.name();
        let (mut above, mut wrong) = (0, 0);
        for (&row, mut suspicion) in facet.rows.iter().zip(suspicions(&facet.outcomes)) {
            suspicion.score = (suspicion.score * 1e4).round() / 1e4 + 0.0;
            above += u64::from(suspicion.score > 0.0);
            wrong += u64::from(suspicion.looks_wrong);
            let label = rows[row].labels.get(facet.column).map_or(&[][..], Vec::as_slice);
            findings.push(Finding { row: &rows[row], number: row, facet: number, name, label, suspicion });
        }
        summary.push((name, facet.rows.len() as u64, above, wrong));
    }
    findings.sort_by(|a, b| {
        let by_score = b.suspicion.score.total_cmp(&a.suspicion.score);
        by_score.then(a.number.cmp(&b.number)).then(a.facet.cmp(&b.facet))
    });
    let with_source = args.inputs.len() > 1;
    match args.format {
        AuditFormat::Csv => write_csv(&findings, with_source, &args.rows.label_separator, &mut out)?,
        AuditFormat::Jsonl => write_lines(&findings, with_source, &mut out)?,
    }
    out.finish()?;
    if !global.quiet {
        say_left_out(&held_out);
        say_summary(&summary, progress.seconds())?;
    }
    Ok(())
}

/// A row in one of its facets.
struct Finding<'a> {
    row: &'a Row,
    /// Its position among all rows.
    number: usize,
    facet: usize,
    name: &'a str,
    label: &'a [String],
    suspicion: Suspicion,
}

fn write_csv(findings: &[Finding<'_>], with_source: bool, separator: &str, out: &mut Output) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    let source = |source: &'static str| with_source.then_some(source);
    csv.write_record(source("source").into_iter().chain([
        "row",
        "id",
        "facet",
        "label",
        "suggested",
        "score",
        "text",
    ]))?;
    for finding in findings {
        let Finding { row, name, label, suspicion, .. } = finding;
        let fields = [
            &row.place.row.to_string(),
            row.id.as_deref().unwrap_or_default(),
            name,
            &label.join(separator),
            &suspicion.suggested.join(separator),
            &format!("{:.4}", suspicion.score),
            &row.text,
        ];
        csv.write_record(with_source.then_some(&*row.place.source).into_iter().chain(fields))?;
    }
    Ok(csv.flush()?)
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    row: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    facet: &'a str,
    label: &'a [String],
    suggested: &'a [String],
    score: f64,
    text: &'a str,
}

fn write_lines(findings: &[Finding<'_>], with_source: bool, out: &mut Output) -> Result<(), Failure> {
    for finding in findings {
        let Finding { row, name, label, suspicion, .. } = finding;
        let line = Line {
            source: with_source.then_some(&*row.place.source),
            row: row.place.row,
            id: row.id.as_deref(),
            facet: name,
            label,
            suggested: &suspicion.suggested,
            score: suspicion.score,
            text: &row.text,
        };
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)?;
    }
    Ok(())
}

fn say_summary(summary: &[(&str, u64, u64, u64)], seconds: f64) -> Result<(), Failure> {
    let mut out = anstream_stderr();
    for &(name, rows, above, wrong) in summary {
        let (name, rows) = (printable(name), count(rows, "labelled row"));
        let (above, wrong) = (thousands(above), thousands(wrong));
        writeln!(
            out,
            "{name}: {wrong} of {rows} look mislabelled; of {above}, another answer is more probable (score above 0)"
        )?;
    }
    writeln!(out, "in {seconds:.1} s")?;
    say_hint("read the first rows: what looks mislabelled may also be a rare case that is right");
    Ok(())
}
