//! Collects rows and looks at them all at the end.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::diagnosis::{count, summary};
use super::facet_labels::FacetLabels;
use super::rows::{Rows, Seen};
use super::{Diagnosis, Example, FacetCounts, Finding, Kind, LengthRange, TextDamage, label_typos};
use crate::corpus::{CorpusError, Row};
use crate::duplicates::{Groups, groups};
use crate::report::thousands;

/// Labels of fewer rows cannot be evaluated: a single row more or less moves their recall by a tenth.
const RARE: u64 = 10;
/// Messages about rows that cannot be read; of more, only the lines are kept.
const MOST_MESSAGES: usize = 1000;
/// Labels that a message names.
const NAMED: usize = 5;

/// Looks at rows.
///
/// ```
/// use wiredesk::check::{Checker, Kind};
/// use wiredesk::{CorpusReader, ReadOptions};
///
/// let csv = "text,topic\nRain until Sunday,weather\nRAIN until Sunday!,sport\n";
/// let reader = CorpusReader::from_bytes("news.csv", csv, &ReadOptions::default())?;
/// let mut checker = Checker::new(reader.facets(), 5);
/// checker.add(&reader.collect::<Result<Vec<_>, _>>()?, &[]);
/// let diagnosis = checker.finish();
/// assert_eq!(diagnosis.findings[0].kind, Kind::ConflictingDuplicates);
/// # Ok::<(), wiredesk::corpus::CorpusError>(())
/// ```
#[derive(Debug)]
pub struct Checker {
    facets: Vec<FacetLabels>,
    rows: Rows,
    /// Names of languages by number.
    languages: Vec<&'static str>,
    most_examples: usize,
    /// Texts that were decoded wrongly: how many, and the first of them.
    damaged: (u64, Vec<(u32, TextDamage)>),
    unreadable: BTreeMap<Kind, Unreadable>,
    stopped: Option<String>,
}

/// Rows that cannot be read, of one kind.
#[derive(Debug, Default)]
struct Unreadable {
    rows: u64,
    messages: Vec<Example>,
    lines: BTreeMap<String, Vec<u64>>,
}

impl Checker {
    /// Begins, for rows with labels of these facets. A finding gets at most so many examples.
    pub fn new(facets: &[String], most_examples: usize) -> Self {
        Checker {
            facets: facets.iter().map(|name| FacetLabels::new(name)).collect(),
            rows: Rows::default(),
            languages: Vec::new(),
            most_examples,
            damaged: (0, Vec::new()),
            unreadable: BTreeMap::new(),
            stopped: None,
        }
    }

