//! A tagged article for reading: each paragraph under its tags, the article's own tags at the end.

use std::io::Write;

use anstyle::Style;

use crate::records::{By, Record, ShownTag};

use super::explanation::{because, highlight};
use super::failure::Failure;
use super::output::Output;
use super::records::Records;
use super::style::{self, printable};

/// Writes articles for people.
pub struct ArticleView {
    out: Output,
    by: By,
    width: usize,
}

impl ArticleView {
    pub fn new(out: Output, by: By) -> Self {
        ArticleView { out, by, width: style::width() }
    }

    fn paragraph(&mut self, number: usize, record: &Record<'_>) -> Result<(), Failure> {
        let (quiet, heading) = (style::QUIET, style::HEADING);
        write!(self.out, "{quiet}{number:>4}{quiet:#}  ")?;
        write_tags(&mut self.out, &record.tags)?;
        writeln!(self.out)?;
        let indent = "      ";
        write_because(&mut self.out, record, indent, self.width)?;
        let text = record.text.unwrap_or_default();
        let base = if record.heading { heading } else { Style::new() };
        let text = record.why.map_or_else(|| printable(text), |why| highlight(why, text, 0, base));
        let options = textwrap::Options::new(self.width).initial_indent(indent).subsequent_indent(indent);
        for line in textwrap::wrap(&text, options) {
            if record.heading {
                writeln!(self.out, "{heading}{line}{heading:#}")?;
            } else {
                writeln!(self.out, "{line}")?;
            }
        }
        writeln!(self.out)?;
        Ok(())
    }

    fn article(&mut self, record: &Record<'_>) -> Result<(), Failure> {
        let (bold, quiet) = (style::HEADING, style::QUIET);
        if self.by == By::Article {
            writeln!(self.out, "{bold}{}{bold:#}", printable(&record.source))?;
        } else {
            writeln!(self.out, "{bold}The article{bold:#}")?;
        }
        for (index, (facet, tags)) in record.tags.iter().enumerate() {
            let colour = style::facet(index);
            if tags.is_empty() {
                writeln!(self.out, "  {:<8} {quiet}–{quiet:#}", printable(facet))?;
            }
            for (i, tag) in tags.iter().enumerate() {
                let name = if i == 0 { printable(facet) } else { String::new() };
                let paragraphs = list(tag.paragraphs.unwrap_or_default());
                let label = shown_label(tag);
                let p = tag.probability;
                writeln!(
                    self.out,
                    "  {name:<8} {colour}{label}{colour:#} {p:.2}  {quiet}paragraphs {paragraphs}{quiet:#}"
                )?;
            }
        }
        writeln!(self.out)?;
        Ok(())
    }
}

impl Records for ArticleView {
    fn begin_article(&mut self, source: &str, model: &str) -> Result<(), Failure> {
        if self.by == By::Paragraph {
            let (bold, quiet) = (style::HEADING, style::QUIET);
            let source = if source == "-" { "standard input" } else { source };
            writeln!(self.out, "{bold}{}{bold:#}  {quiet}{}{quiet:#}\n", printable(source), printable(model))?;
        }
        Ok(())
    }

    fn write(&mut self, record: &Record<'_>) -> Result<(), Failure> {
        match record.paragraph {
            Some(number) => self.paragraph(number, record),
            None => self.article(record),
        }
    }

    fn finish(self: Box<Self>) -> Result<(), Failure> {
        self.out.finish()
    }
}

/// The label as people read it: a country's name beside its code.
fn shown_label(tag: &ShownTag<'_>) -> String {
    match tag.country {
        Some(country) if country.name.to_lowercase() != tag.label.to_lowercase() => {
            format!("{} {}", printable(tag.label), printable(&country.name))
        }
        _ => printable(tag.label),
    }
}

/// `topic sport 0.91 · region –`, each facet in its colour.
pub fn write_tags(out: &mut Output, tags: &[(&str, Vec<ShownTag<'_>>)]) -> Result<(), Failure> {
    let quiet = style::QUIET;
    for (index, (facet, tags)) in tags.iter().enumerate() {
        let colour = style::facet(index);
        let separator = if index > 0 { " · " } else { "" };
        write!(out, "{quiet}{separator}{}{quiet:#} ", printable(facet))?;
        if tags.is_empty() {
            write!(out, "{quiet}–{quiet:#}")?;
        }
        for (i, tag) in tags.iter().enumerate() {
            let comma = if i > 0 { " | " } else { "" };
            write!(out, "{comma}{colour}{}{colour:#} {:.2}", shown_label(tag), tag.probability)?;
        }
    }
    Ok(())
}

/// Per tag a line of what speaks for it; nothing where nobody asked why.
pub fn write_because(out: &mut Output, record: &Record<'_>, indent: &str, width: usize) -> Result<(), Failure> {
    let quiet = style::QUIET;
    let text = record.text.unwrap_or_default();
    for (index, (_, tags)) in record.tags.iter().enumerate() {
        let colour = style::facet(index);
        for tag in tags {
            let Some(why) = tag.why else { continue };
            let (label, mut because) = (shown_label(tag), because(why, text, " · "));
            if because.is_empty() && tag.own.is_some() {
                because = "the article around it".to_owned();
            }
            // What the words say is the paragraph's own evidence; the article may have moved the probability.
            let moved = tag.own.filter(|own| (own - tag.probability).abs() >= 0.005);
            let own = moved.map(|p| format!(" ({p:.2} alone)")).unwrap_or_default();
            let line = format!("{colour}{label}{colour:#}{quiet}{own} because:{quiet:#} {because}");
            let indents = [indent.to_owned(), format!("{indent}  ")];
            let options = textwrap::Options::new(width).initial_indent(&indents[0]).subsequent_indent(&indents[1]);
            writeln!(out, "{}", textwrap::fill(&line, options))?;
        }
    }
    Ok(())
}

/// `1–3, 7`.
fn list(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &n in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == n => *end = n,
            _ => runs.push((n, n)),
        }
    }
    let show = |&(a, b): &(usize, usize)| if a == b { a.to_string() } else { format!("{a}–{b}") };
    runs.iter().map(show).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_paragraphs_are_drawn_together() {
        assert_eq!(list(&[1, 2, 3, 7, 9, 10]), "1–3, 7, 9–10");
        assert_eq!(list(&[]), "");
    }
}
