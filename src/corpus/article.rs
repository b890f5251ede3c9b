//! Running text, split into paragraphs that keep their place.
//!
//! Nothing is copied or changed: a paragraph is two byte offsets into the text, so that tags can be shown where they
//! belong.

use super::markdown;

/// How running text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleFormat {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
}

/// A piece of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Offset of its first byte in the text.
    pub start: usize,
    /// Offset of the byte after its last.
    pub end: usize,
    /// Whether it is a heading, by its mark-up or (in plain text) by its looks.
    pub heading: bool,
}

impl Paragraph {
    /// The paragraph's text: never empty, without blanks around it.
    ///
    /// # Panics
    /// When `original` is not the text that was split.
    pub fn text<'t>(&self, original: &'t str) -> &'t str {
        &original[self.start..self.end]
    }
}

/// The paragraphs of a text, in order and without overlap.
///
/// **Plain text.** Blank lines separate paragraphs. Where there are none, lines that begin with two blanks or more, a
/// tab or an ideographic space begin a paragraph and the others continue it (as in Reuters copy); where all lines or
/// none begin so (the first line aside), each line is a paragraph. A form feed and U+2029 always separate. Every
/// character that is not white space is in a paragraph, except a byte order mark at the start.
///
/// A paragraph is taken for a heading when it is one line of at most 12 words and 100 characters, has a letter or digit
/// and no punctuation at its end, and it stands above a paragraph that is none of that, or above another heading; at
/// most three in a row (title, subtitle, byline), so that a list of short lines stays what it is.
///
/// **Markdown.** Blank lines separate paragraphs, so the items of a list with blank lines between them are paragraphs
/// and a tight list is one. `#` and underlined headings are headings, without their marks. A fenced code block is one
/// paragraph, fences included. Front matter, rules and HTML comments that stand alone are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// The paragraphs; none in a text of white space only.
    pub paragraphs: Vec<Paragraph>,
}

impl Article {
    /// Splits a text.
    pub fn split(text: &str, format: ArticleFormat) -> Self {
        let paragraphs = match format {
            ArticleFormat::Text => plain(text),
            ArticleFormat::Markdown => markdown::split(text),
        };
        Article { paragraphs }
    }
}

/// A line without its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Offset of its first byte.
    pub start: usize,
    pub text: &'t str,
    /// Whether a form feed or paragraph separator stands before it.
    pub after_break: bool,
}

impl Line<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.text.trim_start().is_empty()
    }
}

/// The lines of a text, whatever ends them; a byte order mark is in none.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let is_end = |c| matches!(c, '\n' | '\r' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let mut start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut after_break = false;
    std::iter::from_fn(move || {
        if start > text.len() {
            return None;
        }
        let rest = &text[start..];
        let Some(length) = rest.find(is_end) else {
            let line = Line { start, text: rest, after_break };
            start = text.len() + 1;
            return Some(line);
        };
        let line = Line { start, text: &rest[..length], after_break };
        // A page break and the newline beside it are one end: there is no blank line between them.
        let end = &rest[length..];
        let pairs = ["\r\n\u{C}", "\u{C}\r\n", "\r\n", "\n\u{C}", "\u{C}\n"];
        let end = pairs.into_iter().find(|pair| end.starts_with(pair)).unwrap_or_else(|| {
            let first = end.chars().next().map_or(0, char::len_utf8);
            &end[..first]
        });
        after_break = end.contains(['\u{C}', '\u{2029}']);
        start += length + end.len();
        Some(line)
    })
}

/// The stretch without white space around it; `None` if nothing is left.
pub(super) fn trimmed(text: &str, start: usize, end: usize, heading: bool) -> Option<Paragraph> {
    let whole = &text[start..end];
    let inner = whole.trim_start();
    let start = start + whole.len() - inner.len();
    let inner = inner.trim_end();
    (!inner.is_empty()).then_some(Paragraph { start, end: start + inner.len(), heading })
}

/// What begins a paragraph of plain text, besides page breaks.
enum Separation {
    BlankLine,
    Indentation,
    EachLine,
}

fn plain(text: &str) -> Vec<Paragraph> {
    let separation = separation(text);
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    // Whether the last paragraph has one line only; parallel to `paragraphs`.
    let mut one_line: Vec<bool> = Vec::new();
    let mut begin = true;
    for line in lines(text) {
        begin |= line.after_break;
        let Some(piece) = trimmed(text, line.start, line.end(), false) else {
            begin = true;
            continue;
        };
        begin |= match separation {
            Separation::BlankLine => false,
            Separation::Indentation => is_indented(line.text),
            Separation::EachLine => true,
        };
        match (paragraphs.last_mut(), one_line.last_mut()) {
            (Some(last), Some(one)) if !begin => (last.end, *one) = (piece.end, false),
            _ => {
                paragraphs.push(piece);
                one_line.push(true);
            }
        }
        begin = false;
    }
    mark_headings(text, &mut paragraphs, &one_line);
    paragraphs
}

fn separation(text: &str) -> Separation {
    let (mut filled, mut blank, mut indented) = (0_usize, false, 0_usize);
    let mut first_indented = false;
    for line in lines(text) {
        if line.is_blank() {
            blank = true;
            continue;
        }
        // Only a blank line between two others separates.
        if blank && filled > 0 {
            return Separation::BlankLine;
        }
        blank = false;
        let is_indented = is_indented(line.text);
        if filled == 0 {
            first_indented = is_indented;
        }
        indented += usize::from(is_indented);
        filled += 1;
    }
    let later = indented - usize::from(first_indented);
    if later > 0 && indented < filled { Separation::Indentation } else { Separation::EachLine }
}

fn is_indented(line: &str) -> bool {
    line.starts_with("  ") || line.starts_with(['\t', '\u{3000}'])
}

fn mark_headings(text: &str, paragraphs: &mut [Paragraph], one_line: &[bool]) {
    const MOST_IN_A_ROW: usize = 3;
    // What follows decides, so from the end: `None` while the text below has no body.
    let mut above_body: Option<usize> = None;
    for (paragraph, &one_line) in paragraphs.iter_mut().zip(one_line).rev() {
        if !one_line || !looks_like_heading(paragraph.text(text)) {
            above_body = Some(0);
        } else if let Some(row) = above_body.as_mut() {
            *row += 1;
            paragraph.heading = *row <= MOST_IN_A_ROW;
        }
    }
}

fn looks_like_heading(line: &str) -> bool {
    const WORDS: usize = 12;
    const CHARS: usize = 100;
    // The ends of sentences in the scripts that have them.
    const ENDS: [char; 22] = [
        '.', '!', '?', ':', ';', ',', '…', '。', '！', '？', '：', '；', '，', '、', '।', '॥', '؟', '؛', '،', '۔', '።',
        '។',
    ];
    const CLOSING: [char; 12] = ['"', '\'', '”', '’', '»', '›', ')', ']', '」', '』', '）', '“'];
    line.chars().take(CHARS + 1).count() <= CHARS
        && line.split_whitespace().take(WORDS + 1).count() <= WORDS
        && line.contains(char::is_alphanumeric)
        && !line.trim_end_matches(CLOSING).ends_with(ENDS)
}

#[cfg(test)]
#[path = "article_tests.rs"]
mod tests;