    /// Adds rows whose labels are in the order of the facets. `languages` are the names of their languages, where
    /// somebody knows them; rows past its end have none. Of more than 2³² − 1 rows the last are not looked at.
    pub fn add(&mut self, rows: &[Row], languages: &[Option<&'static str>]) {
        let seen: Vec<(Seen, Option<TextDamage>)> =
            rows.par_iter().map(|row| (Seen::of(&row.text), TextDamage::of(&row.text))).collect();
        for (i, (row, (seen, damage))) in rows.iter().zip(seen).enumerate() {
            let number = self.rows.len() as u32;
            if number == u32::MAX {
                return;
            }
            if let Some(damage) = damage {
                self.damaged.0 += 1;
                if self.damaged.1.len() < self.most_examples {
                    self.damaged.1.push((number, damage));
                }
            }
            let language = languages.get(i).copied().flatten().map(|name| self.language(name));
            self.rows.add(row, seen, language);
            for (facet, labels) in self.facets.iter_mut().zip(&row.labels) {
                facet.add(labels);
            }
        }
    }

    /// Adds a row that cannot be read.
    pub fn add_unreadable(&mut self, error: &CorpusError) {
        let Some(place) = error.place() else { return self.stop(error.to_string()) };
        let kind = match error {
            CorpusError::InvalidUtf8 { .. } => Kind::Encoding,
            CorpusError::Ragged { .. } => Kind::Ragged,
            _ => Kind::Unreadable,
        };
        let unreadable = self.unreadable.entry(kind).or_default();
        unreadable.rows += 1;
        unreadable.lines.entry(place.source.to_string()).or_default().push(place.line);
        if unreadable.messages.len() < self.most_examples.min(MOST_MESSAGES) {
            let problem = Some(error.to_string());
            let (source, row, line) = (place.source.to_string(), place.row, place.line);
            unreadable.messages.push(Example { source, row, line, problem, ..Example::default() });
        }
    }

    /// Says that reading ended before the input did.
    pub fn stop(&mut self, message: String) {
        self.stopped = Some(message);
    }

    /// All that was found.
    pub fn finish(self) -> Diagnosis {
        let found = groups(&self.rows.prints);
        let words = LengthRange::of(self.rows.words.clone());
        let mut findings = self.reading();
        findings.extend(self.misread());
        findings.extend(self.empty());
        for facet in &self.facets {
            findings.extend(
                [self.conflicts(facet, &found), self.typos(facet), self.rare(facet), self.unlabelled(facet)]
                    .into_iter()
                    .flatten()
                    .map(|finding| Finding { facet: Some(facet.name.clone()), ..finding }),
            );
        }
        findings.extend(
            [self.exact(&found), self.near(&found), self.foreign(), self.outliers(words)].into_iter().flatten(),
        );
        findings.sort_by_key(|finding| finding.kind);
        let rows = self.rows.len() as u64;
        let unreadable = self.unreadable.values().map(|u| u.rows).sum();
        Diagnosis {
            rows,
            unreadable,
            words,
            languages: self.language_counts(),
            summary: summary(rows, unreadable, &findings),
            findings,
            facets: self.facets.into_iter().map(counts).collect(),
        }
    }

    fn reading(&self) -> Vec<Finding> {
        let stopped = self.stopped.iter().map(|message| {
            let rows = count(self.rows.len() as u64, "row");
            Finding::new(Kind::Stopped, 0, format!("reading stopped after {rows}: {message}"), Vec::new())
        });
        let unreadable = self.unreadable.iter().map(|(&kind, unreadable)| {
            let rows = unreadable.rows;
            let some = count(rows, "row");
            let have = if rows == 1 { "has" } else { "have" };
            let message = match kind {
                Kind::Encoding => format!(
                    "{some} {have} bytes that are no UTF-8; name the encoding, for instance --encoding windows-1252"
                ),
                Kind::Ragged => format!("{some} {have} more or fewer fields than the header"),
                _ => format!("{some} cannot be read"),
            };
            let finding = Finding::new(kind, rows, message, unreadable.messages.clone());
            Finding { lines: unreadable.lines.clone(), ..finding }
        });
        stopped.chain(unreadable).collect()
    }

    fn misread(&self) -> Option<Finding> {
        let (rows, some) = &self.damaged;
        let message = match rows {
            1 => "1 text was damaged before it came here".to_owned(),
            &n => format!("{} texts were damaged before they came here", thousands(n)),
        };
        let examples = some.iter().map(|(row, damage)| self.example_because(*row, damage.in_words()));
        (*rows > 0).then(|| Finding::new(Kind::MisreadText, *rows, message, examples.collect()))
    }

    fn empty(&self) -> Option<Finding> {
        let rows = self.numbers(|row| self.rows.words[row] == 0);
        let have = if rows.len() == 1 { "has" } else { "have" };
        self.finding(Kind::EmptyTexts, &rows, |some| format!("{some} {have} no word in the text"))
    }

    fn conflicts(&self, facet: &FacetLabels, found: &Groups) -> Option<Finding> {
        let (mut rows, mut texts, mut examples) = (0, 0, Vec::new());
        for group in &found.exact {
            let Some(labelled) = group.iter().find(|&&row| facet.of_row(row).next().is_some()) else { continue };
            let Some(other) = group.iter().find(|&&row| facet.contradict(*labelled, row)) else { continue };
            rows += group.iter().filter(|&&row| facet.of_row(row).next().is_some()).count() as u64;
            texts += 1;
            if examples.len() < self.most_examples {
                examples.push(self.example_like(*other, *labelled));
            }
        }
        let texts = count(texts, "text");
        let message = format!("facet '{}': {texts} (in {}) with contradicting labels", facet.name, count(rows, "row"));
        (rows > 0).then(|| Finding::new(Kind::ConflictingDuplicates, rows, message, examples))
    }

    fn typos(&self, facet: &FacetLabels) -> Option<Finding> {
        let typos = label_typos(&facet.labels.iter().map(|(name, &(rows, _))| (name.clone(), rows)).collect());
        let rows = typos.iter().map(|typo| typo.rows).sum();
        let number = count(typos.len() as u64, "label");
        let look = if typos.len() == 1 { "looks" } else { "look" };
        let message = format!("facet '{}': {number} {look} like another one misspelt", facet.name);
        let examples = typos.iter().take(self.most_examples).filter_map(|typo| {
            let &(_, first) = facet.labels.get(&typo.label)?;
            let [rows, like] = [typo.rows, typo.like_rows].map(|n| count(n, "row"));
            Some(self.example_because(first, format!("'{}' ({rows}) for '{}' ({like})?", typo.label, typo.like)))
        });
        let examples = examples.collect();
        (rows > 0).then(|| Finding { typos, ..Finding::new(Kind::LabelTypos, rows, message, examples) })
    }

    fn rare(&self, facet: &FacetLabels) -> Option<Finding> {
        let mut rare: Vec<(u64, &str)> =
            facet.labels.iter().filter(|(_, l)| l.0 < RARE).map(|(name, l)| (l.0, name.as_str())).collect();
        rare.sort_unstable();
        let rows = rare.iter().map(|(rows, _)| rows).sum();
        let named: Vec<String> = rare.iter().take(NAMED).map(|(rows, name)| format!("{name} ({rows})")).collect();
        let more = if rare.len() > NAMED { ", …" } else { "" };
        let have = if rare.len() == 1 { "has" } else { "have" };
        let message = format!(
            "facet '{}': {} {have} fewer than {RARE} rows, too few to say how well they are found: {}{more}",
            facet.name,
            count(rare.len() as u64, "label"),
            named.join(", ")
        );
        (rows > 0).then(|| Finding::new(Kind::RareLabels, rows, message, Vec::new()))
    }

    fn unlabelled(&self, facet: &FacetLabels) -> Option<Finding> {
        let rows = self.numbers(|row| facet.of_row(row as u32).next().is_none());
        let means = if facet.multi_label { "none of these" } else { "not labelled" };
        let have = if rows.len() == 1 { "has" } else { "have" };
        let name = &facet.name;
        self.finding(Kind::Unlabelled, &rows, |some| format!("facet '{name}': {some} {have} no label ({means})"))
    }

    fn exact(&self, found: &Groups) -> Option<Finding> {
        let pairs = || found.exact.iter().flat_map(|group| group[1..].iter().map(|&row| (row, group[0])));
        let rows = pairs().count() as u64;
        let across = self.across(pairs());
        let repeat = if rows == 1 { "repeats" } else { "repeat" };
        let message = format!(
            "{} {repeat} the text of an earlier one, up to punctuation, case and spacing{across}",
            count(rows, "row")
        );
        let examples = pairs().take(self.most_examples).map(|(row, like)| self.example_like(row, like)).collect();
        (rows > 0).then(|| Finding::new(Kind::ExactDuplicates, rows, message, examples))
    }

    fn near(&self, found: &Groups) -> Option<Finding> {
        let rows = found.near.len() as u64;
        let across = self.across(found.near.iter().copied());
        let other = |&&(row, like): &&(u32, u32)| self.facets.iter().any(|facet| facet.contradict(row, like));
        let labels = match found.near.iter().filter(other).count() {
            0 => String::new(),
            n => format!(", {} with other labels", thousands(n as u64)),
        };
        let (are, duplicates) = if rows == 1 { ("is", "a near duplicate") } else { ("are", "near duplicates") };
        let message = format!(
            "{} {are} {duplicates} of another one: the same but for some words, or for a part cut off{labels}{across}",
            count(rows, "row")
        );
        let pairs = found.near.iter().take(self.most_examples);
        let examples = pairs.map(|&(row, like)| self.example_like(row, like)).collect();
        (rows > 0).then(|| Finding::new(Kind::NearDuplicates, rows, message, examples))
    }

    /// How many of the pairs lie in two inputs, as when train and test are looked at together.
    fn across(&self, pairs: impl Iterator<Item = (u32, u32)>) -> String {
        if self.rows.n_sources() < 2 {
            return String::new();
        }
        let across = pairs.filter(|&(row, like)| self.rows.are_apart(row, like)).count() as u64;
        format!("; {} of them from another input", thousands(across))
    }

    fn foreign(&self) -> Option<Finding> {
        let counts = self.language_counts();
        let known = || counts.iter().filter(|(name, _)| *name != UNKNOWN);
        // The first by name among the most frequent.
        let (main, _) = known().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?;
        let is_other =
            |row: usize| self.rows.languages[row].is_some_and(|language| self.languages[usize::from(language)] != main);
        let rows = self.numbers(is_other);
        let mut others: Vec<(&String, &u64)> = known().filter(|(name, _)| *name != main).collect();
        others.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let listed: Vec<String> =
            others.iter().take(NAMED).map(|(name, n)| format!("{name} {}", thousands(**n))).collect();
        let more = if others.len() > NAMED { ", …" } else { "" };
        let (look, langs) = (if rows.len() == 1 { "looks" } else { "look" }, listed.join(", "));
        let mut finding = self.finding(Kind::Languages, &rows, |some| {
            format!("{some} {look} like another language than {main}: {langs}{more}")
        })?;
        for (example, &row) in finding.examples.iter_mut().zip(&rows) {
            example.problem =
                self.rows.languages[row as usize].map(|language| self.languages[usize::from(language)].to_owned());
        }
        Some(finding)
    }

    fn outliers(&self, range: Option<LengthRange>) -> Option<Finding> {
        let range = range?;
        let mut rows = self.numbers(|row| range.is_outlier(self.rows.words[row]));
        // The farthest from the median first.
        let factor = |&row: &u32| {
            let words = f64::from(self.rows.words[row as usize]);
            let median = f64::from(range.median);
            (words / median).max(median / words)
        };
        rows.sort_by(|a, b| factor(b).total_cmp(&factor(a)).then(a.cmp(b)));
        let lower = range.lower;
        let [upper, median] = [range.upper, range.median].map(|n| thousands(n.into()));
        let bounds = if lower > 1 { format!("under {lower} or over {upper}") } else { format!("over {upper}") };
        let (is, texts) = if rows.len() == 1 { ("is", "text") } else { ("are", "texts") };
        let some = format!("{} {texts} {is}", thousands(rows.len() as u64));
        let mut finding = self.finding(Kind::Lengths, &rows, |_| {
            format!("{some} far shorter or longer than most: {bounds} words, where the median is {median}")
        })?;
        for (example, &row) in finding.examples.iter_mut().zip(&rows) {
            example.problem = Some(count(self.rows.words[row as usize].into(), "word"));
        }
        Some(finding)
    }

    /// Numbers of the rows of which something is true.
    fn numbers(&self, is_true: impl Fn(usize) -> bool) -> Vec<u32> {
        (0..self.rows.len()).filter(|&row| is_true(row)).map(|row| row as u32).collect()
    }

    /// A finding about some rows, if there are any.
    fn finding(&self, kind: Kind, rows: &[u32], message: impl Fn(&str) -> String) -> Option<Finding> {
        let examples = rows.iter().take(self.most_examples).map(|&row| self.example(row)).collect();
        let message = message(&count(rows.len() as u64, "row"));
        (!rows.is_empty()).then(|| Finding::new(kind, rows.len() as u64, message, examples))
    }

    fn example(&self, row: u32) -> Example {
        let place = self.rows.place(row);
        let (id, text) = self.rows.id_and_excerpt(row);
        let labels = self.facets.iter().map(|facet| {
            let labels: Vec<String> = facet.of_row(row).map(str::to_owned).collect();
            (facet.name.clone(), labels)
        });
        Example {
            source: place.source.to_string(),
            row: place.row,
            line: place.line,
            id: (!id.is_empty()).then(|| id.to_owned()),
            problem: None,
            text: Some(text.to_owned()),
            labels: labels.filter(|(_, labels)| !labels.is_empty()).collect(),
            like: None,
        }
    }

    fn example_because(&self, row: u32, problem: String) -> Example {
        Example { problem: Some(problem), ..self.example(row) }
    }

    fn example_like(&self, row: u32, like: u32) -> Example {
        Example { like: Some(Box::new(self.example(like))), ..self.example(row) }
    }

    fn language(&mut self, name: &'static str) -> u16 {
        let known = self.languages.iter().position(|&other| other == name).unwrap_or_else(|| {
            self.languages.push(name);
            self.languages.len() - 1
        });
        known as u16
    }

    fn language_counts(&self) -> BTreeMap<String, u64> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        if self.languages.is_empty() {
            return counts;
        }
        for language in &self.rows.languages {
            let name = language.map_or(UNKNOWN, |language| self.languages[usize::from(language)]);
            match counts.get_mut(name) {
                Some(rows) => *rows += 1,
                None => drop(counts.insert(name.to_owned(), 1)),
            }
        }
        counts
    }
}

/// What stands for a language that could not be told.
const UNKNOWN: &str = "unknown";

fn counts(facet: FacetLabels) -> FacetCounts {
    FacetCounts {
        name: facet.name,
        labelled: facet.labelled,
        empty: facet.empty,
        multi_label: facet.multi_label,
        labels: facet.labels.into_iter().map(|(name, (rows, _))| (name, rows)).collect(),
    }
}

#[cfg(test)]
#[path = "checker_tests.rs"]
mod tests;
