//! The paragraphs of a Markdown text.
//!
//! Only what matters for paragraphs is understood, and by lines: headings, fences, rules, comments and front matter.
//! Marks inside a paragraph (emphasis, links, list and quote marks) stay as they are; they are no words, so they do not
//! disturb the tagging. Not a renderer: nested structures are seen as the lines that they are.

use std::iter::Peekable;

use super::Paragraph;
use super::article::{Line, lines, trimmed};

/// What a line is, seen alone.
enum Kind<'l> {
    Blank,
    /// The text after the `#` marks, without those that close the line.
    Heading(&'l str),
    /// The character of a code fence and how many of it.
    Fence(char, usize),
    /// A line of `=` or `-`, which makes a heading of the line above it. `-` may also be a rule.
    Underline,
    Rule,
    Other,
}

pub(super) fn split(text: &str) -> Vec<Paragraph> {
    let mut lines = lines(text).peekable();
    skip_front_matter(text, &mut lines);
    let mut comments = Comments { text, next_end: Some(0) };
    let mut open = Open { text, paragraphs: Vec::new(), start: None, end: 0, lines: 0 };
    while let Some(line) = lines.next() {
        if line.after_break {
            open.close(false);
        }
        match kind(line.text) {
            Kind::Blank | Kind::Rule => open.close(false),
            Kind::Underline => {
                let heading = open.lines == 1 && !is_list_item(&text[open.start.unwrap_or(line.start)..]);
                open.close(heading);
            }
            Kind::Heading(heading) => {
                open.close(false);
                // The heading is a slice of the line, so its offset follows from where both stand.
                let start = line.start + (heading.as_ptr() as usize - line.text.as_ptr() as usize);
                open.paragraphs.extend(trimmed(text, start, start + heading.len(), true));
            }
            Kind::Fence(mark, length) => {
                open.close(false);
                open.add(&line);
                // A fence that is never closed reaches to the end, as CommonMark says.
                for line in lines.by_ref() {
                    open.add(&line);
                    if closes_fence(line.text, mark, length) {
                        break;
                    }
                }
                open.close(false);
            }
            Kind::Other => match open.start.is_none().then(|| comments.end_of(&line)).flatten() {
                Some(end) => while lines.next_if(|line| line.start < end).is_some() {},
                None => open.add(&line),
            },
        }
    }
    open.close(false);
    open.paragraphs
}

/// The paragraph that is being read, and those before it.
struct Open<'t> {
    text: &'t str,
    paragraphs: Vec<Paragraph>,
    start: Option<usize>,
    end: usize,
    lines: usize,
}

impl Open<'_> {
    fn add(&mut self, line: &Line<'_>) {
        self.start.get_or_insert(line.start);
        self.end = line.end();
        self.lines += 1;
    }

    fn close(&mut self, heading: bool) {
        if let Some(start) = self.start.take() {
            self.paragraphs.extend(trimmed(self.text, start, self.end, heading));
        }
        self.lines = 0;
    }
}

/// Finds the ends of comments without reading the text again for each.
struct Comments<'t> {
    text: &'t str,
    /// The first `-->` that ends after the place asked for last; `None`: there are no more.
    next_end: Option<usize>,
}

impl Comments<'_> {
    /// Where the comment that this line begins ends, if it does and nothing stands behind it on its last line.
    fn end_of(&mut self, line: &Line<'_>) -> Option<usize> {
        let comment = line.text.trim_start();
        let after = line.end() - comment.len() + comment.strip_prefix("<!--").map(|_| "<!--".len())?;
        if self.next_end? < after + "-->".len() {
            self.next_end = self.text[after..].find("-->").map(|at| after + at + "-->".len());
        }
        let end = self.next_end?;
        let behind = lines(&self.text[end..]).next()?;
        behind.is_blank().then_some(end)
    }
}

/// Leaves out what stands between `---` (or `+++`) on the first line and the next such line.
fn skip_front_matter<'t>(text: &'t str, lines: &mut Peekable<impl Iterator<Item = Line<'t>>>) {
    let Some(first) = lines.peek().map(|line| line.text.trim_end()) else { return };
    if !matches!(first, "---" | "+++") {
        return;
    }
    let is_end = |line: &str| line == first || (first == "---" && line == "...");
    // Without an end it is a rule; then nothing may be left out.
    let end = super::article::lines(text).skip(1).find(|line| is_end(line.text.trim_end()));
    if let Some(end) = end {
        while lines.next_if(|line| line.start <= end.start).is_some() {}
    }
}

fn kind(line: &str) -> Kind<'_> {
    let inner = line.trim();
    let Some(first) = inner.chars().next() else { return Kind::Blank };
    let marks = inner.len() - inner.trim_start_matches(first).len();
    match first {
        // An empty line inside a quotation.
        '>' if inner.chars().all(|c| c == '>' || c.is_whitespace()) => Kind::Blank,
        '#' if marks <= 6 && (marks == inner.len() || inner[marks..].starts_with(char::is_whitespace)) => {
            let heading = inner[marks..].trim();
            let open = heading.trim_end_matches('#');
            // `C#` keeps its mark: closing marks stand apart.
            let closed = open.is_empty() || open.ends_with(char::is_whitespace);
            Kind::Heading(if closed { open.trim_end() } else { heading })
        }
        // A fence of back quotes has none behind it; that would be code in a paragraph.
        '`' if marks >= 3 && !inner[marks..].contains('`') => Kind::Fence('`', marks),
        '~' if marks >= 3 => Kind::Fence('~', marks),
        '=' | '-' if marks >= 2 && marks == inner.len() => Kind::Underline,
        '-' | '*' | '_' if is_rule(inner, first) => Kind::Rule,
        _ => Kind::Other,
    }
}

fn is_rule(line: &str, mark: char) -> bool {
    line.chars().all(|c| c == mark || c.is_whitespace()) && line.chars().filter(|&c| c == mark).count() >= 3
}

fn closes_fence(line: &str, mark: char, length: usize) -> bool {
    let line = line.trim();
    line.len() >= length && line.chars().all(|c| c == mark)
}

fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_marked = |marks: &[char]| rest.strip_prefix(marks).is_some_and(|rest| rest.starts_with(char::is_whitespace));
    if rest.len() == line.len() { is_marked(&['-', '*', '+']) } else { is_marked(&['.', ')']) }
}
