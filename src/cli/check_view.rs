//! A diagnosis for reading.

use std::io::Write;

use anstyle::Style;

use crate::check::{Diagnosis, Example, FacetCounts, Finding, Severity};

use super::failure::Failure;
use super::style::{self, beginning, count, printable, thousands};

/// Labels that are shown of a facet.
const LABELS: usize = 20;
/// Stretches of lines that are shown of rows that cannot be read.
const STRETCHES: usize = 40;

/// Writes all of it, the closing sentence last.
pub fn write(diagnosis: &Diagnosis, input: &str, out: &mut impl Write) -> Result<(), Failure> {
    let bold = style::HEADING;
    writeln!(out, "{bold}{}{bold:#}  {}", printable(input), count(diagnosis.rows, "row"))?;
    if let Some(words) = &diagnosis.words {
        let [median, least, most] = [words.median, words.least, words.most].map(|n| thousands(n.into()));
        writeln!(out, "words     median {median}, from {least} to {most}")?;
    }
    let mut languages: Vec<(&String, &u64)> = diagnosis.languages.iter().collect();
    languages.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    if !languages.is_empty() {
        let shown: Vec<String> =
            languages.iter().take(5).map(|(name, rows)| format!("{name} {}", thousands(**rows))).collect();
        let more = if languages.len() > 5 { ", …" } else { "" };
        writeln!(out, "language  {}{more}", shown.join(", "))?;
    }
    for facet in &diagnosis.facets {
        write_facet(facet, out)?;
    }
    for finding in &diagnosis.findings {
        write_finding(finding, out)?;
    }
    writeln!(out, "\n{}", printable(&diagnosis.summary))?;
    Ok(())
}

fn write_facet(facet: &FacetCounts, out: &mut impl Write) -> Result<(), Failure> {
    let (bold, quiet) = (style::HEADING, style::QUIET);
    let kind = if facet.multi_label { "multi-label" } else { "single-label" };
    let labels = count(facet.labels.len() as u64, "label");
    let labelled = count(facet.labelled, "labelled row");
    writeln!(out, "\n{bold}{}{bold:#}  {labels}, {kind}, {labelled}", printable(&facet.name))?;
    let mut sorted: Vec<(&String, &u64)> = facet.labels.iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let width = sorted.iter().take(LABELS).map(|(_, rows)| thousands(**rows).len()).max().unwrap_or(0);
    for (name, rows) in sorted.iter().take(LABELS) {
        writeln!(out, "  {quiet}{:>width$}{quiet:#}  {}", thousands(**rows), printable(name))?;
    }
    if sorted.len() > LABELS {
        let rest = count((sorted.len() - LABELS) as u64, "more label");
        writeln!(out, "  {:>width$}  and {rest} of {} rows and fewer", "", thousands(*sorted[LABELS].1))?;
    }
    Ok(())
}

fn write_finding(finding: &Finding, out: &mut impl Write) -> Result<(), Failure> {
    let (style, name) = match finding.severity {
        Severity::Error => (style::ERROR, "error"),
        Severity::Warning => (style::WARNING, "warning"),
        Severity::Note => (style::HINT, "note"),
    };
    writeln!(out, "\n{style}{name}{style:#}: {}", printable(&finding.message))?;
    for example in &finding.examples {
        write_example(example, finding, out)?;
    }
    for (source, lines) in &finding.lines {
        let stretches = stretches(lines);
        let shown = stretches[..stretches.len().min(STRETCHES)].join(", ");
        let more = if stretches.len() > STRETCHES { ", …" } else { "" };
        let all = format!("{}: lines {shown}{more}", printable(source));
        let options = textwrap::Options::new(style::width()).initial_indent("  ").subsequent_indent("    ");
        writeln!(out, "{}", textwrap::fill(&all, options))?;
    }
    Ok(())
}

fn write_example(example: &Example, finding: &Finding, out: &mut impl Write) -> Result<(), Failure> {
    let Some(text) = &example.text else {
        // The message of a row that cannot be read names the place itself.
        return Ok(writeln!(out, "  {}", printable(example.problem.as_deref().unwrap_or_default()))?);
    };
    writeln!(out, "  {}", line(example, finding, text, style::QUIET))?;
    if let (Some(like), Some(text)) = (&example.like, example.like.as_ref().and_then(|like| like.text.as_ref())) {
        writeln!(out, "    {}", line(like, finding, text, style::QUIET))?;
    }
    Ok(())
}

/// `a.csv:12  sport  problem  Text …`
fn line(example: &Example, finding: &Finding, text: &str, quiet: Style) -> String {
    let mut line = format!("{quiet}{}:{}{quiet:#}", printable(&example.source), example.line);
    if let Some(id) = &example.id {
        line += &format!(" {quiet}{}{quiet:#}", printable(id));
    }
    let facets = example.labels.iter().filter(|(facet, _)| finding.facet.as_ref().is_none_or(|f| f == *facet));
    let labels: Vec<String> = facets.map(|(_, labels)| labels.join(" | ")).collect();
    if !labels.is_empty() {
        line += &format!("  {}{}{}", style::facet(0), printable(&labels.join(" / ")), anstyle::Reset);
    }
    if let Some(problem) = &example.problem {
        line += &format!("  {}", printable(problem));
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (shown, more) = beginning(&text, 60);
    if !shown.is_empty() {
        line += &format!("  {quiet}{}{more}{quiet:#}", printable(shown));
    }
    line
}

/// `3, 7–12, 40`.
fn stretches(lines: &[u64]) -> Vec<String> {
    let mut found: Vec<(u64, u64)> = Vec::new();
    for &line in lines {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == line => *last = line,
            _ => found.push((line, line)),
        }
    }
    found
        .iter()
        .map(|&(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_lines_are_one_stretch() {
        assert_eq!(stretches(&[3, 7, 8, 9, 40]), ["3", "7–9", "40"]);
        assert_eq!(stretches(&[]), [""; 0]);
    }
}
